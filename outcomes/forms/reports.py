"""Choosing what a report's page shows. Sent by GET, so that a view can be shared as a link."""

from __future__ import annotations

from collections.abc import Mapping

from django import forms

BY = {"programme_code": "Programme", "partner_kind_code": "Kind of partner", "setting_code": "Setting"}


class ReportFilter(forms.Form):
    """`periods`: their words by their codes, the one shown at first last."""

    period = forms.ChoiceField(required=False, label="Period")

    def __init__(self, *args, periods: Mapping[str, str], **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.fields["period"].choices = list(periods.items())
        self.usual = {"period": next(reversed(periods), "")}
        for name, value in self.usual.items():
            self.fields[name].initial = value

    def chosen(self, name: str) -> str:
        """What was chosen; the usual where nothing was, or nothing that there is."""
        given = self.cleaned_data.get(name) if self.is_bound and self.is_valid() else None
        return given or self.usual[name]


class ActivityFilter(ReportFilter):
    by = forms.ChoiceField(required=False, label="By", choices=list(BY.items()))

    def __init__(self, *args, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.usual["by"] = "programme_code"
