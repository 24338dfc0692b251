"""What happens to an award year: the steps it takes and the money that comes in for it."""

from __future__ import annotations

from datetime import date, datetime

from django.utils import timezone

from funding.actions.amounts import AmountWrong, refuse_absurd
from funding.models import AwardYear, AwardYearStep, Fund, GrantClaim, GrantReceipt
from funding.models.grants import STATED_AMOUNT, TRANSITIONS, AwardYearState
from partners.actions.events import acting, require
from partners.models import User
from partners.permissions import Permission
from vru_portal.core.money import pounds
from vru_portal.core.refusals import Refusal


class IllegalStep(Refusal):
    about = ("state",)


class StepOutOfOrder(Refusal):
    about = ("on_date",)


class MoreThanReceived(Refusal):
    about = ("amount_pence",)


class NoteMissing(Refusal):
    about = ("note", "reason", "question")


class InTheFuture(Refusal):
    about = ("on_date", "agreed_on", "confirmed_on")

    def __init__(self) -> None:
        super().__init__("This date has not come yet. Record it on the day or later.")


class RecordedAlready(Refusal):
    about = ("financial_year", "reference")


def lock(award_year: AwardYear) -> AwardYear:
    """The award year as it stands, kept from others until the transaction ends: whoever moves its money asks first."""
    return AwardYear.objects.select_for_update(of=("self",)).select_related("fund").get(pk=award_year.pk)


def add_award_year(
    *,
    fund: Fund,
    financial_year: int,
    state: str,
    on_date: date,
    amount_pence: int | None = None,
    note: str = "",
    by: User,
    now: datetime,
) -> AwardYear:
    """A financial year of a fund, with its first step: announced or applied for, and the amount that it stated."""
    state = AwardYearState(state)
    with acting("funding.award_year.added", by=by, now=now, reason=note) as act:
        require(by, Permission.MANAGE_MONEY)
        locked = Fund.objects.select_for_update().get(pk=fund.pk)
        year = AwardYear(fund=locked, financial_year=financial_year, state="")
        if locked.award_years.filter(financial_year=financial_year).exists():
            raise RecordedAlready(f"{year} is recorded already. Record what happened as its next step.")
        if state not in TRANSITIONS[year.state]:
            raise IllegalStep("An award year begins with an announcement or an application.")
        if on_date > timezone.localdate(now):
            raise InTheFuture()
        refuse_absurd(amount_pence)
        year.state = state
        if amount_pence is not None:
            setattr(year, STATED_AMOUNT[state], amount_pence)
        year.save()
        year.steps.create(state=state, on_date=on_date, amount_pence=amount_pence, note=note, by=by, recorded_at=now)
        act.on(year)
    return year


def record_step(
    *,
    award_year: AwardYear,
    state: str,
    on_date: date,
    amount_pence: int | None = None,
    note: str = "",
    by: User,
    now: datetime,
) -> AwardYearStep:
    """The award year reached `state` on a day. `amount_pence` is what the step itself states (announced, applied for,
    awarded); the award year carries the latest of each. The same state again, with a note, corrects its amount."""
    state = AwardYearState(state)
    with acting("funding.award_year.moved_on", by=by, now=now, reason=note) as act:
        require(by, Permission.MANAGE_MONEY)
        locked = lock(award_year)
        _refuse_illegal(locked, state, note)
        _refuse_wrong_day(locked, on_date, now)
        _refuse_wrong_amount(locked, state, amount_pence)
        step = AwardYearStep.objects.create(
            award_year=locked,
            state=state,
            on_date=on_date,
            amount_pence=amount_pence,
            note=note,
            by=by,
            recorded_at=now,
        )
        locked.state = state
        if amount_pence is not None:
            setattr(locked, STATED_AMOUNT[state], amount_pence)
        locked.save()
        act.on(locked)
    return step


def _refuse_illegal(award_year: AwardYear, state: AwardYearState, note: str) -> None:
    if state not in TRANSITIONS[award_year.state]:
        raise IllegalStep(
            f"This award year is now “{award_year.get_state_display().lower()}”, which “{state.label.lower()}” cannot "
            "follow. Look at its steps and choose again."
        )
    if state == award_year.state and not note:
        raise NoteMissing("Say in the note why the amount is corrected.")


def _refuse_wrong_day(award_year: AwardYear, on_date: date, now: datetime) -> None:
    if on_date > timezone.localdate(now):
        raise InTheFuture()
    last = award_year.steps.order_by("-id").first()
    if last and on_date < last.on_date:
        raise StepOutOfOrder(f"The step before was on {_day(last.on_date)}. Give that day or a later one.")


def _refuse_wrong_amount(award_year: AwardYear, state: AwardYearState, amount_pence: int | None) -> None:
    refuse_absurd(amount_pence)
    if amount_pence is not None and state not in STATED_AMOUNT:
        raise AmountWrong(f"“{state.label}” states no amount. Leave the amount empty.")
    if amount_pence is not None:
        return
    if state in {AwardYearState.APPROVED, AwardYearState.REDUCED} or state == award_year.state:
        raise AmountWrong("Enter the amount that the funder states.")
    if state == AwardYearState.AGREEMENT_SIGNED and award_year.awarded_pence is None:
        raise AmountWrong("Enter the amount that the signed agreement awards.")


def record_receipt(
    *,
    award_year: AwardYear,
    amount_pence: int,
    on_date: date,
    reference: str,
    claim: GrantClaim | None = None,
    note: str = "",
    by: User,
    now: datetime,
) -> GrantReceipt:
    """Money came in for an award year, for a claim of it where the funder says so. Less than nothing, with a note,
    corrects an earlier receipt."""
    with acting("funding.grant.received", by=by, now=now, reason=note) as act:
        require(by, Permission.MANAGE_MONEY)
        locked = lock(award_year)
        if on_date > timezone.localdate(now):
            raise InTheFuture()
        if amount_pence == 0:
            raise AmountWrong("Enter the amount that came in. A correction is an amount below zero.")
        if amount_pence < 0 and not note:
            raise NoteMissing("Say in the note what this amount below zero corrects.")
        refuse_absurd(amount_pence)
        _refuse_below_zero(locked, amount_pence, on_date)
        if locked.receipts.filter(reference=reference).exists():
            raise RecordedAlready(f"A receipt with the reference {reference} is recorded already.")
        receipt = GrantReceipt.objects.create(
            award_year=locked,
            amount_pence=amount_pence,
            on_date=on_date,
            reference=reference,
            claim=claim,
            note=note,
            recorded_by=by,
            recorded_at=now,
        )
        act.on(locked)
    return receipt


def _refuse_below_zero(award_year: AwardYear, amount_pence: int, on_date: date) -> None:
    """A correction takes back no more than had come in on its day or has on any later one."""
    if amount_pence >= 0:
        return
    receipts = list(award_year.receipts.all())
    ends = {on_date, *(receipt.on_date for receipt in receipts if receipt.on_date > on_date)}
    received = min(sum(receipt.amount_pence for receipt in receipts if receipt.on_date <= end) for end in ends)
    if received + amount_pence < 0:
        raise MoreThanReceived(
            f"Only {pounds(received)} is recorded as received by {_day(on_date)}. Take back that or less."
        )


def _day(day: date) -> str:
    return f"{day:%-d %B %Y}"
