"""What partners are paid: the page of an award, and payments, forecasts and write-offs that people make there."""

from __future__ import annotations

from functools import cached_property

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.views.generic import TemplateView

from funding import queries
from funding.actions import payments
from funding.forms import ChosenPaymentsForm, ForecastForm, PaymentForm, WriteOffForm
from funding.models import Claim, Instalment, PartnerAward, PartnerPayment, WriteOff
from funding.views.deciding import Approve, Decline
from funding.views.pages import FormPage
from partners.access import PermissionRequired
from partners.permissions import Permission
from vru_portal.core.money import pounds
from vru_portal.core.periods import Month
from vru_portal.core.refusals import Refusal


class ShowPayments(PermissionRequired, TemplateView):
    """What is to be paid to partners: waiting for a second person, prepared, due, held; and what comes next."""

    permission = Permission.VIEW_MONEY
    template_name = "funding/payment_list.html"

    def get_context_data(self, **kwargs) -> dict:
        user, today = self.request.user, timezone.localdate()
        unpaid = [each for each in queries.payables_seen(user=user, today=today) if each.left > 0]
        due = [each for each in unpaid if each.due_on <= today]
        to_come_until = Month.of(today).plus(1).last
        waiting = queries.payments_waiting(user=user, today=today)
        others = waiting.exclude(proposed_by=user)
        may_approve = user.may(Permission.APPROVE_MONEY)
        return (
            {"form": ChosenPaymentsForm(payments=others)}
            | super().get_context_data(**kwargs)
            | {
                "waiting": waiting,
                "first_choice": others.first() if may_approve else None,
                "prepared": queries.payments_prepared(user=user, today=today),
                "due": [each for each in due if not each.hold],
                "to_come": [each for each in unpaid if today < each.due_on <= to_come_until and not each.hold],
                "to_come_until": to_come_until,
                "today": today,
                "held": [each for each in due if each.hold],
                "due_pence": sum(each.left for each in due if not each.hold),
                "may_manage": user.may(Permission.MANAGE_MONEY),
                "may_approve": may_approve,
            }
        )


class ApprovePayments(ShowPayments):
    """Those that were ticked, each by its rule; all of them or none. Never what one proposed oneself."""

    permission = Permission.APPROVE_MONEY
    http_method_names = ("post",)

    def post(self, request: HttpRequest) -> HttpResponse:
        waiting = queries.payments_waiting(user=request.user, today=timezone.localdate())
        others = waiting.exclude(proposed_by=request.user)
        form = ChosenPaymentsForm(request.POST, payments=others)
        if form.is_valid():
            chosen = form.cleaned_data["payments"]
            try:
                done = payments.approve_payments(payments=chosen, by=request.user, now=timezone.now())
            except Refusal as refusal:
                form.add_error("payments", refusal.message)
            else:
                total = pounds(sum(payment.amount_pence for payment in done))
                number = "1 payment" if len(done) == 1 else f"{len(done):,} payments"
                messages.success(request, f"Approved: {total} in {number}.")
                return redirect("funding:payment-list")
        return self.render_to_response(self.get_context_data(form=form))


class ShowAward(PermissionRequired, TemplateView):
    """One award: what was paid, what comes next and what it waits for. A partner sees its own."""

    permission = (Permission.VIEW_MONEY, Permission.VIEW_OWN_MONEY)
    template_name = "funding/award_detail.html"

    def get_context_data(self, pk: int, **kwargs) -> dict:
        user, today = self.request.user, timezone.localdate()
        seen = queries.partner_awards(user=user, as_at=today)
        award = get_object_or_404(seen, pk=pk)
        (money,) = queries.money_of([award], as_at=today)
        alike = [each for each in seen.like(award) if each != award]
        of_year = seen.filter(delivery=award.delivery, award_year__financial_year=award.award_year.financial_year)
        beside = [each for each in of_year if each not in (award, *alike)]
        is_staff = user.may(Permission.VIEW_MONEY)
        may_claim = user.may_at(Permission.MAKE_CLAIM, award.delivery.partner)
        payables = queries.payables([award])
        payments = [(each, payment) for each in payables for payment in each.payments]
        return super().get_context_data(**kwargs) | {
            "award": award,
            "money": money,
            "alike": alike,
            "awarded": sum(each.amount_pence for each in [award, *alike]),
            "beside": beside,
            "awarded_in_all": sum(each.amount_pence for each in [award, *alike, *beside]),
            "left": queries.left_to_claim(award).left,
            "is_staff": is_staff,
            "hold": award.holds.filter(lifted_at__isnull=True).first(),
            "payables": payables,
            # What was proposed or declined is for the unit alone.
            "payments": [row for row in payments if is_staff or row[1].approved_by_id],
            "claims": queries.claims(user=user).filter(award=award),
            "due": queries.claims_due(user=user, today=today, award=award) if may_claim else [],
            "today": today,
            "forecast": sorted(queries.forecast_of(award).items()),
            "may_forecast": award.amount_pence > 0
            and today <= award.ends_on
            and (user.may(Permission.MANAGE_MONEY) or user.may_at(Permission.MAKE_CLAIM, award.delivery.partner)),
            "may_manage": user.may(Permission.MANAGE_MONEY),
            "may_approve": user.may(Permission.APPROVE_MONEY),
            "overpaid": queries.overpaid(award) if is_staff else 0,
            "write_offs": queries.write_offs_of(award) if is_staff else [],
        }


class _OfAward(FormPage):
    """A form that leads back to the page of an award."""

    @cached_property
    def award(self) -> PartnerAward:
        found = queries.partner_awards(user=self.request.user, as_at=timezone.localdate())
        return get_object_or_404(found, pk=self.kwargs["pk"])

    @property
    def above(self) -> tuple[str, str]:
        return f"Award {self.award}", reverse("funding:award-detail", args=[self.award.pk])


class _ProposePayment(_OfAward):
    form_class = PaymentForm
    button = "Propose payment"
    intro = "A colleague has to approve it. Until then nothing counts as paid."

    @property
    def award(self) -> PartnerAward:
        return self.subject.award

    @property
    def heading(self) -> str:
        return f"Pay {self.award.delivery.partner}: {self.payable.what}"

    @cached_property
    def payable(self) -> queries.Payable:
        return next(each for each in queries.payables([self.award]) if each.subject == self.subject)

    def get_initial(self) -> dict:
        due, today, left = self.payable.due_on, timezone.localdate(), max(0, self.payable.left)
        # What comes back, or is due later than a payment can be prepared for, is offered for today.
        can_wait = left and today < due <= Month.of(today).plus(1).last
        return {"amount_pence": left or None, "on_date": due if can_wait else today}

    def act(self, **details) -> str:
        proposed = payments.propose_payment(subject=self.subject, **details)
        if proposed.on_date > timezone.localdate():
            return f"Prepared. A colleague has to approve it on {proposed.on_date:%-d %B %Y} or later."
        return "Proposed. A colleague now has to approve it."


class PayInstalment(_ProposePayment):
    @cached_property
    def subject(self) -> Instalment:
        seen = queries.partner_awards(user=self.request.user, as_at=timezone.localdate())
        found = Instalment.objects.filter(award__in=seen).select_related(
            "award__delivery__partner", "award__award_year"
        )
        return get_object_or_404(found, pk=self.kwargs["pk"])


class PayClaim(_ProposePayment):
    @cached_property
    def subject(self) -> Claim:
        found = queries.claims(user=self.request.user).filter(state=Claim.State.APPROVED)
        return get_object_or_404(found, pk=self.kwargs["pk"])


class DeclinePayment(Decline):
    @cached_property
    def proposed(self) -> PartnerPayment:
        ways = ("instalment__award__delivery", "claim__award__delivery")
        found = PartnerPayment.objects.visible_to(self.request.user).select_related(*ways)
        return get_object_or_404(found, pk=self.kwargs["pk"])

    @property
    def above(self) -> tuple[str, str]:
        return "Payments", reverse("funding:payment-list")

    @property
    def what(self) -> str:
        return f"the payment of {pounds(self.proposed.amount_pence)} to {self.proposed.award.delivery.name}"

    def decline(self, **details) -> None:
        payments.decline_payment(payment=self.proposed, **details)


class MakeForecast(_OfAward):
    """The unit's people and the partner's fill in the same form; whoever did last counts."""

    permission = (Permission.MANAGE_MONEY, Permission.MAKE_CLAIM)
    form_class = ForecastForm
    heading = "What will be spent"
    button = "Save forecast"
    intro = "What you expect to spend in each month that is not over. A month left empty stays as it is."

    def get_form_kwargs(self) -> dict:
        return super().get_form_kwargs() | {"award": self.award, "first": Month.of(timezone.localdate())}

    def get_initial(self) -> dict:
        return {month.code: made.amount_pence for month, made in queries.forecast_of(self.award).items()}

    def act(self, **details) -> str:
        made = payments.forecast(award=self.award, **details)
        return "The forecast is saved." if made else "Nothing was changed."


class ProposeWriteOff(_OfAward):
    form_class = WriteOffForm
    heading = "Write off what was overpaid"
    button = "Propose write-off"
    intro = "It alters nothing that was paid: it says that the rest is not asked back. A colleague has to approve it."

    def get_initial(self) -> dict:
        return {"amount_pence": max(0, queries.overpaid(self.award)) or None}

    def act(self, **details) -> str:
        payments.propose_write_off(award=self.award, **details)
        return "Proposed. A colleague now has to approve it."


class _OnWriteOff:
    @cached_property
    def proposed(self) -> WriteOff:
        found = WriteOff.objects.visible_to(self.request.user).select_related("award__award_year")
        return get_object_or_404(found, pk=self.kwargs["pk"])

    @property
    def above(self) -> tuple[str, str]:
        award = self.proposed.award
        return f"Award {award}", reverse("funding:award-detail", args=[award.pk])


class ApproveWriteOff(_OnWriteOff, Approve):
    def approve(self, **act) -> str:
        return f"Approved: write-off {payments.approve_write_off(write_off=self.proposed, **act)}."


class DeclineWriteOff(_OnWriteOff, Decline):
    @property
    def what(self) -> str:
        return f"the write-off of {pounds(self.proposed.amount_pence)}"

    def decline(self, **details) -> None:
        payments.decline_write_off(write_off=self.proposed, **details)
