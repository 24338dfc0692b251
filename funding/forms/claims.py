"""What a partner says it spent, and what the unit asks back."""

from __future__ import annotations

import json
from collections.abc import Mapping

from django import forms

from funding.actions.amounts import MOST_PENCE
from funding.models.claims import MOST_FILES, ClaimHeading
from vru_portal.core.forms import MoneyField

HINTS = {
    ClaimHeading.STAFF: "Pay, pensions and National Insurance of those who work on it.",
    ClaimHeading.ACTIVITIES: "Sessions, trips, food and materials.",
    ClaimHeading.OVERHEADS: "Its share of what your organisation costs as a whole.",
}


class _ManyFiles(forms.FileInput):
    allow_multiple_selected = True


class EvidenceField(forms.FileField):
    """Any number of files; what each of them is, the action looks at."""

    widget = _ManyFiles

    def clean(self, data, initial=None) -> list:
        return [file for file in data or [] if file]


class ClaimForm(forms.Form):
    """An amount for each heading, files to add, and an answer to what was asked.

    `opened`: the draft that its writer began with, which the page writes itself.
    """

    opened = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args, asked: bool, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        for heading in ClaimHeading:
            self.fields[heading.value] = MoneyField(
                label=heading.label, help_text=HINTS.get(heading, ""), max_pence=MOST_PENCE, required=False
            )
        self.fields["files"] = EvidenceField(
            label="Add files that show what was spent",
            help_text=(
                f"Invoices, payslips without names, a list from your accounts. PDF, picture, Excel, Word or CSV: up to "
                f"10 MB each, 20 MB at a time, {MOST_FILES} files in all."
            ),
            required=False,
        )
        if asked:
            self.fields["note"] = forms.CharField(
                label="Your answer", widget=forms.Textarea({"rows": 3}), max_length=2000, required=False
            )

    @property
    def amounts(self) -> list[forms.BoundField]:
        return [self[heading] for heading in ClaimHeading.values]

    def clean_opened(self) -> dict | None:
        """None where it is not legible: then nobody knows what its writer began with."""
        try:
            found = json.loads(self.cleaned_data["opened"])
        except ValueError:
            return None
        return found if isinstance(found, dict) else None

    def begin_again_with(self, draft: Mapping[str, int | str]) -> None:
        """What was typed stays; it was told, or it is saved, what stands there by now."""
        self.data = self.data.copy()
        self.data["opened"] = json.dumps(draft)

    @property
    def typed_amounts(self) -> dict[str, int | None]:
        return {heading: self.cleaned_data.get(heading) for heading in ClaimHeading.values}


class QueryForm(forms.Form):
    question = forms.CharField(
        label="What you ask, or what should change", widget=forms.Textarea({"rows": 4}), max_length=2000
    )
