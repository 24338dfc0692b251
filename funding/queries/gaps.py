"""Gaps: months that cover does not reach, of a fund and of a delivery; what each costs, and what would close it.

Where cover comes back, a gap has an end: an agreement that is signed in June pays for April and May too, but those who
are paid each month have to be kept until then. Where it does not come back among the months shown, it is open.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import groupby

from funding.models import BridgingFacility, Fund
from funding.queries.month_cover import MonthCover
from funding.queries.priorities import LAST
from funding.queries.standing import Bridge
from programmes.models import Delivery
from vru_portal.core.periods import FinancialYear, Month


@dataclass(frozen=True)
class Span:
    """Months one after the other. `covered_again`: the first month after them that is covered, if one is shown."""

    first: Month
    last: Month
    covered_again: Month | None

    @property
    def is_open(self) -> bool:
        return self.covered_again is None

    def __str__(self) -> str:
        """“from April 2027”, “in May 2027”, “from April to May 2027”"""
        if self.is_open:
            return f"from {self.first}"
        if self.first == self.last:
            return f"in {self.first}"
        first = f"{self.first.first:%B}" if self.first.year == self.last.year else str(self.first)
        return f"from {first} to {self.last}"


def spans_of(covered: Iterable[tuple[Month, bool]]) -> tuple[Span, ...]:
    """From months in their order and whether each is covered: the spans that are not."""
    runs = [(is_covered, [month for month, _ in run]) for is_covered, run in groupby(covered, key=lambda each: each[1])]
    following = [*(months[0] for _, months in runs[1:]), None]
    return tuple(
        Span(months[0], months[-1], after)
        for (is_covered, months), after in zip(runs, following, strict=False)
        if not is_covered
    )


def spans_uncovered(months: Iterable[MonthCover]) -> tuple[Span, ...]:
    """A month in which nothing is needed is not covered again."""
    return spans_of((each.month, each.exposure == 0) for each in months if each.needed)


@dataclass(frozen=True)
class DeliveryGap:
    """What is committed to the delivery in these months, in pence; in an open gap, from its first month on."""

    span: Span
    pence: int


@dataclass(frozen=True)
class DeliveryCover:
    """A delivery with commitments in the months shown. `rank`: 1 would be kept longest."""

    delivery: Delivery
    rank: int
    gaps: tuple[DeliveryGap, ...]

    @property
    def is_placed(self) -> bool:
        return self.rank < LAST

    @property
    def stops(self) -> Month | None:
        """The first month that is not covered."""
        return self.gaps[0].span.first if self.gaps else None

    @property
    def stops_costing(self) -> int:
        return sum(gap.pence for gap in self.gaps)


def delivery_covers(
    falling: Mapping[Delivery, Mapping[Month, int]], unpaid: Mapping[Delivery, set[Month]], kept: Mapping[int, int]
) -> tuple[DeliveryCover, ...]:
    """In the order in which they would stop; those that go on come last."""
    lines = [
        DeliveryCover(delivery, kept.get(delivery.pk, LAST), _delivery_gaps(pence_of, unpaid.get(delivery, set())))
        for delivery, pence_of in falling.items()
    ]
    never = Month(9999, 1)
    return tuple(sorted(lines, key=lambda line: (line.stops or never, -line.rank, line.delivery.name)))


def _delivery_gaps(pence_of: Mapping[Month, int], unpaid: set[Month]) -> tuple[DeliveryGap, ...]:
    spans = spans_of((month, month not in unpaid) for month in sorted(pence_of))
    return tuple(
        DeliveryGap(span, sum(pence for month, pence in pence_of.items() if span.first <= month <= span.last))
        for span in spans
    )


# ---- Of a fund ----


@dataclass(frozen=True)
class Extension:
    """A facility that ends before the gap does: what it would cover of it if it were kept open."""

    facility: BridgingFacility
    pence: int


@dataclass(frozen=True)
class FundGap:
    """`by_year` is what is missing of each financial year when most is; `announced` what was told of for each and
    nobody signed; `undrawn` what can be drawn in those months and is cover already."""

    fund: Fund
    span: Span
    by_year: Mapping[FinancialYear, int]
    announced: Mapping[FinancialYear, int]
    undrawn: int
    extensions: tuple[Extension, ...]
    deliveries: frozenset[int]

    @property
    def pence(self) -> int:
        """Of all years together: what one year leaves over pays for no other."""
        return sum(self.by_year.values())

    @property
    def extended(self) -> int:
        return min(self.pence, sum(each.pence for each in self.extensions))

    @property
    def rest(self) -> int:
        """What a further bridge would have to lend."""
        return self.pence - self.extended


def fund_gaps(
    fund: Fund,
    months: Sequence[MonthCover],
    bridges: Sequence[Bridge],
    unpaid: Mapping[Month, Iterable[int]],
    as_at: date,
) -> Iterable[FundGap]:
    """The gaps of a fund, from its months, the bridges of it that are known, and by month the deliveries not paid."""
    by_month = {each.month: each for each in months}
    for span in spans_uncovered(months):
        within = [by_month[month] for month in by_month if span.first <= month <= span.last]
        most = max(within, key=lambda each: each.exposure)
        yield FundGap(
            fund=fund,
            span=span,
            by_year=_missing(within),
            announced=_announced(within),
            undrawn=most.bridge_drawable,
            extensions=tuple(_extensions(bridges, most.month.last, as_at)),
            deliveries=frozenset(pk for each in within for pk in unpaid.get(each.month, ())),
        )


def _missing(months: Iterable[MonthCover]) -> Mapping[FinancialYear, int]:
    """Months add up from April, so that of each year what is missing when most is counts. As far as a loan that was due
    by March was missing then, it is among that: with it the loan would have been paid back, and April does not ask for
    it again."""
    by_year: dict[FinancialYear, int] = defaultdict(int)
    loan_missing: dict[FinancialYear, int] = {}  # in its last month so far
    for each in months:
        year = each.month.financial_year
        loan_missing[year] = min(each.repayment_due, each.exposure)
        asked_before = min(each.brought_forward, loan_missing.get(FinancialYear(year.start - 1), 0))
        by_year[year] = max(by_year[year], each.exposure - asked_before)
    return by_year


def _announced(months: Iterable[MonthCover]) -> Mapping[FinancialYear, int]:
    """As it stands in the last month of each year: what a scenario has signed by then is cover."""
    last = {each.month.financial_year: each.announced for each in months}
    return {year: pence for year, pence in last.items() if pence}


def _extensions(bridges: Iterable[Bridge], needed_on: date, as_at: date) -> Iterable[Extension]:
    """Kept open until then, a facility lends what was not drawn, and what is owed is not due yet."""
    for bridge in bridges:
        if as_at <= bridge.facility.expires_on < needed_on:
            pence = bridge.facility.limit_pence - bridge.drawn(needed_on) + bridge.owed(needed_on)
            if pence > 0:
                yield Extension(bridge.facility, pence)
