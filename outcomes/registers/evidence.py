"""How much two rows speak for one person, in bits, from their pseudonyms alone.

The method of Fellegi and Sunter (1969): each part of two rows agrees at one of a few levels, and a level weighs
log2(m / u): m, how often it is found in two rows of one person; u, how often in rows of two. u is the pseudonym's own
frequency, so that a rare name weighs more than a common one. The prior, one person among all, is taken off, so the
sum is the log odds that the two are one person, and means the same for 500 people and for 50,000.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from enum import IntEnum
from functools import cached_property
from typing import NamedTuple

import numpy as np

from outcomes.registers.pseudonyms import BYTES, COLUMN, LAYOUT, SLIP_KINDS, SLIPS

Numbers = np.ndarray  # one number, or one truth, for each pair


class Name(IntEnum):
    """How two names agree, best first."""

    SAME = 0
    FAMILY = 1  # Kate and Catherine, or a part of a double name
    SLIP = 2
    ALIKE = 3  # in one of beginning, end, sound and letters
    INITIAL = 4
    OTHER = 5
    MISSING = 6


class Birth(IntEnum):
    SAME = 0
    SWAPPED = 1  # day and month
    NEARLY = 2  # two of year, month and day
    ABOUT = 3  # some years apart at most
    OTHER = 4
    MISSING = 5


class Postcode(IntEnum):
    SAME = 0
    HALF = 1
    OTHER = 2
    MISSING = 3


# How often each level is found in two rows of one person that are not written alike.
M_FORENAME = {Name.SAME: 0.84, Name.FAMILY: 0.05, Name.SLIP: 0.06, Name.ALIKE: 0.015, Name.INITIAL: 0.015}
M_SURNAME = {Name.SAME: 0.84, Name.FAMILY: 0.05, Name.SLIP: 0.06, Name.ALIKE: 0.015, Name.INITIAL: 0.01}
M_BIRTH = {Birth.SAME: 0.93, Birth.SWAPPED: 0.012, Birth.NEARLY: 0.045, Birth.ABOUT: 0.007, Birth.OTHER: 0.003}
M_POSTCODE = {Postcode.SAME: 0.72, Postcode.HALF: 0.08, Postcode.OTHER: 0.2}
M_OTHER_FORENAME, M_OTHER_SURNAME = 0.015, 0.01
M_SEX_DIFFERS = 0.015
M_CROSSWISE = 0.01  # forename and surname in each other's place

AT_ONCE = 25_000  # pairs
FEWEST = 200  # rows: fewer say too little of how rare a name is, so they are weighed as if among so many
STANDS_IN = 4 / 365  # the share of dates of birth from which a day of the year is a stand-in
MOST_BY_POSTCODE = 9.0  # bits: families share one
MOST_BY_HALF = 3.0
MOST_BY_POSTCODE_OF_NAMESAKES = 0.0  # the same names at one address, born many years apart: father and son
NAMES_GO_TOGETHER = 3.0  # bits: forenames and surnames of one origin come together more often than by chance
BY_CHANCE = 3.0  # bits: a forename and a birthday alone are shared by chance, the more people there are
OTHER_REFERENCE = -4.0  # a partner that knows two references knows two people, mostly


@dataclass(frozen=True)
class Rows:
    """Pseudonyms of rows, no two alike: `tokens` is rows × `LAYOUT`, 0 for missing; `partners` numbers them."""

    tokens: np.ndarray
    partners: np.ndarray
    weights: np.ndarray  # how many rows of registers each stands for
    _frequencies: dict[str, np.ndarray] = field(default_factory=dict)

    def __len__(self) -> int:
        return len(self.tokens)

    def of(self, name: str) -> np.ndarray:
        return self.tokens[:, COLUMN[name]]

    def frequency(self, name: str) -> np.ndarray:
        """For each row, the share of the rows in which this pseudonym is found, of those that give one."""
        known = self._frequencies.get(name)
        if known is None:
            values = self.of(name)
            _, inverse, counts = np.unique(values, return_inverse=True, return_counts=True)
            known = counts[inverse] / max(FEWEST, np.count_nonzero(values))
            known[values == 0] = 1
            self._frequencies[name] = known
        return known

    def give(self, *names: str) -> np.ndarray:
        """Whether each row has all of these."""
        return np.logical_and.reduce([self.of(name) != 0 for name in names])

    @cached_property
    def namesakes(self) -> tuple[np.ndarray, int]:
        """For each row with how many dates of birth its forename and surname are found, and of all names together:
        however often somebody is met, that is one, and a row without a date is nobody else."""
        names = mixed([self.of("forename_family"), self.of("surname_family")])
        people, first = np.unique(mixed([names, self.of("birth")]), return_index=True)
        first = first[people != 0]
        by_name = Counter(names[first].tolist())
        return np.array([by_name[name] for name in names.tolist()]), len(first)

    @cached_property
    def people(self) -> float:
        """About how many people there are: whoever is written in several ways is more than one row."""
        return max(FEWEST, len(self)) / 1.6


def mixed(columns: Sequence[np.ndarray]) -> np.ndarray:
    """One number for the parts of a row together; 0 where one of them is missing."""
    key, given = np.zeros(len(columns[0]), dtype=np.uint64), np.ones(len(columns[0]), dtype=bool)
    for column in columns:
        key = (key * np.uint64(0x9E3779B97F4A7C15)) ^ column
        key = (key ^ (key >> np.uint64(29))) * np.uint64(0xBF58476D1CE4E5B9)
        given &= column != 0
    return np.where(given, key | np.uint64(1), np.uint64(0))


def unpack(packed: Sequence[bytes]) -> np.ndarray:
    """Pseudonyms as numbers: the first 8 bytes of each, which is enough to tell them apart."""
    tokens = np.empty((len(packed), len(LAYOUT)), dtype=np.uint64)
    for row, pseudonyms in enumerate(packed):
        tokens[row] = np.frombuffer(pseudonyms, dtype=">u8")[:: BYTES // 8]
    return tokens


class Agreement(NamedTuple):
    """At which levels the parts of two rows agree, and what it comes to; nothing of what stands in them."""

    forename: int
    surname: int
    birth: int
    postcode: int
    sex_differs: bool
    bits: float


@dataclass(frozen=True)
class Evidence:
    """For each pair (`first`, `second`): the bits, and at which levels the parts agree."""

    first: np.ndarray
    second: np.ndarray
    bits: Numbers
    at_home: Numbers  # bits taken off because father and son share name and address
    forename: Numbers
    surname: Numbers
    birth: Numbers
    postcode: Numbers
    sex_differs: Numbers

    def __len__(self) -> int:
        return len(self.first)

    def agreements(self) -> list[Agreement]:
        columns = (self.forename, self.surname, self.birth, self.postcode, self.sex_differs, self.bits)
        return [Agreement(*pair) for pair in zip(*(column.tolist() for column in columns), strict=True)]

    def where(self, wanted: np.ndarray) -> Evidence:
        return Evidence(*(column[wanted] for column in vars(self).values()))


def weigh(rows: Rows, first: np.ndarray, second: np.ndarray, least: float) -> Evidence:
    """Of the pairs that come to the least bits; so many at a time that memory stays small."""
    kept = []
    for start in range(0, max(1, len(first)), AT_ONCE):
        found = Weighing(rows, first[start : start + AT_ONCE], second[start : start + AT_ONCE]).evidence()
        kept.append(found.where(found.bits + found.at_home >= least))
    return Evidence(
        *(np.concatenate(columns) for columns in zip(*(vars(found).values() for found in kept), strict=True))
    )


class Weighing:
    """Weighs pairs of rows; `i` and `j` are the rows' numbers."""

    def __init__(self, rows: Rows, first: np.ndarray, second: np.ndarray) -> None:
        self.rows, self.i, self.j = rows, first, second

    def evidence(self) -> Evidence:
        forename, forename_bits = self._name("forename", M_FORENAME, M_OTHER_FORENAME)
        surname, surname_bits = self._name("surname", M_SURNAME, M_OTHER_SURNAME)
        names = forename_bits + surname_bits - np.where((forename <= 1) & (surname <= 1), NAMES_GO_TOGETHER, 0)
        names = np.minimum(names, self._as_common_as_namesakes(forename, surname))
        forename, surname, names = self._crosswise(forename, surname, names)
        birth, birth_bits = self._birth()
        postcode, postcode_bits = self._postcode()
        at_home = np.where(birth == Birth.OTHER, np.maximum(0, postcode_bits - MOST_BY_POSTCODE_OF_NAMESAKES), 0.0)
        sex_differs = self._both("sex") & ~self._equal("sex")
        sex_bits = np.where(sex_differs, np.log2(M_SEX_DIFFERS / 0.5), np.where(self._both("sex"), 0.95, 0.0))
        bits = names + birth_bits + postcode_bits - at_home + sex_bits + self._references() - np.log2(self.rows.people)
        by_chance = (surname == Name.OTHER) & (forename <= Name.SLIP) & (postcode > Postcode.HALF)
        bits = np.where(by_chance, bits - BY_CHANCE, bits)
        # A row without any name says too little of who it is.
        unnamed = (forename == Name.MISSING) & (surname == Name.MISSING)
        bits = self._numbers(np.where(unnamed, -np.inf, bits))
        return Evidence(self.i, self.j, bits, at_home, forename, surname, birth, postcode, sex_differs)

    # ---- Columns ----
    def _equal(self, name: str, other: str = "") -> Numbers:
        mine, theirs = self.rows.of(name)[self.i], self.rows.of(other or name)[self.j]
        return (mine == theirs) & (mine != 0)

    def _both(self, name: str) -> Numbers:
        column = self.rows.of(name)
        return (column[self.i] != 0) & (column[self.j] != 0)

    def _often(self, name: str) -> Numbers:
        return self.rows.frequency(name)[self.i]

    def _level(self, levels: Iterable[tuple[IntEnum, Numbers, Numbers]], otherwise: tuple[IntEnum, float]):
        """Of (level, whether, bits), worst first, the last that holds."""
        level = np.full(len(self.i), int(otherwise[0]))
        bits = np.full(len(self.i), otherwise[1])
        for which, holds, weight in levels:
            level = np.where(holds, int(which), level)
            bits = np.where(holds, weight, bits)
        return level, bits

    # ---- Names ----
    def _name(self, name: str, m: dict[Name, float], m_other: float) -> tuple[Numbers, Numbers]:
        often = {part: self._often(f"{name}_{part}") for part in ("whole", "family", "initial", "first", "last")}
        alike, alike_often = self._alike(name, name)
        slip = (alike >= 2) | (self._slip() if name == "forename" else False)
        part = self._shares_a_word(name)
        initial = self._equal(f"{name}_initial") & ~self._both(f"{name}_head")
        level, bits = self._level(
            [
                (Name.INITIAL, initial, _weight(m[Name.INITIAL], often["initial"])),
                (Name.ALIKE, alike == 1, _weight(m[Name.ALIKE], alike_often)),
                (Name.FAMILY, part, _weight(m[Name.FAMILY], np.minimum(often["first"], often["last"]))),
                (Name.SLIP, slip, _weight(m[Name.SLIP], np.minimum(alike_often, 0.02))),
                (Name.FAMILY, self._equal(f"{name}_family"), _weight(m[Name.FAMILY], often["family"])),
                (Name.SAME, self._equal(f"{name}_whole"), _weight(m[Name.SAME], often["whole"])),
            ],
            (Name.OTHER, np.log2(m_other / 0.95)),
        )
        missing = ~self._both(f"{name}_whole")
        return np.where(missing, int(Name.MISSING), level), np.where(missing, 0.0, bits)

    def _as_common_as_namesakes(self, forename: Numbers, surname: Numbers) -> Numbers:
        """The most bits that the same forename and surname are worth, where others of that name are known: with neither
        of the two dates of birth."""
        of_name, of_all = self.rows.namesakes
        birth = self.rows.of("birth")
        others = of_name[self.i] - (birth[self.i] != 0) - ((birth[self.j] != 0) & ~self._equal("birth"))
        m = _m_of(M_FORENAME, forename) * _m_of(M_SURNAME, surname)
        same = (forename <= Name.FAMILY) & (surname <= Name.FAMILY) & self._equal("forename_family")
        same &= self._equal("surname_family") & (others > 0)
        return np.where(same, _weight(m, others / max(FEWEST, of_all)), np.inf)

    def _alike(self, name: str, other: str) -> tuple[Numbers, Numbers]:
        """In how many of beginning, end, sound and letters they agree, and how often the rarest of them is found."""
        count, often = np.zeros(len(self.i), dtype=int), np.ones(len(self.i))
        for part in ("head", "tail", "sound", "letters"):
            agree = self._equal(f"{name}_{part}", f"{other}_{part}")
            count += agree
            often = np.where(agree, np.minimum(often, self._often(f"{name}_{part}")), often)
        return count, often

    def _slip(self) -> Numbers:
        """Forenames that differ by about one letter, of rows with one date of birth or one postcode."""
        found = np.zeros(len(self.i), dtype=bool)
        for kind, beside in zip(SLIP_KINDS, ("birth", "postcode"), strict=True):
            pairs = np.flatnonzero(self._equal(beside))
            start = COLUMN[f"{kind}_0"]
            mine = self.rows.tokens[self.i[pairs], start : start + SLIPS]
            theirs = self.rows.tokens[self.j[pairs], start : start + SLIPS]
            shared = np.zeros(len(pairs), dtype=bool)
            for n in range(SLIPS):
                shared |= ((mine[:, n, None] == theirs) & (mine[:, n, None] != 0)).any(axis=1)
            found[pairs] |= shared
        return found

    def _shares_a_word(self, name: str) -> Numbers:
        found = np.zeros(len(self.i), dtype=bool)
        words = [f"{name}_{part}" for part in ("whole", "first", "last")]
        for mine in words:
            for theirs in words:
                found |= self._equal(mine, theirs)
        return found

    def _crosswise(self, forename: Numbers, surname: Numbers, bits: Numbers) -> tuple[Numbers, Numbers, Numbers]:
        """Forename and surname that stand in each other's place, one of them perhaps with a slip."""
        there = self._equal("forename_whole", "surname_whole") | self._equal("forename_family", "surname_family")
        back = self._equal("surname_whole", "forename_whole") | self._equal("surname_family", "forename_family")
        nearly_there = self._alike("forename", "surname")[0] >= 1
        nearly_back = self._alike("surname", "forename")[0] >= 1
        whole = there & back
        nearly = (there & nearly_back) | (back & nearly_there)
        # A name is rarer in the other's place: the commoner of both places counts.
        often = np.maximum(self._often("forename_family"), self.rows.frequency("surname_family")[self.j])
        often_back = np.maximum(self._often("surname_family"), self.rows.frequency("forename_family")[self.j])
        both = _weight(M_CROSSWISE, often) + _weight(1.0, often_back) - np.where(whole, NAMES_GO_TOGETHER, 6.0)
        one = _weight(M_CROSSWISE * M_OTHER_SURNAME, np.where(there, often, often_back))
        found = np.where(whole | nearly, both, one)
        as_they_stand = (forename <= Name.SLIP) & (surname <= Name.SLIP)
        better = (there | back) & ~as_they_stand & (found > bits)
        level = np.where(whole, int(Name.SAME), np.where(nearly, int(Name.SLIP), int(Name.ALIKE)))
        return np.where(better, level, forename), np.where(better, level, surname), np.where(better, found, bits)

    # ---- Date of birth, postcode, numbers ----
    def _birth(self) -> tuple[Numbers, Numbers]:
        two, two_often = np.zeros(len(self.i), dtype=bool), np.ones(len(self.i))
        for part in ("birth_year_month", "birth_year_day", "birth_month_day"):
            agree = self._equal(part)
            two |= agree
            two_often = np.where(agree, np.minimum(two_often, self._often(part)), two_often)
        about = self._equal("birth_about") | self._equal("birth_about_shifted")
        # A day that is written far more often than others stands for one that nobody knew: 1 January.
        day = self.rows.frequency("birth_month_day")
        stands_in = np.maximum(day[self.i], day[self.j]) > STANDS_IN
        about_bits = np.where(stands_in, -1.0, np.log2(M_BIRTH[Birth.ABOUT] / 0.3))
        level, bits = self._level(
            [
                (Birth.ABOUT, about, about_bits),
                # Any of the three may agree by chance.
                (Birth.NEARLY, two, _weight(M_BIRTH[Birth.NEARLY], two_often * 3)),
                (
                    Birth.SWAPPED,
                    self._equal("birth_any_order"),
                    _weight(M_BIRTH[Birth.SWAPPED], self._often("birth_any_order")),
                ),
                (Birth.SAME, self._equal("birth"), _weight(M_BIRTH[Birth.SAME], self._often("birth"))),
            ],
            (Birth.OTHER, np.log2(M_BIRTH[Birth.OTHER] / 0.65)),
        )
        missing = ~self._both("birth")
        return np.where(missing, int(Birth.MISSING), level), np.where(missing, 0.0, bits)

    def _postcode(self) -> tuple[Numbers, Numbers]:
        inner, outer = self._equal("postcode_in"), self._equal("postcode_out")
        half = np.where(inner, _weight(0.04, self._often("postcode_in")), _weight(0.1, self._often("postcode_out")))
        same = _weight(M_POSTCODE[Postcode.SAME], self._often("postcode"))
        level, bits = self._level(
            [
                (Postcode.HALF, inner | outer, np.minimum(half, MOST_BY_HALF)),
                (Postcode.SAME, self._equal("postcode"), np.minimum(same, MOST_BY_POSTCODE)),
            ],
            (Postcode.OTHER, np.log2(M_POSTCODE[Postcode.OTHER] / 0.95)),
        )
        missing = ~self._both("postcode")
        return np.where(missing, int(Postcode.MISSING), level), np.where(missing, 0.0, bits)

    def _references(self) -> Numbers:
        same_partner = self.rows.partners[self.i] == self.rows.partners[self.j]
        differ = same_partner & self._both("reference") & ~self._equal("reference")
        return np.where(differ, OTHER_REFERENCE, 0.0)

    def _numbers(self, bits: Numbers) -> Numbers:
        """A person has one NHS number and one UPN: the same links, another one keeps apart."""
        for number in ("nhs_number", "upn"):
            bits = np.where(self._both(number), np.where(self._equal(number), bits + 30, bits - 30), bits)
        return bits


def _m_of(m: dict[Name, float], level: Numbers) -> Numbers:
    return np.where(level == Name.SAME, m[Name.SAME], m[Name.FAMILY])


def _weight(m: float | Numbers, u: Numbers) -> Numbers:
    return np.log2(m / np.maximum(u, 1e-6))
