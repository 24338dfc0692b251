"""What is unlocked, asked to be, and was: for one return, one person, or the unit as a whole."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import BooleanField, ExpressionWrapper, Prefetch, Q, QuerySet

from outcomes.models import Obligation, ReturnVersion, Unlock, UnlockRequest
from outcomes.queries.policies import policy_on
from partners.models import Membership, Organisation, User
from partners.permissions import PARTNER_ROLES, PERMISSIONS, Permission, Role
from vru_portal.core.working_days import working_days_after

ENDED_SHOWN = timedelta(days=90)


# ---- What may be done ----
def unlock_for(user: User, obligation: Obligation, today: date) -> Unlock | None:
    """The unlock under which the user may correct the accepted return: the one that lasts longest."""
    found = Unlock.objects.in_force(today).usable_by(user).filter(version__obligation=obligation)
    return found.order_by("until", "pk").last()


def unlocked_until(user: User, today: date) -> dict[int, date]:
    """Obligation → the last day on which the user may correct its accepted return."""
    found = Unlock.objects.in_force(today).usable_by(user).order_by("until")
    return dict(found.values_list("version__obligation", "until"))


def last_days(today: date) -> tuple[date, date]:
    """The day until which an unlock lasts if nobody says, and the latest that it may; by the policy of today."""
    policy = policy_on(today)
    return working_days_after(today, policy.unlock_days), working_days_after(today, policy.unlock_days_most)


def who_may_correct(partner: Organisation, today: date) -> QuerySet[User]:
    """To whom alone a return of the partner may be unlocked: its own people, and those who enter returns for it."""
    roles = [role for role in Role if Permission.BACKFILL_RETURN in PERMISSIONS[role]]
    memberships = Membership.objects.open_on(today).filter(
        Q(role__in=PARTNER_ROLES, organisation=partner) | Q(role__in=roles)
    )
    return User.objects.filter(pk__in=memberships.values("user"), is_active=True).order_by("name")


# ---- Lists ----
@dataclass(frozen=True)
class UnlockLine:
    """An unlock, how it stands, and what it led to."""

    unlock: Unlock
    is_in_force: bool
    led_to: tuple[ReturnVersion, ...]

    @property
    def state(self) -> str:
        if self.is_in_force:
            return "open"
        return "taken_back" if self.unlock.taken_back_at else "used" if self._is_used else "ended"

    @property
    def _is_used(self) -> bool:
        return any(version.state in _SENT for version in self.led_to)


_SENT = (ReturnVersion.State.SUBMITTED, ReturnVersion.State.ACCEPTED, ReturnVersion.State.SUPERSEDED)


@dataclass(frozen=True)
class Unlocks:
    waiting: tuple[UnlockRequest, ...]
    in_force: tuple[UnlockLine, ...]
    ended: tuple[UnlockLine, ...]


def waiting_requests(user: User) -> QuerySet[UnlockRequest]:
    """What partners ask to have unlocked, the oldest first."""
    visible = UnlockRequest.objects.waiting().filter(version__obligation__in=Obligation.objects.visible_to(user))
    return visible.select_related("version__obligation__delivery__partner", "asked_by")


def unlocks(user: User, today: date) -> Unlocks:
    """What waits, what is in force, and what ended in the last three months."""
    visible = Unlock.objects.filter(version__obligation__in=Obligation.objects.visible_to(user))
    lines = unlock_lines(visible.filter(until__gte=today - ENDED_SHOWN), today)
    return Unlocks(
        waiting=tuple(waiting_requests(user)),
        in_force=tuple(line for line in lines if line.is_in_force),
        ended=tuple(line for line in lines if not line.is_in_force),
    )


def unlock_lines(found: QuerySet[Unlock], today: date) -> list[UnlockLine]:
    """The newest first."""
    found = found.select_related(
        "version__obligation__delivery__partner",
        "for_organisation",
        "for_person",
        "unlocked_by",
        "taken_back_by",
        "request__asked_by",
    ).prefetch_related(Prefetch("corrections", ReturnVersion.objects.order_by("number")))
    return [_line(unlock, today) for unlock in found.order_by("-unlocked_at", "-pk")]


def _line(unlock: Unlock, today: date) -> UnlockLine:
    is_in_force = (
        unlock.version.state == ReturnVersion.State.ACCEPTED and unlock.taken_back_at is None and unlock.until >= today
    )
    return UnlockLine(unlock, is_in_force, tuple(unlock.corrections.all()))


def expired(today: date) -> QuerySet[ReturnVersion]:
    """Corrections that were begun under an unlock and not sent, or came back, while nothing unlocks them any more."""
    begun = ReturnVersion.objects.filter(
        unlock__isnull=False, state__in=[ReturnVersion.State.DRAFT, ReturnVersion.State.RETURNED]
    )
    in_force = Unlock.objects.in_force(today).values("version")
    return begun.exclude(unlock__version__in=in_force).select_related("unlock").order_by("pk")


def last_unlock(version: ReturnVersion) -> Unlock | None:
    """The one that lasts, or lasted, longest of those of the accepted version that this one corrects. One that was
    taken back only if there is no other."""
    if version.unlock is None:
        return None
    stands = ExpressionWrapper(Q(taken_back_at__isnull=True), BooleanField())
    return Unlock.objects.filter(version=version.unlock.version_id).order_by(stands, "until", "pk").last()
