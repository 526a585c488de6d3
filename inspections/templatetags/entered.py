"""``{% entered %}`` on a page of refusal: what was entered in the form that is refused."""

from __future__ import annotations

from typing import Any

from django.template import Context, Library

from inspections.access.kept_forms import refused_rows

register = Library()


@register.inclusion_tag("components/entered.html", takes_context=True)
def entered(context: Context) -> dict[str, Any]:
    request = context.get("request")
    return {"rows": refused_rows(request) if request is not None else []}
