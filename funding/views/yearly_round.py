"""Asking the funder: an award year's application with its versions, and claims by quarter."""

from __future__ import annotations

from functools import cached_property

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.views.generic import TemplateView, View

from funding import queries
from funding.actions import yearly_round
from funding.application_tables import tables_of
from funding.forms import ApplicationForm, GrantClaimForm
from funding.models import Application, AwardYear, GrantClaim
from funding.queries import Contents
from funding.views.award_years import OfAwardYear
from funding.views.deciding import Approve, Decline
from partners.access import PermissionRequired
from partners.permissions import Permission
from vru_portal.core.money import pounds
from vru_portal.core.table_files import workbook_file

NOTES = ["People to reach are a target: each is counted once, however often they come."]


class _OfAwardYear(PermissionRequired):
    """The application as the records stand now, of an award year that the person may see."""

    permission = Permission.VIEW_MONEY

    @cached_property
    def award_year(self) -> AwardYear:
        found = AwardYear.objects.visible_to(self.request.user).select_related("fund__funder")
        return get_object_or_404(found, pk=self.kwargs["pk"])


class _OfVersion(PermissionRequired):
    """A version as it was kept."""

    permission = Permission.VIEW_MONEY

    @cached_property
    def application(self) -> Application:
        found = Application.objects.visible_to(self.request.user).select_related("award_year__fund", "kept_by")
        return get_object_or_404(found, pk=self.kwargs["pk"])

    @property
    def contents(self) -> Contents:
        return Contents.from_json(self.application.contents)


class ShowApplication(_OfAwardYear, TemplateView):
    """What the application would say now, and the versions that were kept."""

    template_name = "funding/application.html"

    def get_context_data(self, **kwargs) -> dict:
        return super().get_context_data(**kwargs) | {
            "award_year": self.award_year,
            "contents": queries.contents_of(self.award_year),
            "versions": self.award_year.applications.select_related("kept_by"),
            "may_manage": self.request.user.may(Permission.MANAGE_MONEY),
        }


class DownloadApplication(_OfAwardYear, View):
    """The same as a spreadsheet."""

    def get(self, request: HttpRequest, **kwargs) -> HttpResponse:
        today = timezone.localdate()
        return workbook_file(
            tables_of(queries.contents_of(self.award_year)),
            "application",
            suffix=f"{self.award_year.financial_year}-draft",
            title=f"Application for {self.award_year}: draft",
            intro=f"As the records stood on {today:%-d %B %Y}. Keep a version before anything is sent.",
            notes=NOTES,
            dated=today,
        )


class ShowApplicationVersion(_OfVersion, TemplateView):
    template_name = "funding/application_version.html"

    def get_context_data(self, **kwargs) -> dict:
        return super().get_context_data(**kwargs) | {
            "application": self.application,
            "award_year": self.application.award_year,
            "contents": self.contents,
        }


class DownloadApplicationVersion(_OfVersion, View):
    """The same as a spreadsheet: of one version always the same bytes."""

    def get(self, request: HttpRequest, **kwargs) -> HttpResponse:
        kept = timezone.localdate(self.application.kept_at)
        return workbook_file(
            tables_of(self.contents),
            "application",
            suffix=f"{self.application.award_year.financial_year}-version-{self.application.version}",
            title=str(self.application),
            intro=f"Kept on {kept:%-d %B %Y}. {self.application.note}".strip(),
            notes=NOTES,
            dated=kept,
        )


class KeepApplication(OfAwardYear):
    form_class = ApplicationForm
    button = "Keep this version"
    intro = "It is kept as the records stand now, and never changes. Then record on the award year that it was sent."

    @property
    def heading(self) -> str:
        return f"Keep a version of the application for {self.award_year}"

    @property
    def above(self) -> tuple[str, str]:
        return f"Application for {self.award_year}", reverse("funding:application", args=[self.award_year.pk])

    def act(self, **details) -> str:
        kept = yearly_round.keep_application(award_year=self.award_year, **details)
        return f"Version {kept.version} is kept. It asks for {pounds(kept.asked_pence)}."


class ProposeGrantClaim(OfAwardYear):
    form_class = GrantClaimForm
    heading = "Propose a claim to the funder"
    button = "Propose claim"
    intro = "A colleague has to approve it. A grant can be claimed once its agreement is signed."

    def get_form_kwargs(self) -> dict:
        return super().get_form_kwargs() | {"award_year": self.award_year}

    def act(self, **details) -> str:
        yearly_round.propose_claim(award_year=self.award_year, **details)
        return "Proposed. A colleague now has to approve it."


class _OnGrantClaim:
    """A claim that the person may see, and the page that it stands on."""

    @cached_property
    def proposed(self) -> GrantClaim:
        found = GrantClaim.objects.visible_to(self.request.user).select_related("award_year__fund")
        return get_object_or_404(found, pk=self.kwargs["pk"])

    @property
    def above(self) -> tuple[str, str]:
        award_year = self.proposed.award_year
        return str(award_year), reverse("funding:award-year-detail", args=[award_year.pk])


class ApproveGrantClaim(_OnGrantClaim, Approve):
    def approve(self, **act) -> str:
        claim = yearly_round.approve_claim(claim=self.proposed, **act)
        return f"Approved: claim {claim.reference} of {pounds(claim.amount_pence)}."


class DeclineGrantClaim(_OnGrantClaim, Decline):
    @property
    def what(self) -> str:
        return f"the claim of {pounds(self.proposed.amount_pence)}, {self.proposed.reference}"

    def decline(self, **details) -> None:
        yearly_round.decline_claim(claim=self.proposed, **details)
