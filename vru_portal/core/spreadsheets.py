"""Tables in and out as CSV and Excel files: reading what a stranger uploads, and writing cells that run no formula.

The formats and cell widgets are those of django-import-export, made strict: a cell that is not understood is an error
with a sentence, never a guess.
"""

from __future__ import annotations

import csv
import io
import zipfile
from datetime import date, datetime

import tablib
from import_export import widgets
from import_export.formats import base_formats

from vru_portal.core.tables_in import Unreadable

FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")
MOST_BYTES = 10 * 1024 * 1024
MOST_ROWS = 20_000
MOST_COLUMNS = 200
MOST_UNPACKED_BYTES = 100 * 1024 * 1024
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


def read_csv(data: bytes) -> tablib.Dataset:
    """A UTF-8 (or Windows-1252, as older Excel saves) CSV file with one header row; raises `Unreadable`."""
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = data.decode("cp1252", errors="replace")
    if "\0" in text:
        raise Unreadable("This is not a CSV file. Save the table as CSV (UTF-8) and choose it again.")
    try:
        return _dataset(csv.reader(io.StringIO(text, newline=""), strict=True))
    except csv.Error as error:
        raise Unreadable(f"The CSV file cannot be read: {error}. Save it again as CSV (UTF-8).") from error


def read_xlsx(data: bytes) -> tablib.Dataset:
    """The sheet of an Excel workbook that was open when it was saved; raises `Unreadable`."""
    import openpyxl  # only here: it is slow to import, and most requests read no workbook

    check_archive(data)
    try:
        workbook = openpyxl.load_workbook(io.BytesIO(data), read_only=True, data_only=True)
        rows = ([cell.value for cell in row] for row in workbook.active.rows)
        return _dataset(rows)
    except Unreadable:
        raise
    except Exception as error:  # the file is a stranger's: whatever breaks in it, the answer is the same
        raise Unreadable("This is not an Excel workbook (.xlsx). Save it again and choose it again.") from error


def check_archive(data: bytes) -> None:
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            unpacked = sum(info.file_size for info in archive.infolist())
    except zipfile.BadZipFile as error:
        raise Unreadable("This is not an Excel workbook (.xlsx). Save it again and choose it again.") from error
    if unpacked > MOST_UNPACKED_BYTES:
        raise Unreadable("The workbook is too large once unpacked. Copy the table alone into a new workbook.")


def _dataset(rows) -> tablib.Dataset:
    """The first row is the headers; rows that are empty at the end are dropped, short rows are filled up."""
    found: list[list] = []
    for number, row in enumerate(rows, 1):
        if number > MOST_ROWS + 1:
            raise Unreadable(
                f"The table has more than {MOST_ROWS:,} rows. Delete the empty rows below it, or split it."
            )
        if len(row) > MOST_COLUMNS:
            raise Unreadable(f"Row {number} has more than {MOST_COLUMNS} columns. Delete what stands beside the table.")
        found.append(list(row))
    while found and not any(_is_filled(cell) for cell in found[-1]):
        found.pop()
    if not found:
        raise Unreadable("The file is empty. Its first row must hold the names of the columns.")
    headers = [str(cell).strip() if _is_filled(cell) else "" for cell in found[0]]
    while headers and not headers[-1]:
        headers.pop()
    _check_headers(headers)
    return tablib.Dataset(
        *(_fitted(row, len(headers), number) for number, row in enumerate(found[1:], 2)), headers=headers
    )


def _check_headers(headers: list[str]) -> None:
    if not headers or "" in headers:
        raise Unreadable("The first row must hold the name of each column, with no gap between them.")
    twice = {header for header in headers if headers.count(header) > 1}
    if twice:
        raise Unreadable(f"The column “{sorted(twice)[0]}” is there twice. Delete one of them.")


def _fitted(row: list, width: int, number: int) -> list:
    if any(_is_filled(cell) for cell in row[width:]):
        raise Unreadable(f"Row {number} has more cells than the first row has names.")
    return [*row[:width], *[""] * (width - len(row))]


def _is_filled(cell) -> bool:
    return cell is not None and str(cell).strip() != ""


def _escaped(dataset: tablib.Dataset) -> tablib.Dataset:
    return tablib.Dataset(*([escape_formula(cell) for cell in row] for row in dataset), headers=dataset.headers)


class CsvFormat(base_formats.CSV):
    """RFC 4180, UTF-8, one header row."""

    CONTENT_TYPE = "text/csv; charset=utf-8"

    def get_title(self) -> str:
        return "CSV"

    def get_read_mode(self) -> str:
        return "rb"

    def is_binary(self) -> bool:
        return True  # decoded here, so that a wrong encoding gets a sentence

    def create_dataset(self, in_stream: bytes, **kwargs) -> tablib.Dataset:
        return read_csv(in_stream)

    def export_data(self, dataset: tablib.Dataset, **kwargs) -> str:
        return _escaped(dataset).export("csv")


class XlsxFormat(base_formats.XLSX):
    def get_title(self) -> str:
        return "Excel (.xlsx)"

    def create_dataset(self, in_stream: bytes, **kwargs) -> tablib.Dataset:
        return read_xlsx(in_stream)

    def export_data(self, dataset: tablib.Dataset, **kwargs) -> bytes:
        return _escaped(dataset).export("xlsx", escape=False)


# ---- Cells ----


class TextWidget(widgets.CharWidget):
    def clean(self, value, row=None, **kwargs) -> str:
        """The text without space around it; an Excel number such as 12.0 is the text 12."""
        if isinstance(value, float) and value.is_integer():
            value = int(value)
        return "" if value is None else unescape_formula(str(value).strip())


class WholeNumberWidget(widgets.IntegerWidget):
    """0 or more, written as digits."""

    def clean(self, value, row=None, **kwargs) -> int | None:
        if isinstance(value, float) and value.is_integer():
            value = int(value)
        text = "" if value is None else str(value).strip()
        if not text:
            return None
        if not (text.isascii() and text.isdigit() and len(text) < 10):
            raise ValueError(f"“{text}” is not a whole number of 0 or more.")
        return int(text)

    def render(self, value, obj=None, **kwargs) -> int | str:
        return "" if value is None else value


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
    """A date as 2026-06-10 (as ours are written), as 10/06/2026, or as a date cell of Excel."""

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
        raise ValueError(f"“{text}” is not a date: write it as 2026-06-10.")

    def render(self, value, obj=None, **kwargs) -> str:
        return value.isoformat() if value else ""


class CodeWidget(widgets.ForeignKeyWidget):
    """Another table's row by its code or name."""

    def clean(self, value, row=None, **kwargs):
        code = TextWidget().clean(value)
        if not code:
            return None
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
