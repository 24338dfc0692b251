"""What the finance page tells of a year as known on a day, of the money and of the people behind it. Whole pence."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from funding import queries
from funding.models import Claim
from funding.queries import ClaimDue, FacilityLine, Reading
from funding.queries.deflators import Prices, prices
from funding.queries.finance import Finance, finance
from outcomes.queries.cost_base import CostBase, cost_bases
from partners.models import User
from vru_portal.core.money import pounds
from vru_portal.core.periods import FinancialYear, Month


@dataclass(frozen=True)
class Cost:
    """What one young person of a programme cost: what was paid, over the most people and over the fewest. Where a
    return is missing there may be more people than `upper`, and the least is not told."""

    base: CostBase
    paid: int
    refusal: str

    @property
    def least(self) -> int | None:
        return None if self.refusal or self.base.missing else self.paid // self.base.upper

    @property
    def most(self) -> int | None:
        return None if self.refusal else -(-self.paid // self.base.lower)

    @property
    def words(self) -> str:
        if self.refusal:
            return f"not told: {self.refusal}"
        high = _pounds(self.most)
        if self.base.missing:
            return f"at most {high}: {self.base.missing}"
        return high if self.base.lower == self.base.upper else f"between {_pounds(self.least)} and {high}"


def _pounds(pence: int) -> str:
    """To the nearest pound: a range needs no pence."""
    return pounds(round(pence, -2))


@dataclass(frozen=True)
class RealYear:
    """The grant of a financial year as it was awarded, and in the prices of another year; None where the series does
    not have the year."""

    year: FinancialYear
    awarded: int
    real: int | None


@dataclass(frozen=True)
class Figures:
    """`until`: the last month whose young people the costs are told over. What conditions say is as it stands now."""

    finance: Finance
    costs: list[Cost]
    until: Month
    readings: list[Reading]
    facilities: list[FacilityLine]
    claims_due: list[ClaimDue]
    claims_open: list[Claim]
    prices: Prices | None
    real: list[RealYear]

    @property
    def readings_by_year(self) -> list[tuple]:
        """Award year → its readings, of those that have a condition."""
        found: dict = {}
        for each in self.readings:
            found.setdefault(each.condition.award_year, []).append(each)
        return list(found.items())

    @property
    def late(self) -> int:
        return sum(each.due_on < self.finance.as_at for each in self.claims_due)


def figures(*, user: User, day: date, year: FinancialYear) -> Figures:
    found = finance(user=user, as_at=day, year=year)
    known = prices(year)
    return Figures(
        finance=found,
        costs=costs(found),
        until=_last_month(day, year),
        readings=[reading for grant in found.grants for reading in queries.readings(grant.line.award_year, as_at=day)],
        facilities=queries.facility_lines(user=user, as_at=day),
        claims_due=[each for each in queries.claims_due(user=user, today=day) if each.award.award_year.year == year],
        claims_open=[c for c in queries.claims_open(user=user, as_at=day) if c.award.award_year.year == year],
        prices=known,
        real=real_terms(user, day, known) if known else [],
    )


def costs(found: Finance) -> list[Cost]:
    paid = {line.key: line.sums.paid for line in found.tables["programme"]}
    bases = cost_bases(found.year, _last_month(found.as_at, found.year))
    return [
        Cost(base, paid[base.programme.code], base.refusal or ("" if paid[base.programme.code] else "nothing is paid"))
        for base in bases
        if base.programme.code in paid
    ]


def _last_month(day: date, year: FinancialYear) -> Month:
    """The last month of the year that is over by the day; April while none is."""
    return max(year.months[0], min(Month.of(day).plus(-1), year.months[-1]))


def real_terms(user: User, day: date, known: Prices) -> list[RealYear]:
    """Every financial year's grant as awarded by the day, in the prices of the series' base year."""
    awarded: dict[FinancialYear, int] = {}
    for fund in queries.fund_lines(user=user, as_at=day):
        for line in fund.years:
            if line.standing and line.standing.awarded is not None:
                year = line.award_year.year
                awarded[year] = awarded.get(year, 0) + line.standing.awarded
    return [RealYear(year, pence, known.real(pence, year)) for year, pence in sorted(awarded.items())]
