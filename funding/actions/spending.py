"""What the unit itself spends of a grant: one person proposes an amount on a line of the budget, another approves."""

from __future__ import annotations

from datetime import date, datetime

from funding.actions.amounts import AmountWrong, refuse_absurd
from funding.actions.award_years import lock
from funding.actions.budgets import OutsidePurpose
from funding.actions.days import refuse_future
from funding.actions.deciding import ReferenceTaken, approve, decline, lock_open
from funding.models import BudgetLine, UnitSpend
from funding.models.grants import SpendCategory
from funding.queries.funds import ring_fence_taken
from funding.queries.spending import given_back, spending_on
from partners.actions.events import acting, require
from partners.models import User
from partners.permissions import Permission
from vru_portal.core.money import pounds
from vru_portal.core.refusals import Refusal


class NotOfTheUnit(Refusal):
    """The line is for what partners are awarded."""

    about = ("line",)


class OtherYear(Refusal):
    about = ("on_date",)


class BeyondPlan(Refusal):
    about = ("amount_pence",)


def propose_spend(
    *,
    line: BudgetLine,
    on_date: date,
    amount_pence: int,
    payee: str,
    reference: str,
    note: str = "",
    by: User,
    now: datetime,
) -> UnitSpend:
    """Ask for an amount to count as spent on a line; below nothing it corrects, and the note says why."""
    with acting("funding.spending.proposed", by=by, now=now, reason=note) as act:
        require(by, Permission.MANAGE_MONEY)
        year = lock(line.award_year).year
        if line.category == SpendCategory.DELIVERY:
            raise NotOfTheUnit(f"“{line}” is for services by partners. Propose an award to a partner instead.")
        if not year.first <= on_date <= year.last:
            raise OtherYear(f"This budget is of {year}. Give a day from {_day(year.first)} to {_day(year.last)}.")
        refuse_future(on_date, now)
        _refuse_unfit(line, amount_pence, note)
        if UnitSpend.objects.filter(reference=reference).exists():
            raise ReferenceTaken(reference)
        spend = UnitSpend.objects.create(
            line=line,
            on_date=on_date,
            amount_pence=amount_pence,
            payee=payee,
            reference=reference,
            note=note,
            proposed_by=by,
            proposed_at=now,
        )
        act.on(spend)
    return spend


def approve_spend(*, spend: UnitSpend, by: User, now: datetime) -> UnitSpend:
    """Approve what another proposed: it counts as spent, and never changes."""
    with acting("funding.spending.approved", by=by, now=now) as act:
        require(by, Permission.APPROVE_MONEY)
        lock(spend.line.award_year)
        asked = lock_open(spend)
        approve(asked, by=by, now=now)
        act.on(asked)
    return asked


def decline_spend(*, spend: UnitSpend, reason: str, by: User, now: datetime) -> UnitSpend:
    """Say no to a proposed amount, with a reason; who proposed it may take it back this way."""
    with acting("funding.spending.declined", by=by, now=now, reason=reason) as act:
        asked = lock_open(spend)
        decline(asked, reason=reason, by=by)
        act.on(asked)
    return asked


def _refuse_unfit(line: BudgetLine, amount_pence: int, note: str) -> None:
    """The rules that the database keeps too (`unitspend_*`), said in sentences."""
    refuse_absurd(amount_pence)
    if not amount_pence:
        raise AmountWrong("Enter an amount.")
    stands = spending_on(line)
    if amount_pence > stands.left:
        raise BeyondPlan(
            f"Only {pounds(max(0, stands.left))} is left on “{line}”. Give that or less, or move money to it first."
        )
    fence = line.ring_fence
    if amount_pence > 0 and fence and fence.limit_pence is not None:
        left = fence.limit_pence - ring_fence_taken(fence)
        if amount_pence > left:
            raise OutsidePurpose(f"Only {pounds(max(0, left))} is left for “{fence}”. Give that or less.")
    if amount_pence > 0:
        return
    if not note:
        raise AmountWrong("An amount below zero corrects what was spent. Say why in the note.", about="note")
    spent = stands.spent + given_back(line)
    if spent + amount_pence < 0:
        raise BeyondPlan(f"Only {pounds(spent)} is spent on “{line}”. Correct that or less.")


def _day(day: date) -> str:
    return f"{day:%-d %B %Y}"
