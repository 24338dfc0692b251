"""Payments to partners, forecasts and write-offs."""

from __future__ import annotations

from collections.abc import Sequence
from urllib.parse import urlencode

from django import forms
from django.db.models import QuerySet

from funding.actions.amounts import MOST_PENCE
from funding.models import PartnerAward, PartnerPayment
from vru_portal.core.forms import GovukDateField, MoneyField
from vru_portal.core.periods import FinancialYear, Month, months_between


class PaymentForm(forms.Form):
    amount_pence = MoneyField(
        label="Amount", help_text="An amount below zero is money that came back.", min_pence=None, max_pence=MOST_PENCE
    )
    on_date = GovukDateField(
        label="Paid on",
        help_text="A day to come, of this month or the next, prepares it: it is approved on that day.",
        error_messages={"required": "Enter the day on which it is paid."},
    )
    reference = forms.CharField(label="Reference", help_text="As on the remittance.", max_length=60)
    note = forms.CharField(
        label="Note (optional)",
        help_text="Needed for money that came back: why.",
        widget=forms.Textarea({"rows": 2}),
        required=False,
        max_length=2000,
    )


class PaymentsMadeForm(forms.Form):
    """Of which of the `years`, the newest first, and of whom."""

    year_start = forms.TypedChoiceField(label="Financial year", coerce=int, required=False)
    find = forms.CharField(label="Partner, delivery, award or reference", required=False, max_length=100)

    def __init__(self, data, *, years: Sequence[FinancialYear]) -> None:
        super().__init__(data)
        self.years = years
        self.fields["year_start"].choices = [(year.start, str(year)) for year in years]

    @property
    def year(self) -> FinancialYear:
        """The one asked for; the newest while none is, or while it cannot be read."""
        chosen = self._read("year_start")
        return FinancialYear(chosen) if chosen else self.years[0]

    @property
    def words(self) -> str:
        return self._read("find") or ""

    def _read(self, name: str) -> int | str | None:
        """Each field by itself: one that is wrong takes nothing from the other."""
        self.is_valid()  # read once
        return self.cleaned_data.get(name)

    @property
    def query(self) -> str:
        """The same, at the end of an address."""
        return urlencode({"year_start": self.year.start, "find": self.words})


class ChosenPaymentsForm(forms.Form):
    """Which of the payments that wait are approved. On the page a tick stands beside each."""

    payments = forms.ModelMultipleChoiceField(
        PartnerPayment.objects.none(),
        label="Payments to approve",
        error_messages={
            "required": "Tick at least one payment.",
            "invalid_choice": "One of them was decided meanwhile, or you proposed it. Look at the list and tick again.",
        },
    )

    def __init__(self, *args, payments: QuerySet[PartnerPayment], **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.fields["payments"].queryset = payments

    @property
    def ticked(self) -> list[str]:
        return self.data.getlist("payments") if self.is_bound else []


class ForecastForm(forms.Form):
    """An amount for each month of the award that is not over when it is made."""

    def __init__(self, *args, award: PartnerAward, first: Month, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        begins = max(Month.of(award.starts_on), first)
        self.months = {month.code: month for month in months_between(begins, Month.of(award.ends_on))}
        for code, month in self.months.items():
            self.fields[code] = MoneyField(label=str(month), max_pence=MOST_PENCE, required=False)

    def clean(self) -> dict:
        """The action's own words: an amount by month."""
        typed = super().clean()
        return {"amounts": {month: typed.get(code) for code, month in self.months.items()}}


class WriteOffForm(forms.Form):
    amount_pence = MoneyField(label="Amount that is not asked back", min_pence=1, max_pence=MOST_PENCE)
    reason = forms.CharField(label="Why", max_length=300)
    decision_reference = forms.CharField(label="Reference of the decision", max_length=60)
