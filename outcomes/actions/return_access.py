"""Who may write a return, what closes it, and its rows locked for an action.

Each action locks the obligation before its versions, so that two people who act at once do so one after the other and
the second meets the state that the first has left.
"""

from __future__ import annotations

from datetime import date, datetime

from django.utils import timezone

from outcomes.models import Obligation, ReturnVersion
from outcomes.queries.standing import is_accepted, open_version, why_not_owed
from outcomes.queries.unlocks import unlock_for
from partners.models import User
from partners.permissions import Permission
from vru_portal.core.periods import Month
from vru_portal.core.refusals import NotAllowed, Refusal

State = ReturnVersion.State


# ---- Refusals ----
class NotYours(NotAllowed):
    def __init__(self) -> None:
        super().__init__("This return belongs to another organisation. Only its own people can fill it in.")


class NotOpen(Refusal):
    """The return cannot be changed in its present state."""


IS_ACCEPTED = (
    "This return is accepted, which locks it. Once the unit has unlocked it, start a correction and say why it changes."
)


# ---- Who may write ----
def is_writer(user: User, obligation: Obligation, today: date) -> bool:
    """The partner's own people at any time; the unit for a month that is over, marked as entered after the fact."""
    return is_own(user, obligation) or (
        user.may(Permission.BACKFILL_RETURN) and obligation.month < Month.of(today).first
    )


def may_write(user: User, obligation: Obligation, today: date) -> bool:
    """A writer, as long as nothing is accepted; then who it is unlocked for alone."""
    return is_writer(user, obligation, today) and not _is_locked(user, obligation, today)


def may_take_back(user: User, version: ReturnVersion, today: date) -> bool:
    """Who may write it, of what their own side sent: what a partner sent goes back to it with a reason."""
    is_ours = is_own(user, version.obligation) or version.is_backfilled
    return is_ours and may_write(user, version.obligation, today)


def _is_locked(user: User, obligation: Obligation, today: date) -> bool:
    return is_accepted(obligation) and unlock_for(user, obligation, today) is None


def is_own(user: User, obligation: Obligation) -> bool:
    return obligation.delivery.partner_id in user.organisations_where(Permission.SUBMIT_RETURN)


def why_closed(user: User, obligation: Obligation, today: date) -> str:
    """Why this person cannot fill in this return at present; empty when they can."""
    version = open_version(obligation)
    if version is None and (why := why_not_begun(obligation)):
        return why
    if version and version.state == State.SUBMITTED:
        return "This return has been sent. The unit reads it next; it can come back to you from there."
    if may_write(user, obligation, today):
        return ""
    return _not_a_writer(user, obligation, today).message


def why_not_begun(obligation: Obligation) -> str:
    """Why no version of it can be begun; empty when one can."""
    if obligation.waived_at:
        return f"The unit has waived this return: {obligation.waived_reason}"
    if why := why_not_owed(obligation):
        return why
    if is_accepted(obligation):
        return IS_ACCEPTED
    return ""


def require_writer(by: User, obligation: Obligation, now: datetime) -> None:
    today = timezone.localdate(now)
    if not may_write(by, obligation, today):
        raise _not_a_writer(by, obligation, today)


def _not_a_writer(user: User, obligation: Obligation, today: date) -> Refusal:
    if is_writer(user, obligation, today):
        return NotOpen("This return is accepted, and not unlocked for you. Only who it is unlocked for can correct it.")
    if user.may(Permission.BACKFILL_RETURN):
        return NotOpen(f"{obligation.period} is not over yet. The unit enters a return only after the month.")
    return NotYours()


# ---- Rows, locked ----
def lock(obligation_id: int) -> Obligation:
    return (
        Obligation.objects.select_for_update(of=("self",))
        .select_related("delivery__programme", "delivery__partner")
        .get(pk=obligation_id)
    )


def lock_version(version: ReturnVersion) -> ReturnVersion:
    obligation = lock(version.obligation_id)
    locked = obligation.versions.select_for_update(of=("self",)).get(pk=version.pk)
    locked.obligation = obligation
    return locked


# ---- Moments in words ----
def told_at(moment: datetime, now: datetime | None = None) -> str:
    """“at 10:42” of the same day; otherwise “10:42 on 4 July 2026”, with “at” if `now` is given."""
    local = timezone.localtime(moment)
    day = f"{local:%H:%M} on {local.day} {local:%B %Y}"
    if now is None:
        return day
    return f"at {local:%H:%M}" if local.date() == timezone.localdate(now) else f"at {day}"
