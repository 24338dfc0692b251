"""Pages about money."""

from __future__ import annotations

from functools import cached_property

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.views.generic import TemplateView, View

from funding import pictures, queries
from funding.actions import award_years, bridging
from funding.forms import AsAtForm, DeclineForm, MovementForm, ReceiptForm, StepForm
from funding.models import AwardYear, BridgeProposal, BridgingFacility
from partners.access import PermissionRequired
from partners.permissions import Permission
from vru_portal.core.periods import FinancialYear
from vru_portal.core.refusals import Refusal


class ShowCover(PermissionRequired, TemplateView):
    """What is secured, announced, bridged and committed, and when it is no longer enough."""

    permission = Permission.VIEW_MONEY
    template_name = "funding/cover.html"

    def get_context_data(self, **kwargs) -> dict:
        user = self.request.user
        form = AsAtForm(self.request.GET, today=timezone.localdate())
        day, year = form.day, FinancialYear.of(form.day)
        cover = queries.cover(user=user, as_at=day)
        funds = queries.fund_lines(user=user, as_at=day)
        facilities = queries.facility_lines(user=user, as_at=day)
        return super().get_context_data(**kwargs) | {
            "form": form,
            "as_at": day,
            "year": year,
            "cover": cover,
            "last_month": cover.months[-1].month,
            "idle": cover.months[0].ring_fenced_idle,
            "finding": pictures.finding(cover),
            "stats": pictures.cover_stats(cover, funds, facilities),
            "figure": pictures.cover_figure(cover),
            "funds": funds,
            "facilities": facilities,
            "prompts": queries.repayment_prompts(user=user, as_at=day),
            "awards": queries.partner_awards(user=user, as_at=day).filter(award_year__financial_year=year.start),
        }


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
        manages = user.may(Permission.MANAGE_MONEY)
        step_form = step_form or StepForm(award_year=award_year, initial={"on_date": today})
        receipt_form = receipt_form or ReceiptForm(initial={"on_date": today})
        return super().get_context_data(**kwargs) | {
            "award_year": award_year,
            "line": queries.award_year_line(award_year, as_at=today),
            "steps": award_year.steps.select_related("by"),
            "receipts": award_year.receipts.select_related("recorded_by"),
            "ring_fences": award_year.ring_fences.all(),
            "matches": award_year.matches.select_related("organisation"),
            "awards": queries.partner_awards(user=user, as_at=today).filter(award_year=award_year),
            "prompts": [
                prompt
                for prompt in queries.repayment_prompts(user=user, as_at=today)
                if prompt.line.facility.fund_id == award_year.fund_id
            ],
            "step_form": step_form if manages and award_year.next_states else None,
            "receipt_form": receipt_form if manages else None,
            "forms": [step_form, receipt_form],
        }


class RecordStep(ShowAwardYear):
    permission = Permission.MANAGE_MONEY

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        form = StepForm(request.POST, award_year=self.award_year)
        if form.is_valid():
            try:
                step = award_years.record_step(
                    award_year=self.award_year, **form.cleaned_data, by=request.user, now=timezone.now()
                )
            except Refusal as refusal:
                form.add_error(None, refusal.message)
            else:
                messages.success(request, f"Recorded: {step.get_state_display().lower()}, {step.on_date:%-d %B %Y}.")
                return redirect("funding:award-year-detail", pk=pk)
        return self.render_to_response(self.get_context_data(step_form=form))


class RecordReceipt(ShowAwardYear):
    permission = Permission.MANAGE_MONEY

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        form = ReceiptForm(request.POST)
        if form.is_valid():
            try:
                receipt = award_years.record_receipt(
                    award_year=self.award_year, **form.cleaned_data, by=request.user, now=timezone.now()
                )
            except Refusal as refusal:
                form.add_error(None, refusal.message)
            else:
                messages.success(request, f"Receipt {receipt.reference} recorded.")
                return redirect("funding:award-year-detail", pk=pk)
        return self.render_to_response(self.get_context_data(receipt_form=form))


class ShowFacility(PermissionRequired, TemplateView):
    """One bridging facility: its balance, movements, and what waits for a second person."""

    permission = Permission.VIEW_MONEY
    template_name = "funding/facility_detail.html"

    @cached_property
    def facility(self) -> BridgingFacility:
        found = BridgingFacility.objects.visible_to(self.request.user).select_related("fund", "lender")
        return get_object_or_404(found, pk=self.kwargs["pk"])

    def get_context_data(self, *, form=None, **kwargs) -> dict:
        user, facility, today = self.request.user, self.facility, timezone.localdate()
        line = queries.facility_line(facility, as_at=today)
        return super().get_context_data(**kwargs) | {
            "facility": facility,
            "line": line,
            "stats": pictures.facility_stats(line),
            "summary": [
                ("Lender", facility.lender),
                ("Decision", facility.decision_reference),
                ("Agreed on", f"{facility.agreed_on:%-d %B %Y}"),
                ("Purposes", facility.purposes),
            ],
            "movements": facility.movements.select_related("proposed_by", "approved_by"),
            "proposals": facility.proposals.open().select_related("proposed_by"),
            "declined": facility.proposals.filter(declined_at__isnull=False).select_related(
                "proposed_by", "declined_by"
            ),
            "prompts": [
                prompt
                for prompt in queries.repayment_prompts(user=user, as_at=today)
                if prompt.line.facility == facility
            ],
            "may_propose": user.may(Permission.MANAGE_MONEY),
            "may_approve": user.may(Permission.APPROVE_MONEY),
            "form": form or MovementForm(initial={"on_date": today}),
        }


class ProposeMovement(ShowFacility):
    permission = Permission.MANAGE_MONEY

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        form = MovementForm(request.POST)
        if form.is_valid():
            try:
                bridging.propose_movement(
                    facility=self.facility, **form.cleaned_data, by=request.user, now=timezone.now()
                )
            except Refusal as refusal:
                form.add_error(None, refusal.message)
            else:
                messages.success(request, "Proposed. A colleague now has to approve it.")
                return redirect("funding:facility-detail", pk=pk)
        return self.render_to_response(self.get_context_data(form=form))


class _OnProposal(PermissionRequired):
    """A proposal that the person may see, and the page that it stands on."""

    permission = Permission.VIEW_MONEY

    @cached_property
    def proposal(self) -> BridgeProposal:
        seen = BridgingFacility.objects.visible_to(self.request.user)
        found = BridgeProposal.objects.filter(facility__in=seen).select_related("facility")
        return get_object_or_404(found, pk=self.kwargs["pk"])

    def to_facility(self) -> HttpResponseRedirect:
        return redirect("funding:facility-detail", pk=self.proposal.facility_id)


class ApproveMovement(_OnProposal, View):
    permission = Permission.APPROVE_MONEY
    http_method_names = ["post"]

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        try:
            movement = bridging.approve_movement(proposal=self.proposal, by=request.user, now=timezone.now())
        except Refusal as refusal:
            messages.error(request, refusal.message)
        else:
            messages.success(request, f"Approved: {movement.get_kind_display().lower()} {movement.reference}.")
        return self.to_facility()


class DeclineMovement(_OnProposal, TemplateView):
    """Asks for the reason first."""

    permission = (Permission.APPROVE_MONEY, Permission.MANAGE_MONEY)
    template_name = "funding/proposal_decline.html"

    def get_context_data(self, *, form=None, **kwargs) -> dict:
        return super().get_context_data(**kwargs) | {"proposal": self.proposal, "form": form or DeclineForm()}

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        form = DeclineForm(request.POST)
        if form.is_valid():
            try:
                bridging.decline_movement(
                    proposal=self.proposal, **form.cleaned_data, by=request.user, now=timezone.now()
                )
            except Refusal as refusal:
                form.add_error(None, refusal.message)
            else:
                messages.success(request, "Declined.")
                return self.to_facility()
        return self.render_to_response(self.get_context_data(form=form))


class ShowOurMoney(PermissionRequired, TemplateView):
    """A partner's own awards."""

    permission = Permission.VIEW_OWN_MONEY
    template_name = "funding/our_money.html"

    def get_context_data(self, **kwargs) -> dict:
        today = timezone.localdate()
        years = queries.awards_by_year(user=self.request.user, as_at=today)
        return super().get_context_data(**kwargs) | {"years": years, "this_year": FinancialYear.of(today)}
