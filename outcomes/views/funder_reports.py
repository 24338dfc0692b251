"""Reports to funders: filled, written beside, signed by two people, downloaded as sent."""

from __future__ import annotations

from functools import cached_property

from django.contrib import messages
from django.forms import Form
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.generic import TemplateView, View

from outcomes.actions import quarter_reports as actions
from outcomes.forms.funder_reports import QuarterForm, ReasonForm, WriteForm
from outcomes.models import FunderReport, QuarterReport, QuarterRow
from outcomes.queries import files
from outcomes.queries import quarter_reports as queries
from outcomes.views.report_mappings import RELEASES, OfReport
from outcomes.views.templates import FormPage
from partners.access import PermissionRequired
from partners.permissions import Permission
from vru_portal.core.refusals import Refusal

State = QuarterReport.State


class ListReports(PermissionRequired, TemplateView):
    permission = Permission.VIEW_FUNDER_REPORTS
    template_name = "outcomes/funder_report_list.html"

    def get_context_data(self, **kwargs) -> dict:
        reports = FunderReport.objects.select_related("fund__funder")
        return super().get_context_data(**kwargs) | {
            "reports": [(report, report.quarters.first()) for report in reports],
            "may_prepare": self.request.user.may(Permission.PREPARE_FUNDER_REPORT),
        }


class ShowReport(OfReport, PermissionRequired, TemplateView):
    """The quarters told so far, the next to begin, and the mappings."""

    permission = Permission.VIEW_FUNDER_REPORTS
    template_name = "outcomes/funder_report.html"

    def get_context_data(self, **kwargs) -> dict:
        may_prepare = self.request.user.may(Permission.PREPARE_FUNDER_REPORT)
        quarters = queries.quarters_to_report(self.report, timezone.now()) if may_prepare else []
        return super().get_context_data(**kwargs) | {
            "report": self.report,
            "quarters": self.report.quarters.select_related("authored_by", "certified_by", "report"),
            "mappings": self.report.mappings.order_by("-number"),
            "form": QuarterForm(quarters=quarters) if quarters else None,
            "may_prepare": may_prepare,
        }


class BeginQuarter(OfReport, PermissionRequired, View):
    permission = Permission.PREPARE_FUNDER_REPORT
    http_method_names = ["post"]

    def post(self, request: HttpRequest, code: str) -> HttpResponse:
        now = timezone.now()
        form = QuarterForm(request.POST, quarters=queries.quarters_to_report(self.report, now))
        if not form.is_valid():
            messages.error(request, "Choose a quarter that can be filled.")
            return redirect(self.report_url)
        try:
            begun = actions.ask(report=self.report, quarter=form.cleaned_data["quarter"], by=request.user, now=now)
        except Refusal as refusal:
            messages.error(request, refusal.message)
            return redirect(self.report_url)
        return redirect("outcomes:quarter-report", pk=begun.pk)


# ---- One quarter ----
class OfQuarter:
    @cached_property
    def quarter_report(self) -> QuarterReport:
        found = QuarterReport.objects.select_related(
            "report__fund", "mapping", "release", "requested_by", "authored_by", "certified_by"
        )
        return get_object_or_404(found, pk=self.kwargs["pk"])

    @property
    def quarter_url(self) -> str:
        return reverse("outcomes:quarter-report", args=[self.kwargs["pk"]])

    @property
    def above(self) -> list[tuple[str, str]]:
        report = self.quarter_report.report
        name = f"{self.quarter_report.quarter}, report {self.quarter_report.number}"
        own = [(report.name, reverse("outcomes:funder-report", args=[report.code])), (name, self.quarter_url)]
        return [*RELEASES, *own]

    def get_success_url(self) -> str:
        return self.quarter_url


class ShowQuarter(OfQuarter, PermissionRequired, View):
    """While the job is at work, htmx asks for the bar alone."""

    permission = Permission.VIEW_FUNDER_REPORTS

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        one = self.quarter_report
        if request.headers.get("HX-Request") == "true":
            response = render(request, "outcomes/quarter_report_progress.html", {"one": one})
            if one.state != State.FILLING:
                response["HX-Refresh"] = "true"
            return response
        return render(request, "outcomes/quarter_report.html", self._context(one))

    def _context(self, one: QuarterReport) -> dict:
        user = self.request.user
        may_prepare, is_author = user.may(Permission.PREPARE_FUNDER_REPORT), one.authored_by_id == user.pk
        may_certify = one.state == State.AUTHORED and user.may(Permission.CERTIFY_FUNDER_REPORT)
        newest = one.report.quarters.filter(first_day=one.first_day).order_by("-number").first()
        return {
            "one": one,
            "crumbs": self.above[:-1],
            "rows": [(row, queries.in_words(row)) for row in one.rows.select_related("written_by")],
            "newer": newest if newest != one else None,
            "before": queries.told_before(one),
            "breaks": queries.breaks_since(one),
            "unanswered": queries.unanswered(one) if one.state == State.DRAFT else [],
            "files": one.files.order_by("name").values("name", "size", "sha256"),
            "may_write": may_prepare and one.state == State.DRAFT,
            "may_fill_again": may_prepare and one.state in {State.DRAFT, State.FAILED},
            "may_certify": may_certify and not is_author,
            "waits_for_colleague": one.state == State.AUTHORED and is_author,
            "may_correct": may_prepare and one.is_signed and newest == one,
        }


class FillAgain(OfQuarter, PermissionRequired, View):
    permission = Permission.PREPARE_FUNDER_REPORT
    http_method_names = ["post"]

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        try:
            actions.fill_again(quarter_report=self.quarter_report, by=request.user, now=timezone.now())
        except Refusal as refusal:
            messages.error(request, refusal.message)
        return redirect(self.quarter_url)


class QuarterPage(OfQuarter, FormPage):
    permission = Permission.PREPARE_FUNDER_REPORT

    @property
    def title(self) -> str:
        return f"{self.heading}: {self.quarter_report}"


class WriteRow(QuarterPage):
    form_class = WriteForm
    button = "Save"

    @cached_property
    def row(self) -> QuarterRow:
        return get_object_or_404(self.quarter_report.rows.select_related("quarter_report"), pk=self.kwargs["row"])

    @property
    def heading(self) -> str:
        return str(self.row)

    @property
    def intro(self) -> str:
        return "" if self.row.answer else queries.in_words(self.row).capitalize()

    def get_form_kwargs(self) -> dict:
        return super().get_form_kwargs() | {"row": self.row}

    def get_initial(self) -> dict:
        return {"answer": self.row.answer, "comment": self.row.comment}

    def act(self, **details) -> str:
        actions.write(row=self.row, **details)
        return f"Row {self.row.code} is saved."


class SignReport(QuarterPage):
    form_class = Form
    heading, button = "Sign it as its author", "Sign"
    intro = (
        "You say that you have read every row, and that this is what the unit knows. Nothing of it changes from then "
        "on. A colleague reads and certifies it before it is sent."
    )

    def act(self, **details) -> str:
        actions.sign(quarter_report=self.quarter_report, **details)
        return "You signed it. It waits for a colleague to certify it."


class CertifyReport(QuarterPage):
    permission = Permission.CERTIFY_FUNDER_REPORT
    form_class = Form
    heading, button = "Certify it", "Certify"
    intro = (
        "You say for the unit that it is right. It is kept as it is from then on, for ever: a correction is a further "
        "report. Its files can then be sent to the funder."
    )

    def act(self, **details) -> str:
        actions.certify(quarter_report=self.quarter_report, **details)
        return "It is certified. Its files can be sent to the funder."


class SendBack(QuarterPage):
    permission = (Permission.PREPARE_FUNDER_REPORT, Permission.CERTIFY_FUNDER_REPORT)
    form_class = ReasonForm
    heading, button = "Send it back instead", "Send back"
    intro = "Its author changes it and signs it anew."

    def act(self, **details) -> str:
        actions.send_back(quarter_report=self.quarter_report, **details)
        return "It is sent back, and can be changed."


class CorrectReport(QuarterPage):
    form_class = ReasonForm
    heading, button = "Correct what was sent", "Begin the correction"
    intro = "What was sent stays as it is. A further report of the quarter is filled anew, and tells the funder why."

    def act(self, **details) -> str:
        one = self.quarter_report
        self.corrected = actions.ask(report=one.report, quarter=one.quarter, **details)
        return f"Report {self.corrected.number} of {one.quarter} is begun."

    def get_success_url(self) -> str:
        return reverse("outcomes:quarter-report", args=[self.corrected.pk])


class DownloadReport(OfQuarter, PermissionRequired, View):
    permission = Permission.VIEW_FUNDER_REPORTS

    def get(self, request: HttpRequest, pk: int, name: str) -> StreamingHttpResponse:
        one = self.quarter_report
        file = get_object_or_404(one.files, name=name)
        called = f"{one.report.code}_{one.first_day:%Y-%m}_{one.number}_{name}"
        return StreamingHttpResponse(
            files.blocks(file),
            content_type=files.content_type(name),
            headers={"Content-Disposition": f'attachment; filename="{called}"', "Content-Length": str(file.size)},
        )
