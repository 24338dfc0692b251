"""Choosing what the dashboard shows. Sent by GET, so that a view can be shared as a link."""

from __future__ import annotations

from django import forms

from outcomes.models import Release
from programmes.models import Programme
from vru_portal.core.periods import FinancialYear, Month


class ReachFilter(forms.Form):
    """The choices come from the releases themselves: names as they were, nothing that is not in them."""

    release = forms.TypedChoiceField(required=False, coerce=int, empty_value=None, label="April to")
    programme = forms.TypedChoiceField(required=False, coerce=int, empty_value=None, label="Programme")
    district = forms.TypedChoiceField(required=False, coerce=int, empty_value=None, label="District they live in")

    def __init__(self, *args, releases: list[Release], **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.releases = {release.pk: release for release in releases}
        newest = releases[0].labels if releases else {"programmes": {}, "categories": {}}
        self.fields["release"].choices = [
            (r.pk, f"{r.month:%B %Y} ({r.get_status_display().lower()})") for r in releases
        ]
        self.fields["programme"].choices = [("", "All programmes"), *_pairs(newest["programmes"])]
        self.fields["district"].choices = [("", "All districts"), *_pairs(newest["categories"], districts_only=True)]

    def chosen(self, name: str):
        """What was chosen, None for nothing; of a form that is valid or was never sent."""
        value = self.cleaned_data.get(name) if self.is_bound else None
        return self.releases.get(value) if name == "release" else value

    def in_words(self) -> str:
        """“All programmes · All districts”."""
        return " · ".join(self._chosen_words(name) for name in ("programme", "district"))

    def _chosen_words(self, name: str) -> str:
        chosen = self.chosen(name)
        return dict(self.fields[name].choices)["" if chosen is None else str(chosen)]


class YearFilter(forms.Form):
    year = forms.TypedChoiceField(required=False, coerce=int, empty_value=None, label="Financial year")

    def __init__(self, *args, this_year: FinancialYear, first: int = 2021, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.this_year = this_year
        self.fields["year"].choices = [(y, str(FinancialYear(y))) for y in range(this_year.start, first - 1, -1)]

    def year_chosen(self) -> FinancialYear:
        start = self.cleaned_data.get("year") if self.is_valid() else None
        return FinancialYear(start) if start else self.this_year


class ChangeFilter(YearFilter):
    """A programme's measures month by month, or an overview of all."""

    programme = forms.ModelChoiceField(Programme.objects.all(), required=False, empty_label="All programmes")

    def programme_chosen(self) -> Programme | None:
        return self.cleaned_data.get("programme") if self.is_valid() else None


class MonthToProduce(forms.Form):
    month = forms.ChoiceField(label="Last month of the release")

    def __init__(self, *args, months: list[Month], **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.fields["month"].choices = [(month.code, str(month)) for month in months]

    def clean_month(self) -> Month:
        return Month.parse(self.cleaned_data["month"])


def _pairs(labels: dict[str, list[str]], *, districts_only: bool = False) -> list[tuple[str, str]]:
    return [(pk, name) for pk, (code, name) in labels.items() if not districts_only or code[0] == "E"]
