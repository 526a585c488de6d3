"""``{{ agent|browser }}``: a ``User-Agent`` in words, such as "Firefox on Windows"."""

from __future__ import annotations

from django.template import Library

register = Library()

BROWSERS = {
    "Edg": "Edge",
    "OPR/": "Opera",
    "Firefox/": "Firefox",
    "FxiOS/": "Firefox",
    "Chrome/": "Chrome",
    "CriOS/": "Chrome",
    "Safari/": "Safari",
}
"""What names a browser; most name those below theirs too."""

SYSTEMS = {
    "iPhone": "an iPhone",
    "iPad": "an iPad",
    "Android": "Android",
    "Windows": "Windows",
    "CrOS": "ChromeOS",
    "Macintosh": "a Mac",
    "Linux": "Linux",
}


@register.filter
def browser(agent: str) -> str:
    name = _first(BROWSERS, agent)
    system = _first(SYSTEMS, agent)
    if name and system:
        return f"{name} on {system}"
    return name or agent or "A browser that does not say what it is"


def _first(names: dict[str, str], agent: str) -> str:
    return next((name for token, name in names.items() if token in agent), "")
