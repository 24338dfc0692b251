"""The clock that opens obligations, so that each exists before anybody types, and the waiver that lifts one."""

from __future__ import annotations

from datetime import datetime

from django.db.models import Exists, Min, OuterRef
from django.utils import timezone

from outcomes.models import Obligation, ReturnVersion
from outcomes.queries.reach import policy_on
from partners.actions.events import acting, require
from partners.models import User
from partners.permissions import Permission
from programmes.models import Delivery
from vru_portal.core.periods import Month, months_between
from vru_portal.core.refusals import Refusal
from vru_portal.core.working_days import working_day_of


class NotWaivable(Refusal):
    """The obligation is met, waiting to be read, or waived already."""


def open_due(*, now: datetime, by: User | None = None) -> int:
    """Open what is missing, from the first delivery's first month to the present one. Returns how many."""
    earliest = Delivery.objects.aggregate(day=Min("starts_on"))["day"]
    if earliest is None:
        return 0
    months = months_between(Month.of(earliest), Month.of(timezone.localdate(now)))
    return sum(open_for(month=month, now=now, by=by) for month in months)


def open_for(*, month: Month, now: datetime, by: User | None = None) -> int:
    """An obligation for each delivery that runs in the month and has none. Returns how many were opened.

    `NoPolicy` if something is missing and no policy says when it is due.
    """
    opened = Obligation.objects.filter(delivery=OuterRef("pk"), month=month.first)
    missing = list(Delivery.objects.running_in(month.first, month.last).filter(~Exists(opened)))
    if not missing:
        return 0
    due_date = _due_date(month)
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


def _due_date(month: Month):
    return working_day_of(month.plus(1), policy_on(month.last).due_working_day)


def waive(*, obligation: Obligation, reason: str, by: User, now: datetime) -> Obligation:
    """Nothing is owed for this month after all. A draft that was begun becomes void."""
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
                version.decided_at, version.decided_by = now, by
                version.save(update_fields=["state", "reason", "decided_at", "decided_by"])
        obligation.waived_at, obligation.waived_by, obligation.waived_reason = now, by, reason
        obligation.save(update_fields=["waived_at", "waived_by", "waived_reason"])
        act.on(obligation, organisation=obligation.delivery.partner)
    return obligation
