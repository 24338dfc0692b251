"""What the numbers of a chain of releases have to do with each other: wholes beside their parts, and what is estimated.

A relation is of variables; which number is which variable is the attack's to say (`outcomes.disclosure.attack`).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import partial
from itertools import pairwise, permutations

import numpy as np
from pyroaring import BitMap

from outcomes.disclosure.counts import Counts, Relation, cell_of, told_apart
from outcomes.disclosure.published import Case, Release, numbers_of
from outcomes.disclosure.rule import Which
from outcomes.estimates import Estimate
from outcomes.reach import NO_PEOPLE, DeliveryYear, Months
from outcomes.release_figures import FigureRow, Place, estimates_of, scopes


class Relations:
    """All that could hold; partners' slips can break some."""

    def __init__(self, chain: Sequence[Release], variables: Mapping[Case, int], true: Sequence[int]) -> None:
        self.chain, self.true = chain, true
        # By release and end: what is one number is both ends.
        self.at: dict[tuple[int, Which], dict[Place, int]] = defaultdict(dict)
        for (which, end), variable in variables.items():
            for name in ("lower", "upper") if end.which == "number" else (end.which,):
                self.at[which, name][end.place] = variable

    def __iter__(self) -> Iterator[Relation]:
        for which, release in enumerate(self.chain):
            rows = {number.end.place: row for row in release.rows for number in numbers_of(row)}
            yield from self._within(which, rows)
            for name in ("lower", "upper"):
                yield from self._over_breakdowns(which, rows, name)
                yield from self._over_programmes(which, release, rows, name)
                yield from self._over_time(which, rows, name)
            yield from self.over_deliveries(which, release, rows)
            yield from self.over_crossed(which, release, rows)
            yield from Counts(release, rows, partial(self._get, which), self.true)
            # Whoever knows an estimate has subtracted what is published.
            if any(number.shown is not None for row in release.rows for number in numbers_of(row)):
                yield from self._over_estimates(which, release, rows)

    def _get(self, which: int, place: Place, name: Which) -> int | None:
        return self.at[which, name].get(place)

    def _sum(self, which: int, places: Iterable[Place], name: Which) -> list[tuple[int, int]] | None:
        found = [self._get(which, place, name) for place in places]
        return None if not found or None in found else [(variable, 1) for variable in found]

    def _within(self, which: int, rows: Mapping[Place, FigureRow]) -> Iterator[Relation]:
        for place in rows:
            lower, upper = self._get(which, place, "lower"), self._get(which, place, "upper")
            if lower != upper:
                yield ((upper, 1), (lower, -1)), 0, np.inf

    def _over_breakdowns(self, which: int, rows: Mapping[Place, FigureRow], name: Which) -> Iterator[Relation]:
        """Districts, and age bands, beside their total; those crossed beside each of their own. Of whom it is not known
        may be among those of whom it is: the lower ends of these alone are no more than the total's."""
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
            known = self._sum(which, [place for place in places if _is_known(rows[place])], name)
            if name == "lower" and known and len(known) < len(cells):
                yield (*_row(total, known), 0, np.inf)

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

    def over_deliveries(self, which: int, release: Release, rows: Mapping[Place, FigureRow]) -> Iterator[Relation]:
        """The upper end adds up what each delivery can have met at most, and the lower end is no less than what any met
        at least: “at most 10” of two deliveries says that one of them met three."""
        estimated = {(estimate.delivery, estimate.month) for estimate in estimates_of(release.inputs)}
        times: dict[tuple[str, Months], int] = {}
        of_code = {scope.programme.code if scope.programme else "": scope.years for scope in scopes(release.inputs)}
        for place, row in rows.items():
            lower, upper = self._get(which, place, "lower"), self._get(which, place, "upper")
            if lower == upper or (place.district and place.age_band):
                continue
            years, months = of_code[place.programme], row.period.months
            has_estimates = any((year.delivery, month) in estimated for year in years for month in months)
            if has_estimates and not (place.district or place.age_band):
                continue
            key = (place.programme, months)
            if key not in times:
                times[key] = _most_by_least(years, months)
            yield ((upper, 1), (lower, -times[key])), -np.inf, 0

    def over_crossed(self, which: int, release: Release, rows: Mapping[Place, FigureRow]) -> Iterator[Relation]:
        """The upper end of a district by an age band adds up what each delivery can have met of both. By how many a
        programme without registers met more of the one than of the other, so many are not of both. What registers tell
        of is the lower end, where that is theirs."""
        everything, *programmes = scopes(release.inputs)
        among = {year.delivery for year in everything.years}
        counted = [scope for scope in programmes if scope.years and among.issuperset(y.delivery for y in scope.years)]
        # Whom registers tell of, and the programmes without any.
        known: dict[Months, tuple[BitMap, list[str]]] = {}
        for place, row in rows.items():
            if not (place.district and place.age_band):
                continue
            months = row.period.months
            if months not in known:
                people = BitMap.union(NO_PEOPLE, *told_apart(everything.years, months))
                known[months] = people, [s.programme.code for s in counted if not told_apart(s.years, months)]
            people, alone = known[months]
            for whole, other in permutations((place._replace(age_band=""), place._replace(district=""))):
                ends = [("upper", 1)]
                if people:
                    there = people.intersection_cardinality(release.inputs.breakdowns.people_of(cell_of(whole)))
                    if there != rows[whole].exact_lower:
                        continue
                    ends.append(("lower", -1))
                beside = [
                    (self._get(which, at, end), times * sign)
                    for end, times in ends
                    for at, sign in ((whole, 1), (place, -1))
                ]
                for code in alone:
                    parts = ((whole._replace(programme=code), -1), (other._replace(programme=code), 1))
                    terms = [*beside, *((self._get(which, at, "upper"), times) for at, times in parts)]
                    variables = {variable for variable, _ in terms}
                    if None not in variables and len(variables) == len(terms):
                        yield tuple(terms), 0, np.inf

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


def _most_by_least(years: Iterable[DeliveryYear], months: Months) -> int:
    """How many times the lower end of a period the upper one is at most: what tells people apart counts once together,
    and a delivery as often as it could have met the same people in another month without saying so."""
    apart, times = False, 0
    for year in years:
        received = [month for month in months if month in year.received]
        by_reference = year.knows_by_reference(months)
        if not received:
            continue
        if year.tells_apart(months) and not by_reference:
            apart = True
        elif year.tells_apart(months) or _is_exact(year, months):
            times += 1
        else:
            times += len(received)
    return times + apart


def _is_exact(year: DeliveryYear, months: Months) -> bool:
    """Whether counts tell how many different people they are of: from April on, with no return missing between."""
    received = [month for month in months if month in year.received]
    return months[0].place_in_year == 0 and not any(
        month < received[-1] for month in year.owed.difference(year.received)
    )


def _means(terms: Sequence[tuple[int | None, int]], means: Sequence[int], months: int) -> Iterator[Relation]:
    """Each mean was rounded to the nearest."""
    if all(variable is not None for variable, _ in terms):
        people, apart = months * sum(means), months * len(means) / 2
        yield tuple(terms), people - apart, np.inf
        yield tuple(terms), -np.inf, people + apart


def _is_known(row: FigureRow) -> bool:
    return all(category is None or category.is_known for category in (row.district, row.age_band))


def _row(total: int, cells: Sequence[tuple[int, int]]) -> tuple[tuple[tuple[int, int], ...]]:
    return (((total, 1), *((cell, -times) for cell, times in cells)),)


def _related(cells: Sequence[tuple[int, int]], total: int) -> Iterator[Relation]:
    """All three; what is not so in truth is left out, and the last holds where the first two do."""
    yield (*_row(total, cells), -np.inf, 0)
    yield (*_row(total, cells), 0, np.inf)
