"""Working days of England: Monday to Friday without bank holidays, from the list inside govuk-bank-holidays."""

from __future__ import annotations

from datetime import date, timedelta
from functools import cache

from govuk_bank_holidays.bank_holidays import BankHolidays

from vru_portal.core.periods import Month


@cache
def _bank_holidays() -> BankHolidays:
    # The list that came with the package: no network, and the same answer every time.
    return BankHolidays(use_cached_holidays=True)


@cache
def is_working_day(day: date) -> bool:
    return _bank_holidays().is_work_day(day, division=BankHolidays.ENGLAND_AND_WALES)


def working_day_of(month: Month, number: int) -> date:
    """The month's first working day for 1, its tenth for 10. A ValueError if it has not so many."""
    day, found = month.first, 0
    while day <= month.last:
        found += is_working_day(day)
        if found == number:
            return day
        day += timedelta(days=1)
    raise ValueError(f"{month} has only {found} working days.")


def working_days_after(day: date, number: int) -> date:
    """So many working days later; earlier when negative."""
    step = timedelta(days=1 if number >= 0 else -1)
    for _ in range(abs(number)):
        day += step
        while not is_working_day(day):
            day += step
    return day
