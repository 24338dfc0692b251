"""Saying beforehand when releases become public, letting somebody read one before its day, and stopping one."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.utils import timezone

from outcomes.actions.releases import year_locked
from outcomes.models import AnnouncedDate, EarlyAccess, EarlyReading, Release
from outcomes.queries.policies import NoPolicy
from outcomes.queries.publishing import announced, postponed, usual_moment
from partners.actions.events import acting, require
from partners.models import User
from partners.permissions import Audience, Permission
from vru_portal.core.periods import Month
from vru_portal.core.refusals import Refusal


class NotAhead(Refusal):
    pass


class DateStands(Refusal):
    pass


class NoReason(Refusal):
    pass


class NotForThem(Refusal):
    pass


class PublicAlready(Refusal):
    pass


class OnTheList(Refusal):
    pass


class NotUnderEmbargo(Refusal):
    pass


class AnotherStandsOnIt(Refusal):
    pass


# In its last minute a release is as good as public: stopping it takes its time, too.
LAST_MOMENT = timedelta(minutes=1)


# ---- The calendar ----
def announce(*, month: Month, public_at: datetime, reason: str, by: User | None, now: datetime) -> AnnouncedDate:
    """The day of the month's first release (`by` None: the clock), or, with the reason, another one instead of what was
    announced. Refused once it is approved: then its day is fixed."""
    if by is not None:
        require(by, Permission.ANNOUNCE_RELEASE)
    if public_at <= now:
        raise NotAhead("Choose a time that lies ahead: a release is announced beforehand.")
    if timezone.localdate(public_at) <= month.last:
        raise NotAhead(f"{month} is not over on that day. Choose a later one.")
    with year_locked(month.financial_year):
        if Release.objects.approved().filter(month=month.first).exists():
            raise DateStands(f"The release of {month} is approved, so its day can no longer be moved.")
        before = announced(month)
        if before is not None and before.public_at == public_at and postponed(month) is None:
            raise DateStands("That is what is announced already.")
        if before is not None and not reason:
            raise NoReason("Say why the day is moved. Everybody who sees the calendar reads it.")
        name = "outcomes.release.date_announced" if before is None else "outcomes.release.date_moved"
        with acting(name, by=by, now=now, reason=reason if before else "") as act:
            date = AnnouncedDate.objects.create(
                month=month.first,
                number=before.number + 1 if before else 1,
                public_at=public_at,
                reason=reason if before else "",
                announced_by=by,
                announced_at=now,
            )
            act.on(date)
    return date


def announce_due(*, now: datetime) -> list[AnnouncedDate]:
    """What the clock does: the releases of last month and of this one have their usual day, unless somebody has said
    another."""
    this_month = Month.of(timezone.localdate(now))
    found = []
    for month in (this_month.plus(-1), this_month):
        try:
            moment = usual_moment(month)
        except NoPolicy:
            continue
        with year_locked(month.financial_year):
            if moment <= now or announced(month) or Release.objects.approved().filter(month=month.first).exists():
                continue
            found.append(announce(month=month, public_at=moment, reason="", by=None, now=now))
    return found


# ---- Reading it before its day ----
def grant_early_access(*, release: Release, user: User, reason: str, by: User, now: datetime) -> EarlyAccess:
    """They may read it once it is approved and until it is public. Only for commissioners: the unit reads it anyway,
    and partners read no release before others."""
    require(by, Permission.GRANT_EARLY_ACCESS)
    if user.audience != Audience.COMMISSIONER or not user.is_active:
        raise NotForThem("Only a commissioner can be let read a release early.")
    with (
        year_locked(Month.of(release.month).financial_year),
        acting("outcomes.release.early_access_granted", by=by, now=now, reason=reason) as act,
    ):
        release = Release.objects.get(pk=release.pk)
        if release.is_discarded:
            raise PublicAlready("This release was discarded, so nobody reads it.")
        if release.public_at is not None and release.public_at <= now:
            raise PublicAlready("This release is public, so everybody may read it.")
        if release.early_access.filter(user=user, ended_at=None).exists():
            raise OnTheList(f"{user} is on the list already.")
        access = EarlyAccess.objects.create(release=release, user=user, reason=reason, granted_by=by, granted_at=now)
        act.on(access)
    return access


def end_early_access(*, access: EarlyAccess, by: User, now: datetime) -> EarlyAccess:
    """They may no longer read it before its day. That they could, and whether they did, stays on record."""
    require(by, Permission.GRANT_EARLY_ACCESS)
    with acting("outcomes.release.early_access_ended", by=by, now=now) as act:
        access = EarlyAccess.objects.select_for_update(of=["self"]).get(pk=access.pk)
        if access.ended_at is None:
            access.ended_by, access.ended_at = by, now
            access.save(update_fields=["ended_by", "ended_at"])
            act.on(access)
    return access


def record_early_reading(*, access: EarlyAccess, now: datetime) -> None:
    """Once a day, however often they look."""
    with acting("outcomes.release.read_early", by=access.user, now=now) as act:
        day = timezone.localdate(now)
        _, is_new = EarlyReading.objects.get_or_create(access=access, day=day, defaults={"read_at": now})
        if is_new:
            act.on(access)


# ---- Stopping it before its day ----
def stop(*, release: Release, reason: str, by: User, now: datetime) -> Release:
    """An error was found: an approved release never becomes public, and nobody reads it early any more. Its month can
    be produced again, under the next number. Refuses one that is public, and one upon which another was approved that
    holds its months too: that has to be stopped first."""
    require(by, Permission.APPROVE_RELEASE)
    month = Month.of(release.month)
    with year_locked(month.financial_year), acting("outcomes.release.stopped", by=by, now=now, reason=reason) as act:
        release = Release.objects.select_for_update(of=["self"]).get(pk=release.pk)
        if not release.is_approved or release.is_discarded or release.public_at <= now + LAST_MOMENT:
            raise NotUnderEmbargo(_why_not(release))
        upon = Release.objects.approved().filter(month__gte=month.first, attacked_with__contains=[release.pk]).last()
        if upon is not None:
            raise AnotherStandsOnIt(f"{upon} is approved and holds the same months. Stop that one first.")
        release.discarded_by, release.discarded_at, release.discarded_reason = by, now, reason
        release.save(update_fields=["discarded_by", "discarded_at", "discarded_reason"])
        release.early_access.filter(ended_at=None).update(ended_by=by, ended_at=now)
        act.on(release)
    return release


def _why_not(release: Release) -> str:
    if release.is_discarded:
        return "This release is stopped or discarded already."
    if not release.is_approved:
        return "This release is not approved yet. Discard it instead."
    return "This release is public, or will be within a minute. Produce a new one to replace it."
