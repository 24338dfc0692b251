"""Proving a release: looking for the worlds of its certificate."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from random import Random

from outcomes.disclosure.attack import Case
from outcomes.disclosure.certificate import Certificate, Target, disagreements, is_reached, reached, targets
from outcomes.disclosure.lines import lines_at, lines_of
from outcomes.disclosure.published import Release, numbers_of
from outcomes.disclosure.search import EFFORTS, Change, Effort, Programme, Wish
from outcomes.disclosure.worlds import Sources, Unbelievable, World
from outcomes.release_figures import FigureRow, figure_rows

# So many wishes in a row that do not come true end a world: what was granted before leaves little room for more.
IN_VAIN = 12
# How often a search asks for a change in all, wherever it is then: the same everywhere, as seconds would not be.
MOST_ASKED = 1_200
# How often one wish is asked for in a world.
ATTEMPTS = 5

Told = Callable[[int, int], None]
# By release, rows of it (by their order).
Differing = Mapping[int, set[int]]


@dataclass(frozen=True)
class Proof:
    """`in_the_way`: published numbers that kept a world from being found."""

    certificate: Certificate
    in_the_way: Mapping[Target, Sequence[Case]]


def prove(chain: Sequence[Release], *, progress: Told = lambda proven, wanted: None) -> Proof:
    """Worlds for as many hidden numbers as are found. `progress`: how many are proven by now, and of how many."""
    proof = _Proof(chain)
    every = len(targets(chain))
    progress(every - len(proof.wanted), every)
    for effort in EFFORTS:
        while proof.look(effort):
            progress(every - len(proof.wanted), every)
    return Proof(
        Certificate(tuple(proof.worlds)), {t: ends for t, ends in proof.in_the_way.items() if t in proof.wanted}
    )


class _Proof:
    def __init__(self, chain: Sequence[Release]) -> None:
        self.chain = chain
        # The same worlds each time: what is drawn is no secret, the worlds are.
        self.dice = Random(chain[-1].inputs.month.code)  # noqa: S311
        self.sources = Sources([release.inputs for release in chain])
        self.worlds: list[World] = []
        self.wanted = targets(chain)
        self.wanted -= reached(chain, [release.rows for release in chain], self.wanted)
        # Of which no world was found, even from the truth.
        self.hopeless: dict[Effort, set[Target]] = defaultdict(set)
        self.in_the_way: dict[Target, Sequence[Case]] = {}
        self.asked = 0

    @cached_property
    def programme(self) -> Programme:
        return Programme(self.sources, lines_of(self.chain, self.sources), self.dice)

    def look(self, effort: Effort) -> bool:
        """Look for one more world. Whether there was anything left to look for."""
        left = sorted(self.wanted - self.hopeless[effort])
        if not left or self.asked >= MOST_ASKED:
            return False
        change, counted, world, in_vain = Change(self.programme), None, None, 0
        # No number goes both ways in one world.
        settled: set[Case] = set()
        for target in self.dice.sample(left, len(left)):
            wish = self._wish(target)
            if wish.end in settled:
                continue
            if self.asked >= MOST_ASKED:
                break
            if change.holds(wish):
                change.keep(wish)
                settled.add(wish.end)
                continue
            change, granted = self._grant(change, target, wish, effort)
            if granted is not None:
                world, counted = granted
                settled.add(wish.end)
                in_vain = 0
            elif world is None:
                self.hopeless[effort].add(target)
                self.in_the_way[target] = change.in_the_way()
            else:
                in_vain += 1
                if in_vain == IN_VAIN:
                    break
        if world is not None:
            self.wanted -= reached(self.chain, counted, self.wanted)
            self.worlds.append(world)
        return True

    def _wish(self, target: Target) -> Wish:
        least = self.chain[target.release].inputs.policy.hide_below
        return Wish((target.release, target.end), least if target.up else 1, target.up)

    def _grant(self, change: Change, target: Target, wish: Wish, effort: Effort) -> tuple[Change, tuple | None]:
        """Change the world so that the wish comes true, in a few attempts: each time with what was learnt of how
        numbers move."""
        for _ in range(ATTEMPTS):
            self.asked += 1
            found = change.ask(wish, effort=effort)
            if found is None:
                break
            world = change.world(found)
            counted, differing = self._counted(world, target)
            if not differing and counted is not None:
                change.make(found, wish)
                return change, (world, counted)
            if not self._learn(world, differing):
                break
            change = Change(self.programme, change)
        return change, None

    def _counted(self, world: World, target: Target) -> tuple[Sequence[Sequence[FigureRow]] | None, Differing]:
        """What the releases come to in the world (None: it cannot be); and which of their rows (by order) come out
        otherwise than they must."""
        counted, differing = [], {}
        for which, release in enumerate(self.chain):
            try:
                rows = list(figure_rows(self.sources.told(world, which)))
            except Unbelievable:
                return None, {}
            ends = {number.end for number in disagreements(release, rows)}
            if which == target.release:
                people = next((n.exact for row in rows for n in numbers_of(row) if n.end == target.end), None)
                if people is None or not is_reached(target, self.chain, people):
                    ends.add(target.end)
            if ends:
                differing[which] = {row.order for row in release.rows if any(n.end in ends for n in numbers_of(row))}
            counted.append(rows)
        return counted, differing

    def _learn(self, world: World, differing: Differing) -> bool:
        """Hold the way in which numbers move where they came out otherwise than was thought. Whether any is."""
        lines = [
            line
            for which, orders in differing.items()
            for line in lines_at(self.chain, self.sources, which, self.sources.told(world, which), orders)
        ]
        self.programme.learn(lines, world)
        return bool(lines)
