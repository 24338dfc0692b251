"""Cells of a register as values: dates day first in the spellings that people use, and words by the code lists.

A value that is not understood is a `NotUnderstood` with a sentence. The sentence repeats what the cell holds only where
it identifies nobody.
"""

from __future__ import annotations

import calendar
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from programmes.models import Rung
from vru_portal.core.tables_in import Cell, Fault

LONGEST_TEXT = 500
MOST_MINUTES = 24 * 60
OLDEST = 120

_MONTHS = {name.lower(): n for n, name in enumerate(calendar.month_name) if name}
_MONTHS |= {name.lower(): n for n, name in enumerate(calendar.month_abbr) if name} | {"sept": 9}
_YEAR_FIRST = re.compile(r"(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})(?:[T ].*)?")
_DAY_FIRST = re.compile(
    r"(?:[a-z]+,? )?(\d{1,2})(?:st|nd|rd|th)?"
    r"(?:[-/. ,]+|(?=[a-z]))(?:of )?(\d{1,2}|[a-z]+)[-/. ,]+(\d{4}|\d{2})(?: .*)?",
    re.IGNORECASE,
)
_WITHOUT_YEAR = re.compile(
    r"(?:[a-z]+,? )?(\d{1,2})(?:st|nd|rd|th)?(?:/(\d{1,2})|[-/ ]?(?:of )?([a-z]+))", re.IGNORECASE
)
_MINUTES = re.compile(r"(\d+)(?:\.0+)?(?: ?(?:m|min|mins|minute|minutes)\.?)?", re.IGNORECASE)
_CONTROL = re.compile("[\0-\x08\x0b\x0c\x0e-\x1f\x7f]")
_NOT_ALPHANUMERIC = re.compile("[^a-z0-9]+")
# The days since this one are how spreadsheet programs number dates.
_DAY_ZERO = date(1899, 12, 30)
_SERIAL = range(3_000, 80_000)


class NotUnderstood(ValueError):
    """Says what to do. `args[0]` is the sentence."""


def text_in(cell: Cell) -> str:
    """What a cell says, with single spaces; an Excel number such as 12.0 is the text 12."""
    if cell is None:
        return ""
    if isinstance(cell, Fault):
        raise NotUnderstood(f"It holds {cell}: type the value itself.")
    if isinstance(cell, float) and cell.is_integer():
        cell = int(cell)
    text = " ".join(str(cell).split())
    if len(text) > LONGEST_TEXT:
        raise NotUnderstood(f"It holds more than {LONGEST_TEXT} characters: shorten it.")
    if _CONTROL.search(text):
        raise NotUnderstood("It holds characters that cannot be read: type it again.")
    return text


# ---- Dates ----
def day_in(cell: Cell, *, latest: date, near: date | None = None) -> date | None:
    """The day that a cell holds, day before month; None if it is empty. Of two digits for a year, the last such year
    that is not after `latest`. Where a day `near` it is known, a day and a month will do."""
    if isinstance(cell, datetime):
        return cell.date()
    if isinstance(cell, date):
        return cell
    if isinstance(cell, int | float) and not isinstance(cell, bool) and _SERIAL.start <= cell < _SERIAL.stop:
        return _DAY_ZERO + timedelta(days=int(cell))
    text = text_in(cell)
    return _day(text, latest.year, near) if text else None


A_DAY = date(2010, 12, 31)


def _example(near: date | None) -> str:
    return f"{near or A_DAY:%d/%m/%Y}"


def _day(text: str, latest_year: int, near: date | None) -> date:
    if found := _YEAR_FIRST.fullmatch(text):
        return _checked(int(found[1]), int(found[2]), int(found[3]), near)
    if near and (found := _WITHOUT_YEAR.fullmatch(text)):
        return _checked(near.year, _month(found[2] or found[3]), int(found[1]), near)
    found = _DAY_FIRST.fullmatch(text)
    if not found:
        raise NotUnderstood(f"It is not a date: write it as {_example(near)}.")
    year = int(found[3])
    if year < 100:
        century = latest_year - latest_year % 100
        year += century if century + year <= latest_year else century - 100
    return _checked(year, _month(found[2]), int(found[1]), near)


def _month(text: str) -> int:
    return int(text) if text.isdigit() else _MONTHS.get(text.lower(), 0)


def _checked(year: int, month: int, day: int, near: date | None) -> date:
    if month > 12 >= day:
        raise NotUnderstood(f"The month comes before the day: write the day first, as {_example(near)}.")
    try:
        return date(year, month, day)
    except ValueError:
        raise NotUnderstood("There is no such day: correct it.") from None


def age_on_first_april(birth: date, financial_year_starts: date) -> int:
    """Whole years on 1 April of the financial year; 0 for who was born later."""
    born_after = (birth.month, birth.day) > (financial_year_starts.month, financial_year_starts.day)
    return max(0, financial_year_starts.year - birth.year - born_after)


# ---- Numbers ----
def minutes_in(cell: Cell) -> int | None:
    text = text_in(cell)
    if not text:
        return None
    found = _MINUTES.fullmatch(text)
    if not found or int(found[1]) > MOST_MINUTES:
        raise NotUnderstood(f"Write the minutes as a whole number from 0 to {MOST_MINUTES:,}, such as 30.")
    return int(found[1])


# ---- Words ----
def plain(text: str) -> str:
    return _NOT_ALPHANUMERIC.sub("", text.lower().replace("&", "and"))


@dataclass(frozen=True)
class Words:
    """A code list: what each code may be called. `not_known`: the code for an empty cell."""

    codes: Mapping[str, str]
    not_known: str

    @classmethod
    def of(cls, lines: Iterable[tuple[str, str]], also: Mapping[str, Iterable[str]], *, not_known: str) -> Words:
        """From (code, name) and, by code, other words."""
        codes = {}
        for code, name in lines:
            for word in (code, name, *also.get(code, ())):
                codes.setdefault(plain(word), code)
        codes |= {plain(word): not_known for word in NOT_KNOWN if plain(word) not in codes}
        return cls(codes, not_known)

    def code(self, text: str) -> str | None:
        """None for a word that is not known."""
        word = plain(text)
        if not word:
            return None if any(map(str.isalnum, text)) else self.not_known
        return self.codes.get(word)


# The category of those of whom a register says nothing.
NOT_KNOWN_CODE = "not-known"
NOT_KNOWN = ("Not known", "Unknown", "Not stated", "Not recorded", "N/A", "None", "NK", "Not collected", "?")
_NOTHING = frozenset(word.casefold() for word in (*NOT_KNOWN, "N/K"))


def given(cell: Cell) -> Cell:
    """The cell, or None where it says in words that there is nothing. “Na” is a name, “N/A” is none."""
    return None if isinstance(cell, str) and cell.strip().casefold() in _NOTHING else cell


SEXES = {
    "female": ("F", "Girl", "Woman", "Females", "She/her"),
    "male": ("M", "Boy", "Man", "Males", "He/him"),
    "other": ("Other", "O", "Non-binary", "Nonbinary", "NB", "Trans", "X", "They/them", "Prefers own term"),
    "not-known": ("U", "Prefer not to say", "Prefers not to say", "Not specified"),
}
DISTRICTS = {
    "outside": ("Other", "Out of area", "Elsewhere", "Outside West Midlands", "Out of region", "Outside the region"),
}
ETHNICITIES = {
    "asian-bangladeshi": ("Asian Bangladeshi", "Asian or Asian British Bangladeshi", "British Bangladeshi"),
    "asian-chinese": ("Asian Chinese",),
    "asian-indian": ("Asian Indian", "Asian or Asian British Indian", "British Indian"),
    "asian-pakistani": ("Asian Pakistani", "Asian or Asian British Pakistani", "British Pakistani"),
    "asian-other": ("Any other Asian", "Asian other", "Other Asian", "Any other Asian background", "Asian"),
    "black-african": ("Black African", "Black or Black British African"),
    "black-caribbean": ("Black Caribbean", "Black or Black British Caribbean"),
    "black-other": ("Any other Black", "Black other", "Other Black", "Black", "Black British"),
    "mixed-white-and-asian": ("Mixed White and Asian", "White & Asian"),
    "mixed-white-and-black-african": ("Mixed White and Black African", "White & Black African"),
    "mixed-white-and-black-caribbean": ("Mixed White and Black Caribbean", "White & Black Caribbean"),
    "mixed-other": ("Mixed other", "Any other Mixed", "Other Mixed", "Mixed", "Any other Mixed background"),
    "white-british": ("White British", "British", "English", "White English", "Welsh", "Scottish", "Northern Irish"),
    "white-irish": ("White Irish",),
    "white-gypsy-or-irish-traveller": ("Gypsy", "Traveller", "Irish Traveller", "Gypsy/Roma/Traveller", "GRT"),
    "white-roma": ("Roma",),
    "white-other": ("White other", "Other White", "Any other White", "White", "Eastern European", "White European"),
    "other-arab": ("Arab", "Arabic"),
    "other": ("Any other ethnic group", "Other ethnic group", "Any other", "Other"),
    "prefer-not-to-say": ("Prefer not to say", "Refused", "Declined", "PNTS", "Not disclosed"),
}
KINDS = {
    Rung.ONE_TO_ONE: (
        *("1-to-1", "1:1", "1-1", "121", "1-2-1", "One to one", "Individual", "Mentoring", "Case work", "Casework"),
        *("Face to face", "Individual session", "One-to-one session", "1 to 1 session"),
    ),
    Rung.GROUP: ("Group work", "Groupwork", "Workshop", "Group session", "Activity", "Session in a group"),
    Rung.BRIEF_CONTACT: (
        *("Brief", "Brief intervention", "Conversation", "Street contact", "Short contact", "Chat", "Advice"),
        *("Signposting", "Brief conversation", "Outreach contact"),
    ),
}
SETTINGS = {
    "emergency-department": ("A&E", "ED", "Accident and emergency", "Hospital"),
    "sexual-health-clinic": ("Clinic",),
    "street": ("Street / detached", "Street", "Detached", "Outreach", "Park", "Community"),
    "online": ("Telephone", "Phone", "Video", "Virtual", "Remote"),
    "community-venue": ("Youth club", "Youth centre", "Community centre"),
    "place-of-worship": ("Mosque", "Church", "Temple", "Gurdwara"),
}


@dataclass(frozen=True)
class AgeBand:
    code: str
    youngest: int
    oldest: int


@dataclass(frozen=True)
class CodeLists:
    """Everything that a register's words are held against."""

    districts: Words
    sexes: Words
    ethnicities: Words
    settings: Words
    age_bands: tuple[AgeBand, ...]
    age_not_known: str = NOT_KNOWN_CODE
    kinds: Words = field(default_factory=lambda: Words.of(((r.value, r.label) for r in KINDS), KINDS, not_known=""))

    @classmethod
    def of(cls, categories: Mapping[str, list[tuple[str, str]]], settings: list[tuple[str, str]]) -> CodeLists:
        """From the reference tables: (code, name) by dimension, and of the settings."""
        return cls(
            districts=Words.of(categories["district"], DISTRICTS, not_known=NOT_KNOWN_CODE),
            sexes=Words.of(categories["sex"], SEXES, not_known=NOT_KNOWN_CODE),
            ethnicities=Words.of(categories["ethnicity"], ETHNICITIES, not_known=NOT_KNOWN_CODE),
            settings=Words.of(settings, SETTINGS, not_known=""),
            age_bands=tuple(band for code, _ in categories["age_band"] if (band := _age_band(code))),
        )

    def age_band(self, age: int | None) -> str:
        if age is None:
            return self.age_not_known
        return next((b.code for b in self.age_bands if b.youngest <= age <= b.oldest), self.age_not_known)


def _age_band(code: str) -> AgeBand | None:
    """Of “10-13” and “25-plus”; None for “not-known”."""
    if found := re.fullmatch(r"(\d+)-(\d+)", code):
        return AgeBand(code, int(found[1]), int(found[2]))
    if found := re.fullmatch(r"(\d+)-plus", code):
        return AgeBand(code, int(found[1]), 1_000)
    return None
