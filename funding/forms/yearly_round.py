"""Asking the funder."""

from __future__ import annotations

from django import forms

from funding.actions.amounts import MOST_PENCE
from funding.models import AwardYear
from vru_portal.core.forms import MoneyField, Radios
from vru_portal.core.periods import Quarter


class ApplicationForm(forms.Form):
    note = forms.CharField(
        label="Note (optional)", help_text="What is new in this version, or who asked for it.", max_length=300,
        required=False,
    )  # fmt: skip


class GrantClaimForm(forms.Form):
    quarter = forms.TypedChoiceField(label="Quarter", coerce=int, widget=Radios)
    amount_pence = MoneyField(
        label="Amount", help_text="An amount below zero corrects an earlier claim.", min_pence=None,
        max_pence=MOST_PENCE,
    )  # fmt: skip
    reference = forms.CharField(label="Reference", help_text="As on the claim form.", max_length=60)
    note = forms.CharField(
        label="Note (optional)", help_text="What a correction corrects, and why.", max_length=300, required=False
    )

    def __init__(self, *args, award_year: AwardYear, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.quarters = {quarter.number: quarter for quarter in award_year.year.quarters}
        self.fields["quarter"].choices = [(number, in_words(each)) for number, each in self.quarters.items()]

    def clean_quarter(self) -> Quarter:
        return self.quarters[self.cleaned_data["quarter"]]


def in_words(quarter: Quarter) -> str:
    """“April to June 2026”"""
    first, last = quarter.months[0], quarter.months[-1]
    return f"{first.first:%B} to {last}"
