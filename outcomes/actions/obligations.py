"""The clock that opens obligations, so that each exists before anybody types; more time for one, and its waiver."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from django.db.models import Exists, Min, OuterRef
from django.utils import timezone

from outcomes import notifications
from outcomes.actions import linkage, payment_holds
from outcomes.models import Extension, Obligation, ReturnVersion
from outcomes.queries.policies import due_date_of
from outcomes.queries.standing import why_not_owed
from partners.actions.events import acting, require
from partners.models import User
from partners.permissions import Permission
from programmes.models import Delivery
from vru_portal.core.periods import Month, months_between
from vru_portal.core.refusals import Refusal
from vru_portal.core.working_days import is_working_day, working_days_after

LONGEST = timedelta(days=183)


class NotWaivable(Refusal):
    """The obligation is met, waiting to be read, or waived already."""


class NotExtendable(Refusal):
    """There is nothing to give more time for, or not until this day."""


def open_due(*, now: datetime, by: User | None = None) -> int:
    """Open what is missing, from the first delivery's first month to the present one. Returns how many."""
    earliest = Delivery.objects.aggregate(day=Min("starts_on"))["day"]
    if earliest is None:
        return 0
    months = months_between(Month.of(earliest), Month.of(timezone.localdate(now)))
    return sum(open_for(month=month, now=now, by=by) for month in months)


def open_for(*, month: Month, now: datetime, by: User | None = None) -> int:
    """An obligation for each delivery that owes a return for the month and has none. Returns how many were opened.

    `NoPolicy` if something is missing and no policy says when it is due.
    """
    opened = Obligation.objects.filter(delivery=OuterRef("pk"), month=month.first)
    missing = list(Delivery.objects.owing(month).filter(~Exists(opened)))
    if not missing:
        return 0
    due_date = due_date_of(month, timezone.localdate(now))
    with acting("outcomes.obligation.opened", by=by, now=now) as act:
        Obligation.objects.bulk_create(
            [
                Obligation(delivery=delivery, month=month.first, due_date=due_date, opened_at=now)
                for delivery in missing
            ],
            ignore_conflicts=True,  # another worker may be opening the same month
        )
        mine = Obligation.objects.filter(month=month.first, opened_at=now, delivery__in=missing)
        opened_now = list(mine.select_related("delivery__partner"))
        for obligation in opened_now:
            act.on(obligation, organisation=obligation.delivery.partner)
    return len(opened_now)


def waive(*, obligation: Obligation, reason: str, by: User, now: datetime) -> Obligation:
    """Nothing is owed for this month after all, and the partner's people are told. A draft that was begun becomes
    void."""
    require(by, Permission.WAIVE_OBLIGATION)
    reason = reason.strip()
    if not reason:
        raise NotWaivable("Say why nothing is owed for this month.")
    with acting("outcomes.obligation.waived", by=by, now=now, reason=reason) as act:
        obligation = (
            Obligation.objects.select_for_update(of=("self",)).select_related("delivery__partner").get(pk=obligation.pk)
        )
        if obligation.waived_at:
            raise NotWaivable("This return is waived already.")
        versions = list(obligation.versions.select_for_update())
        if any(version.state == ReturnVersion.State.ACCEPTED for version in versions):
            raise NotWaivable("This month's return is accepted, so there is nothing to waive.")
        if any(version.state == ReturnVersion.State.SUBMITTED for version in versions):
            raise NotWaivable("This month's return has been sent. Return it to the partner first, then waive it.")
        for version in versions:
            if version.is_open:
                version.state, version.reason = ReturnVersion.State.VOID, f"Waived: {reason}"
                version.voided_at, version.voided_by = now, by
                version.save(update_fields=["state", "reason", "voided_at", "voided_by"])
        obligation.waived_at, obligation.waived_by, obligation.waived_reason = now, by, reason
        obligation.save(update_fields=["waived_at", "waived_by", "waived_reason"])
        act.on(obligation, organisation=obligation.delivery.partner)
        notifications.obligation_waived(obligation, now=now)
        payment_holds.review(delivery=obligation.delivery, now=now)
        linkage.request(by=by, now=now)
    return obligation


def extend(*, obligation: Obligation, due_date: date, reason: str, by: User, now: datetime) -> Extension:
    """Give a partner until another day, also when its day has passed, and tell its people. Else `NotExtendable`."""
    require(by, Permission.EXTEND_DUE_DATE)
    reason = reason.strip()
    if not reason:
        raise NotExtendable("Say why there is more time.")
    with acting("outcomes.obligation.extended", by=by, now=now, reason=reason) as act:
        obligation = (
            Obligation.objects.select_for_update(of=("self",)).select_related("delivery__partner").get(pk=obligation.pk)
        )
        _require_extendable(obligation, due_date, timezone.localdate(now))
        extension = Extension.objects.create(
            obligation=obligation,
            due_before=obligation.due_date,
            due_date=due_date,
            reason=reason,
            extended_at=now,
            extended_by=by,
        )
        obligation.due_date = due_date
        obligation.save(update_fields=["due_date"])
        act.on(obligation, organisation=obligation.delivery.partner)
        notifications.due_date_extended(extension, now=now)
    return extension


def _require_extendable(obligation: Obligation, due_date: date, today: date) -> None:
    if why := why_not_extended(obligation):
        raise NotExtendable(why)
    if due_date <= obligation.due_date:
        raise NotExtendable(f"The return is already due on {_day(obligation.due_date)}. Choose a later day.")
    if due_date < today:
        raise NotExtendable(f"{_day(due_date)} has passed. Choose today or a later day.")
    if due_date > today + LONGEST:
        raise NotExtendable(f"{_day(due_date)} is more than half a year away. Waive the return instead, or correct it.")
    if not is_working_day(due_date):
        raise NotExtendable(f"{_day(due_date)} is not a working day. Choose {_day(working_days_after(due_date, 1))}.")


def why_not_extended(obligation: Obligation) -> str:
    """Why there is no more time to give; empty when there is."""
    if obligation.waived_at:
        return "This return is waived, so nothing is due."
    states = set(obligation.versions.values_list("state", flat=True))
    if ReturnVersion.State.ACCEPTED in states:
        return "This month's return is accepted, so nothing is due."
    if ReturnVersion.State.SUBMITTED in states:
        return "This month's return has been sent. The unit reads it next."
    return "" if states else why_not_owed(obligation)


def _day(day: date) -> str:
    return f"{day.day} {day:%B %Y}"
