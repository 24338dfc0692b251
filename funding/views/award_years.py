"""Award years: the page of one, its first step and the later ones, receipts, ring-fences and match."""

from __future__ import annotations

from functools import cached_property

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.views.generic import TemplateView

from funding import queries
from funding.actions import award_years, funds, receipts
from funding.forms import AwardYearForm, MatchForm, ReceiptForm, RingFenceForm, StepForm
from funding.models import AwardYear, AwardYearStep, Match, PartnerAward, RingFence
from funding.queries.grants import WithoutClaim
from funding.views.funds import OfFund
from funding.views.pages import FormPage
from partners.access import PermissionRequired
from partners.permissions import Permission
from vru_portal.core.refusals import Refusal
from vru_portal.core.rescue import KeepsTyping, rescued


class ShowAwardYear(PermissionRequired, TemplateView):
    """One award year: its steps, receipts, ring-fences, match and awards to partners."""

    permission = Permission.VIEW_MONEY
    template_name = "funding/award_year_detail.html"

    @cached_property
    def award_year(self) -> AwardYear:
        found = AwardYear.objects.visible_to(self.request.user).select_related("fund__funder")
        return get_object_or_404(found, pk=self.kwargs["pk"])

    def get_context_data(self, *, step_form=None, receipt_form=None, **kwargs) -> dict:
        user, award_year, today = self.request.user, self.award_year, timezone.localdate()
        manages, line = user.may(Permission.MANAGE_MONEY), queries.award_year_line(award_year, as_at=today)
        steps_waiting = queries.steps_waiting(user=user).filter(award_year=award_year)
        without_claim = queries.receipts_without_claim(award_year) if manages else []
        step_form = step_form or StepForm(award_year=award_year, initial={"on_date": today})
        offered = self._offered(without_claim) or {"on_date": today}
        receipt_form = receipt_form or ReceiptForm(award_year=award_year, initial=offered)
        return super().get_context_data(**kwargs) | {
            "award_year": award_year,
            "line": line,
            "steps": award_year.steps.approved().select_related("proposed_by", "approved_by"),
            "steps_waiting": steps_waiting,
            "receipts": queries.receipts_of(award_year),
            "without_claim": without_claim,
            "receipts_waiting": queries.receipts_waiting(user=user).filter(award_year=award_year),
            "ring_fences": award_year.ring_fences.all(),
            "budget": queries.budget_of(award_year),
            "quarters": queries.quarters_of(award_year),
            "claims_waiting": queries.grant_claims_waiting(user=user).filter(award_year=award_year),
            "readings": queries.readings(award_year),
            "matches": queries.matches_of(award_year),
            "confirmations_waiting": queries.confirmations_waiting(user=user).filter(match__award_year=award_year),
            "awards": queries.partner_awards(user=user, as_at=today).filter(award_year=award_year),
            "prompts": [
                prompt
                for prompt in queries.repayment_prompts(user=user, as_at=today)
                if prompt.line.facility.fund_id == award_year.fund_id
            ],
            "waiting": self._waiting(line),
            "declined": queries.declined_of(award_year),
            "may_manage": manages,
            "may_approve": user.may(Permission.APPROVE_MONEY),
            "step_form": step_form if manages and award_year.next_states and not steps_waiting else None,
            "receipt_form": receipt_form if manages else None,
            "forms": [step_form, receipt_form],
        }

    def _waiting(self, line: queries.YearLine) -> list[tuple[PartnerAward, list[str]]]:
        """The awards that nobody has decided, each with what it would go beyond."""
        awards = list(queries.awards_waiting(user=self.request.user).filter(award_year=self.award_year))
        commitments = queries.commitments_of(self.award_year) if awards else None
        return [(award, queries.beyond(award, line, commitments)) for award in awards]

    def _offered(self, without_claim: list[WithoutClaim]) -> dict:
        """What the form of a receipt begins with, to take one back that names no claim or to record it again: as the
        link says by which one came."""
        for each in without_claim:
            receipt = each.receipt
            same = {"on_date": receipt.on_date, "corrects": receipt.pk}
            if each.to_take_back and self.request.GET.get("take-back") == str(receipt.pk):
                note = "Taken back, to be recorded again for its claim."
                return same | {"amount_pence": -each.to_take_back, "reference": each.taken_back_as, "note": note}
            if each.to_record and self.request.GET.get("again") == str(receipt.pk):
                again = {"amount_pence": each.to_record, "reference": each.recorded_again_as}
                return same | again | {"note": receipt.note}
        return {}


class ProposeStep(KeepsTyping, ShowAwardYear):
    permission = Permission.MANAGE_MONEY

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        typed = rescued(request)
        form = StepForm(typed, award_year=self.award_year) if typed else None
        return self.render_to_response(self.get_context_data(step_form=form))

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        form = StepForm(request.POST, award_year=self.award_year)
        if form.is_valid():
            try:
                step = award_years.propose_step(
                    award_year=self.award_year, **form.cleaned_data, by=request.user, now=timezone.now()
                )
            except Refusal as refusal:
                form.add_error(refusal.field_among(form.fields), refusal.message)
            else:
                messages.success(request, f"Proposed: {_step_in_words(step)}. A colleague now has to approve it.")
                return redirect("funding:award-year-detail", pk=pk)
        return self.render_to_response(self.get_context_data(step_form=form))


class ProposeReceipt(KeepsTyping, ShowAwardYear):
    permission = Permission.MANAGE_MONEY

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        typed = rescued(request)
        form = ReceiptForm(typed, award_year=self.award_year) if typed else None
        return self.render_to_response(self.get_context_data(receipt_form=form))

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        form = ReceiptForm(request.POST, award_year=self.award_year)
        if form.is_valid():
            try:
                receipt = receipts.propose_receipt(
                    award_year=self.award_year, **form.cleaned_data, by=request.user, now=timezone.now()
                )
            except Refusal as refusal:
                form.add_error(refusal.field_among(form.fields), refusal.message)
            else:
                messages.success(request, f"Proposed: receipt {receipt.reference}. A colleague now has to approve it.")
                return redirect("funding:award-year-detail", pk=pk)
        return self.render_to_response(self.get_context_data(receipt_form=form))


def _step_in_words(step: AwardYearStep) -> str:
    return f"{step.get_state_display().lower()}, {step.on_date:%-d %B %Y}"


class AddAwardYear(OfFund):
    """A further financial year of a fund, with what was announced or applied for."""

    form_class = AwardYearForm
    button = "Add award year"
    intro = (
        "Record what the funder announced, or what you applied for. What is awarded, and what comes in, you record "
        "later on the award year’s own page: each amount is a fact of its own."
    )

    @property
    def heading(self) -> str:
        return f"Add an award year to {self.fund}"

    def get_form_kwargs(self) -> dict:
        return super().get_form_kwargs() | {"today": timezone.localdate()}

    def act(self, **details) -> str:
        year = award_years.add_award_year(fund=self.fund, **details)
        return f"{year} is added. A colleague now has to approve what you recorded of it."


class OfAwardYear(FormPage):
    """A form of an award year, from which one comes and to which one goes back."""

    @cached_property
    def award_year(self) -> AwardYear:
        found = AwardYear.objects.visible_to(self.request.user).select_related("fund")
        return get_object_or_404(found, pk=self.kwargs["pk"])

    @property
    def above(self) -> tuple[str, str]:
        return str(self.award_year), reverse("funding:award-year-detail", args=[self.award_year.pk])


class AddRingFence(OfAwardYear):
    form_class = RingFenceForm
    heading = "Add a ring-fence"
    button = "Save ring-fence"
    intro = "A purpose for which a part of this grant is kept, or to which it is limited."

    def act(self, **details) -> str:
        fence = funds.save_ring_fence(award_year=self.award_year, **details)
        return f"Ring-fence “{fence}” is added."


class EditRingFence(OfAwardYear):
    form_class = RingFenceForm
    heading = "Change a ring-fence"
    button = "Save ring-fence"
    edited = ("purpose", "amount_kind", "amount_pence", "category")

    @cached_property
    def subject(self) -> RingFence:
        found = RingFence.objects.visible_to(self.request.user).select_related("award_year__fund")
        return get_object_or_404(found, pk=self.kwargs["pk"])

    @property
    def award_year(self) -> AwardYear:
        return self.subject.award_year

    def act(self, **details) -> str:
        fence = funds.save_ring_fence(award_year=self.award_year, ring_fence=self.subject, **details)
        return f"Ring-fence “{fence}” is changed."


class AddMatch(OfAwardYear):
    form_class = MatchForm
    heading = "Add match"
    button = "Save match"
    intro = (
        "What somebody else gives beside this grant. Give the day on which they confirmed it once they have: it counts "
        "as cover when a colleague has approved that."
    )

    def act(self, **details) -> str:
        match = funds.save_match(award_year=self.award_year, **details)
        return f"Match from {match.organisation} is added.{_to_approve(details)}"


class EditMatch(OfAwardYear):
    """Until it is confirmed."""

    form_class = MatchForm
    heading = "Change or confirm match"
    button = "Save match"
    edited = ("organisation", "kind", "amount_pence", "evidence")
    intro = (
        "Once you give the day on which it was confirmed, the match stays as it is, and counts when a colleague has "
        "approved that."
    )

    @cached_property
    def subject(self) -> Match:
        found = Match.objects.visible_to(self.request.user).select_related("award_year__fund")
        return get_object_or_404(found, pk=self.kwargs["pk"])

    @property
    def award_year(self) -> AwardYear:
        return self.subject.award_year

    def act(self, **details) -> str:
        match = funds.save_match(award_year=self.award_year, match=self.subject, **details)
        return f"Match from {match.organisation} is changed.{_to_approve(details)}"


def _to_approve(details: dict) -> str:
    return " A colleague now has to approve its confirmation." if details["confirmed_on"] else ""
