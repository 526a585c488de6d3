"""The table of permissions and whose a device is, in templates: ``{% load access %}``.

``{% can "JUDGE" inspection as may_judge %}`` and ``{% why_not "JUDGE" inspection as reason %}``
ask for the reader of the page.
"""

from __future__ import annotations

from django import template
from django.template import Context

from inspections.access import devices
from inspections.access.permissions import TABLE, Subject

register = template.Library()
register.filter(devices.owner_token)


@register.simple_tag(takes_context=True)
def can(context: Context, action: str, subject: Subject) -> bool:
    return TABLE[action].can(context["user"], subject)


@register.simple_tag(takes_context=True)
def why_not(context: Context, action: str, subject: Subject) -> str | None:
    return TABLE[action].why_not(context["user"], subject)
