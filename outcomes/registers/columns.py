"""The columns of a register, by the names that partners give them. Order, case and punctuation do not matter."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from vru_portal.core.refusals import Refusal
from vru_portal.core.tables_in import Cell

_NOT_ALPHANUMERIC = re.compile("[^a-z0-9]")
ENOUGH_TO_BE_A_HEADER = 3  # one of which says who it was: lists of words have headers too


class Column(StrEnum):
    """The value is the column's name in our template and in every sentence."""

    REFERENCE = "Your reference"
    FORENAME = "First name"
    SURNAME = "Last name"
    FULL_NAME = "Full name"
    BIRTH = "Date of birth"
    POSTCODE = "Postcode"
    DISTRICT = "District"
    SEX = "Sex"
    ETHNICITY = "Ethnicity"
    NHS_NUMBER = "NHS number"
    UPN = "Unique pupil number"
    CONTACT = "Date of contact"
    KIND = "Kind of contact"
    SETTING = "Setting"
    MINUTES = "Minutes"
    REFERRED = "Referred on to"

    @property
    def is_name(self) -> bool:
        return self in (Column.FORENAME, Column.SURNAME, Column.FULL_NAME)


# What each may be called, beside its own name. docs/registers.md lists them for partners.
NAMES: dict[Column, tuple[str, ...]] = {
    Column.REFERENCE: (
        *("Reference", "Ref", "Ref no", "Reference number", "Our reference", "Client reference", "Client ID"),
        *("Case reference", "Case number", "Case ID", "Case no", "ID", "Person ID", "Unique reference", "Our ref"),
        *("Client ref", "Client number", "Case ref", "Your ref", "Local ID", "Service user ID", "Participant ID"),
    ),
    Column.FORENAME: (
        *("Forename", "Forenames", "First names", "Given name", "Given names", "Christian name", "Fname", "First"),
    ),
    Column.SURNAME: ("Surname", "Family name", "Lname", "Second name", "Last"),
    Column.FULL_NAME: ("Name", "Young person", "Name of young person", "Client name", "Participant"),
    Column.BIRTH: ("DOB", "D.O.B.", "Birth date", "Birthdate", "Born", "Date born", "Birthday"),
    Column.POSTCODE: ("Post code", "Home postcode", "Postcode of home", "Zip", "PC"),
    Column.DISTRICT: (
        *("Local authority", "Borough", "Council", "LA", "Area", "District of residence", "Home district"),
        *("District they live in", "Local authority district", "Town or city", "Lives in"),
    ),
    Column.SEX: ("Gender", "M/F", "Male or female"),
    Column.ETHNICITY: ("Ethnic group", "Ethnic background", "Ethnic origin", "Race or ethnicity"),
    Column.NHS_NUMBER: ("NHS no", "NHS"),
    Column.UPN: ("UPN", "Pupil number"),
    Column.CONTACT: (
        *("Contact date", "Date", "Date seen", "Session date", "Date of session", "Date of visit", "Visit date"),
        *("Date of attendance", "Attendance date", "Date of support", "Seen on", "Date met", "Day"),
    ),
    Column.KIND: (
        *("Kind", "Contact type", "Type of contact", "Type", "Type of support", "Support type", "Contact kind"),
        *("Activity type", "Level of support", "Session type"),
    ),
    Column.SETTING: ("Place", "Location", "Venue", "Where", "Where seen", "Where met", "Place of contact"),
    Column.MINUTES: (
        *("Duration", "Length", "Mins", "Time spent", "Duration in minutes", "Length in minutes", "Duration mins"),
        *("Minutes spent", "Duration minutes"),
    ),
    Column.REFERRED: ("Referred to", "Onward referral", "Referral", "Referred on", "Notes", "Comments", "Note"),
}


WHO = {Column.REFERENCE, Column.FORENAME, Column.SURNAME, Column.FULL_NAME, Column.BIRTH}


def _plain(text: object) -> str:
    return _NOT_ALPHANUMERIC.sub("", str(text).lower())


_BY_NAME = {_plain(name): column for column, names in NAMES.items() for name in (column, *names)}


class WrongColumns(Refusal):
    """The table's columns are not those of a register."""


@dataclass(frozen=True)
class Header:
    """Where each column stands (0 for A), and the columns that are passed over."""

    places: dict[Column, int]
    ignored: tuple[str, ...]

    def is_repeated_by(self, cells: Sequence[Cell]) -> bool:
        """Whether a row is the header once more, as on each page of a print."""
        day = self.places[Column.CONTACT]
        if day >= len(cells) or _plain(cells[day]) not in _BY_NAME:
            return False
        return sum(_plain(cell) in _BY_NAME for cell in cells) >= ENOUGH_TO_BE_A_HEADER


def header_in(cells: Sequence[Cell], *, references_alone: bool) -> Header | None:
    """The header, if this row is one; `WrongColumns` if it is one and does not do."""
    found = [(_BY_NAME.get(_plain(cell)), place) for place, cell in enumerate(cells) if isinstance(cell, str)]
    known = [(column, place) for column, place in found if column]
    if len(known) < ENOUGH_TO_BE_A_HEADER or not any(column in WHO for column, _ in known):
        return None
    places = dict(reversed(known))
    for column, place in known:
        if places[column] != place:
            raise WrongColumns(
                f"The column “{column}” is there twice, in {letter(places[column])} and {letter(place)}. Delete one."
            )
    _require(places, references_alone)
    ignored = tuple(str(cells[place]).strip()[:60] for column, place in found if column is None)
    return Header(places, ignored)


def _require(places: dict[Column, int], references_alone: bool) -> None:
    wanted = [Column.CONTACT, *([Column.REFERENCE] if references_alone else [Column.BIRTH])]
    if not references_alone and Column.FULL_NAME not in places:
        wanted += [Column.FORENAME, Column.SURNAME]
    missing = [f"“{column}”" for column in wanted if column not in places]
    if missing:
        what = "a column" if len(missing) == 1 else "columns"
        raise WrongColumns(f"Add {what} named {' and '.join(missing)}: without, nobody can be counted once.")


def no_header(references_alone: bool) -> WrongColumns:
    wanted = [Column.REFERENCE] if references_alone else [Column.FORENAME, Column.SURNAME, Column.BIRTH]
    names = ", ".join(f"“{column}”" for column in wanted)
    return WrongColumns(
        f"No row with the names of the columns was found: at least {names} and “{Column.CONTACT}”. "
        "Download the template for the names that are known."
    )


def letter(place: int) -> str:
    """A for 0, Z for 25, AA for 26."""
    text = ""
    place += 1
    while place:
        place, rest = divmod(place - 1, 26)
        text = chr(ord("A") + rest) + text
    return text
