"""Funds, their award years and what comes with them."""

from __future__ import annotations

from datetime import date

from django import forms

from funding.actions.amounts import MOST_PENCE
from funding.models import AwardYear, GrantClaim, GrantReceipt
from funding.models.grants import TRANSITIONS, SpendCategory
from funding.models.match import MatchKind
from funding.models.ring_fences import RingFenceAmountKind
from partners.models import Organisation
from vru_portal.core.forms import GovukDateField, MoneyField, Radios
from vru_portal.core.periods import FinancialYear

# The year before the first violence reduction units.
FIRST_YEAR = 2018


class FundForm(forms.Form):
    funder = forms.ModelChoiceField(Organisation.objects.all(), label="Funder", empty_label="Choose")
    name = forms.CharField(label="Name of the fund", max_length=150)
    purpose = forms.CharField(label="Purpose", widget=forms.Textarea({"rows": 3}), max_length=2000)
    announced_wording = forms.CharField(
        label="Wording of the announcement (optional)",
        help_text="As the funder put it, word for word.",
        widget=forms.Textarea({"rows": 4}),
        required=False,
        max_length=4000,
    )
    announced_on = GovukDateField(label="Announced on (optional)", required=False)
    announced_total_pence = MoneyField(
        label="Total that the wording names (optional)",
        help_text="Not the sum of its years: if the two differ, both are shown.",
        required=False,
        max_pence=MOST_PENCE,
    )


class AwardYearForm(forms.Form):
    financial_year = forms.TypedChoiceField(label="Financial year", coerce=int, empty_value=None)
    state = forms.ChoiceField(
        label="What happened first",
        choices=[(state.value, state.label) for state in AwardYear.State if state in TRANSITIONS[""]],
        widget=Radios,
    )
    on_date = GovukDateField(label="On which day", error_messages={"required": "Enter the day on which it happened."})
    amount_pence = MoneyField(
        label="Amount (optional)",
        help_text="What was announced or applied for. Leave empty if no amount was stated.",
        required=False,
        max_pence=MOST_PENCE,
    )
    note = forms.CharField(label="Note (optional)", widget=forms.Textarea({"rows": 2}), required=False, max_length=2000)

    def __init__(self, *args, today: date, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        this_year = FinancialYear.of(today).start
        years = [FinancialYear(start) for start in range(FIRST_YEAR, this_year + 6)]
        self.fields["financial_year"].choices = [("", "Choose"), *((year.start, str(year)) for year in years)]


class StepForm(forms.Form):
    state = forms.ChoiceField(label="What happened", widget=Radios)
    on_date = GovukDateField(label="On which day", error_messages={"required": "Enter the day on which it happened."})
    amount_pence = MoneyField(
        label="Amount that this step states (optional)",
        help_text="What was announced, applied for or awarded. Leave empty for claims and closing.",
        required=False,
    )
    note = forms.CharField(
        label="Note (optional)",
        help_text="Where it is written, or why an amount is corrected.",
        widget=forms.Textarea({"rows": 3}),
        required=False,
        max_length=2000,
    )

    def __init__(self, *args, award_year: AwardYear, **kwargs) -> None:
        super().__init__(*args, prefix="step", **kwargs)
        self.fields["state"].choices = [
            (state.value, _step_label(award_year, state)) for state in award_year.next_states
        ]


def _step_label(award_year: AwardYear, state: AwardYear.State) -> str:
    return f"{state.label}: correct the amount" if state == award_year.state else state.label


class ReceiptForm(forms.Form):
    amount_pence = MoneyField(
        label="Amount received", min_pence=None, help_text="An amount below zero corrects an earlier receipt."
    )
    on_date = GovukDateField(label="Received on", error_messages={"required": "Enter the day on which it came."})
    reference = forms.CharField(label="Reference", help_text="As on the bank statement or remittance.", max_length=60)
    note = forms.CharField(label="Note (optional)", widget=forms.Textarea({"rows": 2}), required=False, max_length=2000)

    claim = forms.ModelChoiceField(
        GrantClaim.objects.none(), label="For the claim (optional)", empty_label="None", required=False
    )
    corrects = forms.ModelChoiceField(GrantReceipt.objects.none(), required=False, widget=forms.HiddenInput)

    def __init__(self, *args, award_year: AwardYear, **kwargs) -> None:
        super().__init__(*args, prefix="receipt", **kwargs)
        self.fields["claim"].queryset = award_year.claims.approved()
        self.fields["corrects"].queryset = award_year.receipts.approved().filter(amount_pence__gt=0)

    @property
    def corrected(self) -> GrantReceipt | None:
        """The receipt that is taken back or recorded again: the link says it by which one came."""
        try:
            return self.fields["corrects"].clean(self["corrects"].value())
        except forms.ValidationError:
            return None


class RingFenceForm(forms.Form):
    purpose = forms.CharField(label="Purpose", max_length=200)
    amount_kind = forms.ChoiceField(label="How much of the grant", choices=RingFenceAmountKind.choices, widget=Radios)
    amount_pence = MoneyField(
        label="Amount (optional)",
        help_text="Leave empty if the amount is not known.",
        required=False,
        max_pence=MOST_PENCE,
    )

    category = forms.ChoiceField(
        label="Only for (optional)",
        help_text="Nothing of another kind can be budgeted for or awarded out of it.",
        choices=[("", "Any kind of spending"), *SpendCategory.choices],
        required=False,
    )


class MatchForm(forms.Form):
    organisation = forms.ModelChoiceField(
        Organisation.objects.all(),
        label="From whom",
        empty_label="Choose",
        error_messages={"required": "Choose from whom it comes."},
    )
    kind = forms.ChoiceField(label="Kind", choices=MatchKind.choices, widget=Radios(inline=True))
    amount_pence = MoneyField(label="Amount", min_pence=1, max_pence=MOST_PENCE)
    evidence = forms.CharField(
        label="Evidence", help_text="The letter, minute or agreement that proves it. Each counts once.", max_length=200
    )
    confirmed_on = GovukDateField(label="Confirmed on (optional)", required=False)
