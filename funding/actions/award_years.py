"""What happens to an award year: the steps it takes. One person proposes each, another approves."""

from __future__ import annotations

from datetime import date, datetime

from funding.actions.amounts import AmountWrong, refuse_absurd
from funding.actions.days import refuse_future
from funding.actions.deciding import approve, decline, lock_open, refuse_own
from funding.models import AwardYear, AwardYearStep, Fund
from funding.models.grants import STATED_AMOUNT, TRANSITIONS, AwardYearState
from funding.queries.grants import total_of
from funding.queries.yearly_round import claimed
from partners.actions.events import acting, require
from partners.models import User
from partners.permissions import Permission
from vru_portal.core.money import pounds
from vru_portal.core.refusals import Refusal


class IllegalStep(Refusal):
    about = ("state",)


class StepOutOfOrder(Refusal):
    about = ("on_date",)


class StepWaits(Refusal):
    def __init__(self) -> None:
        super().__init__("A step of this award year waits for a second person. Have it decided first.")


class LessThanClaimed(Refusal):
    """More is claimed of the grant, or has come in, than it would be."""

    about = ("amount_pence",)


class NoteMissing(Refusal):
    about = ("note", "reason", "question")


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
    """A financial year of a fund, with its first step, announced or applied for, and the amount that it stated: it is
    known once somebody else approves that."""
    with acting("funding.award_year.added", by=by, now=now, reason=note) as act:
        require(by, Permission.MANAGE_MONEY)
        locked = Fund.objects.select_for_update().get(pk=fund.pk)
        year = AwardYear(fund=locked, financial_year=financial_year, state="")
        if locked.award_years.filter(financial_year=financial_year).exists():
            raise RecordedAlready(f"{year} is recorded already. Propose what happened as its next step.")
        year.save()
        _propose(year, AwardYearState(state), on_date, amount_pence, note, by=by, now=now)
        act.on(year)
    return year


def propose_step(
    *,
    award_year: AwardYear,
    state: str,
    on_date: date,
    amount_pence: int | None = None,
    note: str = "",
    by: User,
    now: datetime,
) -> AwardYearStep:
    """Ask that the award year reached `state` on a day; it has once somebody else approves. `amount_pence` is what the
    step itself states (announced, applied for, awarded). The same state again, with a note, corrects its amount."""
    with acting("funding.award_year.step_proposed", by=by, now=now, reason=note) as act:
        require(by, Permission.MANAGE_MONEY)
        locked = lock(award_year)
        if locked.steps.open().exists():
            raise StepWaits()
        step = _propose(locked, AwardYearState(state), on_date, amount_pence, note, by=by, now=now)
        act.on(step)
    return step


def approve_step(*, step: AwardYearStep, by: User, now: datetime) -> AwardYearStep:
    """Approve what another proposed: the award year stands there, with the amount that the step states."""
    with acting("funding.award_year.moved_on", by=by, now=now, reason=step.note) as act:
        require(by, Permission.APPROVE_MONEY)
        locked = lock(step.award_year)
        asked = lock_open(step)
        refuse_own(asked, by)
        _refuse_unfit(locked, asked)
        approve(asked, by=by, now=now)
        locked.state = asked.state
        if asked.amount_pence is not None:
            setattr(locked, STATED_AMOUNT[AwardYearState(asked.state)], asked.amount_pence)
        locked.save()
        act.on(locked)
    return asked


def decline_step(*, step: AwardYearStep, reason: str, by: User, now: datetime) -> AwardYearStep:
    """Say no to a proposed step, with a reason; who proposed it may take it back this way."""
    with acting("funding.award_year.step_declined", by=by, now=now, reason=reason) as act:
        lock(step.award_year)
        asked = lock_open(step)
        decline(asked, reason=reason, by=by)
        act.on(asked)
    return asked


def _propose(
    award_year: AwardYear,
    state: AwardYearState,
    on_date: date,
    amount_pence: int | None,
    note: str,
    *,
    by: User,
    now: datetime,
) -> AwardYearStep:
    step = AwardYearStep(
        award_year=award_year,
        state=state,
        on_date=on_date,
        amount_pence=amount_pence,
        note=note,
        proposed_by=by,
        proposed_at=now,
    )
    refuse_future(on_date, now)
    _refuse_unfit(award_year, step)
    step.save()
    return step


def _refuse_unfit(award_year: AwardYear, step: AwardYearStep) -> None:
    """The rules that the database keeps too (`awardyearstep_*`), said in sentences."""
    state = AwardYearState(step.state)
    _refuse_illegal(award_year, state, step.note)
    _refuse_wrong_day(award_year, step.on_date)
    _refuse_wrong_amount(award_year, state, step.amount_pence)
    if STATED_AMOUNT.get(state) == "awarded_pence" and step.amount_pence is not None:
        received = total_of(award_year.receipts.binding())
        _refuse_below(claimed(award_year), step.amount_pence, "claimed from the funder, or proposed to be")
        _refuse_below(received, step.amount_pence, "recorded as received, or proposed to be")


def _refuse_below(pence: int, awarded_pence: int, what: str) -> None:
    if awarded_pence < pence:
        raise LessThanClaimed(f"{pounds(pence)} is {what}. Give that or more, or correct that first.")


def _refuse_illegal(award_year: AwardYear, state: AwardYearState, note: str) -> None:
    if not award_year.state and state not in TRANSITIONS[""]:
        raise IllegalStep("An award year begins with an announcement or an application.")
    if state not in TRANSITIONS[award_year.state]:
        raise IllegalStep(
            f"This award year is now “{award_year.get_state_display().lower()}”, which “{state.label.lower()}” cannot "
            "follow. Look at its steps and choose again."
        )
    if state == award_year.state and not note:
        raise NoteMissing("Say in the note why the amount is corrected.")


def _refuse_wrong_day(award_year: AwardYear, on_date: date) -> None:
    last = award_year.steps.approved().order_by("-id").first()
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


def _day(day: date) -> str:
    return f"{day:%-d %B %Y}"
