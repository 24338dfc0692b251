"""Which returns the clock will open for a delivery that has none yet."""

from __future__ import annotations

from datetime import date

from outcomes.queries.policies import NoPolicy, due_date_of
from partners.models import User
from partners.permissions import Permission
from programmes.models import Delivery
from vru_portal.core.periods import Month, months_between


def first_opening(user: User, delivery: Delivery, today: date) -> str:
    """For the user: from which month its returns are opened, and when the first is due; empty once one is opened."""
    if delivery.obligations.exists():
        return ""
    month = _first_owed(delivery)
    if month is None:
        return "No return is owed for it: its partner is closed, or its schools have holidays, in each of its months."
    try:
        due = due_date_of(month, max(today, month.first))
    except NoPolicy as refusal:
        if user.may(Permission.EDIT_REFERENCE_TABLES):
            return f"Its returns cannot be opened. {refusal}"
        return f"Its returns are opened once the unit has added a policy that is in force on {_day(month.last)}."
    if month.first > today:
        return f"Its first return, for {month}, is opened on {_day(month.first)} and due on {_day(due)}."
    return f"A return for each month from {month} on is opened within the hour. The first is due on {_day(due)}."


def _first_owed(delivery: Delivery) -> Month | None:
    """Of its first year: no holidays are longer."""
    first = Month.of(delivery.starts_on)
    last = min(first.plus(11), Month.of(delivery.ends_on)) if delivery.ends_on else first.plus(11)
    one = Delivery.objects.filter(pk=delivery.pk)
    return next((month for month in months_between(first, last) if one.owing(month).exists()), None)


def _day(day: date) -> str:
    return f"{day.day} {day:%B %Y}"
