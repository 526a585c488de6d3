"""What every form of the service has beside its token, without ``{% load %}`` as that has."""

from __future__ import annotations

from django import forms, template
from django.template import Context
from django.template.defaultfilters import stringfilter
from django.utils.html import format_html
from django.utils.safestring import SafeString

from inspections.access.sent_forms import FIELD, new_form_id

register = template.Library()

NO_REFILL = format_html('autocomplete="{}"', "off")
"""Keeps the browser from filling a form, after Back or a reload, with what was in it before."""


@register.simple_tag(takes_context=True)
def form_id(context: Context) -> SafeString:
    """``{% form_id %}`` beside ``{% csrf_token %}``: says which opened form is sent."""
    # A template that is included with "only" has no other way to the request.
    request = context.get("request") or getattr(context, "request", None)
    user = getattr(request, "user", None)
    return format_html(
        '<input type="hidden" name="{}" value="{}">', FIELD, new_form_id(user and user.pk)
    )


@register.simple_tag
def no_refill(form: forms.BaseForm | None) -> str:
    """The attribute of a form element, unless it asks for a password, which browsers keep."""
    fields = form.fields.values() if form else ()
    asks_password = any(isinstance(field.widget, forms.PasswordInput) for field in fields)
    return "" if asks_password else NO_REFILL


@register.filter(is_safe=True)
@stringfilter
def no_refills(html: str) -> str:
    """Django's own form on a page of the administration, whose template has no place for the
    attribute. It stays as safe as it was."""
    return html.replace('method="post" id=', f'method="post" {NO_REFILL} id=')
