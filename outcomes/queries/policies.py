"""The rules that are in force."""

from __future__ import annotations

from datetime import date, timedelta

from outcomes.models import Policy
from vru_portal.core.periods import Month
from vru_portal.core.refusals import Refusal
from vru_portal.core.working_days import working_day_of, working_days_after


class NoPolicy(Refusal):
    pass


def policy_on(day: date) -> Policy:
    """The policy in force on a day; raises `NoPolicy` if none is that old."""
    policy = Policy.objects.filter(effective_from__lte=day).first()
    if policy is None:
        raise NoPolicy(f"No policy is in force on {day:%-d %B %Y}. Add one under Settings, Policies.")
    return policy


def due_date_of(month: Month, opened_on: date) -> date:
    """The policy's working day of the next month; of what is asked for within that month or later, that working day
    from then on: nobody has less time than others."""
    days = policy_on(month.last).due_working_day
    return max(working_day_of(month.plus(1), days), working_days_after(opened_on - timedelta(days=1), days))
