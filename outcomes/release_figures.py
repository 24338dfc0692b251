"""Which figures a release holds, in which order, and what each of them says.

Pure: from `ReleaseInputs` (plain values, see `outcomes.queries.reach.release_inputs`) to `FigureRow`s. The same inputs
give the same rows.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from itertools import groupby, product
from typing import NamedTuple

from outcomes import estimates, reach
from outcomes.disclosure.rule import shown, shown_range
from outcomes.estimates import Estimate
from outcomes.in_order import in_order, order_of
from outcomes.reach import DISTRICT, Breakdowns, Cell, Contribution, DeliveryYear, Interval, Months
from outcomes.release_inputs import AGE, CategoryInput, PolicyInput, ProgrammeInput, ReleaseInputs
from vru_portal.core.periods import Month

# Bases under which a row says one number and not a range.
ONE_NUMBER = frozenset({"unique", "estimate"})


@dataclass(frozen=True)
class Period:
    type: str
    months: Months

    @property
    def start(self) -> date:
        return self.months[0].first

    @property
    def end(self) -> date:
        return self.months[-1].last

    def is_broken_down(self, policy: PolicyInput) -> bool:
        """Whether each programme is broken down: for quarters and years up to the end of one, or always."""
        return policy.breaks_down_every_period or (self.type != "month" and self._ends_with_a_quarter)

    @property
    def is_crossed(self) -> bool:
        """Whether districts are crossed with age bands: for years up to the end of a quarter."""
        return self.type not in ("month", "quarter") and self._ends_with_a_quarter

    @property
    def _ends_with_a_quarter(self) -> bool:
        return self.months[-1].place_in_year % 3 == 2


def periods_of(month: Month) -> list[Period]:
    """April to the month: each month, each whole quarter, the year to each month, and the whole year after March."""
    months = month.financial_year.months_to(month)
    return [
        *(Period("month", (m,)) for m in months),
        *(Period("quarter", tuple(q.months)) for q in month.financial_year.quarters if q.months[-1] <= month),
        *(Period("year_to_date", tuple(months[: n + 1])) for n in range(len(months))),
        *([Period("financial_year", tuple(months))] if len(months) == 12 else []),
    ]


class Place(NamedTuple):
    """Where a figure stands; the same in each release that holds it."""

    period: str
    start: str
    end: str
    programme: str
    district: str
    age_band: str


@dataclass(frozen=True)
class FigureRow:
    """A figure before it has a release: the exact interval, and what is published of it."""

    order: int
    period: Period
    programme: ProgrammeInput | None
    district: CategoryInput | None
    age_band: CategoryInput | None
    measure: str
    beneficiary: str
    rungs: str
    basis: str
    exact_lower: int | None
    exact_upper: int | None
    lower: int | None
    upper: int | None
    symbol: str
    returns_received: int
    returns_due: int
    # Missing returns that the upper end takes in by estimate, and at most how much of it they are, in percent.
    returns_estimated: int = 0
    estimated_percent: int | None = None

    @cached_property
    def place(self) -> Place:
        return Place(
            self.period.type,
            self.period.start.isoformat(),
            self.period.end.isoformat(),
            self.programme.code if self.programme else "",
            self.district.code if self.district else "",
            self.age_band.code if self.age_band else "",
        )


@dataclass(frozen=True)
class Scope:
    """A programme, or all those that “young people supported” is made of."""

    programme: ProgrammeInput | None
    beneficiary: str
    rungs: str
    counts_exposure: bool
    years: tuple[DeliveryYear, ...]

    @property
    def id(self) -> int | None:
        return self.programme.id if self.programme else None


def scopes(inputs: ReleaseInputs) -> list[Scope]:
    supported = [
        p
        for p in inputs.programmes
        if p.beneficiary == "young_people" and p.rung in inputs.policy.supported_rungs and not p.counts_exposure
    ]
    everybody = Scope(
        programme=None,
        beneficiary="young_people",
        rungs="+".join(inputs.policy.supported_rungs),
        counts_exposure=False,
        years=tuple(year for p in supported for year in inputs.deliveries.get(p.id, ())),
    )
    return [
        everybody,
        *(
            Scope(p, p.beneficiary, p.rung, p.counts_exposure, inputs.deliveries.get(p.id, ()))
            for p in inputs.programmes
        ),
    ]


@dataclass(frozen=True)
class Line:
    """A figure by its place in the release's file: whose people, of which period and kind."""

    order: int
    period: Period
    scope: Scope
    district: CategoryInput | None = None
    age_band: CategoryInput | None = None

    @property
    def cells(self) -> tuple[Cell, ...]:
        parts = ((DISTRICT, self.district), (AGE, self.age_band))
        return tuple((dimension, category.code) for dimension, category in parts if category is not None)

    @property
    def is_crossed(self) -> bool:
        return self.district is not None and self.age_band is not None


def lines_of(inputs: ReleaseInputs) -> Iterator[Line]:
    """Every figure of the release in the order of its file.

    Periods by scopes by (all, each district, each age band). A programme is broken down where the period ends with a
    quarter, or always if the policy says so; all programmes together are also broken down by district and age band at
    once, as bounds, in years to the end of a quarter. Exposure is given once for each programme and period: no return
    breaks it down.
    """
    order = 0
    every = scopes(inputs)
    for period in periods_of(inputs.month):
        for scope in every:
            for district, age in _kinds(inputs, scope, period):
                order += 1
                yield Line(order, period, scope, district, age)


def _kinds(
    inputs: ReleaseInputs, scope: Scope, period: Period
) -> Iterator[tuple[CategoryInput | None, CategoryInput | None]]:
    yield None, None
    if scope.counts_exposure or (scope.programme is not None and not period.is_broken_down(inputs.policy)):
        return
    yield from ((district, None) for district in inputs.districts)
    yield from ((None, age) for age in inputs.age_bands)
    if scope.programme is None and period.is_crossed:
        yield from product(inputs.districts, inputs.age_bands)


# What a delivery adds to a period.
Contributed = Callable[[DeliveryYear, Months, Breakdowns], Contribution]


def figure_rows(inputs: ReleaseInputs, contributed: Contributed = reach.contribution) -> Iterator[FigureRow]:
    """Every figure of the release in the order of its file."""
    lines = list(lines_of(inputs))
    found = {months: contributions(inputs, months, contributed) for months in {line.period.months for line in lines}}
    people, estimated = {}, estimates_of(inputs)
    added = added_by_estimate(inputs, estimated)
    for scope in scopes(inputs):
        given = {months: given_to(scope, each, inputs.breakdowns) for months, each in found.items()}
        kinds = {line.cells for line in lines if line.scope.id == scope.id}
        people[scope.id] = people_of(inputs, scope, given, kinds, added)
    for (scope_id, months), together in groupby(lines, key=lambda line: (line.scope.id, line.period.months)):
        together = list(together)
        counted = _counted(together[0], estimated, added)
        for line in together:
            yield _row(inputs.policy, line, counted, people[scope_id][line.cells][months])


def people_of(
    inputs: ReleaseInputs,
    scope: Scope,
    given: Mapping[Months, Sequence[Contribution]],
    kinds: Collection[tuple[Cell, ...]],
    added: Added,
) -> dict[tuple[Cell, ...], dict[Months, Interval]]:
    """The scope's people of each kind in each period; `given`: what its deliveries add to the period; `added`: what
    estimates add to the upper end of everybody."""
    if scope.counts_exposure:
        exposed = {months: reach.people_exposed(scope.years, months) for months in given}
        return {(): {months: Interval(people, people) for months, people in exposed.items()}}
    periods, known = tuple(given), inputs.breakdowns
    order, found = order_of(periods), {}
    for cells in kinds:
        people = [reach.people_in(each, cells, known) for each in given.values()]
        if not cells:
            people = [_with_estimates(each, scope, months, added) for each, months in zip(people, periods, strict=True)]
        found[cells] = dict(zip(periods, in_order(people, order), strict=True))
    return found


# ---- Estimates for missing returns ----
# How many people a delivery's estimates add to a period.
Added = Mapping[str, Mapping[Months, int]]


def estimates_of(inputs: ReleaseInputs) -> list[Estimate]:
    """Of missing returns, as far as the policy allows: by programme and month, so that all programmes together take in
    what one of them takes in."""
    policy, found = inputs.policy, []
    for scope in scopes(inputs)[1:] if policy.estimate_from else ():
        possible = defaultdict(list)
        for year in () if scope.counts_exposure else scope.years:
            for estimate in estimates.of_missing(year, policy.estimate_from):
                possible[estimate.month].append(estimate)
        for month, each in sorted(possible.items()):
            counted = [reach.contribution(y, (month,), inputs.breakdowns) for y in scope.years if month in y.received]
            people = reach.all_people(reach.together(counted, inputs.breakdowns)).upper if counted else 0
            found += estimates.within(each, people, policy.estimate_at_most)
    return found


def added_by_estimate(inputs: ReleaseInputs, estimated: Iterable[Estimate]) -> Added:
    found = defaultdict(list)
    for estimate in estimated:
        found[estimate.delivery].append(estimate)
    periods = {period.months for period in periods_of(inputs.month)}
    return {
        year.delivery: {m: estimates.added(year, found[year.delivery], m, inputs.breakdowns) for m in periods}
        for years in inputs.deliveries.values()
        for year in years
        if year.delivery in found
    }


def _with_estimates(people: Interval, scope: Scope, months: Months, added: Added) -> Interval:
    """At least so many were met whatever is missing; at most, with what was estimated."""
    more = added_to(scope, months, added)
    return Interval(people.lower, people.upper + more) if more else people


def added_to(scope: Scope, months: Months, added: Added) -> int:
    return sum(added[year.delivery][months] for year in scope.years if year.delivery in added)


def given_to(scope: Scope, found: Mapping[str, Contribution], breakdowns: Breakdowns) -> list[Contribution]:
    """What the scope's deliveries add to a period; `found`: by delivery."""
    return reach.together([found[y.delivery] for y in scope.years if y.delivery in found], breakdowns)


def contributions(
    inputs: ReleaseInputs, months: Months, contributed: Contributed = reach.contribution
) -> dict[str, Contribution]:
    """What each delivery adds to a period: it counts in its programme and in all programmes, and is worked out once."""
    known = inputs.contributions if contributed is reach.contribution else {}
    if months not in known:
        known[months] = {
            year.delivery: contributed(year, months, inputs.breakdowns)
            for years in inputs.deliveries.values()
            for year in years
            if any(month in year.received for month in months)
        }
    return known[months]


class _HowCounted(NamedTuple):
    """How a scope's people of a period were counted."""

    received: int
    due: int
    is_told_apart: bool
    estimated: int
    added: int


def _counted(line: Line, estimated: Sequence[Estimate], added: Added) -> _HowCounted:
    years, months = line.scope.years, line.period.months
    received = sum(month in year.received for year in years for month in months)
    due = sum(month in year.owed for year in years for month in months)
    names = {year.delivery for year in years}
    there = sum(each.month in months and each.delivery in names for each in estimated)
    return _HowCounted(received, due, reach.are_told_apart(years, months), there, added_to(line.scope, months, added))


def _row(policy: PolicyInput, line: Line, counted: _HowCounted, people: Interval) -> FigureRow:
    scope = line.scope
    exact: Interval | None = people if counted.received else None
    estimated = 0 if line.cells else counted.estimated
    basis = _basis(line, counted, people) if not estimated else "range"
    lower, upper, symbol = _published(policy, exact, basis, counted)
    return FigureRow(
        order=line.order,
        period=line.period,
        programme=scope.programme,
        district=line.district,
        age_band=line.age_band,
        measure="people_exposed" if scope.counts_exposure else "people_supported",
        beneficiary=scope.beneficiary,
        rungs=scope.rungs,
        basis=basis,
        exact_lower=exact.lower if exact else None,
        exact_upper=exact.upper if exact else None,
        lower=lower,
        upper=upper,
        symbol=symbol,
        returns_received=counted.received,
        returns_due=counted.due,
        returns_estimated=estimated,
        estimated_percent=estimates.share(counted.added, people.upper) if estimated and not symbol else None,
    )


def _basis(line: Line, counted: _HowCounted, people: Interval) -> str:
    if line.scope.counts_exposure:
        return "estimate"
    # By how it was counted, not by what came out: that a range of several deliveries has closed would give away more.
    if counted.is_told_apart:
        return "unique"
    if line.is_crossed:
        return "bounds"
    return "unique" if len(line.scope.years) == 1 and people.lower == people.upper else "range"


def _published(
    policy: PolicyInput, exact: Interval | None, basis: str, counted: _HowCounted
) -> tuple[int | None, int | None, str]:
    if exact is None:
        return None, None, "x" if counted.due else "z"
    rule = {"round_to": policy.round_to, "hide_below": policy.hide_below}
    lower, upper = shown_range(exact.lower, exact.upper, **rule)
    if basis in ONE_NUMBER:
        # While returns are missing it is said to be “at least” so many, and that has to be true.
        is_at_least = policy.rounds_missing_down and counted.received < counted.due
        lower = upper = (lower or None if exact.lower else 0) if is_at_least else shown(exact.lower, **rule)
    return lower, upper, "" if lower is not None and upper is not None else "c"
