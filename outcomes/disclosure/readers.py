"""Readers who attack while it is looked for what to hide: somebody outside, and partners that know their own."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager

import highspy
import numpy as np

from outcomes.disclosure.attack import Attack
from outcomes.disclosure.finding import SENSES, is_further
from outcomes.disclosure.published import Case

# That a number could be large enough, or one at most.
Side = tuple[Case, highspy.ObjSense]


class Reader:
    """Of each number that is protected from it, an answer is kept in which the number could be large enough, and one in
    which it could be one at most: hiding more makes no answer wrong, and showing a number again only those in which it
    is another, of which what lies nearer to the truth may still do. So little has to be asked a second time.

    `own`: how many people of each variable it knows. `cases`: what is protected, each with how many are its own.
    """

    def __init__(self, attack: Attack, own: np.ndarray, cases: Mapping[Case, int]) -> None:
        self.attack, self.own, self.cases = attack, own, dict(cases)
        # How many people a side can be of at most, or at least, by numbers that cannot be hidden any more.
        self.given_away: dict[Side, float] = {}
        self.answers: dict[Side, np.ndarray] = {}
        # Bounds that all answers are within.
        self.least, self.high = attack.inferred

    def told(self, *, first: bool = False) -> list[Side]:
        """What can be told (or the first that is found), in a few steps: what one answer shows to be possible needs no
        question of its own."""
        with self._asking():
            found = []
            for sense in SENSES:
                found += self._told(sense, first=first)
                if first and found:
                    return found
            if not found:
                self.least, self.high = self.attack.least, self.attack.high.copy()
        return found

    def still_open(self, sense: highspy.ObjSense) -> list[Side]:
        with self._asking():
            return self.open(sense)

    def what_tells(self, side: Side) -> dict[Case, float] | None:
        """The published numbers that tell a side, each with how much it moves the bound; None if it is not told."""
        case, sense = side
        with self._asking():
            answer, by = self.attack.extreme(self.attack.variables[case], sense)
        return None if self.shows(side, answer) else by

    def give_up(self, side: Side) -> None:
        """It is told by what cannot be hidden any more: it must be told no further."""
        with self._asking():
            self.given_away[side] = self.attack.bound(*side)

    def sides(self) -> list[Side]:
        return [(case, sense) for sense in SENSES for case in self.cases]

    def telling_alone(self, side: Side) -> list[int]:
        """The variables that tell a side by themselves."""
        case, sense = side
        with self.attack.inside(self.own):
            bounds = self.attack.bounds_by_one(self.attack.variables[case], sense)
            return [n for n, bound in bounds if not self.attack.is_enough(case, sense, bound, self.cases[case])]

    @contextmanager
    def _asking(self) -> Iterator[None]:
        with self.attack.inside(self.own):
            self.least, self.high = np.minimum(self.least, self.attack.least), np.maximum(self.high, self.attack.high)
            yield

    def _told(self, sense: highspy.ObjSense, *, first: bool) -> Iterator[Side]:
        left, together = self.open(sense), True
        while left:
            variables = {self.attack.variables[case] for case, _ in left}
            asked = sorted(variables) if together else [min(variables)]
            answer = self.attack.values(asked, sense)
            possible = {side for side in left if self.shows(side, answer)}
            if not possible and not together:
                possible = {side for side in left if self.attack.variables[side[0]] == asked[0]}
                yield from sorted(possible, key=lambda side: side[0])
                if first:
                    return
            together = together and bool(possible)
            left = [side for side in left if side not in possible]

    def open(self, sense: highspy.ObjSense) -> list[Side]:
        """Those of which no answer is known that still is one."""
        left = [(case, sense) for case in self.cases]
        if not len(tighter := self._tighter()):
            return [side for side in left if side not in self.answers]
        kept = {id(answer): answer for side in left if (answer := self.answers.get(side)) is not None}
        nearer = {n: self.attack.nearer(answer, tighter) for n, answer in kept.items()}
        return [s for s in left if s not in self.answers or not self.shows(s, nearer[id(self.answers[s])])]

    def shows(self, side: Side, answer: np.ndarray) -> bool:
        if self._is_enough(side, answer[self.attack.variables[side[0]]]):
            self.answers[side] = answer
            return True
        return False

    def _is_enough(self, side: Side, people: float) -> bool:
        case, sense = side
        known = self.given_away.get(side)
        return self.attack.is_enough(case, sense, people, self.cases[case]) or (
            known is not None and not is_further(people, known, sense)
        )

    def _tighter(self) -> np.ndarray:
        """The variables of which an answer may be out of bounds by now."""
        return np.flatnonzero((self.attack.least > self.least) | (self.attack.high < self.high))


def ask_together(attack: Attack, readers: Sequence[Reader]) -> None:
    """Of all readers at once what can be: an answer for somebody who knows what each of them knows is one for each."""
    everything = np.max([attack.own, *(reader.own for reader in readers)], axis=0)
    for sense in SENSES:
        left = {n: reader.still_open(sense) for n, reader in enumerate(readers)}
        while variables := {attack.variables[case] for sides in left.values() for case, _ in sides}:
            with attack.inside(everything):
                answer = attack.values(sorted(variables), sense)
            before, left = left, {n: [s for s in sides if not readers[n].shows(s, answer)] for n, sides in left.items()}
            if before == left:
                break
