"""Choosing what the pages of reach as it stands now show. Sent by GET, so that a view can be shared as a link."""

from __future__ import annotations

from django import forms

from outcomes.models.cube import CellWhere
from outcomes.queries.now import BY_DELIVERY, BY_PEOPLE, periods_shown
from programmes.models import Programme
from vru_portal.core.forms import Radios
from vru_portal.core.periods import FinancialYear


class OfYear(forms.Form):
    """`years`: those that are counted, the newest first; it is shown unless another is chosen."""

    year = forms.TypedChoiceField(required=False, coerce=int, empty_value=None, label="Financial year")

    def __init__(self, *args, years: list[FinancialYear], **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.years = years
        self.fields["year"].choices = [(year.start, str(year)) for year in years]

    def chosen(self, name: str, otherwise):
        return (self.cleaned_data.get(name) if self.is_valid() else None) or otherwise

    def year_chosen(self) -> FinancialYear:
        return FinancialYear(self.chosen("year", self.years[0].start))


class SlicesFilter(OfYear):
    by = forms.ChoiceField(required=False, label="By", choices=[*BY_DELIVERY.items(), *BY_PEOPLE.items()])
    period = forms.ChoiceField(required=False, label="Period", choices=periods_shown())

    def clean(self) -> dict:
        cleaned = super().clean()
        if cleaned.get("period") == "rolling_year" and cleaned.get("by") in BY_PEOPLE:
            self.add_error(
                "by", "Age and district are of a financial year, so twelve months are given by deliveries alone."
            )
        return cleaned


class OfProgramme(OfYear):
    programme = forms.ModelChoiceField(
        Programme.objects.exclude(rung="exposure"), required=False, empty_label="Everything supported"
    )


class OverlapFilter(OfYear):
    by = forms.ChoiceField(
        required=False,
        label="Between",
        choices=[(CellWhere.PROGRAMME, "Programmes"), (CellWhere.PARTNER, "Partners")],
    )


class DecideForm(forms.Form):
    are_one = forms.TypedChoiceField(
        label="Are they one person?",
        coerce=lambda text: text == "one",
        choices=[("one", "One person"), ("two", "Two people")],
        widget=Radios,
        error_messages={"required": "Choose whether they are one person or two."},
    )
