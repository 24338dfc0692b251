"""Words of one's own in a form, looked through for what somebody could be known by."""

from __future__ import annotations

from django import forms
from django.core.exceptions import ValidationError

from vru_portal.core.free_text import sentence


class FreeTextField(forms.CharField):
    """Text of one's own, in which nobody should be known by anything. `where` names it in its sentence."""

    def __init__(self, *, where: str, **kwargs) -> None:
        super().__init__(**kwargs)
        self.where = where

    def validate(self, value: str) -> None:
        super().validate(value)
        if problem := sentence(self.where, value):
            raise ValidationError(problem)


class ReasonField(FreeTextField):
    """Why somebody does what a form does: some sentences, which others read."""

    def __init__(self, *, asks: str, **kwargs) -> None:
        """`asks`: what to say when it is left empty."""
        super().__init__(
            where="The reason",
            max_length=2_000,
            widget=forms.Textarea({"rows": "4"}),
            error_messages={"required": asks},
            **kwargs,
        )


def asking_why(*, label: str, help_text: str, asks: str) -> type[forms.Form]:
    """A form that asks for the reason alone."""
    reason = ReasonField(label=label, help_text=help_text, asks=asks)
    return type("ReasonForm", (forms.Form,), {"reason": reason})
