"""Tables with a header in and out as files: what `tables_in` reads, and cells written so that they run no formula.

The formats and cell widgets are those of django-import-export, made strict: a cell that is not understood is an error
with a sentence, never a guess.
"""

from __future__ import annotations

from datetime import date, datetime

import tablib
from django.core.exceptions import ValidationError
from django.db.models import TextChoices
from import_export import widgets
from import_export.formats import base_formats

from vru_portal.core.forms import MoneyField
from vru_portal.core.tables_in import Fault, Unreadable, rows_of

FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")
MOST_ROWS = 20_000
LIST_SEPARATOR = ";"


# ---- Formulas ----


def escape_formula(value):
    """Text that a spreadsheet would run as a formula gets an apostrophe before it; numbers stay numbers."""
    if isinstance(value, str) and value.startswith(FORMULA_STARTS):
        return "'" + value
    return value


def unescape_formula(value):
    """What `escape_formula` made, as it was."""
    if isinstance(value, str) and value.startswith("'") and value[1:].startswith(FORMULA_STARTS):
        return value[1:]
    return value


# ---- Files ----


# The sheet of an empty table that only says what may be written: it is not read.
CODES = "codes"


def read_table(data: bytes, file_name: str) -> tablib.Dataset:
    """The table of a file, with its first row as the headers and nothing but rows below; raises `Unreadable`.

    Empty rows between others stay, so that the rows keep the numbers that a spreadsheet shows.
    """
    found: list[list] = []
    sheet = ""
    for row in rows_of(data, file_name):
        if found and row.sheet == CODES != sheet:
            continue
        if found and row.sheet != sheet:
            raise Unreadable(
                "More than one sheet holds something. Keep the one with the table, delete or hide the others, and "
                "choose the file again."
            )
        if row.number > MOST_ROWS + 1:
            raise Unreadable(
                f"The table has more than {MOST_ROWS:,} rows. Delete the empty rows below it, or split it."
            )
        found.extend([] for _ in range(row.number - len(found) - 1))
        found.append([_value(cell, row.number) for cell in row.cells])
        sheet = row.sheet
    if not found:
        raise Unreadable("The file is empty. Its first row must hold the names of the columns.")
    headers = [str(cell).strip() for cell in found[0]]
    check_headers(headers)
    return tablib.Dataset(
        *(_fitted(row, len(headers), number) for number, row in enumerate(found[1:], 2)), headers=headers
    )


def _value(cell, number: int):
    if isinstance(cell, Fault):
        raise Unreadable(f"Row {number} holds {cell}. Put a value there, and choose the file again.")
    return "" if cell is None else cell


def check_headers(headers: list[str]) -> None:
    """Each column has a name of its own; `Unreadable` otherwise."""
    if not headers or "" in headers:
        raise Unreadable("The first row must hold the name of each column, with no gap between them.")
    twice = {header for header in headers if headers.count(header) > 1}
    if twice:
        raise Unreadable(f"The column “{sorted(twice)[0]}” is there twice. Delete one of them.")


def _fitted(row: list, width: int, number: int) -> list:
    if len(row) > width:
        raise Unreadable(f"Row {number} has more cells than the first row has names.")
    return [*row, *[""] * (width - len(row))]


def _escaped(dataset: tablib.Dataset) -> tablib.Dataset:
    return tablib.Dataset(*([escape_formula(cell) for cell in row] for row in dataset), headers=dataset.headers)


class CsvFormat(base_formats.CSV):
    """RFC 4180, UTF-8, one header row."""

    CONTENT_TYPE = "text/csv; charset=utf-8"

    def export_data(self, dataset: tablib.Dataset, **kwargs) -> str:
        return _escaped(dataset).export("csv")


class XlsxFormat(base_formats.XLSX):
    def export_data(self, dataset: tablib.Dataset, **kwargs) -> bytes:
        return _escaped(dataset).export("xlsx", escape=False)


# ---- Cells ----


class TextWidget(widgets.CharWidget):
    def clean(self, value, row=None, **kwargs) -> str:
        """The text without space around it."""
        return "" if value is None else unescape_formula(str(value).strip())


class WholeNumberWidget(widgets.IntegerWidget):
    """0 or more, written as digits."""

    def clean(self, value, row=None, **kwargs) -> int | None:
        text = "" if value is None else str(value).strip()
        if not text:
            return None
        if not (text.isascii() and text.isdigit() and len(text) < 10):
            raise ValueError(f"“{text}” is not a whole number of 0 or more.")
        return int(text)

    def render(self, value, obj=None, **kwargs) -> int | str:
        return "" if value is None else value


class MoneyWidget(widgets.Widget):
    """Pounds and pence, as a number or as people write them (£1,250.00); gives whole pence."""

    def clean(self, value, row=None, **kwargs) -> int | None:
        if isinstance(value, float) and abs(value - round(value, 2)) < 1e-6:
            value = round(value, 2)  # what a sum of a spreadsheet is, but for its last bits
        try:
            return MoneyField(required=False, min_pence=None).clean("" if value is None else str(value))
        except ValidationError as problem:
            raise ValueError(f"“{value}” is not an amount. {problem.messages[0]}") from None


class ChoiceWidget(widgets.CharWidget):
    """One of some choices, by its code or its words."""

    def __init__(self, choices: type[TextChoices]) -> None:
        super().__init__()
        self.codes = {text.casefold(): str(each) for each in choices for text in (each.value, str(each.label))}
        self.values = choices.values

    def clean(self, value, row=None, **kwargs) -> str | None:
        text = TextWidget().clean(value)
        if text and text.casefold() not in self.codes:
            raise ValueError(f"“{text}” is none of: {', '.join(self.values)}.")
        return self.codes.get(text.casefold())


class YesNoWidget(widgets.BooleanWidget):
    def clean(self, value, row=None, **kwargs) -> bool | None:
        text = "" if value is None else str(value).strip().lower()
        if not text:
            return None
        if text not in {"yes", "no", "true", "false", "1", "0"}:
            raise ValueError(f"“{text}” is neither yes nor no.")
        return text in {"yes", "true", "1"}

    def render(self, value, obj=None, **kwargs) -> str:
        return "" if value is None else "yes" if value else "no"


class DayWidget(widgets.DateWidget):
    """A date as 2026-06-10 (as ours are written), day first as 10/06/2026, or as a date cell of a spreadsheet."""

    def clean(self, value, row=None, **kwargs) -> date | None:
        if isinstance(value, datetime):
            return value.date()
        if isinstance(value, date):
            return value
        text = "" if value is None else str(value).strip()
        if not text:
            return None
        for shape in ("%Y-%m-%d", "%d/%m/%Y"):
            try:
                return datetime.strptime(text, shape).date()  # noqa: DTZ007
            except ValueError:
                continue
        raise ValueError(f"“{text}” is not a date: write it as 10/06/2026, the day first, or as 2026-06-10.")

    def render(self, value, obj=None, **kwargs) -> str:
        return value.isoformat() if value else ""


class CodeWidget(widgets.ForeignKeyWidget):
    """Another table's row by its code or name; `found` are those of this import, for many rows name the same few.

    Only what was found is kept: a row that a code lacks now may stand further down in the same file.
    """

    def __init__(self, model, field: str) -> None:
        super().__init__(model, field=field)
        self.found: dict = {}

    def clean(self, value, row=None, **kwargs):
        code = TextWidget().clean(value)
        if not code:
            return None
        if code not in self.found:
            self.found[code] = self._look_up(code, row)
        return self.found[code]

    def _look_up(self, code: str, row):
        try:
            return self.get_queryset(code, row).get(**{self.field: code})
        except self.model.DoesNotExist:
            raise ValueError(_no_such(self.model, code)) from None


class CodesWidget(widgets.ManyToManyWidget):
    """Other tables' rows by their codes, separated by semicolons."""

    def __init__(self, model, field: str) -> None:
        super().__init__(model, separator=LIST_SEPARATOR, field=field)

    def clean(self, value, row=None, **kwargs) -> list:
        codes = list(dict.fromkeys(part.strip() for part in TextWidget().clean(value).split(LIST_SEPARATOR)))
        codes = [code for code in codes if code]
        found = {getattr(row, self.field): row for row in self.model.objects.filter(**{f"{self.field}__in": codes})}
        for code in codes:
            if code not in found:
                raise ValueError(_no_such(self.model, code))
        return [found[code] for code in codes]

    def render(self, value, obj=None, **kwargs) -> str:
        rows = value.all() if value is not None else []  # None: the row is not saved yet
        return LIST_SEPARATOR.join(sorted(str(getattr(row, self.field)) for row in rows))


class ListWidget(widgets.SimpleArrayWidget):
    """A list of codes in one cell, separated by semicolons."""

    def __init__(self) -> None:
        super().__init__(separator=LIST_SEPARATOR)

    def clean(self, value, row=None, **kwargs) -> list[str]:
        return [part.strip() for part in TextWidget().clean(value).split(LIST_SEPARATOR) if part.strip()]


def _no_such(model, code: str) -> str:
    return f"There is no {model._meta.verbose_name} “{code}”. Add it to its own table first, or correct it here."
