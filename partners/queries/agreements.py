"""Data-sharing agreements, and until when they hold one after the other."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date, timedelta

from django.db.models import QuerySet

from partners.models import DataSharingAgreement, Organisation, User


def agreements_of(organisation: Organisation, user: User) -> QuerySet[DataSharingAgreement]:
    """Those that the user sees, the latest first."""
    rows = organisation.agreements.visible_to(user).select_related("recorded_by")
    return rows.order_by("-starts_on", "-id")


def holds_until(agreements: Collection[DataSharingAgreement], day: date) -> date | None:
    """The last day from `day` on that one of them holds without a gap (None: until further notice).

    Where none holds on the day: the last day before it on which one did; if there was none, the day before.
    """
    following = day
    while live := [each for each in agreements if each.standing_on(following) == "live"]:
        if any(each.last_day is None for each in live):
            return None
        following = max(each.last_day for each in live) + timedelta(days=1)
    if following == day:
        ended = [each.last_day for each in agreements if each.standing_on(day) == "ended"]
        return max(ended, default=day - timedelta(days=1))
    return following - timedelta(days=1)
