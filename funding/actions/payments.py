"""Paying partners: one person proposes a payment, another approves it. What came back is a payment below zero."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, datetime

from django.db import transaction
from django.utils import timezone

from funding import notifications
from funding.actions.amounts import AmountWrong, refuse_absurd
from funding.actions.award_years import NoteMissing, lock
from funding.actions.days import refuse_future
from funding.actions.deciding import ReferenceTaken, approve, decline, lock_open, refuse_own
from funding.models import Claim, Forecast, Instalment, PartnerAward, PartnerPayment, PaymentHold, WriteOff
from funding.queries.payments import forecast_of, overpaid, paid_like, payables
from partners.actions.events import acting, require
from partners.models import User
from partners.permissions import Permission
from vru_portal.core.money import pounds
from vru_portal.core.periods import Month, months_between
from vru_portal.core.refusals import NotAllowed, Refusal


class Held(Refusal):
    """A return is missing, and the award says that nothing is paid until it comes."""


class MoreThanDue(Refusal):
    about = ("amount_pence",)


class TooFarAhead(Refusal):
    """Payments are prepared for this month and the next."""

    about = ("on_date",)


class NotYet(Refusal):
    """The day for which the payment was prepared has not come."""


class NotOwed(Refusal):
    """The award or the claim behind it is not approved."""


class OutsideAward(Refusal):
    pass


class NoneApproved(Refusal):
    """One of several cannot be approved, so none of them is."""

    def __init__(self, payment: PartnerPayment, why: Refusal) -> None:
        super().__init__(
            f"Nothing was approved, because of the payment {payment.reference} of {pounds(payment.amount_pence)} "
            f"to {payment.award.delivery.partner}: {why.message}"
        )


def propose_payment(
    *,
    subject: Instalment | Claim,
    amount_pence: int,
    on_date: date,
    reference: str,
    note: str = "",
    by: User,
    now: datetime,
) -> PartnerPayment:
    """Ask for a payment of an instalment or an approved claim; nothing is paid until somebody else approves. It may be
    prepared for a day of this month or the next, and is approved then. Less than nothing, with a note, is money that
    came back."""
    with acting("funding.payment.proposed", by=by, now=now, reason=note) as act:
        require(by, Permission.MANAGE_MONEY)
        lock(subject.award.award_year)
        _refuse_wrong_day(on_date, amount_pence, now)
        _refuse_unfit(subject, amount_pence, note)
        if PartnerPayment.objects.filter(reference=reference, declined_by=None).exists():
            raise ReferenceTaken(reference)
        payment = PartnerPayment.objects.create(
            instalment=subject if isinstance(subject, Instalment) else None,
            claim=subject if isinstance(subject, Claim) else None,
            amount_pence=amount_pence,
            on_date=on_date,
            reference=reference,
            note=note,
            proposed_by=by,
            proposed_at=now,
        )
        act.on(payment)
    return payment


def approve_payment(*, payment: PartnerPayment, by: User, now: datetime) -> PartnerPayment:
    """Approve what another proposed: it is paid, and never changes."""
    with acting("funding.payment.approved", by=by, now=now, reason=payment.note) as act:
        require(by, Permission.APPROVE_MONEY)
        lock(payment.award.award_year)
        asked = _lock_open(payment)
        refuse_own(asked, by)
        if asked.on_date > timezone.localdate(now):
            raise NotYet(f"It is prepared for {asked.on_date:%-d %B %Y}. Approve it on that day or later.")
        _refuse_unfit(asked.claim or asked.instalment, asked.amount_pence, asked.note, but=asked)
        approve(asked, by=by, now=now)
        if asked.amount_pence > 0:
            notifications.paid(asked, now=now)
        act.on(asked, organisation=asked.award.delivery.partner)
    return asked


def approve_payments(*, payments: Iterable[PartnerPayment], by: User, now: datetime) -> list[PartnerPayment]:
    """Approve each by its own rule, or none at all."""
    with transaction.atomic():
        # Award years are locked in one order, so that no two people who approve at once wait for each other.
        in_order = sorted(payments, key=lambda each: (each.award.award_year_id, each.pk))
        return [_approve_among(payment, by, now) for payment in in_order]


def _approve_among(payment: PartnerPayment, by: User, now: datetime) -> PartnerPayment:
    try:
        return approve_payment(payment=payment, by=by, now=now)
    except NotAllowed:
        raise
    except Refusal as refusal:
        raise NoneApproved(payment, refusal) from refusal


def decline_payment(*, payment: PartnerPayment, reason: str, by: User, now: datetime) -> PartnerPayment:
    """Say no to a proposed payment, with a reason; who proposed it may take it back this way."""
    with acting("funding.payment.declined", by=by, now=now, reason=reason) as act:
        lock(payment.award.award_year)
        asked = _lock_open(payment)
        decline(asked, reason=reason, by=by)
        act.on(asked)
    return asked


def hold(*, award: PartnerAward, reason: str, now: datetime) -> PaymentHold | None:
    """Pay nothing of the award until the hold is lifted; None where it is held for that reason already."""
    with acting("funding.payment.held", by=None, now=now, reason=reason) as act:
        lock(award.award_year)
        standing = award.holds.filter(lifted_at__isnull=True).first()
        if standing and standing.reason == reason:
            return None
        if standing:
            _lift(standing, now)
        placed = PaymentHold.objects.create(award=award, reason=reason, placed_at=now)
        act.on(award, organisation=award.delivery.partner)
    return placed


def lift(*, award: PartnerAward, now: datetime) -> PaymentHold | None:
    """What the payments waited for has come; None where nothing is held."""
    with acting("funding.payment.hold_lifted", by=None, now=now) as act:
        lock(award.award_year)
        standing = award.holds.filter(lifted_at__isnull=True).first()
        if standing:
            _lift(standing, now)
            act.on(award, organisation=award.delivery.partner)
    return standing


def _lift(standing: PaymentHold, now: datetime) -> None:
    standing.lifted_at = now
    standing.save(update_fields=["lifted_at"])


def forecast(*, award: PartnerAward, amounts: Mapping[Month, int | None], by: User, now: datetime) -> list[Forecast]:
    """What will be spent of the award, in pence by month: the unit's people or the partner's say so. A month left empty
    keeps what was forecast before."""
    with acting("funding.forecast.made", by=by, now=now) as act:
        if not (by.may(Permission.MANAGE_MONEY) or by.may_at(Permission.MAKE_CLAIM, award.delivery.partner)):
            raise NotAllowed()
        if award.approved_by_id is None or award.amount_pence < 0:
            raise NotOwed("Only what is awarded can be forecast.")
        refuse_absurd(*amounts.values())
        wanted = {month: pence for month, pence in amounts.items() if pence is not None}
        if any(pence < 0 for pence in wanted.values()):
            raise AmountWrong("An amount that will be spent is not below zero.")
        if not wanted.keys() <= set(months_between(Month.of(award.starts_on), Month.of(award.ends_on))):
            raise OutsideAward(f"The award runs from {award.starts_on:%-d %B %Y} to {award.ends_on:%-d %B %Y}.")
        lock(award.award_year)
        before = {month: made.amount_pence for month, made in forecast_of(award).items()}
        made = Forecast.objects.bulk_create(
            Forecast(award=award, month=month.first, amount_pence=pence, made_by=by, made_at=now)
            for month, pence in wanted.items()
            if before.get(month) != pence
        )
        if made:
            act.on(award, organisation=award.delivery.partner)
    return made


def propose_write_off(
    *, award: PartnerAward, amount_pence: int, reason: str, decision_reference: str, by: User, now: datetime
) -> WriteOff:
    """Ask that what was overpaid is not asked back."""
    with acting("funding.write_off.proposed", by=by, now=now, reason=reason) as act:
        require(by, Permission.MANAGE_MONEY)
        lock(award.award_year)
        if amount_pence <= 0:
            raise AmountWrong("Enter what is not asked back.")
        if amount_pence > (most := overpaid(award)):
            raise MoreThanDue(f"{pounds(max(0, most))} is overpaid. Write off that or less.")
        if WriteOff.objects.filter(decision_reference=decision_reference).exists():
            raise ReferenceTaken(decision_reference)
        write_off = WriteOff.objects.create(
            award=award,
            amount_pence=amount_pence,
            reason=reason,
            decision_reference=decision_reference,
            proposed_by=by,
            proposed_at=now,
        )
        act.on(write_off)
    return write_off


def approve_write_off(*, write_off: WriteOff, by: User, now: datetime) -> WriteOff:
    with acting("funding.write_off.approved", by=by, now=now, reason=write_off.reason) as act:
        require(by, Permission.APPROVE_MONEY)
        lock(write_off.award.award_year)
        asked = lock_open(write_off, "award")
        refuse_own(asked, by)
        if overpaid(asked.award) < 0:
            raise MoreThanDue("Money has come back since, so less is overpaid. Decline this, and propose what is left.")
        approve(asked, by=by, now=now)
        act.on(asked)
    return asked


def decline_write_off(*, write_off: WriteOff, reason: str, by: User, now: datetime) -> WriteOff:
    with acting("funding.write_off.declined", by=by, now=now, reason=reason) as act:
        lock(write_off.award.award_year)
        asked = lock_open(write_off, "award")
        decline(asked, reason=reason, by=by)
        act.on(asked)
    return asked


def _lock_open(payment: PartnerPayment) -> PartnerPayment:
    return lock_open(payment, "instalment__award__delivery__partner", "claim__award__delivery__partner")


def _refuse_wrong_day(on_date: date, amount_pence: int, now: datetime) -> None:
    today = timezone.localdate(now)
    if amount_pence < 0:
        refuse_future(on_date, now)
    last = Month.of(today).plus(1).last
    if on_date > last:
        raise TooFarAhead(f"A payment is prepared for this month or the next. Give a day until {last:%-d %B %Y}.")


def _refuse_unfit(
    subject: Instalment | Claim, amount_pence: int, note: str, *, but: PartnerPayment | None = None
) -> None:
    """The rules that the database keeps too (`partnerpayment_*`), said in sentences."""
    refuse_absurd(amount_pence)
    if amount_pence == 0:
        raise AmountWrong("Enter the amount of the payment. Money that came back is an amount below zero.")
    award = subject.award
    if award.approved_by_id is None or (isinstance(subject, Claim) and subject.state != Claim.State.APPROVED):
        raise NotOwed("This is not approved yet, so nothing of it can be paid.")
    payments = subject.payments.filter(declined_by__isnull=True).exclude(pk=but.pk if but else None)
    if amount_pence < 0:
        _refuse_too_much_back(amount_pence, note, list(payments))
        return
    if standing := award.holds.filter(lifted_at__isnull=True).first():
        raise Held(f"Payments of this award are held. {standing.reason}")
    due = next(each.amount for each in payables([award]) if each.subject == subject)
    left = due - sum(each.amount_pence for each in payments if each.amount_pence > 0 or each.approved_by_id)
    if amount_pence > left:
        raise MoreThanDue(f"Only {pounds(max(0, left))} of it is not paid or proposed. Pay that or less.")
    if isinstance(subject, Instalment):
        _refuse_beyond_award(award, amount_pence, but)


def _refuse_too_much_back(amount_pence: int, note: str, payments: list[PartnerPayment]) -> None:
    if not note.strip():
        raise NoteMissing("Say in the note why this money came back.")
    paid = sum(each.amount_pence for each in payments if each.amount_pence < 0 or each.approved_by_id)
    if paid + amount_pence < 0:
        raise MoreThanDue(f"Only {pounds(paid)} of it was paid. Take back that or less.")


def _refuse_beyond_award(award: PartnerAward, amount_pence: int, but: PartnerPayment | None) -> None:
    """An award may have been corrected since its instalments were set."""
    alike = PartnerAward.objects.like(award).filter(approved_by__isnull=False)
    proposed = PartnerPayment.objects.open().filter(instalment__award__in=alike, amount_pence__gt=0)
    taken = paid_like(award) + sum(each.amount_pence for each in proposed.exclude(pk=but.pk if but else None))
    # What was written off was let go: it is not kept back from what is awarded later.
    off = WriteOff.objects.approved().filter(award__in=alike)
    left = sum(each.amount_pence for each in [*alike, *off]) - taken
    if amount_pence > left:
        raise MoreThanDue(f"The award was corrected: {pounds(max(0, left))} of it is left to pay. Pay that or less.")
