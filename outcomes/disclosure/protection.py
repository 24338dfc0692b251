"""Protecting a release: what else to hide so that no hidden number can be told, and the certificate that proves it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from random import Random

import numpy as np

from outcomes import reach
from outcomes.disclosure.attack import Case
from outcomes.disclosure.certificate import Certificate, Target, disagreements, reached, targets
from outcomes.disclosure.published import ONE_NUMBER, End, Place, Release, hidden_ends, hide, numbers_of
from outcomes.disclosure.search import Line, Search, Wish
from outcomes.disclosure.suppression import hide_what_tells
from outcomes.disclosure.traced import Counted, terms, trace
from outcomes.disclosure.worlds import Sources, World
from outcomes.reach import DISTRICT
from outcomes.release_figures import AGE, FigureRow, ReleaseInputs, figure_rows, scopes

# Worlds that are looked for, and how many of them in a row may be in vain.
ROUNDS = 12
IN_VAIN = 3
# How often one step is tried, each time with what was learnt of how numbers move.
ATTEMPTS = 3
# Wishes of one step, and other deliveries that may make up for it.
MOST_WISHES = 12
OTHERS = 6
# So few deliveries are all looked at together.
FEW = 5


@dataclass(frozen=True)
class Protected:
    """The rows as they may be published, as far as is known.

    `beside`, `told`: see `Hidden`. `unshielded`: for which no world was found, so that the certificate proves nothing
    of them.
    """

    rows: Sequence[FigureRow]
    certificate: Certificate
    beside: frozenset[End]
    told: tuple[Case, ...]
    unshielded: frozenset[Target]


def protect(
    inputs: ReleaseInputs,
    earlier: Sequence[Release] = (),
    *,
    sticky: Collection[End] = (),
    rounds: int = ROUNDS,
    withhold: bool = False,
) -> Protected:
    """Hide what else must be hidden (`hide_what_tells`), and look for worlds that prove it.

    `rounds`: how many worlds are looked for. `withhold`: hide whole breakdowns where no world is found, until there is
    one.
    """
    counted = list(figure_rows(inputs))
    hidden = hide_what_tells(inputs, counted, earlier, sticky)
    proof = _Proof([*earlier, Release(inputs, hidden.rows)])
    proof.look(rounds)
    while withhold and proof.wanted and proof.withhold_more():
        proof.look(rounds)
    rows = proof.chain[-1].rows
    return Protected(
        rows,
        Certificate(tuple(each.world for each in proof.needed())),
        frozenset(hidden_ends(rows) - hidden_ends(counted)),
        hidden.told,
        frozenset(proof.wanted),
    )


@dataclass(frozen=True)
class _Found:
    world: World
    reached: frozenset[Target]


class _Proof:
    """Looking for the worlds of a certificate."""

    def __init__(self, chain: Sequence[Release]) -> None:
        self.chain = list(chain)
        self.inputs = chain[-1].inputs
        # The same worlds each time: what is drawn is no secret, the worlds are.
        self.dice = Random(self.inputs.month.code)  # noqa: S311
        self.sources = Sources([release.inputs for release in chain])
        self.found: list[_Found] = []
        self.wanted = targets(chain)
        self.wanted -= reached(chain, [release.rows for release in chain], self.wanted)

    def look(self, rounds: int) -> None:
        in_vain = 0
        for _ in range(rounds):
            if not self.wanted or in_vain == IN_VAIN:
                break
            in_vain = 0 if self._look() else in_vain + 1

    def needed(self) -> list[_Found]:
        """The fewest worlds, the most useful first, that shield as much as all."""
        left = set().union(*(found.reached for found in self.found))
        needed = []
        while left:
            best = max(self.found, key=lambda found: len(found.reached & left))
            needed.append(best)
            left -= best.reached
        return needed

    def withhold_more(self) -> bool:
        """Hide all of the breakdowns, or else all of the programmes, of which a number is not shielded yet. Whether
        anything was left to hide."""
        wanted = {target.end.place for target in self.wanted}
        shown = {n.end for row in self.chain[-1].rows for n in numbers_of(row) if n.shown is not None}
        groups, programmes = {_group(place) for place in wanted}, {place.programme for place in wanted}
        more = {end for end in shown if _group(end.place) in groups}
        more = more or {end for end in shown if end.place.programme in programmes} or shown
        self.chain[-1] = replace(self.chain[-1], rows=[hide(row, more) for row in self.chain[-1].rows])
        hidden = hidden_ends(self.chain[-1].rows)
        for line in self.search.lines:
            if line.ends and all(which == len(self.chain) - 1 and end in hidden for which, end in line.ends):
                line.least, line.most = 0, np.inf
        return bool(more)

    # ---- Lines ----
    @cached_property
    def search(self) -> Search:
        lines: dict[tuple, Line] = {}
        for which, release in enumerate(self.chain):
            told = trace(self.sources, which, release.inputs)
            for row, counted in zip(release.rows, told, strict=True):
                for line in self._lines(which, row, counted):
                    key = (frozenset(line.terms.items()), line.true, bool(line.ends))
                    known = lines.setdefault(key, line)
                    known.ends |= line.ends
                    known.least, known.most = max(known.least, line.least), min(known.most, line.most)
        return Search(self.sources, list(lines.values()))

    def _lines(self, which: int, row: FigureRow, counted: Counted, moved: World | None = None) -> list[Line]:
        policy = self.sources.inputs[which].policy
        found = []
        for number in numbers_of(row):
            people = counted.people.upper if number.end.which == "upper" else counted.people.lower
            least, most = number.least_and_most(policy)
            moves = terms(people)
            found.append(Line({(which, number.end)}, moves, int(people), least, np.inf if most is None else most))
        told_apart = reach.are_told_apart(counted.scope.years, counted.period.months)
        if found and len(counted.scope.years) == 1 and not told_apart and row.basis != "estimate":
            # A single delivery's figure says by its basis whether the two ends are the same.
            gap = counted.people.upper - counted.people.lower
            one = row.basis in ONE_NUMBER
            if terms(gap):
                found.append(Line(set(), terms(gap), int(gap), 0 if one else 1, 0 if one else np.inf))
        return found

    # ---- One world ----
    def _look(self) -> bool:
        """Look for one more world. Whether it shields anything more."""
        change, groups, told = self.search.start(), self._wishes(), None
        for key in self.dice.sample(sorted(groups), len(groups)):
            for _ in range(ATTEMPTS):
                tried = change.copy()
                if not self.search.improve(tried, self._moves(key, groups[key]), groups[key]):
                    break
                counted, wrong = self._counted(tried.world)
                if not wrong:
                    change, told = tried, counted
                    break
                self._learn(tried.world, wrong)
                change.moved = self.search.moved_in(change.world)
        return told is not None and self._keep(change.world, told)

    def _counted(self, world: World) -> tuple[Sequence[Sequence[FigureRow]], dict[int, set[int]]]:
        """What the releases come to in the world; and which of their rows (by order) come out otherwise."""
        counted, wrong = [], {}
        for which, release in enumerate(self.chain):
            rows = list(figure_rows(self.sources.told(world, which)))
            ends = {number.end for number in disagreements(release, rows)}
            if ends:
                wrong[which] = {row.order for row in release.rows if any(n.end in ends for n in numbers_of(row))}
            counted.append(rows)
        return counted, wrong

    def _keep(self, world: World, counted: Sequence[Sequence[FigureRow]]) -> bool:
        found = reached(self.chain, counted, targets(self.chain))
        more = bool(found & self.wanted)
        if more:
            self.wanted -= found
            self.found.append(_Found(world, frozenset(found)))
        return more

    def _learn(self, world: World, wrong: Mapping[int, Collection[int]]) -> None:
        """Hold the way in which numbers move where they came out otherwise than was thought."""
        lines = []
        for which, orders in wrong.items():
            rows = {row.order: row for row in self.chain[which].rows if row.order in orders}
            for counted in trace(self.sources, which, self.sources.told(world, which), orders):
                for line in self._lines(which, rows[counted.order], counted):
                    line.true -= self.search.moves_of(line, world)
                    lines.append(line)
        self.search.learn(lines)

    def _wishes(self) -> Mapping[tuple[str, str], list[Wish]]:
        """By programme and by what it is broken down, one direction for each number."""
        groups: dict[tuple[str, str], list[Wish]] = defaultdict(list)
        least = {which: release.inputs.policy.hide_below for which, release in enumerate(self.chain)}
        taken = set()
        for target in self.dice.sample(sorted(self.wanted), len(self.wanted)):
            line = self._line_of.get((target.release, target.end))
            key = _group(target.end.place)
            if line is not None and line not in taken and len(groups[key]) < MOST_WISHES:
                taken.add(line)
                groups[key].append(Wish(line, least[target.release] if target.up else 1, target.up))
        return {key: wishes for key, wishes in groups.items() if wishes}

    @cached_property
    def _line_of(self) -> Mapping[Case, int]:
        return {end: place for place, line in enumerate(self.search.lines) for end in line.ends if line.terms}

    def _moves(self, key: tuple[str, str], wishes: Sequence[Wish]):
        programme, kind = key
        places = [end.place for wish in wishes for _, end in self.search.lines[wish.line].ends]
        codes = {code for place in places for code in (place.district, place.age_band) if code}
        moves, dice = self.search.moves, self.dice
        mine = self._deliveries.get(programme, self._supported)
        both = (DISTRICT, AGE)
        if kind == "total":
            return [*moves.exposed(mine), *moves.of(both, codes, dice.sample(mine, min(OTHERS, len(mine))), dice)]
        if kind == "crossed":
            wanted = sorted({(place.district, place.age_band) for place in places if place.district})
            some = dice.sample(mine, min(OTHERS, len(mine)))
            return [*moves.crossed(wanted, dice), *moves.of(both, codes, some, dice)]
        if mine[0] not in self._supported:
            return moves.of((kind,), codes, mine, dice)
        if len(self._supported) < FEW:
            return moves.of(both, codes, self._supported, dice)
        return moves.exchanged(kind, codes, mine, [d for d in self._supported if d not in mine], dice)

    @cached_property
    def _deliveries(self) -> Mapping[str, list[str]]:
        code = {programme.id: programme.code for programme in self.inputs.programmes}
        return {code[pk]: [y.delivery for y in years] for pk, years in self.inputs.deliveries.items() if years}

    @cached_property
    def _supported(self) -> list[str]:
        return [year.delivery for year in scopes(self.inputs)[0].years]


def _group(place: Place) -> tuple[str, str]:
    kind = {(True, True): "crossed", (True, False): "district", (False, True): "age_band"}
    return place.programme, kind.get((bool(place.district), bool(place.age_band)), "total")
