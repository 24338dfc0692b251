"""On which working days somebody hears of a return. Pure: dates and numbers in, dates out.

Days are counted from the day on which the return is due: -3 is three working days before it, 0 the day, 5 five after.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from vru_portal.core.working_days import is_working_day, working_days_after


@dataclass(frozen=True)
class Pace:
    """A policy's rules, in working days; 0 means never."""

    before: int
    on_day: bool
    every: int
    to_lead: int
    to_manager: int


def reminder_on(due: date, today: date, pace: Pace) -> date | None:
    """The latest day, up to today, on which who fills in the return is reminded: before, on, and again and again after
    the day it is due. None if none has come yet."""
    days = [working_days_after(due, -pace.before)] if pace.before else []
    days += [due] if pace.on_day else []
    return _latest([*days, _repeated(due, pace.every, today, pace)], today)


def escalation_on(due: date, today: date, after: int, pace: Pace) -> date | None:
    """The latest day, up to today, on which somebody further up hears of it: `after` so many, and again from then on.
    None if none has come yet, or never (`after` 0)."""
    if not after:
        return None
    first = working_days_after(due, after)
    return _latest([first, _repeated(first, pace.every, today, pace)], today)


def _repeated(since: date, every: int, today: date, pace: Pace) -> date | None:
    passed = working_days_between(since, today) if every else 0
    return working_days_after(since, passed - passed % every) if passed >= every > 0 else None


def _latest(days: list[date | None], today: date) -> date | None:
    return max((day for day in days if day is not None and day <= today), default=None)


def working_days_between(since: date, until: date) -> int:
    """How many working days come after the first day, up to the second; 0 if that is not later."""
    return sum(is_working_day(since + timedelta(days=n)) for n in range(1, (until - since).days + 1))
