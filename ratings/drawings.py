"""Bars of percentages and of likelihoods, as tags: ``{% load drawings %}``.

A page has some fifty of them, so they are written here, and what they share stands once a page
(``templates/ratings/parts/drawn_once.html``). What they show is said in words beside them.
"""

from __future__ import annotations

from django import template
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from inspections.framework import Rating
from ratings.engine import KeyQuestionRating, Likelihood
from ratings.likelihoods import LIKELIHOOD_WIDTH, shares

register = template.Library()

PERCENT_WIDTH = 200
"""Width of the drawing of a percentage in its own units."""


@register.filter
def at_percent(percent: str | int) -> int:
    """Where a percentage is in its drawing."""
    return int(percent) * PERCENT_WIDTH // 100


@register.filter
def small_bar(rated: KeyQuestionRating) -> SafeString:
    """A percentage and the boundaries of the bands, for a line of text."""
    return format_html(
        '<svg class="app-bar app-bar--small" viewBox="-1 0 202 14" aria-hidden="true" '
        'focusable="false"><use href="#app-bar-track"/><rect class="app-bar__value" x="0" y="4" '
        'width="{}" height="6"/><use href="#app-bar-boundaries"/></svg>',
        at_percent(rated.tally.percent or 0),
    )


@register.filter
def percent_bar(rated: KeyQuestionRating) -> SafeString:
    """The same for a table, with the boundaries' numbers."""
    return format_html(
        '<svg class="app-bar" viewBox="-1 0 202 32" aria-hidden="true" focusable="false">'
        '<use href="#app-bar-track"/><rect class="app-bar__value" x="0" y="4" width="{}" '
        'height="6"/><use href="#app-bar-boundaries"/><use href="#app-bar-numbers"/></svg>',
        at_percent(rated.tally.percent or 0),
    )


@register.filter
def likelihood_bar(likelihood: Likelihood) -> SafeString:
    """Each rating's likelihood as a part of one bar; the current rating's part is the tall one."""
    return format_html(
        '<svg class="app-likely" viewBox="0 0 {} 20" aria-hidden="true" focusable="false">{}</svg>',
        LIKELIHOOD_WIDTH,
        format_html_join(
            "",
            '<rect class="app-likely__share{}" x="{}" y="{}" width="{}" height="{}" '
            'fill="url(#app-likely-{})"/>',
            (
                (" app-likely__share--now", share.x, 1, share.width, 18, share.modifier)
                if share.modifier == likelihood.computed.key
                else ("", share.x, 5, share.width, 10, share.modifier)
                for share in shares(likelihood)
            ),
        ),
    )


@register.simple_tag
def ratings_drawn() -> list[Rating]:
    """The ratings in the order in which bars of likelihoods have them."""
    return sorted(Rating)
