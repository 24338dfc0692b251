"""Secondary suppression: the fewest further numbers hidden, so that the attack can tell no protected one."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass

from outcomes.disclosure.attack import Attack
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
from outcomes.release_figures import FigureRow, Place, ReleaseInputs


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
    sticky: Collection[End] = (),
    partners: Sequence[Collection[str]] = (),
) -> Hidden:
    """`rows`: as counted from the inputs. `earlier`: the public releases of the same financial year, oldest first: what
    they hid stays hidden, and so do the numbers that are `sticky` for another reason. `partners`:
    of each, its deliveries; what tells it of the others is hidden too."""
    kept = set(sticky).union(*(hidden_ends(release.rows) for release in earlier))
    stays = {n.end for row in rows for n in numbers_of(row) if touched(n.end, kept)} - hidden_ends(rows)
    beside: dict[End, Case | None] = dict.fromkeys(sorted(stays))
    suppressed = suppress([*earlier, Release(inputs, [hide(row, stays) for row in rows])], partners)
    beside |= suppressed.why
    return Hidden([hide(row, beside) for row in rows], beside, suppressed.told, suppressed.told_before)


@dataclass(frozen=True)
class Suppressed:
    """What is hidden of the newest release, each with a number that could be told without it; what can be told even so;
    and what those before it tell as far without it."""

    why: Mapping[End, Case]
    told: tuple[Case, ...]
    told_before: tuple[Case, ...]


def suppress(chain: Sequence[Release], partners: Sequence[Collection[str]] = ()) -> Suppressed:
    """Of each number that is told, to somebody outside or to a partner that knows its own, hide the one that readers
    miss least for what it tells, and so on; then show again what need not be hidden, the dearest first."""
    hiding = _Hiding(chain, partners)
    hiding.hide_what_tells()
    hiding.give_back()
    beside = {end: hiding.why[shown][1][0] for shown, alike in hiding.hidden.items() for _, end in sorted(alike)}
    return Suppressed(beside, *hiding.told())


class _Hiding:
    """What is hidden of the newest release of a chain so far."""

    def __init__(self, chain: Sequence[Release], partners: Sequence[Collection[str]]) -> None:
        self.attack, self.last = Attack(chain), len(chain) - 1
        self.newest = {n.end: n.exact for row in chain[-1].rows for n in numbers_of(row) if n.shown is not None}
        self.outside = Reader(self.attack, self.attack.own, dict.fromkeys(self.attack.protected, 0))
        hidden = [(which, end) for which, release in enumerate(chain) for end in hidden_ends(release.rows)]
        # Nothing can be hidden from a partner where earlier releases show all that this one does.
        can_hide = partners and any(self._only_newest(self.attack.alike(self.last, end)) for end in self.newest)
        parts = [Parts(release) for release in chain] if can_hide else []
        self.insiders = []
        for insider in (Insider(parts, deliveries) for deliveries in (partners if can_hide else ())):
            own = self.attack.known(insider.own)
            self.insiders.append((insider, Reader(self.attack, own, insider.few_others(hidden))))
        self.readers = [self.outside, *(reader for _, reader in self.insiders)]
        # By one of those that show the same number, all of them.
        self.hidden: dict[End, set[Case]] = {}
        # Of each that is hidden, what could be told without it, and to whom.
        self.why: dict[End, tuple[Reader, Side]] = {}
        # Of which it is known that they could be.
        self.needed: dict[End, tuple[Reader, Side]] = {}

    def hide_what_tells(self) -> None:
        for reader in self.readers:
            self._hide_what_tells_alone(reader)
        # What is hidden of one may be what another must not be told.
        while sum(self._hide_what_tells(reader) for reader in self._asked_together()):
            pass

    def _asked_together(self) -> Iterator[Reader]:
        yield self.outside
        insiders = [reader for _, reader in self.insiders]
        ask_together(self.attack, insiders)
        yield from insiders

    def _hide_what_tells(self, reader: Reader) -> bool:
        """Hide until nothing is told to this reader. Whether there was anything to hide."""
        told = reader.told()
        for side in told:
            hidden = []
            while self._is_protected(reader, side) and (by := reader.what_tells(side)) is not None:
                can_be = {end: self.attack.alike(self.last, end) for which, end in by if which == self.last}
                candidates = [end for end, alike in can_be.items() if self._only_newest(alike)]
                if not candidates:
                    reader.give_up(side)
                    break
                weights = {end: round(by[self.last, end], 6) for end in candidates}
                least = min(candidates, key=lambda e: (self._dearness(can_be[e]) / weights[e], self.newest[e], e))
                self._hide(least, can_be[least], (reader, side))
                hidden.append(least)
            self._trim(hidden[:-1], reader, side)
        return bool(told)

    def _hide_what_tells_alone(self, reader: Reader) -> None:
        """What tells a number by itself has to be hidden whatever else is: no linear programme need say so."""
        for side in reader.sides():
            for alike in reader.telling_alone(side):
                if alike and self._only_newest(alike):
                    end = min(end for _, end in alike)
                    self._hide(end, alike, (reader, side))
                    if not self.last:  # or an earlier release may tell it as far
                        self.needed[end] = (reader, side)

    def _only_newest(self, alike: Collection[Case]) -> bool:
        """Whether no earlier release shows the same."""
        return all(which == self.last for which, _ in alike)

    def _trim(self, hidden: Sequence[End], reader: Reader, side: Side) -> None:
        """What was hidden first is often not needed beside what was hidden last. To see that at once costs two linear
        programmes, later those of every reader."""
        for end in sorted(hidden, key=self._dearest):
            alike = self._show(end)
            if self._is_told(reader, side):
                self._hide(end, alike, (reader, side))

    def _hide(self, end: End, alike: set[Case], why: tuple[Reader, Side]) -> None:
        self.hidden[end], self.why[end] = alike, why
        self.attack.hide(alike)
        for insider, reader in self.insiders:
            reader.cases |= insider.few_others(alike)

    def give_back(self) -> None:
        """Until nothing more can be shown: what was hidden for a number that is shown again need not be either. Of what
        is hidden for another one nothing is asked again, for the less is hidden the more is told."""
        while left := [e for e in self.hidden if e not in self.needed or not self._is_protected(*self.needed[e])]:
            self.needed |= {e: self.why[e] for e in sorted(left, key=self._dearest) if not self._give_back(e)}

    def _dearest(self, end: End) -> tuple:
        return -self._dearness(self.hidden[end]), -self.newest[end], end

    def _dearness(self, alike: Collection[Case]) -> float:
        return sum(dearness(end.place) for _, end in alike)

    def _is_protected(self, reader: Reader, side: Side) -> bool:
        return side[0] in reader.cases

    def _is_told(self, reader: Reader, side: Side) -> bool:
        return self._is_protected(reader, side) and reader.what_tells(side) is not None

    def _show(self, end: End) -> set[Case]:
        alike = self.hidden.pop(end)
        self.attack.show(alike)
        for _, reader in self.insiders:
            for case in alike:
                reader.cases.pop(case, None)
        return alike

    def _give_back(self, end: End) -> bool:
        alike = self._show(end)
        told = self._who_is_told(*self.why[end])
        if told is not None:
            self._hide(end, alike, told)
        return told is None

    def _who_is_told(self, reader: Reader, side: Side) -> tuple[Reader, Side] | None:
        """Anybody, of anything; most likely this one of that."""
        if self._is_told(reader, side):
            return reader, side
        return next(((reader, side) for reader in self._asked_together() for side in reader.told(first=True)), None)

    def told(self) -> tuple[tuple[Case, ...], tuple[Case, ...]]:
        """What somebody outside can be told by the newest release, and what those before it tell as far without it."""
        given_away = self.outside.given_away
        told = {case for case, _ in self.outside.told()}
        if given_away:
            before = Attack([*self.attack.chain[:-1], without_numbers(self.attack.chain[-1])])
            told |= {side[0] for side, people in given_away.items() if is_further(people, before.bound(*side), side[1])}
        return tuple(sorted(told)), tuple(sorted({case for case, _ in given_away} - told))


def dearness(place: Place) -> float:
    """How much readers lose without a number."""
    whole = 8 if not place.programme and not (place.district and place.age_band) else 1
    return whole * (8 if not place.district and not place.age_band else 1)
