"""What is asked of the Money page, and what is kept longest."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from django import forms

from funding.models.priorities import MOST
from funding.pictures import month_of_years
from funding.queries import AS_IT_STANDS, Scenario
from programmes.models import Delivery
from vru_portal.core.forms import Affix, CountField, GovukDateField
from vru_portal.core.periods import FinancialYear

_YEAR = [month.first for month in FinancialYear(2022).months]
NOTHING_MORE = "nothing-more"


class AsAtForm(forms.Form):
    """The day whose knowledge the page shows. Sent by GET, so that a view can be shared as a link."""

    as_at = GovukDateField(label="What we knew on", required=False)

    def __init__(self, data, *, today: date) -> None:
        super().__init__(data if self._day_asked(data) else None, initial={"as_at": today})
        self.today = today

    @staticmethod
    def _day_asked(data) -> bool:
        return any(data.get(f"as_at_{part}") for part in ("day", "month", "year"))

    def clean_as_at(self) -> date | None:
        day = self.cleaned_data["as_at"]
        if day and day > self.today:
            raise forms.ValidationError("Choose today or an earlier day: what will be known later is not known yet.")
        return day

    @property
    def day(self) -> date:
        """The day asked for; today while none is, or while it cannot be read."""
        chosen = self.cleaned_data.get("as_at") if self.is_valid() else None
        return chosen or self.today

    @property
    def day_query(self) -> str:
        return f"as_at_day={self.day.day}&as_at_month={self.day.month}&as_at_year={self.day.year}"


class CoverForm(AsAtForm):
    """The day, and what is supposed of the money that is still to come."""

    signed_in = forms.TypedChoiceField(
        label="What if",
        choices=[
            ("", "As it stands: only what is signed"),
            *((n, f"The rest is signed in {month:%B}") for n, month in enumerate(_YEAR)),
            (NOTHING_MORE, "Nothing more comes than came in"),
        ],
        coerce=lambda typed: typed if typed == NOTHING_MORE else int(typed),
        empty_value=None,
        required=False,
    )
    percent = CountField(
        label="At",
        initial=100,
        min_value=1,
        max_value=100,
        required=False,
        error_messages=dict.fromkeys(("min_value", "max_value"), "Enter a share from 1 to 100 per cent."),
        widget=Affix({"class": "govuk-input--width-3"}, suffix="%"),
    )

    def __init__(self, data, *, today: date) -> None:
        if any(data.get(name) for name in ("signed_in", "percent")) and not self._day_asked(data):
            data = data.copy()
            data.update({f"as_at_{part}": getattr(today, part) for part in ("day", "month", "year")})
        super().__init__(data, today=today)

    def say_years(self, years: Iterable[FinancialYear]) -> None:
        """Beside each month the years whose agreements are not signed, which only the day asked for tells."""
        as_it_stands, *months, nothing = self.fields["signed_in"].choices
        named = ((n, f"The rest is signed in {month_of_years(n, years)}") for n, _ in months)
        self.fields["signed_in"].choices = [as_it_stands, *named, nothing]

    @property
    def scenario(self) -> Scenario:
        """As it stands while nothing is supposed, or it cannot be read."""
        signed_in = self.cleaned_data["signed_in"] if self.is_valid() else None
        if signed_in is None:
            return AS_IT_STANDS
        if signed_in == NOTHING_MORE:
            return Scenario(nothing_more=True)
        return Scenario(signed_in, self.cleaned_data["percent"] or 100)

    @property
    def query(self) -> str:
        """The same, at the end of an address."""
        supposed = self.scenario
        if supposed.nothing_more:
            return f"{self.day_query}&signed_in={NOTHING_MORE}"
        if supposed.signed_in is None:
            return self.day_query
        return f"{self.day_query}&signed_in={supposed.signed_in}&percent={supposed.percent}"


class PrioritiesForm(forms.Form):
    """A rank for each delivery, and why ranks change."""

    reason = forms.CharField(
        label="Why these ranks", help_text="A decision, or what was agreed with whom.", max_length=300
    )

    def __init__(self, *args, deliveries: Iterable[Delivery], **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.deliveries = {f"rank_{delivery.pk}": delivery for delivery in deliveries}
        for name, delivery in self.deliveries.items():
            self.fields[name] = CountField(
                label=f"Rank of {delivery.name}",
                initial=getattr(getattr(delivery, "priority", None), "rank", None),
                min_value=1,
                max_value=MOST,
                required=False,
                widget=forms.TextInput({"class": "govuk-input--width-2"}),
            )

    @property
    def rows(self) -> list[tuple[Delivery, forms.BoundField]]:
        return [(delivery, self[name]) for name, delivery in self.deliveries.items()]

    def clean(self) -> dict:
        """The action's own words: who stands where, and why."""
        typed = super().clean()
        ranks = {delivery: typed.get(name) for name, delivery in self.deliveries.items()}
        return {"ranks": ranks, "reason": typed.get("reason", "")}


class FinanceForm(AsAtForm):
    """The day, and the financial year that is looked at: one of the `years` that have money, or this one."""

    year_start = forms.TypedChoiceField(label="Financial year", coerce=int, empty_value=None, required=False)

    def __init__(self, data, *, today: date, years: Iterable[FinancialYear]) -> None:
        this_year = FinancialYear.of(today)
        if data.get("year_start") and not self._day_asked(data):
            data = data.copy()
            data.update({f"as_at_{part}": getattr(today, part) for part in ("day", "month", "year")})
        super().__init__(data, today=today)
        offered = sorted({*years, this_year}, reverse=True)
        self.fields["year_start"].choices = [(year.start, str(year)) for year in offered]
        self.initial["year_start"] = this_year.start

    @property
    def year(self) -> FinancialYear:
        """The one asked for; that of the day while none is, or while it cannot be read."""
        chosen = self.cleaned_data.get("year_start") if self.is_valid() else None
        return FinancialYear(chosen) if chosen else FinancialYear.of(self.day)

    @property
    def query(self) -> str:
        """The same, at the end of an address."""
        return f"{self.day_query}&year_start={self.year.start}"
