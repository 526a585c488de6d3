"""How a page of questions is laid out: one template a question.

Each field on its own, as crispy forms would render it, takes some 3 ms; a standard of 18
questions has 54 fields.
"""

from __future__ import annotations

from typing import Any

from django.template.loader import get_template
from django.utils.safestring import mark_safe

from cases.forms.shown import Questionnaire
from inspections.framework import KeyQuestion


class QuestionBlock:
    """One question: guidance, answers to choose from, note, and what has been saved."""

    def __init__(self, code: str) -> None:
        self.code = code

    def render(
        self, form: Questionnaire, context: Any, template_pack: str = "gds", **kwargs: Any
    ) -> str:
        name = "cases/question_read_only.html" if form.read_only else "cases/question.html"
        return get_template(name).render({"question": form.question(self.code)})


class KeyQuestionBlock:
    """A key question under its own heading: its prompts, then the key question itself."""

    def __init__(self, question: KeyQuestion) -> None:
        self.question = question
        self.blocks = [
            QuestionBlock(code)
            for code in (*(prompt.code for prompt in question.prompts), question.code)
        ]

    def render(
        self, form: Questionnaire, context: Any, template_pack: str = "gds", **kwargs: Any
    ) -> str:
        blocks = [block.render(form, context, template_pack) for block in self.blocks]
        return get_template("cases/key_question.html").render(
            {
                "key_question": self.question,
                "blocks": mark_safe("".join(blocks)),
            }
        )
