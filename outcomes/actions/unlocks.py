"""Acceptance locks a return. Unlocked for somebody, with a reason and a last day, it can be corrected; then it locks
again by itself, and what was begun and not sent becomes void. What was accepted counts all the while."""

from __future__ import annotations

from datetime import date, datetime

from django.utils import timezone

from outcomes import notifications
from outcomes.actions.return_access import is_own, lock
from outcomes.models import Obligation, ReturnVersion, Unlock, UnlockRequest
from outcomes.queries.unlocks import expired, last_days, last_unlock, who_may_correct
from partners.actions.events import acting, require
from partners.models import User
from partners.permissions import Permission
from vru_portal.core.refusals import NotAllowed, Refusal

State = ReturnVersion.State


# ---- Refusals ----
class NotUnlockable(Refusal):
    """There is nothing to unlock, or not like this."""


class DecidedAlready(Refusal):
    """Somebody has answered the request, or taken the unlock back."""


# ---- Asking ----
def ask(*, obligation: Obligation, reason: str, by: User, now: datetime) -> UnlockRequest:
    """The partner asks to change what was accepted. Refuses while it is asked already, or unlocked for the partner."""
    reason = reason.strip()
    if not reason:
        raise NotUnlockable("Say what is to be changed and why.")
    with acting("outcomes.return.unlock_asked_for", by=by, now=now, reason=reason) as act:
        obligation = lock(obligation.pk)
        if not is_own(by, obligation):
            raise NotAllowed("This return belongs to another organisation. Only its own people can ask.")
        accepted = _require_accepted(obligation)
        if request := UnlockRequest.objects.waiting().filter(version=accepted).first():
            raise NotUnlockable(f"{request.asked_by} has asked already. The unit answers next.")
        in_force = accepted.unlocks.in_force(timezone.localdate(now)).usable_by(by).order_by("until").last()
        if in_force:
            raise NotUnlockable(f"This return is unlocked for you until {_day(in_force.until)}. Correct it.")
        request = UnlockRequest.objects.create(version=accepted, reason=reason, asked_at=now, asked_by=by)
        act.on(accepted, organisation=obligation.delivery.partner)
    return request


def decline(*, request: UnlockRequest, reason: str, by: User, now: datetime) -> UnlockRequest:
    """It stays locked; the partner's people hear why."""
    require(by, Permission.UNLOCK_RETURN)
    reason = reason.strip()
    if not reason:
        raise NotUnlockable("Say why it stays locked.")
    with acting("outcomes.return.unlock_declined", by=by, now=now, reason=reason) as act:
        obligation = lock(request.version.obligation_id)
        request = UnlockRequest.objects.select_for_update(of=("self",)).select_related("version").get(pk=request.pk)
        _require_unanswered(request)
        if request.version.state != State.ACCEPTED:
            raise NotUnlockable("What it asks to change counts no longer, so there is nothing to answer.")
        request.decided_at, request.decided_by, request.declined_reason = now, by, reason
        request.save(update_fields=["decided_at", "decided_by", "declined_reason"])
        act.on(request.version, organisation=obligation.delivery.partner)
        notifications.unlock_declined(request, obligation, now=now)
    return request


def _require_unanswered(request: UnlockRequest) -> None:
    if request.decided_at:
        what = "declined it" if request.declined_reason else "unlocked the return"
        raise DecidedAlready(f"{request.decided_by} {what} already.")


# ---- Unlocking ----
def unlock(
    *, obligation: Obligation, until: date, reason: str, by: User, now: datetime, for_person: User | None = None
) -> Unlock:
    """Who may correct the accepted return until the end of a day: everybody who sends the partner's returns, or one
    person alone, of the partner or the unit. Answers what the partner has asked; its people hear of it."""
    require(by, Permission.UNLOCK_RETURN)
    reason = reason.strip()
    if not reason:
        raise NotUnlockable("Say why the return is unlocked.")
    with acting("outcomes.return.unlocked", by=by, now=now, reason=reason) as act:
        obligation = lock(obligation.pk)
        accepted = _require_accepted(obligation)
        today = timezone.localdate(now)
        _require_day(until, today)
        _require_whom(for_person, obligation, today)
        _require_more(accepted, for_person, until, today)
        given = _give(accepted, obligation, for_person, until=until, reason=reason, by=by, now=now)
        act.on(accepted, organisation=obligation.delivery.partner)
        notifications.return_unlocked(given, obligation, now=now)
    return given


def _give(
    accepted: ReturnVersion,
    obligation: Obligation,
    for_person: User | None,
    *,
    until: date,
    reason: str,
    by: User,
    now: datetime,
) -> Unlock:
    request = accepted.unlock_requests.select_for_update().filter(decided_at__isnull=True).first()
    if for_person is not None and not is_own(for_person, obligation):
        request = None  # the unit's own correction is no answer to the partner
    if request:
        request.decided_at, request.decided_by = now, by
        request.save(update_fields=["decided_at", "decided_by"])
    return Unlock.objects.create(
        version=accepted,
        request=request,
        for_organisation=None if for_person else obligation.delivery.partner,
        for_person=for_person,
        reason=reason,
        unlocked_at=now,
        unlocked_by=by,
        until=until,
    )


def give_time_to_correct(*, version: ReturnVersion, reason: str, by: User, now: datetime) -> date | None:
    """A correction that the unit has read and returns can be sent again, for a policy's days at least. Until when; None
    if the version corrects nothing. Part of the action that returns it.
    """
    last, today = last_unlock(version), timezone.localdate(now)
    if last is None:
        return None
    until, _ = last_days(today)
    if last.until < until or last.taken_back_at:
        last = _give(last.version, version.obligation, last.for_person, until=until, reason=reason, by=by, now=now)
    return last.until


def _require_accepted(obligation: Obligation) -> ReturnVersion:
    accepted = obligation.versions.select_for_update(of=("self",)).filter(state=State.ACCEPTED).first()
    if accepted is None:
        raise NotUnlockable("Only an accepted return is locked. This one is not accepted.")
    accepted.obligation = obligation
    return accepted


def _require_day(until: date, today: date) -> None:
    _, latest = last_days(today)
    if until < today:
        raise NotUnlockable(f"{_day(until)} has passed. Choose today or a later day.")
    if until > latest:
        raise NotUnlockable(f"{_day(until)} is too late. Choose {_day(latest)} at the latest.")


def _require_whom(person: User | None, obligation: Obligation, today: date) -> None:
    if person and person not in who_may_correct(obligation.delivery.partner, today):
        raise NotUnlockable(f"{person} neither sends returns of {obligation.delivery.partner} nor enters them for it.")


def _require_more(accepted: ReturnVersion, person: User | None, until: date, today: date) -> None:
    same = accepted.unlocks.in_force(today).filter(for_person=person).order_by("until").last()
    if same and same.until >= until:
        raise NotUnlockable(f"{same.for_whom} can correct it until {_day(same.until)} already. Choose a later day.")


# ---- Its end ----
def take_back(*, unlock: Unlock, reason: str, by: User, now: datetime) -> Unlock:
    """It ends now. What was begun under it and not sent becomes void, unless another unlock lasts; what was sent is
    read."""
    require(by, Permission.UNLOCK_RETURN)
    reason = reason.strip()
    if not reason:
        raise NotUnlockable("Say why it is taken back.")
    with acting("outcomes.return.unlock_taken_back", by=by, now=now, reason=reason) as act:
        obligation = lock(unlock.version.obligation_id)
        unlock = Unlock.objects.select_for_update(of=("self",)).select_related("version").get(pk=unlock.pk)
        if unlock.taken_back_at:
            raise DecidedAlready(f"{unlock.taken_back_by} has taken it back already.")
        today = timezone.localdate(now)
        if not Unlock.objects.in_force(today).filter(pk=unlock.pk).exists():
            raise DecidedAlready("It has ended already, so there is nothing to take back.")
        unlock.taken_back_at, unlock.taken_back_by, unlock.taken_back_reason = now, by, reason
        unlock.save(update_fields=["taken_back_at", "taken_back_by", "taken_back_reason"])
        for version in expired(today).filter(obligation=obligation):
            _void(version, f"The unlock was taken back: {reason}", by=by, now=now)
        act.on(unlock.version, organisation=obligation.delivery.partner)
        notifications.unlock_taken_back(unlock, obligation, now=now)
    return unlock


def end_expired(*, now: datetime) -> int:
    """What the clock does: corrections that were not sent by the last day become void. Returns how many."""
    today = timezone.localdate(now)
    return sum(_end(version, today, now) for version in expired(today))


def _end(version: ReturnVersion, today: date, now: datetime) -> bool:
    with acting("outcomes.return.correction_ended", by=None, now=now) as act:
        obligation = lock(version.obligation_id)
        if not expired(today).filter(pk=version.pk).exists():  # sent, unlocked anew, or ended by another clock
            return False
        version = obligation.versions.select_for_update(of=("self",)).select_related("unlock").get(pk=version.pk)
        ended_on = last_unlock(version).until
        _void(version, f"Not sent by {_day(ended_on)}, when the unlock ended.", by=None, now=now)
        act.on(version, organisation=obligation.delivery.partner)
        notifications.correction_ended(version, obligation, now=now)
    return True


def _void(version: ReturnVersion, reason: str, *, by: User | None, now: datetime) -> None:
    version.state, version.reason, version.voided_at, version.voided_by = State.VOID, reason, now, by
    version.save(update_fields=["state", "reason", "voided_at", "voided_by"])


def _day(day: date) -> str:
    return f"{day.day} {day:%B %Y}"
