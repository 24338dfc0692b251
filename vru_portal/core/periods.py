"""Months, quarters and financial years: pure values. A financial year runs from April to March.

Months are stored as the date of their first day; `Month.of(date)` and `month.first` go between the two.
"""

from __future__ import annotations

import calendar
import re
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple


class _YearAndNumber(NamedTuple):
    year: int
    number: int


class Month(_YearAndNumber):
    """A calendar month. `Month(2021, 12)`. A tuple, for counting looks up millions of them."""

    __slots__ = ()

    def __new__(cls, year: int, number: int) -> Month:
        if not 1 <= number <= 12:
            raise ValueError(f"{number} is not a month: give 1 to 12.")
        return super().__new__(cls, year, number)

    @classmethod
    def of(cls, day: date) -> Month:
        return cls(day.year, day.month)

    @classmethod
    def parse(cls, text: str) -> Month:
        """From `2021-12`; a ValueError with a sentence otherwise."""
        if not re.fullmatch(r"\d{4}-\d{2}", text):
            raise ValueError(f"“{text}” is not a month: write it as 2021-12.")
        return cls(int(text[:4]), int(text[5:]))

    @property
    def first(self) -> date:
        return date(self.year, self.number, 1)

    @property
    def last(self) -> date:
        return date(self.year, self.number, calendar.monthrange(self.year, self.number)[1])

    def plus(self, months: int) -> Month:
        """The month so many months later; earlier when negative."""
        index = self.year * 12 + self.number - 1 + months
        return Month(index // 12, index % 12 + 1)

    @property
    def financial_year(self) -> FinancialYear:
        return FinancialYear(self.year if self.number >= 4 else self.year - 1)

    @property
    def quarter(self) -> Quarter:
        return Quarter(self.financial_year, self.place_in_year // 3 + 1)

    @property
    def place_in_year(self) -> int:
        """0 for April to 11 for March."""
        return (self.number - 4) % 12

    def __sub__(self, other: Month) -> int:
        """How many months later this one is."""
        return (self.year - other.year) * 12 + self.number - other.number

    def __str__(self) -> str:
        return f"{calendar.month_name[self.number]} {self.year}"

    @property
    def code(self) -> str:
        return f"{self.year}-{self.number:02d}"


def months_between(first: Month, last: Month) -> list[Month]:
    """Every month from the first to the last, both included; empty when the last is earlier."""
    return [first.plus(n) for n in range(last - first + 1)]


@dataclass(frozen=True, order=True)
class FinancialYear:
    """April of `start` to March of the next year. `str()` gives 2021/22."""

    start: int

    @classmethod
    def of(cls, day: date) -> FinancialYear:
        return Month.of(day).financial_year

    @classmethod
    def parse(cls, text: str) -> FinancialYear:
        """From `2022/23` or `2022-23`; a ValueError with a sentence otherwise."""
        match = re.fullmatch(r"(\d{4})\s*[/–-]\s*(\d{2})", text.strip(), re.ASCII)
        if not match or (int(match[1]) + 1) % 100 != int(match[2]):
            raise ValueError("write the financial year as 2022/23.")
        return cls(int(match[1]))

    @property
    def months(self) -> list[Month]:
        return months_between(Month(self.start, 4), Month(self.start + 1, 3))

    @property
    def quarters(self) -> list[Quarter]:
        return [Quarter(self, number) for number in (1, 2, 3, 4)]

    @property
    def first(self) -> date:
        return date(self.start, 4, 1)

    @property
    def last(self) -> date:
        return date(self.start + 1, 3, 31)

    def months_to(self, month: Month) -> list[Month]:
        """Year-to-date: April to the month, which must lie in this year."""
        if month.financial_year != self:
            raise ValueError(f"{month} is not in {self}.")
        return self.months[: month.place_in_year + 1]

    def __str__(self) -> str:
        return f"{self.start}/{(self.start + 1) % 100:02d}"


@dataclass(frozen=True, order=True)
class Quarter:
    """A quarter of a financial year: 1 is April to June."""

    year: FinancialYear
    number: int

    @property
    def months(self) -> list[Month]:
        return self.year.months[3 * (self.number - 1) : 3 * self.number]

    def __str__(self) -> str:
        return f"Quarter {self.number} of {self.year}"


def days_late(due_on: date, today: date) -> str:
    """“3 days late”; empty for what is not."""
    days = (today - due_on).days
    if days <= 0:
        return ""
    return "1 day late" if days == 1 else f"{days:,} days late"
