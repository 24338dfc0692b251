"""Invented worlds: what partners could have sent instead, as few changes to what they did send.

A world changes counts of versions of returns, and how many people of registers were met at the same places, live in
the same district and are of the same age. A version is the same in each release that was made of it, so a world says
what every release of a chain would have counted.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import NamedTuple

from pyroaring import BitMap

from outcomes.disclosure.remembered import Lately
from outcomes.reach import DISTRICT, DeliveryYear, MonthCounts
from outcomes.release_inputs import AGE, ReleaseInputs
from vru_portal.core.periods import Month

PARTS = ("first_seen", "already_counted")
EXPOSED = "exposed"


class Count(NamedTuple):
    """One number of a return. `version`: which of the different ones that the releases of a chain were made of."""

    delivery: str
    month: Month
    version: int
    part: str
    dimension: str
    code: str


class Profile(NamedTuple):
    """People of registers who are alike: met at the same places, of one district and age band."""

    met: frozenset[tuple[str, Month]]
    district: str
    age_band: str

    def among(self, places: Iterable[tuple[str, Month]]) -> Profile:
        return self._replace(met=self.met.intersection(places))


@dataclass(frozen=True)
class World:
    """How many people more (or, negative, fewer) than in truth."""

    counts: Mapping[Count, int] = field(default_factory=dict)
    people: Mapping[Profile, int] = field(default_factory=dict)

    def without(self, deliveries: frozenset[str]) -> World:
        """The same with these deliveries as they are in truth."""
        return World(
            {count: change for count, change in self.counts.items() if count.delivery not in deliveries},
            {p: change for p, change in self.people.items() if not any(d in deliveries for d, _ in p.met)},
        )


class Unbelievable(Exception):
    """No people could have produced such returns."""


@dataclass(frozen=True, eq=False)
class Sources:
    """What the releases of a chain, oldest first, were made of."""

    inputs: Sequence[ReleaseInputs]

    @cached_property
    def versions(self) -> Mapping[tuple[str, Month], list[MonthCounts]]:
        """The different returns of a delivery and month, in the order in which releases saw them."""
        found: dict[tuple[str, Month], list[MonthCounts]] = defaultdict(list)
        for inputs in self.inputs:
            for year in _years(inputs):
                for month, counts in year.received.items():
                    if counts not in found[year.delivery, month]:
                        found[year.delivery, month].append(counts)
        return found

    @cached_property
    def people(self) -> list[Mapping[Profile, list[int]]]:
        """Of each release, the people of its registers by profile."""
        return [_people_by_profile(inputs) for inputs in self.inputs]

    def version(self, delivery: str, month: Month, counts: MonthCounts) -> int:
        return self.versions[delivery, month].index(counts)

    def told(self, world: World, which: int) -> ReleaseInputs:
        """What the release would have been counted from. Raises `Unbelievable`."""
        inputs = self.inputs[which]
        changes: dict[tuple[str, Month, int], dict[Count, int]] = defaultdict(dict)
        for count, change in world.counts.items():
            changes[count[:3]][count] = change
        deliveries = {
            programme: tuple(self._year_told(year, changes) for year in years)
            for programme, years in inputs.deliveries.items()
        }
        inputs = replace(inputs, deliveries=deliveries)
        return self._with_people(inputs, world.people, which) if world.people else inputs

    def _year_told(
        self, year: DeliveryYear, changes: Mapping[tuple[str, Month, int], Mapping[Count, int]]
    ) -> DeliveryYear:
        """The same object while its counts are the same: what it adds to periods is remembered by it."""
        mine = {}
        for month, counts in year.received.items():
            if change := changes.get((year.delivery, month, self.version(year.delivery, month, counts))):
                mine[month] = frozenset(change.items())
        return self._lately(year, frozenset(mine.items()), lambda: _told(year, mine)) if mine else year

    @cached_property
    def _lately(self) -> Lately:
        return Lately(1_000)

    def _with_people(self, inputs: ReleaseInputs, changes: Mapping[Profile, int], which: int) -> ReleaseInputs:
        registers = {y.delivery: dict(y.register) for y in _years(inputs) if y.register is not None}
        places = {(delivery, month) for delivery, months in registers.items() for month in months}
        everybody = dict(inputs.everybody)
        mine: dict[Profile, int] = defaultdict(int)
        for profile, change in changes.items():
            mine[profile.among(places)] += change
        copied: set[int] = set()

        def change_set(sets, key, number, *, add):
            people = sets.get(key, BitMap())
            if id(people) not in copied:
                people = sets[key] = people.copy()
                copied.add(id(people))
            (people.add if add else people.discard)(number)

        known = (*everybody.values(), *(people for months in registers.values() for people in months.values()))
        free = max((people.max() for people in known if people), default=0) + 1
        for profile, change in mine.items():
            if not profile.met or not change:
                continue
            numbers = range(free, free + change) if change > 0 else self.people[which].get(profile, [])[:-change]
            if len(numbers) != abs(change):
                raise Unbelievable("More people are taken away than were met.")
            free += max(change, 0)
            for number in numbers:
                for delivery, month in profile.met:
                    change_set(registers[delivery], month, number, add=change > 0)
                for cell in ((DISTRICT, profile.district), (AGE, profile.age_band)):
                    change_set(everybody, cell, number, add=change > 0)
        met_otherwise = {delivery for profile, change in mine.items() if change for delivery, _ in profile.met}
        deliveries = {
            programme: tuple(
                replace(y, register=registers[y.delivery]) if y.delivery in met_otherwise else y for y in years
            )
            for programme, years in inputs.deliveries.items()
        }
        return replace(inputs, deliveries=deliveries, everybody=everybody)


def _years(inputs: ReleaseInputs) -> list[DeliveryYear]:
    return [year for years in inputs.deliveries.values() for year in years]


def _people_by_profile(inputs: ReleaseInputs) -> Mapping[Profile, list[int]]:
    met: dict[int, list[tuple[str, Month]]] = defaultdict(list)
    for year in _years(inputs):
        for month, people in (year.register or {}).items():
            for number in people:
                met[number].append((year.delivery, month))
    codes: dict[str, dict[int, str]] = {DISTRICT: {}, AGE: {}}
    for (dimension, code), people in inputs.everybody.items():
        if dimension in codes:
            codes[dimension].update(dict.fromkeys(people, code))
    found: dict[Profile, list[int]] = defaultdict(list)
    for number, places in sorted(met.items()):
        found[Profile(frozenset(places), codes[DISTRICT].get(number, ""), codes[AGE].get(number, ""))].append(number)
    return found


def _told(year: DeliveryYear, changes: Mapping[Month, Iterable[tuple[Count, int]]]) -> DeliveryYear:
    changed = {month: _changed(year.received[month], each) for month, each in changes.items()}
    received = {**year.received, **changed}
    if received == year.received:
        return year
    told = replace(year, received=received)
    _believe(told, year)
    return told


def _changed(counts: MonthCounts, changes: Iterable[tuple[Count, int]]) -> MonthCounts:
    parts = {part: dict(getattr(counts, part)) for part in PARTS}
    exposed = counts.exposed
    for count, change in changes:
        if count.part == EXPOSED:
            exposed += change
        else:
            cell = (count.dimension, count.code)
            parts[count.part][cell] = parts[count.part].get(cell, 0) + change
    if exposed < 0 or any(people < 0 for part in parts.values() for people in part.values()):
        raise Unbelievable("Fewer than nobody.")
    new = min(counts.new, sum(n for (dimension, _), n in parts["first_seen"].items() if dimension == DISTRICT))
    return MonthCounts(parts["first_seen"], parts["already_counted"], exposed, new)


def _believe(told: DeliveryYear, true: DeliveryYear) -> None:
    """Breakdowns add up to the same, and nobody is counted again who was not seen before; what the partner itself got
    wrong may stay as wrong as it is."""
    seen_told, seen_true = Counter(), Counter()
    for month in sorted(true.received):
        one, other = told.received[month], true.received[month]
        for part in PARTS:
            if _imbalance(getattr(one, part)) != _imbalance(getattr(other, part)):
                raise Unbelievable("Breakdowns do not add up to the same.")
        if not any(m < month and m not in true.received for m in true.owed):
            for cell, people in one.already_counted.items():
                excess = other.already_counted.get(cell, 0) - seen_true[cell]
                if people - seen_told[cell] > max(0, excess):
                    raise Unbelievable("Counted again, and never seen before.")
        seen_told.update(one.first_seen)
        seen_true.update(other.first_seen)


def _imbalance(part: Mapping) -> int:
    return sum(people if dimension == DISTRICT else -people for (dimension, _), people in part.items())
