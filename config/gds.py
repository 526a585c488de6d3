"""Template tags for the inputs of a form: `{% load gds %}`, used by templates/gds/.

`gds_input` replaces `crispy_gds_field`, which omits the class of some inputs, gives others a wrong
one, and fails on a textarea with a character count and an error but no hint.
"""

from collections.abc import Iterable
from typing import Any

from django import forms, template
from django.forms.boundfield import BoundField
from django.utils.safestring import SafeString

register = template.Library()

# The first match counts; anything else is a text input.
COMPONENTS: tuple[tuple[type[forms.Widget], str], ...] = (
    (forms.Textarea, "govuk-textarea"),
    (forms.CheckboxInput, "govuk-checkboxes__input"),
    (forms.Select, "govuk-select"),
    (forms.FileInput, "govuk-file-upload"),
)


@register.simple_tag
def gds_input(field: BoundField) -> SafeString:
    """A field's input with its class, error class and the ids that describe it."""
    widget = field.field.widget
    own = widget.attrs.get("class", "").split()
    component = next((name for kind, name in COMPONENTS if isinstance(widget, kind)), "govuk-input")
    classes = [component, *(name for name in own if name != component)]
    if field.errors and not isinstance(widget, forms.CheckboxInput):
        classes.append(f"{component}--error")
    described_by = [f"{field.auto_id}_hint"] if field.help_text else []
    described_by += [f"{field.auto_id}_{n}_error" for n, _ in enumerate(field.errors, start=1)]
    if "govuk-js-character-count" in own:
        # The component's script looks for the message under this id.
        described_by.append(f"{field.auto_id}-info")
    attributes: dict[str, str | bool] = {"class": " ".join(classes)}
    if described_by:
        attributes["aria-describedby"] = " ".join(described_by)
    return field.as_widget(attrs=attributes)


@register.filter
def in_groups(choices: Iterable[Any]) -> list[tuple[str, list[tuple[int, Any]]]]:
    """Choices by the name of their group, empty for those without one, each with its number among
    all: ``{% for name, choices in field.field.choices|in_groups %}``."""
    groups: list[tuple[str, list[tuple[int, Any]]]] = []
    number = 0
    for choice in choices:
        name, inside = choice[0], choice[1]
        if not isinstance(inside, (list, tuple)):
            name, inside = "", [choice]
        if name or not groups or groups[-1][0]:
            groups.append((name, []))
        for one in inside:
            number += 1
            groups[-1][1].append((number, one))
    return groups
