"""Which rows are one person: what people decided, then the partner's own reference, then whatever speaks for it,
strongest first.

Two rows are joined when the evidence says so by enough bits and nothing forbids it. What forbids: somebody decided
that they are two; two forenames that cannot be one name written twice (twins share everything else), or two dates of
birth that cannot, if most rows of the two people so far are at odds in this way. The result depends on the rows and
the decisions alone, not on their order.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from functools import cached_property
from itertools import repeat

import numpy as np

from outcomes.registers.blocking import candidates
from outcomes.registers.evidence import Agreement, Birth, Evidence, Name, Postcode, Rows, unpack, weigh
from outcomes.registers.pseudonyms import COLUMN, SLIP_KINDS, SLIPS

RULES = 2  # raised with every change of what follows from the same rows, so that an installation links anew

# Bits that make two people one, by how many rows the smaller of them has: a single row is mostly of somebody who was
# met before; two people who are both known by many rows are mostly two.
ENOUGH = ((1, -4.0), (3, -1.5), (None, 0.5))
STRICT, LOOSE = 7.0, -2.0  # added to these at the ends of the linkage range
LEAST = min(bits for _, bits in ENOUGH)
FEW = 0.05  # of the pairs at one partner that chance would bring: if there are fewer, they are one person
SURE_FORENAME = (Name.SAME, Name.FAMILY, Name.SLIP, Name.OTHER)
AT_ODDS = 0.5  # the share of rows at odds from which two people stay two
# How near a pair must come to enough to be asked about: so many bits short of it, or so many above.
NEARLY, BARELY = 2.0, 1.0


@dataclass(frozen=True, slots=True)
class Identity:
    """What a row says of who somebody is: its pseudonyms and which partner wrote it."""

    packed: bytes
    partner: str


class Because(StrEnum):
    """Why two rows are one person."""

    DECISION = "decision"  # somebody said so
    ROW = "row"  # one row, written under two keys
    REFERENCE = "reference"
    EVIDENCE = "evidence"


@dataclass(frozen=True, slots=True)
class Join:
    """Two rows, by their numbers, that made two people one."""

    first: int
    second: int
    because: Because
    agreement: Agreement | None = None


@dataclass(frozen=True, slots=True)
class Doubt:
    """Two rows of which it is nearly as likely that they are one person as that they are two; `beyond`: bits more than
    enough, or, negative, short of it. `are_one`: how the linker left it."""

    first: int
    second: int
    beyond: float
    are_one: bool
    agreement: Agreement | None = None


@dataclass(frozen=True)
class Links:
    """`groups`: for each row the number of its person; `strict_groups` and `loose_groups`: by other thresholds.

    `joins` lead to the groups, each of them one person fewer. `doubts`: one at most between two people.
    """

    groups: np.ndarray
    strict_groups: np.ndarray
    loose_groups: np.ndarray
    joins: tuple[Join, ...] = ()
    doubts: tuple[Doubt, ...] = ()

    @cached_property
    def people(self) -> int:
        return len(np.unique(self.groups))

    @cached_property
    def strict(self) -> int:
        return len(np.unique(self.strict_groups))

    @cached_property
    def loose(self) -> int:
        return len(np.unique(self.loose_groups))


Pairs = Iterable[tuple[int, int]]


def link(
    identities: Sequence[Identity],
    *,
    weights: Sequence[int] | None = None,
    one_row: Pairs = (),
    together: Pairs = (),
    apart: Pairs = (),
    explain: bool = False,
) -> Links:
    """The people of the rows, numbered by the first row of each. Rows may repeat, or have `weights`.

    `together` and `apart`: pairs of rows, by their numbers, of which somebody decided that they are one person, or
    two. `one_row`: pairs that were written from one and the same row, under two keys. `explain`: say of joins and
    doubts how far the two rows agree.
    """
    if not identities:
        nobody = np.zeros(0, dtype=int)
        return Links(nobody, nobody, nobody)
    rows, by_row = _distinct(identities, weights)
    del identities  # most of the memory, if the caller does not hold on to them
    said = Said(_rows_of(one_row, by_row), _rows_of(together, by_row), _rows_of(apart, by_row))
    evidence = weigh(rows, *candidates(rows), LEAST + LOOSE)
    # One after the other, so that not all of them stand in memory together.
    strict, loose = (_joined(rows, evidence, said, more).numbers() for more in (STRICT, LOOSE))
    usual = _joined(rows, evidence, said, 0.0)
    first = np.unique(by_row, return_index=True)[1].tolist()  # of the rows that are alike
    joins, doubts = usual.joins, list(_doubts(usual))
    if explain:
        joins, doubts = _explained(rows, joins), _explained(rows, doubts)
    return Links(
        *(_by_first(people[by_row]) for people in (usual.numbers(), strict, loose)),
        joins=tuple(replace(join, first=first[join.first], second=first[join.second]) for join in joins),
        doubts=tuple(replace(doubt, first=first[doubt.first], second=first[doubt.second]) for doubt in doubts),
    )


def _explained(rows: Rows, found: Sequence[Join] | Sequence[Doubt]) -> list:
    pairs = np.array([(each.first, each.second) for each in found], dtype=int).reshape(-1, 2)
    agreements = weigh(rows, pairs[:, 0], pairs[:, 1], -np.inf).agreements()
    return [replace(each, agreement=agreement) for each, agreement in zip(found, agreements, strict=True)]


@dataclass(frozen=True)
class Said:
    """What is known of pairs of rows beside the evidence."""

    one_row: tuple[tuple[int, int], ...] = ()
    together: tuple[tuple[int, int], ...] = ()
    apart: tuple[tuple[int, int], ...] = ()


def _rows_of(pairs: Pairs, by_row: np.ndarray) -> tuple[tuple[int, int], ...]:
    """In the order of the rows: what was said first must not matter."""
    found = {tuple(sorted((int(by_row[first]), int(by_row[second])))) for first, second in pairs}
    return tuple(sorted(pair for pair in found if pair[0] != pair[1]))


def _distinct(identities: Sequence[Identity], weights: Sequence[int] | None) -> tuple[Rows, np.ndarray]:
    """The rows that differ, in an order of their own, and for each identity which of them it is."""
    alike = Counter()
    for identity, weight in zip(identities, weights or repeat(1)):  # noqa: B905 - one of them has no end
        alike[identity] += weight
    distinct = sorted(alike, key=lambda identity: (identity.packed, identity.partner))
    number = {identity: n for n, identity in enumerate(distinct)}
    partners = {name: n for n, name in enumerate(sorted({identity.partner for identity in distinct}))}
    rows = Rows(
        unpack([identity.packed for identity in distinct]),
        np.array([partners[identity.partner] for identity in distinct]),
        np.array([alike[identity] for identity in distinct]),
    )
    return rows, np.array([number[identity] for identity in identities])


def _by_first(groups: np.ndarray) -> np.ndarray:
    _, first, inverse = np.unique(groups, return_index=True, return_inverse=True)
    return first[inverse]


# ---- Joining ----
def _joined(rows: Rows, evidence: Evidence, said: Said, more: float) -> People:
    """The people; `more` bits are asked for than usual."""
    people = People(rows, said.apart)
    for because, pairs in ((Because.ROW, said.one_row), (Because.DECISION, said.together)):
        for first, second in pairs:
            if not people.are_kept_apart(first, second):
                people.join(first, second, because)
    for pairs in _by_reference(rows):
        # One contradiction, and the reference says of none of its rows whose it is: a third row would lead from one
        # person to the other.
        if contradicting := [pair for pair in pairs if people.contradict(*pair)]:
            people.doubts += (Doubt(*pair, 0.0, are_one=False) for pair in contradicting)
            continue
        for first, second in pairs:
            if not people.are_kept_apart(first, second):
                people.join(first, second, Because.REFERENCE)
    bits = _without_family(rows, evidence, LEAST + more)
    # A date that is a little wrong, or 1 January for one that nobody knew, where the address is right.
    births_may = (evidence.birth == Birth.OTHER) | (
        (evidence.birth == Birth.ABOUT) & (evidence.postcode <= Postcode.HALF)
    )
    certain = (
        (evidence.forename == Name.SAME)
        & (evidence.surname == Name.SAME)
        & (evidence.birth == Birth.SAME)
        & (evidence.postcode == Postcode.SAME)
    )
    wanted = np.flatnonzero(bits >= LEAST + more - NEARLY)
    # Strongest first; among equals in the order of the rows.
    for n in wanted[np.argsort(-bits[wanted], kind="stable")].tolist():
        first, second = int(evidence.first[n]), int(evidence.second[n])
        beyond = float(bits[n]) - people.enough(first, second) - more
        if beyond < -NEARLY or people.are_kept_apart(first, second):
            continue
        # Two that agree in everything are one, whatever else was written of them.
        may = certain[n] or not people.at_odds(
            first,
            second,
            forenames_may=evidence.forename[n] in SURE_FORENAME,
            births_may=births_may[n],
        )
        if beyond >= 0 and may:
            people.join(first, second, Because.EVIDENCE)
        if (may and beyond < BARELY) or (not may and beyond >= 0):
            people.doubts.append(Doubt(first, second, beyond, are_one=beyond >= 0 and may))
    return people


def _doubts(people: People) -> Iterator[Doubt]:
    """Those that the end left open, the strongest between two people; and those that made two people one."""
    open_ones: dict[tuple[int, int], Doubt] = {}
    for doubt in people.doubts:
        between = tuple(sorted((people.of(doubt.first), people.of(doubt.second))))
        if doubt.are_one:
            yield doubt
        elif between[0] != between[1] and not people.are_kept_apart(doubt.first, doubt.second):
            strongest = open_ones.get(between)
            if strongest is None or doubt.beyond > strongest.beyond:
                open_ones[between] = doubt
    yield from open_ones.values()


def _without_family(rows: Rows, evidence: Evidence, least: float) -> np.ndarray:
    """The bits of each pair, once it is settled what twins, and fathers and sons of one name, explain."""
    other_forename, other_birth = evidence.forename == Name.OTHER, evidence.birth == Birth.OTHER
    twins = other_forename & (evidence.bits >= least)
    bits = np.where(twins & ~_are_one(rows, evidence, twins), -np.inf, evidence.bits)
    namesakes = other_birth & ~other_forename & (bits < least) & (bits + evidence.at_home >= least)
    return np.where(namesakes & _are_one(rows, evidence, namesakes), bits + evidence.at_home, bits)


def _by_reference(rows: Rows) -> Iterator[list[tuple[int, int]]]:
    """For each reference of a partner the pairs of its rows."""
    by_reference = defaultdict(list)
    for n, reference in enumerate(rows.of("reference").tolist()):
        if reference:
            by_reference[reference].append(n)
    for found in by_reference.values():
        yield [(first, second) for k, second in enumerate(found) for first in found[:k]]


def _are_one(rows: Rows, evidence: Evidence, pairs: np.ndarray) -> np.ndarray:
    """Of pairs that family could explain, those that are one person all the same: twins differ in the forename alone,
    father and son in the date of birth.

    Such two are met by one partner about as often as by two partners, and a partner that writes both into its
    registers means two people. So the pairs at one partner tell how many of the pairs at two are two people.
    """
    one_partner = rows.partners[evidence.first] == rows.partners[evidence.second]
    at_two = pairs & ~one_partner & ~evidence.sex_differs
    two_people = np.count_nonzero(pairs & one_partner) + 1
    if two_people >= FEW * _by_chance(rows) * np.count_nonzero(at_two):
        return np.zeros(len(pairs), dtype=bool)
    return at_two


def _by_chance(rows: Rows) -> float:
    """How many pairs of two people chance leads to one partner, for each that it leads to two; 1 at most, since a
    partner that has nearly all rows says little of pairs at others. Of the rows that can form such a pair: a partner
    that sends references alone has none."""
    partners = rows.partners[rows.give("forename_whole", "surname_whole", "birth")]
    at_one = float(np.sum((np.bincount(partners) / max(1, len(partners))) ** 2))
    return min(1.0, at_one / (1 - at_one)) if at_one < 1 else 1.0


class People:
    """Rows joined to people, two at a time."""

    def __init__(self, rows: Rows, apart: Pairs) -> None:
        self.joins: list[Join] = []
        self.doubts: list[Doubt] = []
        self._parent = list(range(len(rows)))
        self._apart: dict[int, set[int]] = defaultdict(set)  # by person, the rows that it is not
        for first, second in apart:
            self._apart[first].add(second)
            self._apart[second].add(first)
        self._members: dict[int, list[int]] = {}
        self._weights = rows.weights.tolist()
        self._rows_of = list(self._weights)  # by person
        self._forenames = rows.tokens[:, [COLUMN[f"forename_{part}"] for part in _FORENAME]]
        self._references = rows.of("reference").tolist()
        self._partners = rows.partners.tolist()
        self._crosswise = rows.of("surname_whole").tolist()
        self._surnames = rows.tokens[:, [COLUMN[f"surname_{part}"] for part in _SURNAME]]
        self._births = rows.tokens[:, [COLUMN[part] for part in _BIRTH]]
        first, last = COLUMN[f"{SLIP_KINDS[0]}_0"], COLUMN[f"{SLIP_KINDS[-1]}_{SLIPS - 1}"]
        self._slips = rows.tokens[:, first : last + 1]
        self._slip_sets: dict[int, frozenset[int]] = {}

    def of(self, row: int) -> int:
        parent = self._parent
        while parent[row] != row:
            parent[row] = parent[parent[row]]
            row = parent[row]
        return row

    def numbers(self) -> np.ndarray:
        """For each row the number of its person."""
        return np.array([self.of(row) for row in range(len(self._parent))])

    def are_kept_apart(self, first: int, second: int) -> bool:
        """Whether somebody decided that the people of two rows are two."""
        if not self._apart:
            return False
        one, other = self.of(first), self.of(second)
        return any(self.of(row) == other for row in self._apart.get(one, ()))

    def join(self, first: int, second: int, because: Because) -> None:
        one, other = sorted((self.of(first), self.of(second)))
        if one != other:
            self.joins.append(Join(first, second, because))
            if other in self._apart:
                self._apart[one] |= self._apart.pop(other)
            self._parent[other] = one
            self._rows_of[one] += self._rows_of[other]
            self._members[one] = self._of_person(one) + self._members.pop(other, [other])

    def _of_person(self, person: int) -> list[int]:
        return self._members.get(person, [person])

    def enough(self, first: int, second: int) -> float:
        """The bits that make the people of two rows one; infinite if they are one already."""
        one, other = self.of(first), self.of(second)
        if one == other:
            return np.inf
        smaller = min(self._rows_of[one], self._rows_of[other])
        return next(bits for most, bits in ENOUGH if most is None or smaller <= most)

    def at_odds(self, first: int, second: int, *, forenames_may: bool, births_may: bool) -> bool:
        """Whether most rows of the two people so far cannot be of one."""
        if self.are_two_at_one_partner(first, second):
            return True
        compared = odd = 0
        for mine in self._of_person(self.of(first)):
            for theirs in self._of_person(self.of(second)):
                weight = self._weights[mine] * self._weights[theirs]
                compared += weight
                if (not forenames_may and self.other_forename(mine, theirs)) or (
                    not births_may and self.other_birth(mine, theirs)
                ):
                    odd += weight
        return odd > AT_ODDS * compared

    def are_two_at_one_partner(self, first: int, second: int) -> bool:
        """Whether some partner knows both people by references of their own and writes their forenames otherwise:
        twins, whatever their names have in common."""
        known: dict[int, set[tuple[int, int]]] = defaultdict(set)
        for row in self._of_person(self.of(first)):
            if self._references[row]:
                known[self._partners[row]].add((self._references[row], self._forenames[row][0]))
        return any(
            all(reference != mine and forename != other for mine, other in known[self._partners[row]])
            for row in self._of_person(self.of(second))
            if (reference := self._references[row])
            and (forename := self._forenames[row][0])
            and known.get(self._partners[row])
        )

    def contradict(self, first: int, second: int) -> bool:
        """Whether two rows with one reference are two people all the same: the reference is a slip, says nothing, or is
        that of another service of the partner, which numbers people by itself."""
        surname, other = self._surnames[first].tolist(), self._surnames[second].tolist()
        if self.other_forename(first, second):
            return not (surname[0] == other[0] != 0 and not self.other_birth(first, second))
        crosswise = surname[0] == self._forenames[second][0] or other[0] == self._forenames[first][0]
        two_surnames = surname[0] and other[0] and not (crosswise or {*surname} & {*other} - {0})
        return bool(two_surnames) and self.other_birth(first, second)

    def other_forename(self, first: int, second: int) -> bool:
        """Whether both forenames are given and cannot be one name."""
        mine, theirs = self._forenames[first].tolist(), self._forenames[second].tolist()
        if not mine[0] or not theirs[0]:
            return False
        if not mine[_HEAD] or not theirs[_HEAD]:
            return mine[_INITIAL] != theirs[_INITIAL]  # one of them is an initial alone
        if any(a == b != 0 for a, b in zip(mine[:_INITIAL], theirs[:_INITIAL], strict=True)):
            return False
        words = {mine[0], mine[_FIRST], mine[_LAST]} & {theirs[0], theirs[_FIRST], theirs[_LAST]}
        crosswise = mine[0] == self._crosswise[second] or theirs[0] == self._crosswise[first]
        return not (words or crosswise) and self._slips_of(first).isdisjoint(self._slips_of(second))

    def other_birth(self, first: int, second: int) -> bool:
        """Whether both dates are given and do not agree in two of year, month and day."""
        mine, theirs = self._births[first].tolist(), self._births[second].tolist()
        return bool(mine[0] and theirs[0]) and not any(a == b for a, b in zip(mine, theirs, strict=True))

    def _slips_of(self, row: int) -> frozenset[int]:
        known = self._slip_sets.get(row)
        if known is None:
            known = self._slip_sets[row] = frozenset(self._slips[row].tolist()) - {0}
        return known


_FORENAME = ("whole", "family", "sound", "head", "tail", "letters", "first", "last", "initial")
_SURNAME = ("whole", "family", "sound", "head", "tail", "letters", "first", "last")
_HEAD, _FIRST, _LAST, _INITIAL = (_FORENAME.index(part) for part in ("head", "first", "last", "initial"))
_BIRTH = ("birth", "birth_year_month", "birth_year_day", "birth_month_day", "birth_any_order")
