"""The attack: what somebody with the published files, the rules and a solver can say of hidden numbers.

Written apart from the search and the counting: variables are the numbers of every release still public, their bounds
what is inferred of each alone, their rows the relations that such numbers have. The strongest attacker is assumed: it
knows which figures of two releases were made of the same returns, and of relations that partners' slips can break,
which ones hold. A linear programme can only say less than is true, so what it tells is told; that it tells nothing is
no proof (`outcomes.disclosure.certificate` is).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cached_property
from itertools import pairwise

import highspy
import numpy as np

from outcomes.disclosure.published import End, Place, Release, numbers_of
from outcomes.disclosure.rule import Which
from outcomes.disclosure.solver import answer, solver
from outcomes.estimates import Estimate
from outcomes.release_figures import FigureRow, ReleaseInputs, estimates_of, periods_of, scopes

SLACK = 1e-6
# More people than any region has: a number that can be so large has no most.
MOST = 1e6
# From one number to the next only what is sought changes, so the last answer is a good beginning for this one.
PRIMAL_SIMPLEX = 4
LEAST, MOST_OF = highspy.ObjSense.kMinimize, highspy.ObjSense.kMaximize
SENSES = (MOST_OF, LEAST)
# A number of a release, by the release's place in the chain.
Case = tuple[int, End]
Relation = tuple[tuple[tuple[int, int], ...], float, float]  # (variable, times)…, least, most


@dataclass(frozen=True)
class Finding:
    """What can be said of a hidden number: from `least` to `most` (None: no most). `by`: the published numbers of all
    releases that say so, where they say too much, each with how much it moves the bound."""

    release: int
    end: End
    least: float
    most: float | None
    is_told: bool
    by: Mapping[Case, float] = field(default_factory=dict)


def audit(chain: Sequence[Release]) -> list[Finding]:
    """Each protected number of each release, as somebody outside sees it."""
    attack = Attack(chain)
    return [attack.interval(which, end, own=0) for which, end in attack.protected]


class Attack:
    def __init__(self, chain: Sequence[Release]) -> None:
        self.chain = chain
        self.variables: dict[Case, int] = {}
        self.true: list[int] = []
        self.bounds: list[tuple[float, float]] = []
        self.ends: list[End] = []
        self.shown_by: dict[int, set[Case]] = defaultdict(set)
        for which, release in enumerate(chain):
            self._add(which, release)
        # By variable, how many people somebody inside knows of.
        self.own: dict[int, int] = {}
        self._asking: dict[highspy.ObjSense, highspy.Highs] = {}
        # By variable, the relations that the model is without: see `_says_something`.
        self.asleep: dict[int, list[Relation]] = {}

    # ---- Variables ----
    def _add(self, which: int, release: Release) -> None:
        made_of = _made_of(release.inputs)
        twins: dict[tuple, int] = {}
        earlier = _made_of(self.chain[which - 1].inputs) if which else {}
        for row in release.rows:
            key = (row.programme.code if row.programme else "", row.period.months)
            same = which and earlier.get(key) == made_of[key]
            for number in numbers_of(row):
                least, most = number.least_and_most(release.inputs.policy)
                known = self.variables.get((which - 1, number.end)) if same else None
                if known is not None and self.true[known] != number.exact:
                    known = None  # of the same people registers say something else by now
                # The first quarter is the year to June, and so on.
                twin = (which, number.end.place[1:], number.end.which)
                known = twins.setdefault(twin, len(self.true)) if known is None else known
                if known == len(self.true):
                    self.true.append(number.exact)
                    self.bounds.append((0, MOST))
                    self.ends.append(number.end)
                self.variables[which, number.end] = known
                low, high = self.bounds[known]
                self.bounds[known] = (max(low, least), min(high, MOST if most is None else most))
                if number.shown is not None:
                    self.shown_by[known].add((which, number.end))
        self.inferred = list(self.bounds)

    def knows(self, which: int, own: Mapping[Place, tuple[int, int]]) -> None:
        """At least those whom the partner itself contributed were there."""
        for place, (lower, upper) in own.items():
            for name, people in (("number", upper), ("lower", lower), ("upper", upper)):
                variable = self.variables.get((which, End(place, name)))
                if variable is not None:
                    low, high = self.bounds[variable]
                    self.bounds[variable] = (max(low, min(people, self.true[variable])), high)
        self._asking = {}

    # ---- The linear programmes ----
    def interval(self, which: int, end: End, *, own: int) -> Finding:
        variable = self.variables[which, end]
        least, by_least = self._extreme(variable, LEAST)
        most, by_most = self._extreme(variable, MOST_OF)
        least, most = least - own, most - own
        low, high = least > 1 + SLACK, most < self._enough(which) - SLACK
        by = (by_least if low else {}) | (by_most if high else {})
        no_most = most > MOST / 2
        said = (round(max(least, 0), 6), None if no_most else round(most, 6))
        return Finding(which, end, *said, low or high, dict(sorted(by.items())))

    @contextmanager
    def inside(self, own: Mapping[Case, int]) -> Iterator[None]:
        """As somebody who knows of so many people that they were there."""
        for case, people in own.items():
            variable = self.variables[case]
            people = min(people, self.true[variable])
            if people > self.bounds[variable][0]:
                self.own[variable] = max(people, self.own.get(variable, 0))
        changed = list(self.own)
        for variable in changed:
            self._bound(variable, self.bounds[variable])
        try:
            yield
        finally:
            self.own.clear()
            for variable in changed:
                self._bound(variable, self.inferred[variable] if self.shown_by[variable] else (0, MOST))

    def told(
        self, cases: Sequence[Case] | None = None, *, own: Mapping[Case, int] | None = None, first: bool = False
    ) -> list[Case]:
        """The protected numbers, or those of some cases, that can be told to be small, or not to be (or the first that
        is found): in a few steps, for what one answer shows to be possible needs no question of its own. `own`: people
        of them who are to be left out."""
        found, own = [], own or {}
        cases = self.protected if cases is None else cases
        for sense in SENSES:
            most = sense == MOST_OF
            left = {each: self.variables[each] for each in cases}
            together = True
            while left:
                asked = sorted(set(left.values())) if together else [min(left.values())]
                values = self._values(asked, sense)
                possible = {
                    (which, end)
                    for (which, end), variable in left.items()
                    for people in [values[variable] - own.get((which, end), 0)]
                    if (people >= self._enough(which) - SLACK if most else people <= 1 + SLACK)
                }
                if not possible and not together:
                    possible = {each for each, variable in left.items() if variable == asked[0]}
                    found += sorted(possible)
                    if first:
                        return found
                together = together and bool(possible)
                left = {each: variable for each, variable in left.items() if each not in possible}
        return list(dict.fromkeys(found))

    @cached_property
    def protected(self) -> list[Case]:
        return [
            (which, number.end)
            for which, release in enumerate(self.chain)
            for row in release.rows
            for number in numbers_of(row)
            if number.is_protected(release.inputs.policy)
        ]

    def _enough(self, which: int) -> int:
        return self.chain[which].inputs.policy.hide_below

    def _values(self, variables: Sequence[int], sense: highspy.ObjSense) -> list[float]:
        highs = self._models()[sense]
        places = np.array(variables, dtype=np.int32)
        highs.changeColsCost(len(places), places, np.ones(len(places)))
        values = list(answer(highs).col_value)
        highs.changeColsCost(len(places), places, np.zeros(len(places)))
        return values

    def alike(self, which: int, end: End) -> set[Case]:
        """All that show the same number: the first quarter is the year to June, and releases repeat each other."""
        return set(self.shown_by[self.variables[which, end]])

    def hide(self, each: Collection[Case]) -> None:
        """Hide all that show one number."""
        for which, end in each:
            variable = self.variables[which, end]
            self.shown_by[variable].discard((which, end))
            if not self.shown_by[variable]:
                self._bound(variable, (0, MOST))

    def show(self, each: Collection[Case]) -> None:
        for which, end in each:
            variable = self.variables[which, end]
            self.shown_by[variable].add((which, end))
            self._bound(variable, self.inferred[variable])

    def _bound(self, variable: int, bounds: tuple[float, float]) -> None:
        bounds = max(bounds[0], self.own.get(variable, 0)), bounds[1]
        self.bounds[variable] = bounds
        models = self._models().values()
        woken = [each for each in self.asleep.get(variable, ()) if self._says_something(each)]
        for terms, _, _ in woken:
            for each, _ in terms:
                self.asleep[each] = [relation for relation in self.asleep[each] if relation not in woken]
        for highs in models:
            highs.changeColBounds(variable, *bounds)
            for terms, least, most in woken:
                variables, times = zip(*terms, strict=True)
                highs.addRow(least, most, len(terms), np.array(variables, dtype=np.int32), np.array(times, dtype=float))

    def _extreme(self, variable: int, sense: highspy.ObjSense) -> tuple[float, dict[Case, float]]:
        value = self._values([variable], sense)[variable]
        duals = self._models()[sense].getSolution().col_dual
        by = ((n, abs(dual)) for n, dual in enumerate(duals) if abs(dual) > SLACK)
        return value, {case: weight for n, weight in by for case in self.shown_by[n]}

    def _models(self) -> Mapping[highspy.ObjSense, highspy.Highs]:
        """The same programme twice, one to ask for the least and one to ask for the most: each begins where its last
        answer was, which is near."""
        if not self._asking:
            lp = self._programme()
            for sense in SENSES:
                self._asking[sense] = solver(lp, simplex_strategy=PRIMAL_SIMPLEX)
                self._asking[sense].changeObjectiveSense(sense)
        return self._asking

    def _programme(self) -> highspy.HighsLp:
        # Releases made of the same returns repeat each other's.
        hold = [each for each in dict.fromkeys(self._relations()) if self._holds(each)]
        self.asleep, relations = defaultdict(list), []
        for relation in hold:
            homes = [relations] if self._says_something(relation) else [self.asleep[n] for n, _ in relation[0]]
            for home in homes:
                home.append(relation)
        low, high = np.array(self.bounds, dtype=float).T
        lp = highspy.HighsLp()
        lp.num_col_, lp.num_row_ = len(self.true), len(relations)
        lp.col_cost_ = np.zeros(len(self.true))
        lp.col_lower_, lp.col_upper_ = low, high
        lp.row_lower_ = np.array([least for _, least, _ in relations], dtype=float)
        lp.row_upper_ = np.array([most for _, _, most in relations], dtype=float)
        lp.a_matrix_.format_ = highspy.MatrixFormat.kRowwise
        lp.a_matrix_.start_ = np.cumsum([0, *(len(terms) for terms, _, _ in relations)])
        lp.a_matrix_.index_ = np.array([n for terms, _, _ in relations for n, _ in terms], dtype=int)
        lp.a_matrix_.value_ = np.array([times for terms, _, _ in relations for _, times in terms], dtype=float)
        return lp

    def _holds(self, relation: Relation) -> bool:
        terms, least, most = relation
        value = sum(times * self.true[variable] for variable, times in terms)
        return bool(terms) and least <= value <= most

    def _says_something(self, relation: Relation) -> bool:
        """Beyond what is inferred of each number alone. Most say nothing until one of their numbers is hidden, and
        would cost each linear programme its time."""
        terms, least, most = relation
        bounds = [(times, *self.bounds[variable]) for variable, times in terms]
        smallest = sum(times * (low if times > 0 else high) for times, low, high in bounds)
        largest = sum(times * (high if times > 0 else low) for times, low, high in bounds)
        return smallest < least or largest > most

    # ---- What such numbers have to do with each other ----
    def _relations(self) -> Iterator[Relation]:
        for which, release in enumerate(self.chain):
            rows = {number.end.place: row for row in release.rows for number in numbers_of(row)}
            yield from self._within(which, rows)
            for name in ("lower", "upper"):
                yield from self._over_breakdowns(which, rows, name)
                yield from self._over_programmes(which, release, rows, name)
                yield from self._over_time(which, rows, name)
            yield from self._over_estimates(which, release, rows)

    def _get(self, which: int, place: Place, name: Which) -> int | None:
        number = self.variables.get((which, End(place, "number")))
        return self.variables.get((which, End(place, name))) if number is None else number

    def _sum(self, which: int, places: Iterable[Place], name: Which) -> list[tuple[int, int]] | None:
        found = [self._get(which, place, name) for place in places]
        return None if not found or None in found else [(variable, 1) for variable in found]

    def _within(self, which: int, rows: Mapping[Place, FigureRow]) -> Iterator[Relation]:
        for place in rows:
            lower, upper = self._get(which, place, "lower"), self._get(which, place, "upper")
            if lower != upper:
                yield ((upper, 1), (lower, -1)), 0, np.inf

    def _over_breakdowns(self, which: int, rows: Mapping[Place, FigureRow], name: Which) -> Iterator[Relation]:
        """Districts, and age bands, beside their total; those crossed beside each of their own."""
        parts: dict[tuple[Place, str], list[Place]] = defaultdict(list)
        for place in rows:
            if place.district and place.age_band:
                parts[place._replace(age_band=""), "age_band"].append(place)
                parts[place._replace(district=""), "district"].append(place)
            elif place.district:
                parts[place._replace(district=""), "district"].append(place)
            elif place.age_band:
                parts[place._replace(age_band=""), "age_band"].append(place)
        for (whole, _), places in parts.items():
            total, cells = self._get(which, whole, name), self._sum(which, places, name)
            if total is None or cells is None:
                continue
            yield from _related(cells, total)
            yield from ((((total, 1), (cell, -1)), 0, np.inf) for cell, _ in cells)

    def _over_programmes(
        self, which: int, release: Release, rows: Mapping[Place, FigureRow], name: Which
    ) -> Iterator[Relation]:
        everything, *_ = scopes(release.inputs)
        among = {year.delivery for year in everything.years}
        codes = [
            p.code
            for p in release.inputs.programmes
            if any(year.delivery in among for year in release.inputs.deliveries.get(p.id, ()))
        ]
        for place in rows:
            if place.programme or (place.district and place.age_band):
                continue
            each = (place._replace(programme=code) for code in codes)
            total = self._get(which, place, name)
            cells = self._sum(which, [one for one in each if one in rows], name)
            if cells is not None:
                yield from _related(cells, total)
                yield from ((((total, 1), (cell, -1)), 0, np.inf) for cell, _ in cells)

    def _over_time(self, which: int, rows: Mapping[Place, FigureRow], name: Which) -> Iterator[Relation]:
        """Months, quarters and years to date: each part is no more than the whole, and the whole no more than all
        parts; the year to date never grows by more than was new."""
        series: dict[tuple, list[Place]] = defaultdict(list)
        for place in rows:
            series[place.programme, place.district, place.age_band].append(place)
        for places in series.values():
            yield from self._of_one_series(which, sorted(places, key=lambda p: (p.end, p.start)), name)

    def _of_one_series(self, which: int, places: Sequence[Place], name: Which) -> Iterator[Relation]:
        for whole in places:
            total = self._get(which, whole, name)
            inside = [p for p in places if p != whole and whole.start <= p.start and p.end <= whole.end]
            same = [p for p in inside if (p.start, p.end) == (whole.start, whole.end)]
            for kind in ("month", "quarter"):
                parts = [p for p in inside if p.period == kind and p not in same]
                cells = [self._get(which, part, name) for part in parts]
                if kind == "quarter" or whole.period == "quarter":
                    yield from ((((total, 1), (cell, -1)), 0, np.inf) for cell in cells)
                if parts and min(p.start for p in parts) == whole.start and max(p.end for p in parts) == whole.end:
                    yield (*_row(total, [(cell, 1) for cell in cells]), -np.inf, 0)
        to_date = [place for place in places if place.period == "year_to_date"]
        for before, after in pairwise(to_date):
            yield ((self._get(which, after, name), 1), (self._get(which, before, name), -1)), 0, np.inf
            between = [p for p in places if before.end < p.start and p.end == after.end]
            for part in between:
                terms = [(self._get(which, p, name), times) for p, times in ((after, 1), (before, -1), (part, -1))]
                if len({variable for variable, _ in terms}) == len(terms):
                    yield tuple(terms), -np.inf, 0

    def _over_estimates(self, which: int, release: Release, rows: Mapping[Place, FigureRow]) -> Iterator[Relation]:
        """An estimate is a mean of months. Whoever knows it (say, by subtracting districts from their total) knows what
        these months hold at least, and, where the delivery was alone in them, at most; so with who was new in them."""
        at = {(p.programme, p.period, p.end): p for p in rows if not (p.district or p.age_band)}
        estimated = estimates_of(release.inputs)
        for scope in scopes(release.inputs):
            code, names = scope.programme.code if scope.programme else "", {year.delivery for year in scope.years}
            together: dict[tuple, list[Estimate]] = defaultdict(list)
            for estimate in estimated:
                if estimate.delivery in names:
                    together[estimate.month, estimate.made_of].append(estimate)
            for (_, made_of), each in together.items():
                met = self._upper(which, [(at.get((code, "month", m.last.isoformat())), 1) for m in made_of])
                yield from _means(met, [estimate.met for estimate in each], len(made_of))
                ends = [(made_of[-1], 1), *([(made_of[0].plus(-1), -1)] if made_of[0].place_in_year else [])]
                new = self._upper(which, [(at.get((code, "year_to_date", m.last.isoformat())), n) for m, n in ends])
                yield from _means(new, [estimate.first_seen for estimate in each], len(made_of))

    def _upper(self, which: int, terms: Iterable[tuple[Place | None, int]]) -> list[tuple[int | None, int]]:
        return [(None if place is None else self._get(which, place, "upper"), times) for place, times in terms]


def _means(terms: Sequence[tuple[int | None, int]], means: Sequence[int], months: int) -> Iterator[Relation]:
    """Each mean was rounded to the nearest."""
    if all(variable is not None for variable, _ in terms):
        people, apart = months * sum(means), months * len(means) / 2
        yield tuple(terms), people - apart, np.inf
        yield tuple(terms), -np.inf, people + apart


def _row(total: int, cells: Sequence[tuple[int, int]]) -> tuple[tuple[tuple[int, int], ...]]:
    return (((total, 1), *((cell, -times) for cell, times in cells)),)


def _related(cells: Sequence[tuple[int, int]], total: int) -> Iterator[Relation]:
    """All three; what is not so in truth is left out, and the last holds where the first two do."""
    yield (*_row(total, cells), -np.inf, 0)
    yield (*_row(total, cells), 0, np.inf)


def _made_of(inputs: ReleaseInputs) -> dict[tuple[str, tuple], object]:
    """By programme and period, what its figures were made of: returns of April to its end, and the registers."""
    found = {}
    for scope in scopes(inputs):
        code = scope.programme.code if scope.programme else ""
        for period in periods_of(inputs.month):
            end = period.months[-1]
            found[code, period.months] = [
                (
                    year.delivery,
                    sorted(month for month in year.owed if month <= end),
                    {month: counts for month, counts in year.received.items() if month <= end},
                    None if year.register is None else {m: p for m, p in year.register.items() if m <= end},
                    sorted(month for month in year.by_reference if month <= end),
                )
                for year in scope.years
            ]
    return found
