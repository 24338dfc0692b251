"""Finding worlds: walks from what was sent, a person at a time, to where hidden numbers are otherwise and published
ones are not.

A wish strains what is published; each step takes away from the strain of one number, wherever it adds least to that of
others; numbers that stay strained weigh more and more. Most walks that end well end soon, so each is first short and
begun again. Of what no short walk ends, a linear programme says whether the model knows of any world, and often gives
the nearest (`nearest.py`). Nothing here is trusted: a world counts for what the ordinary counting code makes of it
(`outcomes.disclosure.certificate`).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import Enum
from itertools import islice
from typing import NamedTuple

import numpy as np

from outcomes.disclosure.attack import Case
from outcomes.disclosure.columns import Beliefs, Column, Effects, Row, columns_of
from outcomes.disclosure.lines import Line
from outcomes.disclosure.nearest import Nearest
from outcomes.disclosure.steps import Steps, ranges
from outcomes.disclosure.worlds import Count, Profile, Sources, World

# No column differs by more people from the truth.
MOST_TIMES = 30
# So many of the steps that ease a number are weighed against each other: with fewer, more walks fail.
WEIGHED = 1500
# A step is not taken back for so long.
KEPT = 4
# How much a person that differs from the truth weighs, against one by whom a number is strained.
FAR = 0.3
# So many published numbers are named that stand in the way.
FEW = 3


class Effort(NamedTuple):
    """How many walks are tried, and after how many steps each is begun again; and whether the nearest world is asked
    for first."""

    walks: int
    steps: int
    asks: bool = False


class Says(Enum):
    """What a line says of its number: what it comes to; or, where it is the largest or the smallest of several, that it
    is no less or no more."""

    ALL = "all"
    NO_LESS = "no less"
    NO_MORE = "no more"


@dataclass(frozen=True)
class Wish:
    """That the number come to `people` or more (`up`), or to so many or fewer."""

    end: Case
    people: int
    up: bool


class Model:
    """How the lines, and what is believed of people, move with each column. Columns that move the same are one."""

    def __init__(self, sources: Sources, lines: list[Line]) -> None:
        self.beliefs = Beliefs(sources)
        effects = Effects(lines)
        alike: dict[tuple, tuple[int, Column]] = {}
        nobody = {place for place, line in enumerate(lines) if line.is_none}
        for column in columns_of(sources, lines):
            effect = effects.of(column)
            if nobody.isdisjoint(effect):
                key = tuple(sorted([*effect.items(), *self.beliefs.of(column)], key=str))
                there = self.beliefs.said(column)
                if key and (key not in alike or there > alike[key][0]):
                    alike[key] = there, column
        self.columns = [column for _, column in alike.values()]
        self.there = np.array([there for there, _ in alike.values()])
        rows: dict[Row, int] = {}
        moved = [{rows.setdefault(row, len(rows)): times for row, times in key if times} for key in alike]
        self.steps = Steps(self.columns, moved, len(rows))
        self.moved_by = moved
        self.fewest = -np.minimum(MOST_TIMES, self.there)
        self.nearest = Nearest(moved, len(rows), self.fewest, MOST_TIMES)
        self.says: list[Says] = [Says.ALL] * len(rows)
        self.true = np.zeros(len(rows))
        # By row, the published numbers that it stands for.
        self.shown: dict[int, set[Case]] = {}
        self.rows_of: dict[Case, list[int]] = defaultdict(list)
        room = np.zeros((len(rows), 2))
        for row, place in rows.items():
            if isinstance(row, int):
                line = lines[row]
                room[place], self.true[place] = _room(line), line.true
                self._say(place, line)
            else:
                room[place] = self.beliefs.room(row)
        self.least, self.most = room.T.copy()
        # Of each row that was learnt, by how much it moves with each column.
        self.learnt: list[np.ndarray] = []
        self._known: set[tuple] = set()

    def _say(self, place: int, line: Line) -> None:
        if line.shown:
            self.shown[place] = line.shown
        for end in line.ends:
            self.rows_of[end].append(place)

    def wished(self, wish: Wish) -> dict[int, float]:
        """By row, by how many people it has to move from the truth."""
        other = Says.NO_LESS if wish.up else Says.NO_MORE
        return {row: wish.people - self.true[row] for row in self.rows_of[wish.end] if self.says[row] != other}

    def moves(self, times: np.ndarray) -> np.ndarray:
        """By how much each row moves where the columns are changed so often."""
        moved = np.zeros(len(self.true))
        for column in np.flatnonzero(times):
            for row, by in self.moved_by[column].items():
                moved[row] += by * times[column]
        known = len(moved) - len(self.learnt)
        moved[known:] = [float(each @ times) for each in self.learnt]
        return moved

    def learn(self, lines: Sequence[Line], world: World, wishes: Iterable[Wish]) -> bool:
        """Of numbers that came out otherwise in the world than was thought, hold that they move so too. Whether there
        was anything to learn."""
        wanted = {wish.end: wish for wish in wishes}
        effects = Effects(lines)
        changed = [(effects.of(column), n) for column, n in (*world.counts.items(), *world.people.items())]
        of_columns = [effects.of(column) for column in self.columns]
        learnt = False
        for place, line in enumerate(lines):
            least, most = line.least, line.most
            for wish in (wanted[end] for end in line.ends if end in wanted):
                least, most = (max(least, wish.people), most) if wish.up else (least, min(most, wish.people))
            if least <= line.true <= most:
                continue
            says = Says.NO_LESS if line.true > most else Says.NO_MORE
            line.true -= sum(n * effect.get(place, 0) for effect, n in changed)
            key = (frozenset(line.terms.items()), line.true, says)
            if key not in self._known:
                self._known.add(key)
                self._add(line, says, np.array([effect.get(place, 0) for effect in of_columns]))
                learnt = True
        return learnt

    def forget(self) -> None:
        """What was learnt where one world came to: others go elsewhere, where it keeps them from going."""
        known = len(self.true) - len(self.learnt)
        self.least, self.most, self.true = self.least[:known], self.most[:known], self.true[:known]
        del self.says[known:]
        for row in [row for row in self.shown if row >= known]:
            del self.shown[row]
        for rows in self.rows_of.values():
            rows[:] = [row for row in rows if row < known]
        self.learnt, self._known = [], set()
        self.nearest.forget(known)
        self.steps.forget()

    def _add(self, line: Line, says: Says, times: np.ndarray) -> None:
        # In truth another is the largest or the smallest, and this one may be anywhere.
        self.least = np.append(self.least, -np.inf if says == Says.NO_LESS else line.least - line.true)
        self.most = np.append(self.most, np.inf if says == Says.NO_MORE else line.most - line.true)
        self.true = np.append(self.true, line.true)
        self.says.append(says)
        self._say(len(self.says) - 1, line)
        self.learnt.append(times)
        self.nearest.learn(times)
        self.steps.learn(times)


def _room(line: Line) -> tuple[float, float]:
    # What partners' slips contradict is no nearer to the truth than the truth is.
    return min(line.least - line.true, 0), max(line.most - line.true, 0)


class Walk:
    """A world in the making. Every wish that was granted holds from then on."""

    def __init__(self, model: Model, dice: np.random.Generator) -> None:
        self.model, self.dice = model, dice
        self.wishes: list[Wish] = []
        # How often each column was changed (and, at the end, none), and by how much each row has moved.
        self.times, self.moved = np.zeros(len(model.columns) + 1, dtype=int), np.zeros(0)
        self.fewest = np.append(model.fewest, 0)
        self.weights = np.ones(len(model.true))
        self.look_again()

    def look_again(self) -> None:
        """With what the model has learnt."""
        known, learnt = len(self.moved), self.model.learnt
        new = learnt[len(learnt) - (len(self.model.true) - known) :] if known else learnt
        came_to = [float(times @ self.times[:-1]) for times in new]
        self.moved = np.concatenate([self.moved if known else np.zeros(len(self.model.true) - len(learnt)), came_to])
        self.least, self.most = self.model.least.copy(), self.model.most.copy()
        for wish in self.wishes:
            self._want(wish)

    @property
    def world(self) -> World:
        changed = [(self.model.columns[n], int(self.times[n])) for n in np.flatnonzero(self.times)]
        return World(
            {column: times for column, times in changed if isinstance(column, Count)},
            {column: times for column, times in changed if isinstance(column, Profile)},
        )

    def grant(self, wish: Wish, effort: Effort) -> bool:
        """Walk to where it is true."""
        if not self.model.wished(wish):
            return False
        before = self.least.copy(), self.most.copy()
        self._want(wish)
        if (self.least <= self.most).all() and self.settle(effort):
            self.wishes.append(wish)
            return True
        self.least, self.most = before
        return False

    def settle(self, effort: Effort) -> bool:
        """Walk to where nothing is strained."""
        here = self.times, self.moved
        # Of more wishes at once it tells of parts of people.
        if effort.asks and len(self.wishes) <= 1:
            nearest = self._go_to_nearest()
            if nearest is not None:
                return nearest
        for _ in range(effort.walks):
            self.times, self.moved = here[0].copy(), here[1].copy()
            if self._walk(effort.steps):
                return True
        self.times, self.moved = here
        return False

    def _go_to_nearest(self) -> bool | None:
        """Whether there is a world where nothing is strained; None: of parts of people, and perhaps of whole ones."""
        nearest, in_the_way = self.model.nearest.ask(self.least, self.most)
        if nearest is None:
            self.weights = 1 + in_the_way
            return False
        times = np.rint(nearest).astype(int)
        moved = self.model.moves(times)
        if self._strain(slice(None), moved).any():
            return None
        self.times, self.moved = np.append(times, 0), moved
        return True

    def in_the_way(self) -> list[frozenset[Case]]:
        """What the last walk could not ease: each by the published numbers that all say the same."""
        heaviest = np.argsort(-self.weights, kind="stable")
        strained = (int(row) for row in heaviest if self.weights[row] > 1)
        said = (frozenset(self.model.shown[row]) for row in strained if self.model.shown.get(row))
        return list(islice(dict.fromkeys(said), FEW))

    def _want(self, wish: Wish) -> None:
        for row, people in self.model.wished(wish).items():
            if wish.up:
                self.least[row] = max(self.least[row], people)
            else:
                self.most[row] = min(self.most[row], people)

    def _strain(self, rows: np.ndarray | slice, moved: np.ndarray) -> np.ndarray:
        return np.maximum(self.least[rows] - moved, 0) + np.maximum(moved - self.most[rows], 0)

    def _walk(self, most: int) -> bool:
        steps = self.model.steps
        self.weights = np.ones(len(self.moved))
        strain = self._strain(slice(None), self.moved)
        kept_until = np.zeros(len(steps.first), dtype=int)
        for now in range(most):
            strained = np.flatnonzero(strain)
            if not len(strained):
                return True
            row = strained[self.dice.integers(len(strained))]
            each, up = self._open_steps(row, kept_until, now)
            if not len(each):
                self.weights[row] += 1
                continue
            worth = self._worth(each, up, strain)
            best = np.flatnonzero(worth <= worth.min() + 1e-9)
            one = best[self.dice.integers(len(best))]
            if worth[one] >= 0:
                self.weights[strained] += 1
                if worth[one] > 2 * self.weights[row] and self.dice.random() >= 0.3:
                    continue
            self._step(each[one], up[one])
            kept_until[each[one]] = now + KEPT
            moved = steps.rows[steps.part(each[one])]
            strain[moved] = self._strain(moved, self.moved[moved])
        return not strain.any()

    def _open_steps(self, row: int, kept_until: np.ndarray, now: int) -> tuple[np.ndarray, np.ndarray]:
        """Steps that ease the row, and whether each is taken upwards (1) or downwards (-1)."""
        steps = self.model.steps
        each, upwards = steps.of_row(row)
        if len(each) > WEIGHED:
            some = self.dice.integers(0, len(each), WEIGHED)
            each, upwards = each[some], upwards[some]
        up = np.where(upwards == (self.moved[row] < self.least[row]), 1, -1)
        is_open = kept_until[each] <= now
        for columns, by in ((steps.first[each], up), (steps.second[each], up * steps.times[each])):
            times = self.times[columns] + by
            is_open &= (times >= self.fewest[columns]) & (times <= MOST_TIMES)
        return each[is_open], up[is_open]

    def _worth(self, each: np.ndarray, up: np.ndarray, strain: np.ndarray) -> np.ndarray:
        """By how much a step adds to the strain."""
        steps = self.model.steps
        lengths = steps.lengths[each]
        which, places = ranges(steps.starts[each], lengths)
        rows = steps.rows[places]
        after = self._strain(rows, self.moved[rows] + steps.by[places] * up[which])
        added = np.add.reduceat((after - strain[rows]) * self.weights[rows], np.cumsum(lengths) - lengths)
        times = self.times[steps.first[each]]
        return added + FAR * (np.abs(times + up) - np.abs(times))

    def _step(self, step: int, up: int) -> None:
        steps = self.model.steps
        self.times[steps.first[step]] += up
        self.times[steps.second[step]] += up * steps.times[step]
        part = steps.part(step)
        self.moved[steps.rows[part]] += up * steps.by[part]
