"""What a release tells beside reach: the pages of its reports, each read from its published file."""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import ClassVar

from django.http import Http404
from django.views.generic import TemplateView

from outcomes.forms.reports import BY, ActivityFilter, ReportFilter
from outcomes.queries import report_pages as pages
from outcomes.queries.reports import rows_of
from outcomes.views.releases import ReadsRelease


class ShowReport(ReadsRelease, TemplateView, ABC):
    file_name: ClassVar[str]
    form_class = ReportFilter

    def get_context_data(self, **kwargs) -> dict:
        if "reports" not in self.release.account:
            raise Http404("This release was made before there were reports beside it.")
        rows = rows_of(self.release, self.file_name)
        periods = pages.periods_of(rows)
        form = self.form_class(self.request.GET or None, periods=periods)
        return super().get_context_data(**kwargs) | {
            "release": self.release,
            "file_name": self.file_name,
            "form": form,
            "period": periods.get(form.chosen("period"), f"April to {self.release.month:%B %Y}"),
            **self.report(rows, form),
        }

    @abstractmethod
    def report(self, rows: list[pages.Row], form: ReportFilter) -> dict:
        """What the page shows of these rows."""


class ShowActivity(ShowReport):
    file_name = "activity.csv"
    template_name = "outcomes/report_activity.html"
    form_class = ActivityFilter

    def report(self, rows: list[pages.Row], form: ReportFilter) -> dict:
        by = form.chosen("by")
        return {"by": BY[by], "told": pages.activity(rows, form.chosen("period"), by)}


class ShowTimeliness(ShowReport):
    file_name = "timeliness.csv"
    template_name = "outcomes/report_timeliness.html"

    def report(self, rows: list[pages.Row], form: ReportFilter) -> dict:
        total, groups = pages.timeliness(rows, form.chosen("period"))
        return {"total": total, "groups": groups}


class ShowNetworks(ShowReport):
    file_name = "networks.csv"
    template_name = "outcomes/report_networks.html"

    def report(self, rows: list[pages.Row], form: ReportFilter) -> dict:
        return {"networks": pages.networks(rows, form.chosen("period"))}
