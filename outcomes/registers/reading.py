"""From the rows of a file to the contacts of a register: those that are good, those that are wrong and why."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum

from outcomes.registers.columns import Column, Header, WrongColumns, header_in, letter, no_header
from outcomes.registers.names import parts
from outcomes.registers.pseudonyms import Details, plain_reference
from outcomes.registers.values import (
    OLDEST,
    CodeLists,
    NotUnderstood,
    age_on_first_april,
    day_in,
    given,
    minutes_in,
    plain,
    text_in,
)
from vru_portal.core.free_text import personal_details
from vru_portal.core.periods import Month
from vru_portal.core.tables_in import Cell, Row

HEADER_WITHIN = 40  # rows of a sheet
# Of these the lists say what “not known” is.
BY_LIST = {Column.DISTRICT, Column.SEX, Column.ETHNICITY, Column.KIND, Column.SETTING}
TOTALS = ("total", "totals", "grandtotal", "subtotal", "count", "sum")


FEW_ROWS = 5  # below this each row is told by itself
NEARLY_ALL = 0.9


class Texts(StrEnum):
    """What becomes of a row whose free text seems to name somebody."""

    HELD = "held"  # it is not taken
    LEFT_OUT = "left_out"  # it is taken without the text
    KEPT = "kept"  # somebody has looked: the text names nobody


@dataclass(frozen=True)
class Expected:
    """What the register must be of."""

    partner: str
    month: Month
    today: date
    references_alone: bool = False  # “case references”: no names are wanted
    default_kind: str = ""
    default_setting: str = ""


@dataclass(frozen=True, slots=True)
class Place:
    """Where something stands, as the spreadsheet numbers it."""

    sheet: str
    row: int


@dataclass(frozen=True, slots=True)
class Contact:
    """A row that is good. `details` identify somebody; all else may be stored."""

    place: Place
    details: Details
    contact_on: date
    kind: str
    setting: str
    minutes: int | None
    district: str
    sex: str
    ethnicity: str
    age: int | None  # on 1 April of the financial year
    age_band: str
    referred_to: str


@dataclass(frozen=True, slots=True)
class Wrong:
    """A row that cannot be taken as it stands, or (`is_held`) not before somebody has looked at it."""

    place: Place
    column: Column
    letter: str
    sentence: str
    is_held: bool = False

    def __str__(self) -> str:
        sheet = f"Sheet “{self.place.sheet}”, row" if self.place.sheet else "Row"
        at = f"{sheet} {self.place.row}, column {self.letter}" if self.letter else f"{sheet} {self.place.row}"
        return f"{at} ({self.column}): {self.sentence}"


@dataclass
class Register:
    """What was read of one file."""

    contacts: list[Contact] = field(default_factory=list)
    wrong: list[Wrong] = field(default_factory=list)
    wrong_rows: list[Row] = field(default_factory=list)  # as they came, to be given back and kept nowhere
    notes: Counter[Column] = field(default_factory=Counter)  # what was taken otherwise than written, how often
    twice: list[Place] = field(default_factory=list)  # the same row once more: a second contact, or sent twice?
    objected: list[Place] = field(default_factory=list)  # of people who objected: good rows, and not kept
    elsewhen: Counter[Month] = field(default_factory=Counter)  # rows of other months
    ignored: tuple[str, ...] = ()  # columns that are passed over
    headers: dict[str, tuple[Cell, ...]] = field(default_factory=dict)  # by sheet
    rows: int = 0

    @property
    def held(self) -> list[Wrong]:
        return [wrong for wrong in self.wrong if wrong.is_held]

    @property
    def other_month(self) -> Month | None:
        """Of which all or nearly all rows are, and not of the register's."""
        return next((month for month, rows in self.elsewhen.most_common(1) if self._is_nearly_all(rows)), None)

    @property
    def one_reason(self) -> str:
        """Why all or nearly all rows cannot be taken, in one sentence; empty where the reasons differ."""
        if month := self.other_month:
            of_them = "all" if self.elsewhen[month] == self.rows else f"{self.elsewhen[month]:,} of the"
            return f"This looks like {month}’s register: {of_them} {self.rows:,} rows are of that month."
        reasons = Counter((wrong.column, wrong.sentence) for wrong in self.wrong)
        for (column, sentence), rows in reasons.most_common(1):
            if self._is_nearly_all(rows):
                of_them = "All" if rows == self.rows else f"{rows:,} of the"
                return f"{of_them} {self.rows:,} rows cannot be taken for one reason ({column}): {sentence}"
        return ""

    def _is_nearly_all(self, rows: int) -> bool:
        return rows >= FEW_ROWS and rows >= NEARLY_ALL * self.rows

    @property
    def refused(self) -> list[Wrong]:
        return [wrong for wrong in self.wrong if not wrong.is_held]


def read(rows: Iterable[Row], expected: Expected, lists: CodeLists, *, words: Texts = Texts.HELD) -> Register:
    """Every sheet that has the columns of a register. `WrongColumns` if none has."""
    register, reader = Register(), None
    sheet, header, looked_at = None, None, 0
    seen: set[int] = set()
    for row in rows:
        if row.sheet != sheet:
            sheet, header, looked_at = row.sheet, None, 0
        if header is None:
            looked_at += 1
            if looked_at <= HEADER_WITHIN:
                header = header_in(row.cells, references_alone=expected.references_alone)
            if header is not None:
                register.ignored += header.ignored
                register.headers[row.sheet] = row.cells
                reader = _RowReader(header, expected, lists, register, words)
            continue
        if reader.is_of_the_table(row):
            register.rows += 1
            if reader.take(row):
                if (cells := hash(row.cells)) in seen:
                    register.twice.append(Place(row.sheet, row.number))
                seen.add(cells)
    if reader is None:
        raise no_header(expected.references_alone)
    if not register.rows:
        raise WrongColumns("There is no row below the names of the columns. Write one for each contact.")
    return register


@dataclass(frozen=True)
class _RowReader:
    header: Header
    expected: Expected
    lists: CodeLists
    register: Register
    words: Texts

    def is_of_the_table(self, row: Row) -> bool:
        """Not a total at the foot, nor the header once more, nor a row with nothing in our columns."""
        cells = self._ours(row.cells)
        first = next((cell for cell in row.cells if cell is not None), None)
        is_total = isinstance(first, str) and plain(first) in TOTALS and len(cells) <= 2
        return bool(cells) and not is_total and not self.header.is_repeated_by(row.cells)

    def _ours(self, cells: Sequence[Cell]) -> list[Cell]:
        found = (cells[place] for place in self.header.places.values() if place < len(cells))
        return [cell for cell in found if cell is not None]

    def take(self, row: Row) -> bool:
        """Whether the row is good. What is wrong with it is all said at once."""
        place = Place(row.sheet, row.number)
        wrong: list[Wrong] = []

        def cell(column: Column) -> Cell:
            at = self.header.places.get(column)
            if at is None or at >= len(row.cells):
                return None
            return row.cells[at] if column in BY_LIST else given(row.cells[at])

        def tried(column: Column, read, *arguments, **options):
            try:
                return read(*arguments, **options)
            except NotUnderstood as error:
                say(column, error.args[0])
                return None

        def say(column: Column, sentence: str, is_held: bool = False) -> None:
            at = self.header.places.get(column)
            wrong.append(Wrong(place, column, letter(at) if at is not None else "", sentence, is_held))

        def text(column: Column) -> str:
            return tried(column, text_in, cell(column)) or ""

        month, today = self.expected.month, self.expected.today
        contact_on = tried(
            Column.CONTACT, day_in, cell(Column.CONTACT), latest=date(today.year + 1, 1, 1), near=month.last
        )
        if contact_on is not None and (sentence := self._not_of_the_month(contact_on)):
            self.register.elsewhen[Month.of(contact_on)] += Month.of(contact_on) != month
            say(Column.CONTACT, sentence)
        elif cell(Column.CONTACT) is None:
            say(Column.CONTACT, "Say on which day the contact was.")
        birth = None
        if not self.expected.references_alone:
            birth = tried(Column.BIRTH, day_in, cell(Column.BIRTH), latest=min(today, month.last))
            if birth is not None and (sentence := _not_a_birth(birth, contact_on or month.last)):
                say(Column.BIRTH, sentence)
        forename = surname = ""
        if not self.expected.references_alone:
            forename, surname = self._name(text, Column.FORENAME), self._name(text, Column.SURNAME)
            if not (forename or surname):
                forename, surname = _two_names(self._name(text, Column.FULL_NAME))
        reference = text(Column.REFERENCE)
        if not (plain_reference(reference) or parts(forename) or parts(surname)):
            at = Column.REFERENCE if self.expected.references_alone else Column.FORENAME
            say(at, "There is neither a name nor a reference, so nobody can be counted. Give one of them.")
        kind = self._kind(text(Column.KIND), say)
        minutes = tried(Column.MINUTES, minutes_in, cell(Column.MINUTES))
        district = self.lists.districts.code(text(Column.DISTRICT))
        if district is None:
            say(Column.DISTRICT, "There is no such district in the list. Write one of the region, or “Outside”.")
        referred_to = text(Column.REFERRED)
        found = [] if self.words == Texts.KEPT else personal_details(referred_to)
        if found and self.words == Texts.LEFT_OUT:
            referred_to = ""
        elif found:
            say(
                Column.REFERRED,
                f"It seems to hold {' and '.join(found)}. Take it out, or say that it names nobody.",
                is_held=True,
            )
        postcode, sex_word = text(Column.POSTCODE), text(Column.SEX)
        sex = self._noted(self.lists.sexes.code(sex_word), Column.SEX, self.lists.sexes.not_known)
        ethnicity = self._noted(
            self.lists.ethnicities.code(text(Column.ETHNICITY)), Column.ETHNICITY, self.lists.ethnicities.not_known
        )
        setting = self._noted(
            self.lists.settings.code(text(Column.SETTING)), Column.SETTING, self.expected.default_setting
        )
        nhs_number, upn = text(Column.NHS_NUMBER), text(Column.UPN)
        if wrong:
            self.register.wrong += wrong
            self.register.wrong_rows.append(row)
            return False
        year_starts = month.financial_year.first
        age = age_on_first_april(birth, year_starts) if birth else None
        named = not self.expected.references_alone
        self.register.contacts.append(
            Contact(
                place=place,
                details=Details(
                    partner=self.expected.partner,
                    reference=reference,
                    forename=forename,
                    surname=surname,
                    birth=birth,
                    postcode=postcode if named else "",
                    sex=sex if named and sex != self.lists.sexes.not_known else "",
                    nhs_number=nhs_number if named else "",
                    upn=upn if named else "",
                ),
                contact_on=contact_on,
                kind=kind,
                setting=setting or self.expected.default_setting,
                minutes=minutes,
                district=district,
                sex=sex,
                ethnicity=ethnicity,
                age=age,
                age_band=self.lists.age_band(age),
                referred_to=referred_to,
            )
        )
        return True

    def _name(self, text, column: Column) -> str:
        """Empty where it says that there is none: “Name withheld” is not somebody called Withheld. That is said."""
        written = text(column)
        if not written or parts(written):
            return written
        self.register.notes[column] += 1
        return ""

    def _not_of_the_month(self, day: date) -> str:
        if day > self.expected.today:
            return "The day has not come yet: correct it."
        if Month.of(day) != self.expected.month:
            return f"It is a day of {Month.of(day)}; this register is of {self.expected.month}. Correct it or move it."
        return ""

    def _kind(self, word: str, say) -> str:
        if not word:
            if not self.expected.default_kind:
                say(Column.KIND, "Say what kind of contact it was: one-to-one, group or brief contact.")
            return self.expected.default_kind
        kind = self.lists.kinds.code(word)
        if not kind:
            say(Column.KIND, "Write “one-to-one”, “group” or “brief contact”.")
        return kind or ""

    def _noted(self, code: str | None, column: Column, otherwise: str) -> str:
        """A word that is not in the list is counted as not known, and that is said."""
        if code is None:
            self.register.notes[column] += 1
            return otherwise
        return code


def _not_a_birth(birth: date, contact_on: date) -> str:
    if birth > contact_on:
        return "The person would have been born after the contact: correct the date of birth."
    age = contact_on.year - birth.year - ((contact_on.month, contact_on.day) < (birth.month, birth.day))
    return f"The person would be older than {OLDEST}: correct the date of birth." if age > OLDEST else ""


def _two_names(full: str) -> tuple[str, str]:
    """“Amina Khan” and “Khan, Amina” → (Amina, Khan)."""
    if "," in full:
        surname, _, forename = full.partition(",")
        return forename.strip(), surname.strip()
    forename, _, surname = full.rpartition(" ")
    return (forename, surname) if forename else (surname, "")
