"""Drawing on a bridging facility, paying it back and writing it off: one person proposes, another approves."""

from __future__ import annotations

from datetime import date, datetime

from funding.actions.amounts import refuse_absurd
from funding.actions.award_years import NoteMissing
from funding.actions.days import refuse_future
from funding.actions.deciding import ReferenceTaken, approve, decline, lock_open, refuse_own
from funding.models import BridgeMovement, BridgingFacility
from funding.models.bridging import BridgeMovementKind
from partners.actions.events import acting, require
from partners.models import User
from partners.permissions import Permission
from vru_portal.core.money import pounds
from vru_portal.core.refusals import Refusal


class OverLimit(Refusal):
    about = ("amount_pence",)


class MoreThanOwed(Refusal):
    about = ("amount_pence",)


class FacilityNotOpen(Refusal):
    about = ("on_date",)


def propose_movement(
    *,
    facility: BridgingFacility,
    kind: str,
    amount_pence: int,
    on_date: date,
    reference: str,
    reason: str = "",
    by: User,
    now: datetime,
) -> BridgeMovement:
    """Ask for a drawdown, repayment or write-off. Nothing moves until somebody else approves."""
    with acting("funding.bridge.proposed", by=by, now=now, reason=reason) as act:
        require(by, Permission.MANAGE_MONEY)
        movement = BridgeMovement(
            facility=_lock(facility),
            kind=kind,
            amount_pence=amount_pence,
            on_date=on_date,
            reference=reference,
            reason=reason,
            proposed_by=by,
            proposed_at=now,
        )
        if kind == BridgeMovementKind.WRITE_OFF and not reason:
            raise NoteMissing("Say why the lender asks for it no longer.")
        refuse_future(on_date, now)
        _refuse_unfit(movement)
        if movement.facility.movements.filter(reference=reference, declined_by__isnull=True).exists():
            raise ReferenceTaken(reference)
        movement.save()
        act.on(movement)
    return movement


def approve_movement(*, movement: BridgeMovement, by: User, now: datetime) -> BridgeMovement:
    """Approve what another proposed: it has moved, and never changes."""
    with acting("funding.bridge.approved", by=by, now=now, reason=movement.reason) as act:
        require(by, Permission.APPROVE_MONEY)
        _lock(movement.facility)
        asked = lock_open(movement, "facility")
        refuse_own(asked, by)
        _refuse_unfit(asked)
        approve(asked, by=by, now=now)
        act.on(asked)
    return asked


def decline_movement(*, movement: BridgeMovement, reason: str, by: User, now: datetime) -> BridgeMovement:
    """Say no to a proposed movement, with a reason; who proposed it may take it back this way."""
    with acting("funding.bridge.declined", by=by, now=now, reason=reason) as act:
        _lock(movement.facility)
        asked = lock_open(movement)
        decline(asked, reason=reason, by=by)
        act.on(asked)
    return asked


def _lock(facility: BridgingFacility) -> BridgingFacility:
    return BridgingFacility.objects.select_for_update().get(pk=facility.pk)


def _refuse_unfit(movement: BridgeMovement) -> None:
    """The rules that the database keeps too (`bridgemovement_*`), said in sentences."""
    facility, others = movement.facility, movement.facility.movements.exclude(pk=movement.pk)
    refuse_absurd(movement.amount_pence)
    if movement.kind == BridgeMovementKind.DRAWDOWN:
        if not facility.starts_on <= movement.on_date <= facility.expires_on:
            raise FacilityNotOpen(
                f"It can be drawn from {facility.starts_on:%-d %B %Y} to {facility.expires_on:%-d %B %Y}. "
                "Give a day between."
            )
        taking = list(others.binding())
        left = facility.limit_pence - sum(each.amount_pence for each in taking)
        if movement.amount_pence > left:
            raise OverLimit(f"Only {pounds(max(0, left))} can still be drawn{_after(taking)}. Give that or less.")
        return
    counting = list(others.at_least())
    owed = _owed_from(counting, movement.on_date)
    if movement.amount_pence > owed:
        raise MoreThanOwed(f"Only {pounds(max(0, owed))} is owed on that day{_after(counting)}. Give that or less.")


def _after(movements: list[BridgeMovement]) -> str:
    waiting = sum(each.amount_pence for each in movements if each.is_open)
    return f", after {pounds(waiting)} that waits for approval" if waiting else ""


def _owed_from(movements: list[BridgeMovement], on_date: date) -> int:
    """The lowest balance on the day or later: what can be repaid or written off then, and never more than was drawn."""
    ends = {on_date, *(each.on_date for each in movements if each.on_date > on_date)}
    return min(sum(each.signed_pence for each in movements if each.on_date <= end) for end in ends)
