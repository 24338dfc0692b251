"""Moves: small changes of what was sent that leave most of what is published as it is."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from random import Random

import numpy as np

from outcomes.disclosure.traced import counts_alone
from outcomes.disclosure.worlds import EXPOSED, PARTS, Count, Profile, Sources
from outcomes.reach import DISTRICT
from vru_portal.core.periods import Month

Column = Count | Profile
# So many people more of each column.
Move = tuple[tuple[Column, int], ...]

# So many moves of people of registers are drawn for one step, of the programme itself and of others.
DRAWN = 800
# And so many draws of two people who are exchanged.
EXCHANGED = 500


@dataclass(eq=False)
class Moves:
    sources: Sources

    @cached_property
    def beliefs(self) -> Beliefs:
        return Beliefs(self.sources)

    def of(self, dimensions: Collection[str], codes: Collection[str], deliveries: Sequence[str], dice: Random):
        """Somebody of one of the codes is of another one of the dimension instead: no total moves, and no other
        dimension. Of both dimensions, or none: somebody is met who was not, or was not who was."""
        counted: list[Move] = []
        told: list[Move] = []
        for delivery in deliveries:
            alone = delivery in self._counts_alone
            for dimension in dimensions:
                (counted if alone else told).extend(
                    self._of_counts(dimension, delivery) if alone else self._of_people(dimension, codes, delivery)
                )
            if len(dimensions) != 1:
                told += self._met_or_not(delivery)
        return [*counted, *dice.sample(told, min(DRAWN, len(told)))]

    def exchanged(
        self, dimension: str, codes: Collection[str], mine: Sequence[str], others: Sequence[str], dice: Random
    ) -> list[Move]:
        """Two deliveries met the other's person: all programmes together have met the same people."""
        found: dict[Move, None] = {}
        counted = [(d, m, v) for (d, m), versions in self.sources.versions.items() for v in range(len(versions))]
        here = [each for each in counted if each[0] in mine and each[0] in self._counts_alone]
        there = defaultdict(list)
        for delivery, month, version in counted:
            if delivery in others and delivery in self._counts_alone:
                there[month].append((delivery, version))
        told = [profile for delivery in mine for profile in self._by_delivery.get(delivery, ())]
        for _ in range(EXCHANGED):
            if here:
                found.setdefault(self._counts_exchanged(dimension, sorted(codes), dice.choice(here), there, dice))
            if told:
                found.setdefault(self._people_exchanged(dimension, codes, dice.choice(told), others, dice))
        found.pop((), None)
        return list(found)

    def _counts_exchanged(self, dimension, codes, here, there, dice: Random) -> Move:
        delivery, month, version = here
        partners = [each for each in there[month] if each[0] != delivery]
        part = dice.choice(PARTS if month.place_in_year else PARTS[:1])
        code = dice.choice(codes)
        said = getattr(self.sources.versions[delivery, month][version], part)
        known = [
            c for c in self.codes[dimension] if c != code and (said.get((dimension, c)) or said.get((dimension, code)))
        ]
        if not partners or not known:
            return ()
        partner, of = dice.choice(partners)
        second = dice.choice(known)
        one = Count(delivery, month, version, part, dimension, code)
        other = Count(partner, month, of, part, dimension, code)
        return (one, 1), (one._replace(code=second), -1), (other, -1), (other._replace(code=second), 1)

    def _people_exchanged(self, dimension, codes, one: Profile, others: Sequence[str], dice: Random) -> Move:
        field = "district" if dimension == DISTRICT else "age_band"
        alike = "age_band" if dimension == DISTRICT else "district"
        months = frozenset(month for _, month in one.met)
        partners = [
            p
            for p in self._by_months.get((months, getattr(one, alike)), ())
            if next(iter(p.met))[0] in others and getattr(p, field) != getattr(one, field)
            if getattr(p, field) in codes or getattr(one, field) in codes
        ]
        if not partners:
            return ()
        other = dice.choice(partners)
        mine, theirs = getattr(one, field), getattr(other, field)
        return (
            *((one, -1), (one._replace(**{field: theirs}), 1)),
            *((other, -1), (other._replace(**{field: mine}), 1)),
        )

    @cached_property
    def _by_months(self) -> Mapping[tuple[frozenset[Month], str], list[Profile]]:
        found = defaultdict(list)
        for profiles in self._by_delivery.values():
            for profile in profiles:
                months = frozenset(month for _, month in profile.met)
                found[months, profile.district].append(profile)
                found[months, profile.age_band].append(profile)
        return found

    def exposed(self, deliveries: Collection[str]) -> list[Move]:
        return [
            ((Count(delivery, month, version, EXPOSED, "", ""), 1),)
            for (delivery, month), versions in self.sources.versions.items()
            if delivery in deliveries
            for version in range(len(versions))
        ]

    def crossed(self, wanted: Sequence[tuple[str, str]], dice: Random) -> list[Move]:
        """Two people whom one register alone knows exchange their ages: only crossed figures move."""
        found: dict[Move, None] = {}
        places = sorted({p.met for profiles in self._by_delivery.values() for p in profiles}, key=sorted)
        labels = defaultdict(list)
        for profiles in self._by_delivery.values():
            for profile in profiles:
                labels[profile.met].append((profile.district, profile.age_band))
        for _ in range(DRAWN if places and wanted else 0):
            at = dice.choice(places)
            (x, a), (y, b) = dice.choice(wanted), dice.choice(labels[at])
            if x != y and a != b:
                more, fewer = ((x, a), (y, b)), ((x, b), (y, a))
                move = (*((Profile(at, *each), 1) for each in more), *((Profile(at, *each), -1) for each in fewer))
                found.setdefault(move)
        return list(found)

    def _met_or_not(self, delivery: str) -> Iterator[Move]:
        profiles = self._by_delivery.get(delivery, ())
        places = sorted({place for profile in profiles for place in profile.met})
        for profile in profiles:
            yield ((profile, -1),)
            for place in places:
                yield ((profile._replace(met=frozenset([place])), 1),)
                yield ((profile, -1), (profile._replace(met=profile.met ^ {place}), 1))

    def _of_counts(self, dimension: str, delivery: str) -> Iterator[Move]:
        for (of, month), versions in self.sources.versions.items():
            for version in range(len(versions) if of == delivery else 0):
                for part in PARTS if month.place_in_year else PARTS[:1]:
                    for code in self.codes[dimension]:
                        yield ((Count(delivery, month, version, part, dimension, code), 1),)

    def _of_people(self, dimension: str, codes: Collection[str], delivery: str) -> Iterator[Move]:
        field = "district" if dimension == "district" else "age_band"
        for profile in self._by_delivery.get(delivery, ()):
            now = getattr(profile, field)
            for code in self.codes[dimension]:
                if code != now and (now in codes or code in codes):
                    yield ((profile, -1), (profile._replace(**{field: code}), 1))

    @cached_property
    def _by_delivery(self) -> Mapping[str, list[Profile]]:
        """The profiles of people whom one delivery alone ever met."""
        found = defaultdict(list)
        for profile in sorted(self.known, key=lambda p: (sorted(p.met), p.district, p.age_band)):
            if len({delivery for delivery, _ in profile.met}) == 1:
                found[next(iter(profile.met))[0]].append(profile)
        return found

    @cached_property
    def _counts_alone(self) -> set[str]:
        found, told = set(), set()
        for inputs in self.sources.inputs:
            for year in (y for years in inputs.deliveries.values() for y in years):
                (found if counts_alone(year) else told).add(year.delivery)
        return found - told

    @cached_property
    def codes(self) -> Mapping[str, tuple[str, ...]]:
        return {d: codes.every for d, codes in self.sources.inputs[-1].breakdowns.codes.items()}

    @cached_property
    def known(self) -> Mapping[Profile, int]:
        return {profile: len(numbers) for profile, numbers in self.sources.people[-1].items()}


@dataclass(eq=False)
class Beliefs:
    """What people could have produced: nobody is fewer than nobody, breakdowns add up to the same, and nobody is
    counted again who was not seen before."""

    sources: Sources

    def of(self, column: Column) -> Iterator[tuple[tuple, int]]:
        """The rows in which the column stands, and how often."""
        yield ("some", column), 1
        if isinstance(column, Profile):
            return
        if column.dimension:
            yield ("alike", column[:4]), 1 if column.dimension == "district" else -1
            for row in self._again.get(column[:3], ()):
                times = 1 if column.part == "already_counted" else -1
                if (column.part == "already_counted") == (row[1] == column.month):
                    yield ("again", row, column[4:]), times

    def room(self, row: tuple, changed: Mapping[Column, int]) -> tuple[float, float]:
        kind, what = row[:2]
        if kind == "some":
            return -self._said(what) - changed.get(what, 0), np.inf
        if kind == "alike":
            return 0, 0
        (delivery, month, before, version), cell = what, row[2]
        now = Count(delivery, month, version, "already_counted", *cell)
        earlier = [Count(delivery, m, v, "first_seen", *cell) for m, v in before]
        room = max(0, sum(map(self._said, earlier)) - self._said(now))
        return -np.inf, room + sum(changed.get(each, 0) for each in earlier) - changed.get(now, 0)

    def _said(self, column: Column) -> int:
        if isinstance(column, Profile):
            return min(
                len(people.get(column.among(places), ())) if column.among(places).met else 0
                for people, places in zip(self.sources.people, self._places, strict=True)
                if column.among(places).met or places is self._places[-1]
            )
        returns = self.sources.versions[column.delivery, column.month][column.version]
        return returns.exposed if column.part not in PARTS else getattr(returns, column.part).get(column[4:], 0)

    @cached_property
    def _places(self) -> list[set[tuple[str, Month]]]:
        return [
            {(y.delivery, m) for years in inputs.deliveries.values() for y in years for m in y.register or ()}
            for inputs in self.sources.inputs
        ]

    @cached_property
    def _again(self) -> Mapping[tuple[str, Month, int], list[tuple]]:
        """By version, the rows (delivery, month, versions of the months before, version) in which it stands."""
        rows: dict[tuple, None] = {}
        for inputs in self.sources.inputs:
            for year in (y for years in inputs.deliveries.values() for y in years if counts_alone(y)):
                version = {m: self.sources.version(year.delivery, m, c) for m, c in year.received.items()}
                for month in version:
                    if not any(m < month and m not in version for m in year.owed):
                        before = tuple(sorted((m, v) for m, v in version.items() if m < month))
                        rows[year.delivery, month, before, version[month]] = None
        found = defaultdict(list)
        for row in rows:
            delivery, month, before, version = row
            for m, v in (*before, (month, version)):
                found[delivery, m, v].append(row)
        return found
