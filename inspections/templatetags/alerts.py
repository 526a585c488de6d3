"""``{% alert "Nothing was saved" %}<p>Why.</p>{% endalert %}``: what went wrong, above a page."""

from __future__ import annotations

from django.template import Library
from django.template.loader import render_to_string

register = Library()


@register.simple_block_tag
def alert(content: str, title: str) -> str:
    return render_to_string("components/alert.html", {"title": title, "body": content})
