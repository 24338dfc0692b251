"""Invented young people: families with twins, siblings, a father and son of one name, namesakes elsewhere, moves.

Pure: the same seed gives the same people, and nobody of this list exists. What their names are made of is in `names`;
how partners then write them down is in `as_written`.
"""

from __future__ import annotations

import string
from bisect import bisect
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from functools import cache
from itertools import accumulate, islice
from random import Random

from outcomes.demo import names
from outcomes.demo.names import HERITAGES, Heritage

# Shares of households and of people.
SIBLINGS, TWINS, FATHER_AND_SON = 0.16, 0.025, 0.004
MIXED, DOUBLE_BARRELLED, MOVED, MARRIED, SECOND_FORENAME = 0.10, 0.035, 0.05, 0.004, 0.2
NEXT_DOOR, HOSTEL, SAME_NAME_AND_DAY = 0.02, 0.01, 0.0005
ON_NEW_YEARS_DAY = 0.06  # among those whose papers gave only a year
LIKE_SOUNDING_TWINS = 0.3

AGES = range(5, 25)
AGE_WEIGHTS = [1, 1, 1, 1, 2, 3, 4, 5, 6, 7, 8, 8, 7, 6, 4, 3, 3, 2, 2, 2]

# District, its postcode districts, its share of the young people.
PLACES = (
    ("Birmingham", [f"B{n}" for n in (*range(1, 37), 38, 42, 43, 44, 45)], 0.40),
    ("Coventry", [f"CV{n}" for n in range(1, 7)], 0.14),
    ("Dudley", [f"DY{n}" for n in range(1, 10)], 0.09),
    ("Sandwell", [f"B{n}" for n in range(64, 72)], 0.11),
    ("Solihull", ["B37", *(f"B{n}" for n in range(90, 95))], 0.05),
    ("Walsall", [f"WS{n}" for n in range(1, 11)], 0.10),
    ("Wolverhampton", [f"WV{n}" for n in range(1, 15)], 0.11),
)
DISTRICT_OF = {outward: district for district, outwards, _ in PLACES for outward in outwards}
UNIT_LETTERS = "".join(sorted(set(string.ascii_uppercase) - set("CIKMOV")))  # the letters that the Royal Mail uses


@dataclass(frozen=True, slots=True)
class YoungPerson:
    number: int
    forename: str
    surname: str
    born: date
    sex: str
    ethnicity: str
    postcode: str
    second_forename: str = ""  # written before the forename by some
    moved_to: str = ""
    moved_on: date | None = None
    later_surname: str = ""

    def lives_at(self, day: date) -> str:
        return self.moved_to if self.moved_on and day >= self.moved_on else self.postcode

    @property
    def district(self) -> str:
        return DISTRICT_OF[self.postcode.split()[0]]


def new_postcode(dice: Random, outwards: Sequence[str] = ()) -> str:
    """In one of these postcode districts, or anywhere in the region."""
    if not outwards:
        ((_, outwards, _),) = dice.choices(PLACES, [share for *_, share in PLACES])
    return f"{dice.choice(outwards)} {dice.randrange(1, 10)}{dice.choice(UNIT_LETTERS)}{dice.choice(UNIT_LETTERS)}"


def invent(how_many: int, *, seed: object, on: date) -> list[YoungPerson]:
    """So many people, of ages that youth programmes meet on that day."""
    world = _World(Random(f"people:{seed}"), on)  # noqa: S311
    people = list(islice(world.people(), how_many))
    return world.with_namesakes(people)


def named(dice: Random, heritage: Heritage, sex: str) -> tuple[str, str]:
    """A forename and a surname for a girl (“F”) or a boy."""
    naming = _Naming(dice)
    return naming.forename(heritage, sex), naming.surname(heritage, sex)


@cache
def _ladder(listed: tuple[str, ...]) -> list[float]:
    return names.weights(listed)


_HERITAGE_LADDER = list(accumulate(heritage.share for heritage in HERITAGES))


class _Naming:
    """What people are called, by the dice."""

    def __init__(self, dice: Random) -> None:
        self.dice = dice

    def happens(self, chance: float) -> bool:
        return self.dice.random() < chance

    def pick(self, listed, ladder: list[float]):
        return listed[bisect(ladder, self.dice.random() * ladder[-1], hi=len(listed) - 1)]

    def forename(self, heritage: Heritage, sex: str) -> str:
        listed = heritage.girls if sex == "F" else heritage.boys
        return self.pick(listed, _ladder(listed))

    def surname(self, heritage: Heritage, sex: str) -> str:
        surname = self._family_name(heritage)
        religious = heritage.girls_surname if sex == "F" else heritage.boys_surname
        if religious:
            return self.pick((religious, f"{religious} {surname}", surname), [0.5, 0.7, 1.0])
        if self.happens(DOUBLE_BARRELLED):
            return self.dice.choice(("{}-{}", "{}-{}", "{} {}")).format(surname, self._family_name(heritage))
        return surname

    def _family_name(self, heritage: Heritage) -> str:
        if self.happens(heritage.tail):
            return self.dice.choice(names.PLACES) + self.dice.choice(names.ENDINGS)
        return self.pick(heritage.surnames, _ladder(heritage.surnames))


class _World(_Naming):
    """What has been handed out so far, and the dice."""

    def __init__(self, dice: Random, on: date) -> None:
        super().__init__(dice)
        self.on = on
        self.postcodes: list[str] = []
        self.hostels = [new_postcode(self.dice) for _ in range(8)]

    def people(self):
        number = 0
        while True:
            for person in self._household():
                number += 1
                yield replace(person, number=number)

    def with_namesakes(self, people: list[YoungPerson]) -> list[YoungPerson]:
        """Here and there somebody has the name and the birthday of a stranger."""
        for place in range(len(people)):
            if self.happens(SAME_NAME_AND_DAY):
                other = self.dice.choice(people)
                people[place] = replace(
                    people[place],
                    forename=other.forename, surname=other.surname, second_forename=other.second_forename,
                    born=other.born, sex=other.sex,
                )  # fmt: skip
        return people

    # ---- Households ----
    def _household(self) -> list[YoungPerson]:
        heritage = self.pick(HERITAGES, _HERITAGE_LADDER)
        eldest = self._person(heritage)
        kind = self.dice.random()
        if kind < SIBLINGS:
            return [eldest, *(self._sibling(eldest, heritage) for _ in range(1 if self.happens(0.7) else 2))]
        if kind < SIBLINGS + TWINS:
            return [eldest, self._twin(eldest, heritage)]
        if kind < SIBLINGS + TWINS + FATHER_AND_SON:
            return [eldest, replace(eldest, born=self._same_year(eldest.born.year - self.dice.randint(19, 35)))]
        return [eldest]

    def _person(self, heritage: Heritage) -> YoungPerson:
        sex = self.dice.choice(("F", "M"))
        named_by = self.pick(HERITAGES, _HERITAGE_LADDER) if self.happens(MIXED) else heritage
        second = heritage.boys_second if sex == "M" and self.happens(SECOND_FORENAME) else ()
        person = YoungPerson(
            0,
            self.forename(named_by, sex),
            self.surname(heritage, sex),
            self._birthday(heritage),
            sex,
            self.dice.choice(heritage.ethnicities),
            self._postcode(),
            second_forename=self.dice.choice(second) if second else "",
        )
        return self._with_changes(person, heritage)

    def _with_changes(self, person: YoungPerson, heritage: Heritage) -> YoungPerson:
        if self.happens(MOVED):
            person = replace(person, moved_to=self._postcode(), moved_on=self.on + timedelta(self.dice.randrange(75)))
        if self.happens(MARRIED):
            person = replace(person, later_surname=self.surname(heritage, person.sex))
        return person

    def _sibling(self, of: YoungPerson, heritage: Heritage) -> YoungPerson:
        apart = self.dice.choice([-5, -4, -3, -3, -2, -2, 2, 2, 3, 3, 4, 5])
        return self._relative(of, heritage, self._same_year(of.born.year + apart))

    def _twin(self, of: YoungPerson, heritage: Heritage) -> YoungPerson:
        return self._relative(of, heritage, of.born, like=of.forename if self.happens(LIKE_SOUNDING_TWINS) else "")

    def _relative(self, of: YoungPerson, heritage: Heritage, born: date, like: str = "") -> YoungPerson:
        """A brother or sister; never a second spelling of the first one's name."""
        sex = of.sex if like else self.dice.choice(("F", "M"))
        taken = {of.forename, *names.OTHER_SPELLINGS.get(of.forename, ())}
        listed = heritage.girls if sex == "F" else heritage.boys
        alike = [name for name in listed if like and name[0] == like[0] and name not in taken]
        forename = self.dice.choice(alike) if alike else self.forename(heritage, sex)
        while forename in taken:
            forename = self.forename(heritage, sex)
        surname = of.surname if sex == of.sex else self._for_sex(of.surname, heritage, sex)
        return replace(of, forename=forename, sex=sex, surname=surname, born=born, second_forename="", later_surname="")

    def _for_sex(self, surname: str, heritage: Heritage, sex: str) -> str:
        """A brother of somebody called Kaur is called Singh."""
        if not heritage.girls_surname:
            return surname
        pair = (heritage.girls_surname, heritage.boys_surname)
        old, new = pair if sex == "M" else pair[::-1]
        return " ".join(new if part == old else part for part in surname.split())

    # ---- Birthdays, places ----
    def _birthday(self, heritage: Heritage) -> date:
        (age,) = self.dice.choices(AGES, AGE_WEIGHTS)
        if heritage.ethnicities[0] in {"African", "Arab"} and self.happens(ON_NEW_YEARS_DAY):
            return date(self.on.year - age, 1, 1)
        return self.on - timedelta(days=round(365.25 * age) + self.dice.randrange(365))

    def _same_year(self, year: int) -> date:
        return date(min(year, self.on.year - 1), 1, 1) + timedelta(self.dice.randrange(365))

    def _postcode(self) -> str:
        if self.happens(HOSTEL):
            return self.dice.choice(self.hostels)
        if self.postcodes and self.happens(NEXT_DOOR):
            return self.dice.choice(self.postcodes)
        self.postcodes.append(new_postcode(self.dice))
        return self.postcodes[-1]
