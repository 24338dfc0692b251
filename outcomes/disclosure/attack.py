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
from dataclasses import replace
from functools import cached_property

import highspy
import numpy as np

from outcomes.disclosure.finding import LEAST, MOST_OF, SENSES, Finding
from outcomes.disclosure.published import Case, End, Release, numbers_of
from outcomes.disclosure.relations import Relation, Relations
from outcomes.disclosure.solver import answer, solver
from outcomes.reach import DeliveryYear, Months
from outcomes.release_figures import Place, Scope, periods_of, scopes
from outcomes.release_inputs import ReleaseInputs
from vru_portal.core.periods import Month

SLACK = 1e-6
# More people than any region has: a number that can be so large has no most.
MOST = 1e6
# From one number to the next only what is sought changes, so the last answer is a good beginning for this one.
DUAL_SIMPLEX, PRIMAL_SIMPLEX = 1, 4


def audit(chain: Sequence[Release]) -> list[Finding]:
    """Each protected number of each release, as somebody outside sees it."""
    attack = Attack(chain)
    return attack.intervals([(case, 0) for case in attack.protected])


class Attack:
    def __init__(self, chain: Sequence[Release]) -> None:
        self.chain = chain
        self.variables: dict[Case, int] = {}
        self.true: list[int] = []
        self.shown_by: dict[int, set[Case]] = defaultdict(set)
        bounds: list[tuple[float, float]] = []
        for which, release in enumerate(chain):
            self._add(which, release, bounds)
        self.inferred = np.array(bounds, dtype=float).reshape(-1, 2).T
        self.low, self.high = self.inferred.copy()
        # How many people of each number somebody inside knows of.
        self.own = np.zeros(len(bounds))
        self._asking: dict[highspy.ObjSense, _Programme] = {}
        # By variable, the relations that the programmes are without: see `_says_something`.
        self.asleep: dict[int, list[Relation]] = {}
        # By variable, the relations that it has with one other.
        self.pairs: dict[int, list[Relation]] = defaultdict(list)

    # ---- Variables ----
    def _add(self, which: int, release: Release, bounds: list[tuple[float, float]]) -> None:
        twins: dict[tuple, int] = {}
        repeated = _repeated(self.chain[which - 1].inputs, release.inputs) if which else frozenset()
        for row in release.rows:
            same = (row.programme.code if row.programme else "", row.period.months) in repeated
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
                    bounds.append((0, MOST))
                self.variables[which, number.end] = known
                low, high = bounds[known]
                bounds[known] = (max(low, least), min(high, MOST if most is None else most))
                if number.shown is not None:
                    self.shown_by[known].add((which, number.end))

    def knows(self, which: int, own: Mapping[Place, tuple[int, int]]) -> None:
        """At least those whom the partner itself contributed were there."""
        for place, (lower, upper) in own.items():
            for name, people in (("number", upper), ("lower", lower), ("upper", upper)):
                variable = self.variables.get((which, End(place, name)))
                if variable is not None:
                    self.low[variable] = max(self.low[variable], min(people, self.true[variable]))

    def known(self, own: Mapping[Case, int]) -> np.ndarray:
        """How many people of each variable somebody knows of who knows of so many."""
        found = np.zeros(len(self.true))
        for case, people in own.items():
            variable = self.variables[case]
            found[variable] = max(found[variable], min(people, self.true[variable]))
        return found

    @contextmanager
    def inside(self, own: np.ndarray) -> Iterator[None]:
        """As somebody who knows of so many people that they were there."""
        before, self.own = self.own, own
        try:
            yield
        finally:
            self.own = before

    @cached_property
    def protected(self) -> list[Case]:
        return [
            (which, number.end)
            for which, release in enumerate(self.chain)
            for row in release.rows
            for number in numbers_of(row)
            if number.is_protected(release.inputs.policy)
        ]

    # ---- What is asked ----
    def intervals(self, asked: Iterable[tuple[Case, int]]) -> list[Finding]:
        """Of each number, with how many people of it are the asker's own. What several releases repeat is asked for
        once."""
        known: dict[tuple[int, int, int], Finding] = {}
        found = []
        for (which, end), own in asked:
            same = self.variables[which, end], self.chain[which].inputs.policy.hide_below, own
            if same not in known:
                known[same] = self.interval(which, end, own=own)
            found.append(replace(known[same], release=which, end=end))
        return found

    def interval(self, which: int, end: End, *, own: int) -> Finding:
        variable = self.variables[which, end]
        least, by_least = self.extreme(variable, LEAST)
        most, by_most = self.extreme(variable, MOST_OF)
        low = not self.is_enough((which, end), LEAST, least[variable], own)
        high = not self.is_enough((which, end), MOST_OF, most[variable], own)
        by = (by_least if low else {}) | (by_most if high else {})
        no_most = most[variable] > MOST / 2
        said = (round(max(least[variable] - own, 0), 6), None if no_most else round(most[variable] - own, 6))
        return Finding(which, end, *said, low, high, dict(sorted(by.items())))

    def is_enough(self, case: Case, sense: highspy.ObjSense, people: float, own: int) -> bool:
        """Whether a number that can be so large, or so small, is not told."""
        if sense == MOST_OF:
            return people - own >= self.chain[case[0]].inputs.policy.hide_below - SLACK
        return people - own <= 1 + SLACK

    def extreme(self, variable: int, sense: highspy.ObjSense) -> tuple[np.ndarray, dict[Case, float]]:
        """An answer with the most, or the least, of a variable, and the published numbers that keep it there."""
        values = self.values([variable], sense)
        duals = np.array(self._asking[sense].highs.getSolution().col_dual)
        # What keeps it from above, and what from below, by more than that nobody is fewer than those who are known of.
        keeps = (duals if sense == MOST_OF else -duals) > SLACK
        keeps |= (np.abs(duals) > SLACK) & (self.low > self.own)
        return values, {case: float(abs(duals[n])) for n in np.flatnonzero(keeps) for case in self.shown_by[n]}

    def bound(self, case: Case, sense: highspy.ObjSense) -> float:
        """How many people a number can be of at most, or at least."""
        variable = self.variables[case]
        return float(self.values([variable], sense)[variable])

    def values(self, variables: Sequence[int], sense: highspy.ObjSense) -> np.ndarray:
        """An answer with the most, or the least, of these variables together."""
        return self._programmes()[sense].ask(variables, self.least, self.high)

    def bounds_by_one(self, variable: int, sense: highspy.ObjSense) -> list[tuple[int, float]]:
        """The variables that this one has a relation with alone, and the most, or the least, that each leaves it."""
        self._programmes()  # relations are looked for once
        found = []
        for terms, least, most in self.pairs[variable]:
            (_, times), (other, others) = terms if terms[0][0] == variable else reversed(terms)
            ends = [others * max(self.low[other], self.own[other]), others * self.high[other]]
            bounds = (least - max(ends)) / times, (most - min(ends)) / times
            found.append((other, max(bounds) if sense == MOST_OF else min(bounds)))
        return found

    def nearer(self, answer: np.ndarray, tighter: np.ndarray) -> np.ndarray:
        """An answer between this one and the truth, for whatever lies between two answers is one: within the bounds of
        some variables as they are now."""
        true, asked = np.array([self.true[n] for n in tighter], dtype=float), answer[tighter]
        least, most = self.least[tighter] - SLACK, self.high[tighter] + SLACK
        out = (asked < least) | (asked > most)
        if not out.any():
            return answer
        bound = np.where(asked > true, most, least)[out]
        return self.true + ((bound - true[out]) / (asked - true)[out]).min() * (answer - self.true)

    @property
    def least(self) -> np.ndarray:
        return np.maximum(self.low, self.own)

    # ---- What is shown ----
    def alike(self, which: int, end: End) -> set[Case]:
        """All that show the same number: the first quarter is the year to June, and releases repeat each other."""
        return set(self.shown_by[self.variables[which, end]])

    def hide(self, each: Collection[Case]) -> None:
        """Hide all that show one number."""
        for which, end in each:
            variable = self.variables[which, end]
            self.shown_by[variable].discard((which, end))
            if not self.shown_by[variable]:
                self.low[variable], self.high[variable] = 0, MOST
                self._wake(variable)

    def show(self, each: Collection[Case]) -> None:
        for which, end in each:
            variable = self.variables[which, end]
            self.shown_by[variable].add((which, end))
            self.low[variable], self.high[variable] = self.inferred[:, variable]

    def _wake(self, variable: int) -> None:
        programmes = self._programmes().values()
        woken = [each for each in self.asleep.get(variable, ()) if self._says_something(each)]
        for relation in woken:
            for each, _ in relation[0]:
                self.asleep[each].remove(relation)
            for programme in programmes:
                programme.add(relation)

    # ---- The linear programmes ----
    def _programmes(self) -> Mapping[highspy.ObjSense, _Programme]:
        """The same programme twice, one to ask for the least and one to ask for the most: each begins where its last
        answer was, which is near."""
        if not self._asking:
            relations = self._awake()
            self._asking = {sense: _Programme(relations, self.low, self.high, sense) for sense in SENSES}
        return self._asking

    def _awake(self) -> list[Relation]:
        # Releases made of the same returns repeat each other's.
        hold = [each for each in dict.fromkeys(Relations(self.chain, self.variables, self.true)) if self._holds(each)]
        self.asleep, relations = defaultdict(list), []
        for relation in hold:
            for variable, _ in relation[0] if len(relation[0]) == 2 else ():
                self.pairs[variable].append(relation)
            homes = [relations] if self._says_something(relation) else [self.asleep[n] for n, _ in relation[0]]
            for home in homes:
                home.append(relation)
        return relations

    def _holds(self, relation: Relation) -> bool:
        terms, least, most = relation
        value = sum(times * self.true[variable] for variable, times in terms)
        return bool(terms) and least <= value <= most

    def _says_something(self, relation: Relation) -> bool:
        """Beyond what is inferred of each number alone. Most say nothing until one of their numbers is hidden, and
        would cost each linear programme its time."""
        terms, least, most = relation
        bounds = [(times, self.low[variable], self.high[variable]) for variable, times in terms]
        smallest = sum(times * (low if times > 0 else high) for times, low, high in bounds)
        largest = sum(times * (high if times > 0 else low) for times, low, high in bounds)
        return smallest < least or largest > most


class _Programme:
    """A linear programme that is asked again and again, each time within other bounds."""

    def __init__(
        self, relations: Sequence[Relation], low: np.ndarray, high: np.ndarray, sense: highspy.ObjSense
    ) -> None:
        self.low, self.high = low.copy(), high.copy()
        lp = highspy.HighsLp()
        lp.num_col_, lp.num_row_ = len(low), len(relations)
        lp.col_cost_ = np.zeros(len(low))
        lp.col_lower_, lp.col_upper_ = low, high
        lp.row_lower_ = np.array([least for _, least, _ in relations], dtype=float)
        lp.row_upper_ = np.array([most for _, _, most in relations], dtype=float)
        lp.a_matrix_.format_ = highspy.MatrixFormat.kRowwise
        lp.a_matrix_.start_ = np.cumsum([0, *(len(terms) for terms, _, _ in relations)])
        lp.a_matrix_.index_ = np.array([n for terms, _, _ in relations for n, _ in terms], dtype=int)
        lp.a_matrix_.value_ = np.array([times for terms, _, _ in relations for _, times in terms], dtype=float)
        self.highs = solver(lp, simplex_strategy=PRIMAL_SIMPLEX)
        self.highs.changeObjectiveSense(sense)

    def add(self, relation: Relation) -> None:
        terms, least, most = relation
        variables, times = zip(*terms, strict=True)
        self.highs.addRow(least, most, len(terms), np.array(variables, dtype=np.int32), np.array(times, dtype=float))

    def ask(self, variables: Sequence[int], low: np.ndarray, high: np.ndarray) -> np.ndarray:
        moved = np.flatnonzero((self.low != low) | (self.high != high)).astype(np.int32)
        if len(moved):
            self.highs.changeColsBounds(len(moved), moved, low[moved], high[moved])
            self.low, self.high = low.copy(), high.copy()
            # Nothing is sought yet: the dual simplex only comes back to within the bounds.
            self.highs.setOptionValue("simplex_strategy", DUAL_SIMPLEX)
            answer(self.highs)
            self.highs.setOptionValue("simplex_strategy", PRIMAL_SIMPLEX)
        places = np.array(variables, dtype=np.int32)
        self.highs.changeColsCost(len(places), places, np.ones(len(places)))
        values = np.array(answer(self.highs).col_value)
        self.highs.changeColsCost(len(places), places, np.zeros(len(places)))
        return values


def _repeated(before: ReleaseInputs, after: ReleaseInputs) -> set[tuple[str, Months]]:
    """The programmes and periods whose figures were made of the same in both: returns of April to its end, and the
    registers."""
    years = {year.delivery: year for each in before.deliveries.values() for year in each}
    alike = {
        year.delivery: _months_alike(years[year.delivery], year, before.month.financial_year.months)
        for each in after.deliveries.values()
        for year in each
        if year.delivery in years
    }
    earlier = {_code(scope): [year.delivery for year in scope.years] for scope in scopes(before)}
    found = set()
    for scope in scopes(after):
        deliveries = [year.delivery for year in scope.years]
        if earlier.get(_code(scope)) == deliveries:
            months = min((alike[each] for each in deliveries), default=len(before.month.financial_year.months))
            ends = {period.months for period in periods_of(before.month) if period.months[-1].place_in_year < months}
            found |= {(_code(scope), each) for each in ends}
    return found


def _months_alike(before: DeliveryYear, after: DeliveryYear, months: Sequence[Month]) -> int:
    """How many months from April tell the same of a delivery."""
    if (before.register is None) != (after.register is None):
        return 0
    told = ([_told(year, month) for month in months] for year in (before, after))
    return next((n for n, (was, is_) in enumerate(zip(*told, strict=True)) if was != is_), len(months))


def _told(year: DeliveryYear, month: Month) -> tuple:
    register = (year.register or {}).get(month)
    return month in year.owed, year.received.get(month), register, month in year.by_reference


def _code(scope: Scope) -> str:
    return scope.programme.code if scope.programme else ""
