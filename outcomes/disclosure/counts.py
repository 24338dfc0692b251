"""What numbers say of those whom counts alone tell of, that is of how many more an upper end is than registers say; and
of ages over districts.

Upper ends add such people up over deliveries, for nobody is told from anybody else by a count. So they add up over
programmes, never become fewer in a year, and can be of a district and of an age band at once, as many as there are of
the fewer.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from itertools import pairwise

import numpy as np
from pyroaring import BitMap

from outcomes.disclosure.published import Release
from outcomes.disclosure.rule import Which
from outcomes.reach import DISTRICT, NO_PEOPLE, Cell, DeliveryYear, Months
from outcomes.release_figures import FigureRow, Place, Scope, scopes
from outcomes.release_inputs import AGE

Relation = tuple[tuple[tuple[int, int], ...], float, float]  # (variable, times)…, least, most
# By variable, how often it counts.
Terms = Mapping[int, int]


class Counts:
    """The relations of one release. `get`: the variable of a number; `true`: what each variable is in truth."""

    def __init__(
        self,
        release: Release,
        rows: Mapping[Place, FigureRow],
        get: Callable[[Place, Which], int | None],
        true: Sequence[int],
    ) -> None:
        self.rows, self.get, self.true = rows, get, true
        self.breakdowns = release.inputs.breakdowns
        everything, *programmes = scopes(release.inputs)
        among = {year.delivery for year in everything.years}
        counted = [s for s in programmes if s.years and among.issuperset(y.delivery for y in s.years)]
        self.scopes = {"": everything} | {scope.programme.code: scope for scope in counted}
        self._people: dict[tuple[str, Months], BitMap] = {}

    def __iter__(self) -> Iterator[Relation]:
        for place in self.rows:
            if place.district and place.age_band:
                yield from self._of_both(place)
            elif not place.programme:
                yield from self._over_programmes(place)
        yield from self._over_time()
        yield from self._over_ages()

    def _of(self, place: Place) -> Terms | None:
        """Those of whom counts alone tell. None: the lower end is not that of registers, so it does not say how many
        they tell of."""
        lower, upper = self.get(place, "lower"), self.get(place, "upper")
        if lower is None or upper is None:
            return None
        people = self._told_apart(place)
        if not people:
            return {upper: 1}
        for part in _parts(place):
            if part.district or part.age_band:
                people = people & self.breakdowns.people_of(cell_of(part))
        return _less({upper: 1}, {lower: 1}) if len(people) == self.rows[place].exact_lower else None

    def _told_apart(self, place: Place) -> BitMap:
        """Whom registers of the programme tell of in the months."""
        key = place.programme, self.rows[place].period.months
        if key not in self._people:
            self._people[key] = BitMap.union(NO_PEOPLE, *told_apart(self.scopes[place.programme].years, key[1]))
        return self._people[key]

    def _over_programmes(self, place: Place) -> Iterator[Relation]:
        whole, parts = self._of(place), [self._of(place._replace(programme=code)) for code in self.scopes if code]
        if whole is not None and None not in parts:
            yield tuple(_less(whole, *parts).items()), 0, 0

    def _over_time(self) -> Iterator[Relation]:
        """From April on nobody is counted twice: there are never fewer, and no more come than the month met. Nor are
        there ever fewer whom several deliveries may have met."""
        months = {place._replace(period="", start=""): place for place in self.rows if place.period == "month"}
        series: dict[tuple[str, str, str], list[Place]] = defaultdict(list)
        for place in self.rows:
            if place.period == "year_to_date" and place.programme in self.scopes:
                series[place.programme, place.district, place.age_band].append(place)
        for places in series.values():
            for before, after in pairwise(sorted(places, key=lambda place: place.end)):
                if not after.age_band and self._is_whole(after):
                    yield tuple(_less(self._apart(after), self._apart(before)).items()), 0, np.inf
                was, is_ = self._of(before), self._of(after)
                if was is None or is_ is None:
                    continue
                came = _less(is_, was)
                yield tuple(came.items()), 0, np.inf
                month = months.get(after._replace(period="", start=""))
                met = self._of(month) if month and before.end < month.start else None
                if met is not None:
                    yield tuple(_less(met, came).items()), 0, np.inf

    def _is_whole(self, place: Place) -> bool:
        """Whether no return is missing: until it comes the upper end is further away than it will be."""
        months = set(self.rows[place].period.months)
        return all(year.owed & months <= year.received.keys() for year in self.scopes[place.programme].years)

    def _apart(self, place: Place) -> Terms:
        """By how much the ends differ."""
        return _less({self.get(place, "upper"): 1}, {self.get(place, "lower"): 1})

    def _over_ages(self) -> Iterator[Relation]:
        """The lower end of an age adds up over districts whom one delivery met there and cannot have met of other ages,
        and is no less than whom one met in all: so it is no less than the total less, for each of the districts, all of
        other ages. Where it is certain how many each delivery met."""
        districts, ages = Counter(), defaultdict(list)
        for place, row in self.rows.items():
            whole = place._replace(district="", age_band="")
            if place.district and not place.age_band and row.district.is_known and row.lower != 0:
                districts[whole] += 1
            elif place.age_band and not place.district and place.programme in self.scopes:
                ages[whole].append(self.get(place, "lower"))
        for whole, bands in ages.items():
            months, many = self.rows[whole].period.months, max(1, districts[whole])
            if not self._is_whole(whole) or (len(months) > 1 and months[0].place_in_year):
                continue
            for one in bands:
                of_others = ((band, 1 if band == one else many) for band in bands)
                yield (*of_others, (self.get(whole, "lower"), -1)), 0, np.inf

    def _of_both(self, place: Place) -> Iterator[Relation]:
        """The upper end of a district by an age band adds up what each delivery can have met of both: where it met two
        of each, two. Of several deliveries of a programme, at least so many of the one as are not of another than the
        other. Which of the two are fewer is known to whom the attack assumes."""
        both, upper = self._of(place), self.get(place, "upper")
        if both is None and upper is not None:
            both = {upper: 1}
        if both is None:
            return
        alone, several = [], []
        for code, scope in self.scopes.items():
            counting = self._giving_counts(scope, self.rows[place].period.months) if code else 0
            one, other = (self._of(part._replace(programme=code)) for part in _parts(place))
            if not counting or one is None or other is None:
                continue
            if counting == 1:
                alone.append(min(one, other, key=self._comes_to))
            elif (total := self._of(place._replace(programme=code, district="", age_band=""))) is not None:
                several.append(_less(one, _less(total, other)))
        yield tuple(_less(both, *alone).items()), 0, np.inf
        several = [terms for terms in several if self._comes_to(terms) > 0]
        if several:
            yield tuple(_less(both, *alone, *several).items()), 0, np.inf

    def _giving_counts(self, scope: Scope, months: Months) -> int:
        """How many deliveries of a programme do. Not told where one knows its own people by reference, and so those of
        both."""
        received = [year for year in scope.years if not year.received.keys().isdisjoint(months)]
        if any(year.knows_by_reference(months) for year in received):
            return 0
        return sum(year.met_in(months) is None for year in received)

    def _comes_to(self, terms: Terms) -> int:
        return sum(times * self.true[variable] for variable, times in terms.items())


def told_apart(years: Iterable[DeliveryYear], months: Months) -> list[BitMap]:
    """Of each delivery that tells its people from those of all others, these people."""
    met = (year.met_in(months) for year in years if not year.knows_by_reference(months))
    return [people for people in met if people is not None]


def cell_of(place: Place) -> Cell:
    return (DISTRICT, place.district) if place.district else (AGE, place.age_band)


def _parts(place: Place) -> tuple[Place, Place]:
    return place._replace(age_band=""), place._replace(district="")


def _less(terms: Terms, *others: Terms) -> Terms:
    found = Counter(terms)
    for each in others:
        found.subtract(each)
    return {variable: times for variable, times in found.items() if times}
