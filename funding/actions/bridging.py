"""Drawing on a bridging facility, paying it back and writing it off: one person proposes, another approves."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime

from funding.actions.amounts import refuse_absurd
from funding.actions.award_years import NoteMissing
from funding.actions.days import refuse_future
from funding.actions.deciding import DecidedAlready, OwnProposal, ReferenceTaken
from funding.models import BridgeMovement, BridgeProposal, BridgingFacility
from funding.models.bridging import BridgeMovementKind
from partners.actions.events import acting, require
from partners.models import User
from partners.permissions import Permission
from vru_portal.core.money import pounds
from vru_portal.core.refusals import NotAllowed, Refusal


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
) -> BridgeProposal:
    """Ask for a drawdown, repayment or write-off. Nothing moves until somebody else approves."""
    with acting("funding.bridge.proposed", by=by, now=now, reason=reason) as act:
        require(by, Permission.MANAGE_MONEY)
        locked = _lock(facility)
        if kind == BridgeMovementKind.WRITE_OFF and not reason:
            raise NoteMissing("Say why the lender asks for it no longer.")
        refuse_future(on_date, now)
        _refuse_unfit(locked, kind, amount_pence, on_date, waiting=list(locked.proposals.open()))
        if (
            locked.movements.filter(reference=reference).exists()
            or locked.proposals.open().filter(reference=reference).exists()
        ):
            raise ReferenceTaken(reference)
        proposal = BridgeProposal.objects.create(
            facility=locked,
            kind=kind,
            amount_pence=amount_pence,
            on_date=on_date,
            reference=reference,
            reason=reason,
            proposed_by=by,
            proposed_at=now,
        )
        act.on(locked)
    return proposal


def approve_movement(*, proposal: BridgeProposal, by: User, now: datetime) -> BridgeMovement:
    """Approve what another proposed: the movement is written, for ever."""
    with acting("funding.bridge.approved", by=by, now=now, reason=proposal.reason) as act:
        require(by, Permission.APPROVE_MONEY)
        facility = _lock(proposal.facility)
        asked = _lock_open(proposal)
        if asked.proposed_by_id == by.pk:
            raise OwnProposal()
        _refuse_unfit(facility, asked.kind, asked.amount_pence, asked.on_date)
        movement = BridgeMovement.objects.create(
            facility=facility,
            kind=asked.kind,
            amount_pence=asked.amount_pence,
            on_date=asked.on_date,
            reference=asked.reference,
            reason=asked.reason,
            proposed_by_id=asked.proposed_by_id,
            approved_by=by,
            recorded_at=now,
        )
        asked.movement = movement
        asked.save()
        act.on(facility)
    return movement


def decline_movement(*, proposal: BridgeProposal, reason: str, by: User, now: datetime) -> BridgeProposal:
    """Say no to a proposal, with a reason; who proposed it may take it back this way."""
    with acting("funding.bridge.declined", by=by, now=now, reason=reason) as act:
        if not by.may(Permission.APPROVE_MONEY) and proposal.proposed_by_id != by.pk:
            raise NotAllowed()
        facility = _lock(proposal.facility)
        asked = _lock_open(proposal)
        asked.declined_by, asked.declined_at, asked.declined_reason = by, now, reason
        asked.save()
        act.on(facility)
    return asked


def _lock(facility: BridgingFacility) -> BridgingFacility:
    return BridgingFacility.objects.select_for_update().get(pk=facility.pk)


def _lock_open(proposal: BridgeProposal) -> BridgeProposal:
    locked = BridgeProposal.objects.select_for_update().get(pk=proposal.pk)
    if not locked.is_open:
        raise DecidedAlready()
    return locked


def _refuse_unfit(
    facility: BridgingFacility, kind: str, amount_pence: int, on_date: date, *, waiting: Sequence[BridgeProposal] = ()
) -> None:
    """The rules that the database keeps too (`bridgemovement_*`), said in sentences. Whoever proposes leaves room for
    what waits already, so that all of it can be approved."""
    refuse_absurd(amount_pence)
    is_drawn = kind == BridgeMovementKind.DRAWDOWN
    asked = sum(p.amount_pence for p in waiting if (p.kind == BridgeMovementKind.DRAWDOWN) == is_drawn)
    after = f", after {pounds(asked)} that waits for approval" if asked else ""
    movements = list(facility.movements.all())
    drawn = sum(m.amount_pence for m in movements if m.kind == BridgeMovementKind.DRAWDOWN)
    if is_drawn:
        if not facility.starts_on <= on_date <= facility.expires_on:
            raise FacilityNotOpen(
                f"It can be drawn from {facility.starts_on:%-d %B %Y} to {facility.expires_on:%-d %B %Y}. "
                "Give a day between."
            )
        left = facility.limit_pence - drawn - asked
        if amount_pence > left:
            raise OverLimit(f"Only {pounds(max(0, left))} can still be drawn{after}. Give that or less.")
        return
    owed = _owed_from(movements, on_date) - asked
    if amount_pence > owed:
        raise MoreThanOwed(f"Only {pounds(max(0, owed))} is owed on that day{after}. Give that or less.")


def _owed_from(movements: list[BridgeMovement], on_date: date) -> int:
    """The lowest balance on the day or later: what can be repaid or written off then, and never more than was drawn."""
    ends = {on_date, *(m.on_date for m in movements if m.on_date > on_date)}
    return min(sum(m.signed_pence for m in movements if m.on_date <= end) for end in ends)
