"""What an award year is planned to be spent on, and what its funder asks."""

from __future__ import annotations

from collections.abc import Iterable

from django import forms

from funding.actions.amounts import MOST_PENCE
from funding.models import AwardYear, BudgetLine, RingFence
from funding.models.budgets import BudgetChangeKind
from funding.models.conditions import ConditionBasis, ConditionKind
from funding.models.grants import SpendCategory
from vru_portal.core.forms import Affix, GovukDateField, MoneyField, Radios


class BudgetLineForm(forms.Form):
    name = forms.CharField(label="Name of the line", max_length=120)
    category = forms.ChoiceField(
        label="For",
        choices=SpendCategory.choices,
        widget=Radios,
        error_messages={"required": "Choose what it is for."},
    )
    ring_fence = forms.ModelChoiceField(
        RingFence.objects.none(), label="Ring-fence (optional)", empty_label="None", required=False
    )

    def __init__(self, *args, award_year: AwardYear, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.fields["ring_fence"].queryset = award_year.ring_fences.all()


class BudgetChangeForm(forms.Form):
    """What a change is, and an amount beside each line."""

    kind = forms.ChoiceField(
        label="What this is",
        choices=BudgetChangeKind.choices,
        widget=Radios(
            hints={
                BudgetChangeKind.PLAN.value: "Puts money on lines for the first time, or plans what was left open.",
                BudgetChangeKind.VIREMENT.value: "Moves money between lines: what is added is taken away elsewhere.",
                BudgetChangeKind.VARIATION.value: "The funder agreed to another total.",
            }
        ),
    )
    reference = forms.CharField(label="Reference of the decision", max_length=60)
    consent_reference = forms.CharField(
        label="Reference of the funder’s consent (optional)",
        help_text="Needed for a variation, and for a virement across a ring-fence.",
        max_length=60,
        required=False,
    )
    reason = forms.CharField(label="Why", max_length=300)

    def __init__(self, *args, lines: Iterable[tuple[BudgetLine, int]], **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.lines = {f"line_{line.pk}": (line, planned) for line, planned in lines}
        for name, (line, _) in self.lines.items():
            self.fields[name] = MoneyField(
                label=f"Change of {line.name}", min_pence=None, max_pence=MOST_PENCE, required=False
            )

    @property
    def rows(self) -> list[tuple[BudgetLine, int, forms.BoundField]]:
        return [(line, planned, self[name]) for name, (line, planned) in self.lines.items()]

    def clean(self) -> dict:
        """The action's own words: an amount by line."""
        typed = super().clean()
        entries = {line: typed.pop(name) for name, (line, _) in self.lines.items() if typed.get(name) is not None}
        return {name: value for name, value in typed.items() if name not in self.lines} | {"entries": entries}


class ConditionForm(forms.Form):
    kind = forms.ChoiceField(label="What is asked", choices=ConditionKind.choices, widget=Radios)
    wording = forms.CharField(
        label="In the funder’s words",
        widget=forms.Textarea({"rows": 3}),
        max_length=2000,
        error_messages={"required": "Enter what the funder asks, in its words."},
    )
    evidence = forms.CharField(label="Where it is written", help_text="The clause, letter or guidance.", max_length=200)
    percent = forms.DecimalField(
        label="Share (optional)",
        help_text="For a share of the budget, or match.",
        min_value=0.01,
        max_value=100,
        max_digits=5,
        decimal_places=2,
        required=False,
        widget=Affix({"class": "govuk-input--width-4"}, suffix="%"),
    )
    basis = forms.ChoiceField(label="Of (optional)", choices=[("", "Choose"), *ConditionBasis.choices], required=False)
    category = forms.ChoiceField(
        label="Budgeted for (optional)", choices=[("", "Choose"), *SpendCategory.choices], required=False
    )
    met_on = GovukDateField(label="Done on (optional)", help_text="For something else, in words.", required=False)

    def clean(self) -> dict:
        """The action's own words: a threshold in hundredths of a per cent."""
        typed = super().clean()
        percent = typed.pop("percent", None)
        return typed | {"threshold": None if percent is None else int(percent * 100)}
