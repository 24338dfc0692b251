"""Proving a release: looking for the worlds of its certificate."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from outcomes.disclosure.attack import Case
from outcomes.disclosure.certificate import Certificate, Target, disagreements, reached, targets
from outcomes.disclosure.lines import lines_at, lines_of, without_collecting
from outcomes.disclosure.published import Release, numbers_of
from outcomes.disclosure.remembered import Remembered
from outcomes.disclosure.search import Effort, Model, Walk, Wish
from outcomes.disclosure.traced import Leaves
from outcomes.disclosure.worlds import Sources, Unbelievable, World
from outcomes.release_figures import FigureRow, figure_rows

# So many wishes in a row that do not come true end a world: what was granted before leaves little room for more.
IN_VAIN = 12
# How hard a wish is tried for beside others.
BESIDE = Effort(walks=3, steps=100)
# And alone, and for a world that is mended: what comes easily first, then what takes its time.
EFFORTS = (Effort(walks=6, steps=100), Effort(walks=15, steps=400, asks=True))
# How many worlds are counted in all, wherever the search is then: the same everywhere, as seconds would not be.
MOST_COUNTED = 1_500
# How often a world is mended by what was learnt of it.
ATTEMPTS = 12

InTheWay = Mapping[Target, Sequence[frozenset[Case]]]
Told = Callable[[int, int], None]
# By release, rows of it (by their order).
Differing = Mapping[int, set[int]]


@dataclass(frozen=True)
class Proof:
    """`in_the_way`: of each target that is left, what kept a world from being found, each by the published numbers
    that all say the same."""

    certificate: Certificate
    in_the_way: InTheWay


def prove(
    chain: Sequence[Release],
    *,
    wanted: Iterable[Target] | None = None,
    known: Iterable[World] = (),
    progress: Told = lambda proven, wanted: None,
) -> Proof:
    """Worlds for as many hidden numbers as are found: of those that are `wanted`, or of all. `known`: worlds that may
    be good for some of them. `progress`: how many are proven by now, and of how many."""
    wanted = targets(chain) if wanted is None else set(wanted)
    proof = _Proof(chain, wanted)
    for world in known:
        proof.take(world)
    every = len(wanted)
    progress(every - len(proof.wanted), every)
    with without_collecting():
        for effort in EFFORTS:
            while proof.look(effort):
                progress(every - len(proof.wanted), every)
    return Proof(Certificate(tuple(proof.worlds)), {t: proof.in_the_way.get(t, ()) for t in sorted(proof.wanted)})


class _Proof:
    def __init__(self, chain: Sequence[Release], wanted: Collection[Target]) -> None:
        self.chain = chain
        # The same worlds each time: what is drawn is no secret, the worlds are.
        self.dice = np.random.default_rng(int(chain[-1].inputs.month.code.replace("-", "")))
        self.sources = Sources([release.inputs for release in chain])
        self.worlds: list[World] = []
        self.wanted = wanted - reached(chain, [release.rows for release in chain], wanted)
        # Of which no world was found, even from the truth.
        self.hopeless: dict[Effort, set[Target]] = defaultdict(set)
        self.in_the_way: dict[Target, Sequence[frozenset[Case]]] = {}
        self.counted = 0
        self.remembered = [Remembered(y for years in each.inputs.deliveries.values() for y in years) for each in chain]
        self.leaves = [Leaves(self.sources, which) for which in range(len(chain))]

    @cached_property
    def model(self) -> Model:
        return Model(self.sources, lines_of(self.chain, self.leaves))

    def take(self, world: World) -> None:
        """One that was found before, if it comes to what is published and proves something."""
        counted, differing = self._counted(world, ())
        if counted is not None and not differing and (found := reached(self.chain, counted, self.wanted)):
            self.wanted -= found
            self.worlds.append(world)

    def look(self, effort: Effort) -> bool:
        """Look for one more world. Whether there was anything left to look for."""
        left = sorted(self.wanted - self.hopeless[effort])
        if not left or self.counted >= MOST_COUNTED:
            return False
        self.model.forget()
        walk, held, in_vain, proven = Walk(self.model, self.dice), None, 0, 0
        # No number goes both ways in one world.
        settled: set[Case] = set()
        for target in (left[place] for place in self.dice.permutation(len(left))):
            wish = self._wish(target)
            if wish.end in settled:
                continue
            if walk.grant(wish, BESIDE if walk.wishes else effort):
                settled.add(wish.end)
                in_vain = 0
            elif walk.wishes:
                in_vain += 1
            else:
                self._give_up(target, walk, effort)
            is_last = in_vain == IN_VAIN
            # Counted when there are twice as many: counting takes longer than walking.
            if len(walk.wishes) >= (proven + 1 if is_last else max(1, 2 * proven)):
                mended = self._mended(walk, effort)
                if mended is None:
                    if held is None:
                        self._give_up(target, walk, effort)
                    break
                held, proven = mended, len(walk.wishes)
            if is_last:
                break
        if held is not None:
            world, counted = held
            self.wanted -= reached(self.chain, counted, self.wanted)
            self.worlds.append(world)
        return True

    def _give_up(self, target: Target, walk: Walk, effort: Effort) -> None:
        self.hopeless[effort].add(target)
        self.in_the_way[target] = walk.in_the_way()

    def _wish(self, target: Target) -> Wish:
        least = self.chain[target.release].inputs.policy.hide_below
        return Wish((target.release, target.end), least if target.up else 1, target.up)

    def _mended(self, walk: Walk, effort: Effort) -> tuple[World, Sequence[Sequence[FigureRow]]] | None:
        """The world that the walk has come to and what the releases come to in it: walked on, in a few attempts, each
        with what was learnt of how numbers move, until they are what they must be."""
        for _ in range(ATTEMPTS):
            world = walk.world
            counted, differing = self._counted(world, walk.wishes)
            if counted is None:
                return None
            if not differing:
                return world, counted
            if not self._learn(world, differing, walk.wishes):
                return None
            walk.look_again()
            if not walk.settle(effort):
                return None
        return None

    def _counted(self, world: World, wishes: Sequence[Wish]) -> tuple[Sequence[Sequence[FigureRow]] | None, Differing]:
        """What the releases come to in the world (None: it cannot be); and which of their rows (by order) come out
        otherwise than they must."""
        self.counted += 1
        wished = {wish.end: wish for wish in wishes}
        counted, differing = [], {}
        for which, release in enumerate(self.chain):
            try:
                rows = list(figure_rows(self.sources.told(world, which), self.remembered[which]))
            except Unbelievable:
                return None, {}
            ends = {number.end for number in disagreements(release, rows)}
            for number in (number for row in rows for number in numbers_of(row)):
                wish = wished.get((which, number.end))
                if wish and (number.exact < wish.people if wish.up else number.exact > wish.people):
                    ends.add(number.end)
            if ends:
                differing[which] = {row.order for row in release.rows if any(n.end in ends for n in numbers_of(row))}
            counted.append(rows)
        return counted, differing

    def _learn(self, world: World, differing: Differing, wishes: Sequence[Wish]) -> bool:
        """Hold the way in which numbers move where they came out otherwise than was thought. Whether any is."""
        lines = [
            line
            for which, orders in differing.items()
            for line in lines_at(self.chain, self.leaves[which], self.sources.told(world, which), orders)
        ]
        return self.model.learn(lines, world, wishes)
