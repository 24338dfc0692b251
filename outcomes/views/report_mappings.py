"""Reports to funders: which rows a funder asks for, and what fills each."""

from __future__ import annotations

from datetime import datetime
from functools import cached_property
from typing import ClassVar

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.views.generic import TemplateView, View

from funding.models import Fund
from outcomes.actions import report_mappings as actions
from outcomes.forms.funder_reports import PublishMappingForm, ReportForm, RowForm, row_begins_with
from outcomes.models import FunderReport, MappingRow, ReportMapping
from outcomes.queries import quarter_reports as queries
from outcomes.queries.reports import CONTACTS, measures_that_add_up
from outcomes.views.templates import FormPage
from partners.access import PermissionRequired
from partners.models import User
from partners.permissions import Permission
from programmes.models import Programme
from vru_portal.core.periods import FinancialYear
from vru_portal.core.refusals import Refusal

RELEASES = [("Releases", "/releases/"), ("Reports to funders", "/reports/")]


class OfReport:
    """Pages below one report."""

    @cached_property
    def report(self) -> FunderReport:
        return get_object_or_404(FunderReport.objects.select_related("fund__funder"), code=self.kwargs["code"])

    @property
    def report_url(self) -> str:
        return reverse("outcomes:funder-report", args=[self.report.code])

    @cached_property
    def mapping(self) -> ReportMapping:
        return get_object_or_404(self.report.mappings.select_related("report"), number=self.kwargs["number"])

    @property
    def mapping_url(self) -> str:
        return reverse("outcomes:report-mapping", args=[self.report.code, self.mapping.number])


class AddReport(FormPage):
    permission = Permission.PREPARE_FUNDER_REPORT
    form_class = ReportForm
    heading, button, above = "Add a report to a funder", "Add report", RELEASES
    intro = "A report that a funder asks for each quarter. You say next which rows it has and what fills each."

    def get_form_kwargs(self) -> dict:
        return super().get_form_kwargs() | {"funds": Fund.objects.visible_to(self.request.user)}

    def act(self, **details) -> str:
        self.added = actions.add_report(**details)
        return f"{self.added} is added. Add the rows that the funder asks for."

    def get_success_url(self) -> str:
        return reverse("outcomes:report-mapping", args=[self.added.code, 1])


class ShowMapping(OfReport, PermissionRequired, TemplateView):
    permission = Permission.VIEW_FUNDER_REPORTS
    template_name = "outcomes/report_mapping.html"

    def get_context_data(self, **kwargs) -> dict:
        is_draft = self.mapping.state == ReportMapping.State.DRAFT
        names = {CONTACTS.code: CONTACTS.name} | dict(measures_that_add_up().values_list("code", "name"))
        rows = list(self.mapping.rows.select_related("programme"))
        programmes = dict(Programme.objects.values_list("code", "name"))

        def whose(row: MappingRow) -> str:
            return " + ".join(programmes[code] for code in row.programmes)

        return super().get_context_data(**kwargs) | {
            "report": self.report,
            "mapping": self.mapping,
            "rows": [(row, names.get(row.measure, row.measure), whose(row)) for row in rows],
            "builds": is_draft and self.request.user.may(Permission.PREPARE_FUNDER_REPORT),
            "source_choices": MappingRow.Source.choices,
        }


class OfDraftMapping(OfReport, FormPage):
    permission = Permission.PREPARE_FUNDER_REPORT

    @property
    def above(self) -> list[tuple[str, str]]:
        mapping = (f"Mapping {self.mapping.number}", self.mapping_url)
        return [*RELEASES, (self.report.name, self.report_url), mapping]

    @property
    def title(self) -> str:
        return f"{self.heading}: {self.report.name}, mapping {self.mapping.number}"


class PutRow(OfDraftMapping):
    form_class = RowForm
    button = "Save row"

    @property
    def heading(self) -> str:
        return f"{'Edit row' if self.row else 'Add a row'}: {MappingRow.Source(self.source).label.lower()}"

    @cached_property
    def row(self) -> MappingRow | None:
        return get_object_or_404(self.mapping.rows, pk=self.kwargs["pk"]) if "pk" in self.kwargs else None

    @cached_property
    def source(self) -> str:
        source = self.row.source if self.row else self.kwargs["source"]
        if source not in MappingRow.Source.values:
            raise Http404("Rows are filled by nothing of that name.")
        return source

    def get_form_kwargs(self) -> dict:
        purposes = queries.purposes_of(self.report)
        return super().get_form_kwargs() | {"source": self.source, "purposes": purposes}

    def get_initial(self) -> dict:
        return row_begins_with(self.row) if self.row else {"over": MappingRow.Over.QUARTER}

    def act(self, *, by: User, now: datetime, **typed) -> str:
        facts = {"source": self.source, **typed}
        row = actions.put_row(mapping=self.mapping, row=self.row, facts=facts, by=by, now=now)
        return f"Row {row.code} is saved."


class PublishMapping(OfDraftMapping):
    form_class = PublishMappingForm
    heading, button = "Put the mapping in force", "Put in force"
    intro = "From then on it stays as it is. Reports that were filled before keep the mapping that filled them."

    def get_form_kwargs(self) -> dict:
        year = FinancialYear.of(timezone.localdate())
        kwargs = {"quarters": queries.first_quarters(year), "is_first": self.mapping.number == 1}
        return super().get_form_kwargs() | kwargs

    def act(self, **details) -> str:
        mapping = actions.publish(mapping=self.mapping, **details)
        return f"{mapping} is in force from {mapping.first_quarter}."

    def get_success_url(self) -> str:
        return self.report_url


class MappingStep(OfReport, PermissionRequired, View):
    """A button: one action, and back."""

    permission = Permission.PREPARE_FUNDER_REPORT
    http_method_names: ClassVar = ["post"]

    def post(self, request: HttpRequest, **kwargs) -> HttpResponse:
        try:
            address = self.act(by=request.user, now=timezone.now())
        except Refusal as refusal:
            messages.error(request, refusal.message)
            address = self.report_url
        return redirect(address)


class StartMapping(MappingStep):
    def act(self, **who) -> str:
        mapping = actions.start(report=self.report, **who)
        return reverse("outcomes:report-mapping", args=[self.report.code, mapping.number])


class ChangeRow(MappingStep):
    """Up, down, or taken out."""

    def act(self, **who) -> str:
        row = get_object_or_404(self.mapping.rows.select_related("mapping"), pk=self.kwargs["pk"])
        step = self.kwargs["step"]
        if step == "remove":
            actions.remove_row(row=row, **who)
        elif step in {"up", "down"}:
            actions.move_row(row=row, places=-1 if step == "up" else 1, **who)
        else:
            raise Http404("There is no such step.")
        return self.mapping_url
