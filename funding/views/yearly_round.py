"""Asking the funder: an award year's application with its versions, and claims by quarter."""

from __future__ import annotations

from functools import cached_property

from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.views.generic import TemplateView

from funding import queries
from funding.actions import yearly_round
from funding.forms import ApplicationForm, GrantClaimForm
from funding.models import Application, AwardYear, GrantClaim
from funding.queries import Contents
from funding.views.award_years import OfAwardYear
from funding.views.deciding import Approve, Decline
from partners.access import PermissionRequired
from partners.permissions import Permission
from vru_portal.core.money import pounds


class ShowApplication(PermissionRequired, TemplateView):
    """What the application would say now, and the versions that were kept."""

    permission = Permission.VIEW_MONEY
    template_name = "funding/application.html"

    def get_context_data(self, pk: int, **kwargs) -> dict:
        found = AwardYear.objects.visible_to(self.request.user).select_related("fund__funder")
        award_year = get_object_or_404(found, pk=pk)
        return super().get_context_data(**kwargs) | {
            "award_year": award_year,
            "contents": queries.contents_of(award_year),
            "versions": award_year.applications.select_related("kept_by"),
            "may_manage": self.request.user.may(Permission.MANAGE_MONEY),
        }


class ShowApplicationVersion(PermissionRequired, TemplateView):
    """A version as it was kept."""

    permission = Permission.VIEW_MONEY
    template_name = "funding/application_version.html"

    def get_context_data(self, pk: int, **kwargs) -> dict:
        found = Application.objects.visible_to(self.request.user).select_related("award_year__fund", "kept_by")
        application = get_object_or_404(found, pk=pk)
        return super().get_context_data(**kwargs) | {
            "application": application,
            "award_year": application.award_year,
            "contents": Contents.from_json(application.contents),
        }


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
