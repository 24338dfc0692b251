"""Bridging facilities: the page of one, adding one, and what two people do with it."""

from __future__ import annotations

from functools import cached_property

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.views.generic import TemplateView

from funding import pictures, queries
from funding.actions import bridging, funds
from funding.forms import FacilityForm, MovementForm
from funding.models import BridgeMovement, BridgingFacility
from funding.views.deciding import Approve, Decline
from funding.views.funds import OfFund
from funding.views.pages import FormPage
from partners.access import PermissionRequired
from partners.permissions import Permission
from vru_portal.core.money import pounds
from vru_portal.core.refusals import Refusal
from vru_portal.core.rescue import KeepsTyping, rescued


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
            "movements": facility.movements.approved().select_related("proposed_by", "approved_by"),
            "waiting": facility.movements.open().select_related("proposed_by"),
            "declined": facility.movements.declined().select_related("proposed_by", "declined_by"),
            "prompts": [
                prompt
                for prompt in queries.repayment_prompts(user=user, as_at=today)
                if prompt.line.facility == facility
            ],
            "may_edit": user.may(Permission.MANAGE_MONEY) and not facility.movements.exists(),
            "may_propose": user.may(Permission.MANAGE_MONEY) and not line.is_settled,
            "may_approve": user.may(Permission.APPROVE_MONEY),
            "form": form or MovementForm(initial={"on_date": today}),
        }


class ProposeMovement(KeepsTyping, ShowFacility):
    permission = Permission.MANAGE_MONEY

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        typed = rescued(request)
        return self.render_to_response(self.get_context_data(form=MovementForm(typed) if typed else None))

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        form = MovementForm(request.POST)
        if form.is_valid():
            try:
                bridging.propose_movement(
                    facility=self.facility, **form.cleaned_data, by=request.user, now=timezone.now()
                )
            except Refusal as refusal:
                form.add_error(refusal.field_among(form.fields), refusal.message)
            else:
                messages.success(request, "Proposed. A colleague now has to approve it.")
                return redirect("funding:facility-detail", pk=pk)
        return self.render_to_response(self.get_context_data(form=form))


class _OnMovement:
    """A proposed movement that the person may see, and the page that it stands on."""

    @cached_property
    def proposed(self) -> BridgeMovement:
        seen = BridgingFacility.objects.visible_to(self.request.user)
        found = BridgeMovement.objects.filter(facility__in=seen).select_related("facility")
        return get_object_or_404(found, pk=self.kwargs["pk"])

    @property
    def above(self) -> tuple[str, str]:
        facility = self.proposed.facility
        return str(facility), reverse("funding:facility-detail", args=[facility.pk])


class ApproveMovement(_OnMovement, Approve):
    def approve(self, **act) -> str:
        movement = bridging.approve_movement(movement=self.proposed, **act)
        return f"Approved: {movement.get_kind_display().lower()} {movement.reference}."


class DeclineMovement(_OnMovement, Decline):
    @property
    def what(self) -> str:
        return f"the {self.proposed.get_kind_display().lower()} of {pounds(self.proposed.amount_pence)}"

    def decline(self, **details) -> None:
        bridging.decline_movement(movement=self.proposed, **details)


class AddFacility(OfFund):
    form_class = FacilityForm
    button = "Add facility"
    intro = "What somebody lends or promises until this fund’s grant comes. It is owed back, and never income."

    @property
    def heading(self) -> str:
        return f"Add a bridging facility for {self.fund}"

    def act(self, **details) -> str:
        facility = funds.save_facility(fund=self.fund, **details)
        return f"{facility} is added."


class EditFacility(FormPage):
    """Until money is proposed on it."""

    form_class = FacilityForm
    button = "Save facility"
    edited = (
        "lender",
        "kind",
        "limit_pence",
        "decision_reference",
        "agreed_on",
        "starts_on",
        "expires_on",
        "purposes",
    )

    @cached_property
    def subject(self) -> BridgingFacility:
        found = BridgingFacility.objects.visible_to(self.request.user).select_related("fund")
        return get_object_or_404(found, pk=self.kwargs["pk"])

    @property
    def heading(self) -> str:
        return f"Change {self.subject}"

    @property
    def above(self) -> tuple[str, str]:
        return str(self.subject), reverse("funding:facility-detail", args=[self.subject.pk])

    def act(self, **details) -> str:
        facility = funds.save_facility(fund=self.subject.fund, facility=self.subject, **details)
        return f"{facility} is changed."
