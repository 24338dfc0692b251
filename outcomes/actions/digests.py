"""Reminding, by the clock on working days in working hours, or when somebody asks: one mail a person a day at most."""

from __future__ import annotations

from datetime import date, datetime

from django.utils import timezone

from outcomes import notifications
from outcomes.models import Obligation
from outcomes.queries.clock import are_reminded, digests, is_named_to, reminders, who_fills_in
from partners.actions.events import acting, require
from partners.models import User
from partners.permissions import Permission
from vru_portal.core.refusals import Refusal
from vru_portal.core.working_days import is_working_day

# Local hours: what waited for the clock overnight is not sent at night.
FIRST_HOUR, LAST_HOUR = 7, 19


class NotReminded(Refusal):
    """It is not late, or there is nobody to write to, or they have been written to today."""


def send_due(*, now: datetime) -> int:
    """Write today's digests that are not written yet. Returns how many."""
    local = timezone.localtime(now)
    if not is_working_day(local.date()) or not FIRST_HOUR <= local.hour < LAST_HOUR:
        return 0
    written = 0
    for digest in digests(local.date()):
        with acting("outcomes.digest.written", by=None, now=now) as act:
            message = notifications.digest(digest, now=now)
            if message is not None:  # None: another clock was faster
                act.on(message, organisation=digest.organisation)
                written += 1
    return written


def remind(*, obligation: Obligation, by: User, now: datetime) -> list[User]:
    """Write to who fills in a late return, without waiting for the clock. Returns whom; else `NotReminded`.

    It is the digest of their day: the clock writes them no other.
    """
    require(by, Permission.REMIND_PARTNER)
    today, partner = timezone.localdate(now), obligation.delivery.partner
    with acting("outcomes.obligation.reminded", by=by, now=now) as act:
        if why := why_not_reminded(obligation, today):
            raise NotReminded(why)
        told = [digest.person for digest in reminders(partner, today) if notifications.digest(digest, now=now)]
        if not told:
            raise NotReminded(_written_to_today(obligation, today))  # meanwhile, by the clock or by somebody else
        act.on(obligation, organisation=partner)
    return told


def why_not_reminded(obligation: Obligation, today: date) -> str:
    """Why nobody can be reminded of it now; empty when somebody can."""
    if not Obligation.objects.late(today).filter(pk=obligation.pk).exists():
        return "This return is not late, so there is nothing to remind of."
    people = who_fills_in(obligation.delivery.partner, today)
    if not people:
        return f"Nobody at {obligation.delivery.partner} can sign in. Invite somebody first."
    return _written_to_today(obligation, today) if are_reminded(people, today) else ""


def _written_to_today(obligation: Obligation, today: date) -> str:
    """It was not late yet, or not waited for, when today's digest was written, where that does not name it."""
    partner = obligation.delivery.partner
    of_it = "" if is_named_to(who_fills_in(partner, today), obligation, today) else ", but not about this return"
    return f"{partner} was written to today already{of_it}. Nobody is written to twice in a day."
