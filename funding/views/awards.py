"""Awards to partners: one person proposes, another approves or declines."""

from __future__ import annotations

from functools import cached_property

from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone

from funding import queries
from funding.actions import awards
from funding.forms import AwardForm
from funding.models import AwardYear, PartnerAward
from funding.views.award_years import OfAwardYear
from funding.views.deciding import Approve, Decline
from vru_portal.core.money import pounds


class ProposeAward(OfAwardYear):
    form_class = AwardForm
    heading = "Propose an award to a partner"
    button = "Propose award"

    @property
    def intro(self) -> str:
        line = queries.award_year_line(self.award_year, as_at=timezone.localdate())
        until = "A colleague has to approve it. Until then nothing is committed, and the partner does not see it."
        return f"{until} {line.left_in_words}".strip()

    def get_form_kwargs(self) -> dict:
        return super().get_form_kwargs() | {"award_year": self.award_year, "user": self.request.user}

    def get_initial(self) -> dict:
        year = self.award_year.year
        return {"starts_on": year.first, "ends_on": year.last, "agreed_on": timezone.localdate()} | self._like

    def act(self, **details) -> str:
        award = awards.propose_award(award_year=self.award_year, **details)
        line = queries.award_year_line(self.award_year, as_at=timezone.localdate())
        beyond = queries.beyond(award, line, queries.commitments_of(self.award_year))
        return " ".join(["Proposed. A colleague now has to approve it.", *beyond])

    @property
    def _like(self) -> dict:
        """What a correction has to share with the award that it corrects, where a link says which."""
        corrects = self.request.GET.get("corrects", "")
        found = self.award_year.partner_awards.filter(pk=corrects).first() if corrects.isdecimal() else None
        names = ("delivery", "ring_fence", "category", "paid_by", "holds_for_returns", "starts_on", "ends_on")
        return {name: getattr(found, name) for name in names} if found else {}


class _OnAward:
    """An award that the person may see among all of the money, and the page that it stands on."""

    @cached_property
    def proposed(self) -> PartnerAward:
        seen = PartnerAward.objects.filter(award_year__in=AwardYear.objects.visible_to(self.request.user))
        return get_object_or_404(seen.select_related("award_year__fund", "delivery"), pk=self.kwargs["pk"])

    @property
    def above(self) -> tuple[str, str]:
        award_year = self.proposed.award_year
        return str(award_year), reverse("funding:award-year-detail", args=[award_year.pk])


class ApproveAward(_OnAward, Approve):
    def approve(self, **act) -> str:
        award = awards.approve_award(award=self.proposed, **act)
        return f"Approved: award {award.reference} of {pounds(award.amount_pence)}."


class DeclineAward(_OnAward, Decline):
    @property
    def what(self) -> str:
        return f"the award of {pounds(self.proposed.amount_pence)} to {self.proposed.delivery.name}"

    def decline(self, **details) -> None:
        awards.decline_award(award=self.proposed, **details)
