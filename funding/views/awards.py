"""Awards to partners: one person proposes, another approves or declines."""

from __future__ import annotations

from functools import cached_property

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.views.generic import View

from funding.actions import awards
from funding.forms import AwardForm, DeclineForm
from funding.models import AwardYear, PartnerAward
from funding.views.award_years import OfAwardYear
from funding.views.pages import FormPage
from partners.access import PermissionRequired
from partners.permissions import Permission
from vru_portal.core.money import pounds
from vru_portal.core.refusals import Refusal


class ProposeAward(OfAwardYear):
    form_class = AwardForm
    heading = "Propose an award to a partner"
    button = "Propose award"
    intro = "A colleague has to approve it. Until then nothing is committed, and the partner does not see it."

    def get_form_kwargs(self) -> dict:
        return super().get_form_kwargs() | {"award_year": self.award_year, "user": self.request.user}

    def get_initial(self) -> dict:
        year = self.award_year.year
        return {"starts_on": year.first, "ends_on": year.last, "agreed_on": timezone.localdate()}

    def act(self, **details) -> str:
        awards.propose_award(award_year=self.award_year, **details)
        return "Proposed. A colleague now has to approve it."


class _OnAward:
    """An award that the person may see among all of the money."""

    @cached_property
    def award(self) -> PartnerAward:
        seen = PartnerAward.objects.filter(award_year__in=AwardYear.objects.visible_to(self.request.user))
        return get_object_or_404(seen.select_related("award_year__fund", "delivery"), pk=self.kwargs["pk"])


class ApproveAward(_OnAward, PermissionRequired, View):
    permission = Permission.APPROVE_MONEY
    http_method_names = ["post"]

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        try:
            award = awards.approve_award(award=self.award, by=request.user, now=timezone.now())
        except Refusal as refusal:
            messages.error(request, refusal.message)
        else:
            messages.success(request, f"Approved: award {award.reference} of {pounds(award.amount_pence)}.")
        return redirect("funding:award-year-detail", pk=self.award.award_year_id)


class DeclineAward(_OnAward, FormPage):
    """Asks for the reason first."""

    permission = (Permission.APPROVE_MONEY, Permission.MANAGE_MONEY)
    form_class = DeclineForm

    @property
    def button(self) -> str:
        return "Take it back" if self.is_own else "Decline"

    @property
    def heading(self) -> str:
        verb = "Take back" if self.is_own else "Decline"
        return f"{verb} the award of {pounds(self.award.amount_pence)} to {self.award.delivery.name}"

    @property
    def is_own(self) -> bool:
        return self.award.proposed_by_id == self.request.user.pk

    @property
    def above(self) -> tuple[str, str]:
        award_year = self.award.award_year
        return str(award_year), reverse("funding:award-year-detail", args=[award_year.pk])

    def act(self, **details) -> str:
        awards.decline_award(award=self.award, **details)
        return "Taken back." if self.is_own else "Declined."
