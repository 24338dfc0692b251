"""Secondary suppression: the fewest further numbers hidden, so that the attack can tell no protected one."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType

from outcomes.disclosure.attack import Attack
from outcomes.disclosure.covering import cheapest
from outcomes.disclosure.finding import is_further
from outcomes.disclosure.insiders import Insider, Parts
from outcomes.disclosure.published import (
    Case,
    End,
    Release,
    hidden_ends,
    hide,
    numbers_of,
    touched,
    without_numbers,
)
from outcomes.disclosure.readers import Reader, Side, ask_together
from outcomes.release_figures import FigureRow, Place
from outcomes.release_inputs import ReleaseInputs

# Rounds of choosing anew; what is hidden after them stays, or looking for the very fewest could go on for ever.
MOST_CHOICES = 20
# What the total of all programmes is worth to readers; the others are worth one or two.
OF_ALL = 100


@dataclass(frozen=True)
class Hidden:
    """The rows of a release as they may be published.

    `beside`: what is hidden beside small numbers, each with one that could be told without it; None where an earlier
    release hid it. `told`: what can be told even so. `told_before`: what earlier releases tell for ever without it, as
    far as it does.
    """

    rows: Sequence[FigureRow]
    beside: Mapping[End, Case | None]
    told: tuple[Case, ...]
    told_before: tuple[Case, ...]


def hide_what_tells(
    inputs: ReleaseInputs,
    rows: Sequence[FigureRow],
    earlier: Sequence[Release] = (),
    sticky: Mapping[End, Case | None] = MappingProxyType({}),
    partners: Sequence[Collection[str]] = (),
    going_on: Callable[[], None] = lambda: None,
) -> Hidden:
    """`rows`: as counted from the inputs. `earlier`: the public releases of the same financial year, oldest first: what
    they hid stays hidden, and so do the numbers that are `sticky` for another reason, with one that each shields, if it
    does. `partners`: of each, its deliveries; what tells it of the others is hidden too. `going_on`: called again and
    again meanwhile."""
    kept = set(sticky).union(*(hidden_ends(release.rows) for release in earlier))
    stays = {n.end for row in rows for n in numbers_of(row) if touched(n.end, kept)} - hidden_ends(rows)
    beside: dict[End, Case | None] = {end: sticky.get(end) for end in sorted(stays)}
    suppressed = suppress([*earlier, Release(inputs, [hide(row, stays) for row in rows])], partners, going_on)
    beside |= suppressed.why
    return Hidden([hide(row, beside) for row in rows], beside, suppressed.told, suppressed.told_before)


@dataclass(frozen=True)
class Suppressed:
    """What is hidden of the newest release, each with a number that could be told without it; what can be told even so;
    and what those before it tell as far without it."""

    why: Mapping[End, Case]
    told: tuple[Case, ...]
    told_before: tuple[Case, ...]


def suppress(
    chain: Sequence[Release],
    partners: Sequence[Collection[str]] = (),
    going_on: Callable[[], None] = lambda: None,
) -> Suppressed:
    """Learn by which published numbers each one is told, to somebody outside or to a partner that knows its own, and
    hide the fewest with which nothing of that is left, until nobody is told anything."""
    hiding = _Hiding(chain, partners, going_on)
    hiding.hide_what_tells()
    why = hiding.why()
    beside = {end: why[n].side[0] for n in hiding.hidden for _, end in hiding.showing[n]}
    return Suppressed(dict(sorted(beside.items())), *hiding.told())


@dataclass(frozen=True)
class Telling:
    """Numbers that tell a reader something unless one of them is hidden, whatever else is. `only_if`: where that is
    nothing to protect unless this one is hidden."""

    reader: Reader
    side: Side
    by: frozenset[int]
    only_if: int | None


class _Hiding:
    """What is hidden of the newest release of a chain so far. Numbers are named by their variables in the attack: one
    may be shown in several places."""

    def __init__(
        self, chain: Sequence[Release], partners: Sequence[Collection[str]], going_on: Callable[[], None]
    ) -> None:
        self.going_on = going_on
        self.attack, self.last = Attack(chain), len(chain) - 1
        # What can be hidden: no earlier release shows the same.
        self.showing = {
            n: frozenset(alike)
            for n, alike in sorted(self.attack.shown_by.items())
            if alike and all(which == self.last for which, _ in alike)
        }
        self.costs = {n: sum(dearness(end.place) for _, end in alike) for n, alike in self.showing.items()}
        self.outside = Reader(self.attack, self.attack.own, dict.fromkeys(self.attack.protected, 0))
        hidden = [(which, end) for which, release in enumerate(chain) for end in hidden_ends(release.rows)]
        # Nothing can be hidden from a partner where earlier releases show all that this one does.
        can_hide = partners and self.showing
        parts = [Parts(release) for release in chain] if can_hide else []
        self.insiders = []
        for insider in (Insider(parts, deliveries) for deliveries in (partners if can_hide else ())):
            own = self.attack.known(insider.own)
            self.insiders.append((insider, Reader(self.attack, own, insider.few_others(hidden))))
        self.hidden: set[int] = set()
        self.tellings: dict[tuple, Telling] = {}

    def hide_what_tells(self) -> None:
        self._learn_what_tells_alone()
        for _ in range(MOST_CHOICES):
            self._hide_just(cheapest(self.costs, self.tellings))
            if not self._learn_more():
                return
        while self._learn_more():
            pass
        self._give_back()

    def _learn_what_tells_alone(self) -> None:
        """What tells a number by itself has to be hidden whatever else is: no linear programme need say so."""
        for reader in (self.outside, *(reader for _, reader in self.insiders)):
            for side in reader.sides():
                for n in filter(self.showing.__contains__, reader.telling_alone(side)):
                    self._learn(reader, side, frozenset([n]))

    def _learn_more(self) -> bool:
        """Of the first reader that is told something."""
        return any(self._learn_what_tells(reader) for reader in self._asked_together())

    def _asked_together(self) -> Iterator[Reader]:
        self.going_on()
        yield self.outside
        insiders = [reader for _, reader in self.insiders]
        ask_together(self.attack, insiders)
        yield from insiders

    def _learn_what_tells(self, reader: Reader) -> bool:
        """By which numbers, hiding one of them each time until it is told no more. Whether it was told anything."""
        told = reader.told()
        for side in told:
            self.going_on()
            while side[0] in reader.cases and (by := reader.what_tells(side)) is not None:
                by_variable = {self.attack.variables[case]: round(weight, 6) for case, weight in by.items()}
                weights = {n: weight for n, weight in by_variable.items() if n in self.showing}
                if not weights:
                    reader.give_up(side)
                    break
                self._learn(reader, side, frozenset(weights))
                self._hide(min(weights, key=lambda n: (self.costs[n] / weights[n], n)))
        return bool(told)

    def _learn(self, reader: Reader, side: Side, by: frozenset[int]) -> None:
        variable = self.attack.variables[side[0]]
        only_if = variable if reader is not self.outside and variable in self.showing else None
        self.tellings.setdefault((by, only_if), Telling(reader, side, by, only_if))

    def _hide_just(self, chosen: Collection[int]) -> None:
        for n in sorted(self.hidden.difference(chosen)):
            self._show(n)
        for n in sorted(set(chosen) - self.hidden):
            self._hide(n)

    def _hide(self, n: int) -> None:
        self.hidden.add(n)
        self.attack.hide(self.showing[n])
        for insider, reader in self.insiders:
            reader.cases |= insider.few_others(self.showing[n])

    def _show(self, n: int) -> None:
        self.hidden.remove(n)
        self.attack.show(self.showing[n])
        for _, reader in self.insiders:
            for case in self.showing[n]:
                reader.cases.pop(case, None)

    def _give_back(self) -> None:
        """Where no choice was the last: show what tells nobody anything, the dearest first, until nothing is left."""
        while left := sorted(self.hidden - self.why().keys(), key=lambda n: (-self.costs[n], n)):
            for n in left:
                self._show(n)
                asked = self._asked_together()
                told = next(((reader, side) for reader in asked for side in reader.told(first=True)), None)
                if told is not None:
                    self._learn(*told, frozenset([n]))
                    self._hide(n)

    def why(self) -> Mapping[int, Telling]:
        """Of what is hidden, what is told as soon as that alone is shown."""
        found: dict[int, Telling] = {}
        for telling in self.tellings.values():
            if telling.only_if is None or telling.only_if in self.hidden:
                keeps = telling.by & self.hidden
                if len(keeps) == 1:
                    found.setdefault(*keeps, telling)
        return found

    def told(self) -> tuple[tuple[Case, ...], tuple[Case, ...]]:
        """What somebody outside can be told by the newest release, and what those before it tell as far without it."""
        given_away = self.outside.given_away
        told = {case for case, _ in self.outside.told()}
        if given_away:
            before = Attack([*self.attack.chain[:-1], without_numbers(self.attack.chain[-1])])
            told |= {side[0] for side, people in given_away.items() if is_further(people, before.bound(*side), side[1])}
        return tuple(sorted(told)), tuple(sorted({case for case, _ in given_away} - told))


def dearness(place: Place) -> int:
    """How much readers lose without a number: a total is worth two of its parts, by whatever it is one; and nothing but
    itself is worth the total of all programmes, which is what the unit says in public."""
    is_broken_down = bool(place.district or place.age_band)
    if place.programme or (place.district and place.age_band):
        return 1 if is_broken_down else 2
    return 2 if is_broken_down else OF_ALL
