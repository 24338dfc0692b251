"""How partners write young people down: the registers of some months, with the slips that people make.

Every delivery has its habits: how it writes dates, what its references look like, whether it copies a young person's
details from month to month or types them anew. Every typing goes wrong now and then (`slips`). Pure, like
`young_people`: the same seed writes the same registers.
"""

from __future__ import annotations

import calendar
import csv
import io
from dataclasses import dataclass
from datetime import date
from random import Random
from typing import NamedTuple

from outcomes.demo.slips import Slips, Typist
from outcomes.demo.young_people import PLACES, YoungPerson

HEADER = (
    "Your reference", "First name", "Last name", "Date of birth", "Postcode", "District", "Sex", "Ethnicity",
    "Date of contact", "Kind of contact", "Setting", "Minutes", "Referred on to",
)  # fmt: skip

DATE_STYLES = ("%d/%m/%Y", "%d/%m/%Y", "%d.%m.%Y", "%d-%b-%y", "%Y-%m-%d", "%d %B %Y")
TYPES_ANEW = ("monthly", "once", "monthly", "monthly", "each time", "monthly", "once", "monthly", "monthly", "once")
KINDS = ("one-to-one", "one-to-one", "one-to-one", "group", "brief contact")
SETTINGS = ("Emergency department", "School", "Street / detached", "Online", "Community venue", "Custody")
PLACES_TO_GO = ("", "", "", "School", "Housing", "Police", "CAMHS")


class Row(NamedTuple):
    """One contact as it stands in a register, and who it really is."""

    person: int
    cells: tuple[str, ...]


@dataclass(frozen=True)
class Register:
    code: str
    month: date
    rows: list[Row]

    @property
    def file_name(self) -> str:
        return f"{self.code}_{self.month:%Y-%m}.csv"

    def csv(self) -> str:
        text = io.StringIO()
        csv.writer(text).writerows([HEADER, *(row.cells for row in self.rows)])
        return text.getvalue()


@dataclass(frozen=True)
class Habits:
    """How one delivery keeps its register."""

    code: str
    district: str
    setting: str
    dates: str
    types_anew: str  # "once", "monthly" or "each time"
    references: str  # "random", "running" or "" where there are none

    @classmethod
    def of(cls, number: int, dice: Random, slips: Slips) -> Habits:
        district = PLACES[number % len(PLACES)][0]
        setting = SETTINGS[number % len(SETTINGS)]
        return cls(
            code=f"{setting[:3].upper()}-{district[:3].upper()}-{number + 1}",
            district=district,
            setting=setting,
            dates=dice.choice(DATE_STYLES),
            types_anew=TYPES_ANEW[number % len(TYPES_ANEW)],
            references="" if dice.random() < slips.without_references else dice.choice(("random", "running")),
        )


def write(
    people: list[YoungPerson], *, deliveries: int, months: list[date], slips: Slips, seed: object
) -> list[Register]:
    """The registers of so many deliveries, rows by date."""
    dice = Random(f"written:{seed}")  # noqa: S311
    keepers = [_Keeper(Habits.of(number, dice, slips), slips, dice) for number in range(deliveries)]
    for person in people:
        for keeper in _met_by(person, keepers, dice):
            keeper.meet(person, months)
    return [keeper.register(month) for keeper in keepers for month in months]


def _met_by(person: YoungPerson, keepers: list[_Keeper], dice: Random) -> list[_Keeper]:
    """One delivery, often two; rather one near home."""
    (how_many,) = dice.choices((1, 2, 3, 4), (43, 41, 14, 2))
    near = [3.0 if keeper.habits.district == person.district else 1.0 for keeper in keepers]
    chosen: dict[int, _Keeper] = {}
    while len(chosen) < min(how_many, len(keepers)):
        (place,) = dice.choices(range(len(keepers)), near)
        chosen[place] = keepers[place]
    return list(chosen.values())


class _Keeper:
    """Who keeps one delivery's register."""

    def __init__(self, habits: Habits, slips: Slips, dice: Random) -> None:
        self.habits, self.dice = habits, dice
        self.typist = Typist(slips, dice)
        self.rows: dict[date, list[tuple[date, Row]]] = {}
        self.given = 0

    def meet(self, person: YoungPerson, months: list[date]) -> None:
        """One young person's contacts in some of these months."""
        reference = self._new_reference()
        details: tuple[str, ...] = ()
        (how_many,) = self.dice.choices(range(1, len(months) + 1), (0.5**number for number in range(len(months))))
        for month in sorted(self.dice.sample(months, how_many)):
            for number, day in enumerate(self._days(month)):
                if not details or self._types_anew(is_first_of_month=number == 0):
                    details = self._details(person, day, reference)
                self.rows.setdefault(month, []).append((day, Row(person.number, details + self._contact(day))))

    def register(self, month: date) -> Register:
        by_day = sorted(self.rows.get(month, []), key=lambda dated: dated[0])
        return Register(self.habits.code, month, [row for _, row in by_day])

    def _days(self, month: date) -> list[date]:
        last = calendar.monthrange(month.year, month.month)[1]
        (contacts,) = self.dice.choices((1, 2, 3, 5), (60, 24, 11, 5))
        return sorted(month.replace(day=self.dice.randint(1, last)) for _ in range(contacts))

    def _types_anew(self, *, is_first_of_month: bool) -> bool:
        return self.habits.types_anew == "each time" or (self.habits.types_anew == "monthly" and is_first_of_month)

    def _new_reference(self) -> str:
        self.given += 1
        letters = self.habits.code[:2]
        match self.habits.references:
            case "running":
                return f"{letters}/{self.given:05}"
            case "random":
                return f"{letters}{self.dice.randrange(10_000, 999_999)}"
        return ""

    def _details(self, person: YoungPerson, day: date, reference: str) -> tuple[str, ...]:
        typist = self.typist
        return (
            typist.reference(reference),
            *typist.names(person),
            typist.birthday(person.born, self.habits.dates, day),
            typist.postcode(person, day),
            person.district,
            typist.sex(person.sex),
            typist.ethnicity(person.ethnicity),
        )

    def _contact(self, day: date) -> tuple[str, ...]:
        return (
            day.strftime(self.habits.dates),
            self.dice.choice(KINDS),
            self.habits.setting,
            self.dice.choice(("15", "20", "30", "45", "60", "90")),
            self.dice.choice(PLACES_TO_GO),
        )
