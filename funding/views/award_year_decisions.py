"""What a second person decides on the page of an award year: its steps, receipts and confirmations of match."""

from __future__ import annotations

from functools import cached_property

from django.shortcuts import get_object_or_404
from django.urls import reverse

from funding.actions import award_years, funds, receipts
from funding.models import AwardYear, AwardYearStep, GrantReceipt, Match, MatchConfirmation
from funding.views.deciding import Approve, Decline
from vru_portal.core.money import pounds


class _OnAwardYear:
    """A view gives `award_year` of what is `proposed`, which the person may see."""

    @property
    def above(self) -> tuple[str, str]:
        return str(self.award_year), reverse("funding:award-year-detail", args=[self.award_year.pk])

    @property
    def award_year(self) -> AwardYear:
        return self.proposed.award_year


class _OfStep(_OnAwardYear):
    @cached_property
    def proposed(self) -> AwardYearStep:
        seen = AwardYearStep.objects.filter(award_year__in=AwardYear.objects.visible_to(self.request.user))
        return get_object_or_404(seen.select_related("award_year__fund"), pk=self.kwargs["pk"])


class ApproveStep(_OfStep, Approve):
    def approve(self, **act) -> str:
        step = award_years.approve_step(step=self.proposed, **act)
        return f"Approved: {step.get_state_display().lower()}, {step.on_date:%-d %B %Y}."


class DeclineStep(_OfStep, Decline):
    @property
    def what(self) -> str:
        return f"the step “{self.proposed.get_state_display().lower()}” of {self.award_year}"

    def decline(self, **details) -> None:
        award_years.decline_step(step=self.proposed, **details)


class _OfReceipt(_OnAwardYear):
    @cached_property
    def proposed(self) -> GrantReceipt:
        seen = GrantReceipt.objects.visible_to(self.request.user).select_related("award_year__fund")
        return get_object_or_404(seen, pk=self.kwargs["pk"])


class ApproveReceipt(_OfReceipt, Approve):
    def approve(self, **act) -> str:
        receipt = receipts.approve_receipt(receipt=self.proposed, **act)
        return f"Approved: receipt {receipt.reference} of {pounds(receipt.amount_pence)}."


class DeclineReceipt(_OfReceipt, Decline):
    @property
    def what(self) -> str:
        return f"the receipt of {pounds(self.proposed.amount_pence)}, {self.proposed.reference}"

    def decline(self, **details) -> None:
        receipts.decline_receipt(receipt=self.proposed, **details)


class _OfConfirmation(_OnAwardYear):
    @cached_property
    def proposed(self) -> MatchConfirmation:
        seen = MatchConfirmation.objects.filter(match__in=Match.objects.visible_to(self.request.user))
        found = seen.select_related("match__award_year__fund", "match__organisation")
        return get_object_or_404(found, pk=self.kwargs["pk"])

    @property
    def award_year(self) -> AwardYear:
        return self.proposed.match.award_year


class ApproveConfirmation(_OfConfirmation, Approve):
    def approve(self, **act) -> str:
        match = funds.approve_confirmation(confirmation=self.proposed, **act).match
        return f"Approved: match of {pounds(match.amount_pence)} from {match.organisation} is confirmed."


class DeclineConfirmation(_OfConfirmation, Decline):
    @property
    def what(self) -> str:
        match = self.proposed.match
        return f"the confirmation of {pounds(match.amount_pence)} from {match.organisation}"

    def decline(self, **details) -> None:
        funds.decline_confirmation(confirmation=self.proposed, **details)
