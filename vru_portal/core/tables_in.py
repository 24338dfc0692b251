"""The rows of a table that a person uploads, whatever program it comes from: .xlsx, .ods or .csv.

What a file holds decides how it is read, not its name alone. A CSV file is decoded as it streams by. A workbook is
unpacked and parsed by `read_workbook` in a process of its own, with limits; of it this process sees one row at a time.
Nothing is written to a disk or a log, and no sentence repeats what a cell holds: it may be somebody's name.
"""

from __future__ import annotations

import codecs
import csv
import io
import json
import logging
import os
import selectors
import subprocess
import sys
import time as clock
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import NamedTuple

from vru_portal.core.refusals import Refusal

MEGABYTE = 1024 * 1024
MOST_BYTES = 20 * MEGABYTE
MOST_ROWS = 200_000
MOST_COLUMNS = 200
MOST_SECONDS_WAITED = 90  # for the other process; what the caller does between two rows is its own time
MOST_CHARACTERS = 1_000_000  # in one cell; a quote that is never closed makes the rest of the file one
MOST_CONTROL_CHARACTERS = 0.02
SAMPLE = 64 * 1024
CHUNK = 256 * 1024
SEPARATORS = ",;\t|"
TEXT_NAMES = ("csv", "txt", "tsv")
WORKBOOK_STARTS = (b"PK\x03\x04", b"PK\x05\x06", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1")
READER = Path(__file__).with_name("read_workbook.py")

EMPTY = "The file is empty. Choose another."
TOO_LARGE = f"The file is larger than {MOST_BYTES // MEGABYTE} MB. Delete what is not the table, or split it."
NO_CSV = "This is not a CSV file. Save the table as CSV (UTF-8) and choose it again."
UNKNOWN_LETTERS = "The letters of this file cannot be told. Save the table as CSV (UTF-8) and choose it again."
STRAY_QUOTE = (
    "The CSV file cannot be read from row {} on: a quotation mark stands where none can, or is never closed. "
    "Correct it, or save the table again as CSV (UTF-8)."
)
TOO_MANY_ROWS = f"The table has more than {MOST_ROWS:,} rows. Delete the empty rows below it, or split it."
TOO_MANY_COLUMNS = "Row {} has more than " + f"{MOST_COLUMNS} columns. Delete what stands beside the table."
TOO_MUCH = (
    "The workbook takes too long or too much memory to read. Copy the table alone, as values, into a new workbook, "
    "and choose that."
)

logger = logging.getLogger(__name__)
csv.field_size_limit(MOST_CHARACTERS)


class Unreadable(Refusal):
    """The file is not a table that can be read."""


@dataclass(frozen=True)
class Fault:
    """A cell that has no value to give: an error such as #N/A, or (with no text) a formula without its result."""

    text: str = ""

    def __str__(self) -> str:
        return self.text or "a formula without its result"


Cell = str | int | float | bool | date | datetime | time | timedelta | Fault | None


class Row(NamedTuple):
    """A row that holds something: its sheet (“” in a CSV file), its number as the spreadsheet shows it, and its cells
    from column A to the last that is not empty."""

    sheet: str
    number: int
    cells: tuple[Cell, ...]


def rows_of(data: bytes, file_name: str, *, expect: Callable[[int], None] = lambda rows: None) -> Iterator[Row]:
    """Every row that is not empty of every visible sheet, in order.

    `Unreadable` may come at any row: take the rows only when all of them have been read. `expect` is told, before the
    rows of a sheet, about how many there are.
    """
    if not data:
        raise Unreadable(EMPTY)
    if len(data) > MOST_BYTES:
        raise Unreadable(TOO_LARGE)
    is_text = file_name.lower().rpartition(".")[2] in TEXT_NAMES and not data.startswith(WORKBOOK_STARTS)
    yield from (_text_rows if is_text else _workbook_rows)(data, expect)


# ---- CSV ----
def _text_rows(data: bytes, expect: Callable[[int], None]) -> Iterator[Row]:
    encoding = _encoding(data)
    expect(data.count(b"\n"))
    with io.TextIOWrapper(io.BytesIO(data), encoding, newline="") as text:
        sample = text.read(SAMPLE)
        text.seek(0)
        reader = csv.reader(text, delimiter=_separator(sample), strict=True)
        number = 0
        try:
            for number, record in enumerate(reader, 1):
                if number > MOST_ROWS:
                    raise Unreadable(TOO_MANY_ROWS)
                cells: list[Cell] = [cell if cell and not cell.isspace() else None for cell in record]
                while cells and cells[-1] is None:
                    cells.pop()
                if len(cells) > MOST_COLUMNS:
                    raise Unreadable(TOO_MANY_COLUMNS.format(number))
                if cells:
                    yield Row("", number, tuple(cells))
        except csv.Error:
            raise Unreadable(STRAY_QUOTE.format(number + 1)) from None


def _encoding(data: bytes) -> str:
    """`Unreadable` if the file is no text, or in letters that cannot be told."""
    encoding = next((name for name in _encodings(data[:SAMPLE]) if _decodes(data, name)), None)
    sample = data[:SAMPLE].decode(encoding or "latin-1", "replace")
    control = sum(character < " " and character not in "\t\r\n" for character in sample)
    if control > MOST_CONTROL_CHARACTERS * len(sample):
        raise Unreadable(NO_CSV)
    if encoding is None:
        raise Unreadable(UNKNOWN_LETTERS)
    return encoding


def _encodings(start: bytes) -> tuple[str, ...]:
    """What the file may be written in, the likeliest first."""
    if start.startswith(codecs.BOM_UTF8):
        return ("utf-8-sig",)
    if start.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return ("utf-16",)
    for place, name in ((1, "utf-16-le"), (0, "utf-16-be")):  # most letters have a zero beside them
        if start[place::2].count(0) > len(start) / 4 > start[1 - place :: 2].count(0):
            return (name,)
    return ("utf-8", "cp1252")


def _decodes(data: bytes, encoding: str) -> bool:
    decoder = codecs.getincrementaldecoder(encoding)()
    try:
        for start in range(0, len(data), CHUNK):
            decoder.decode(data[start : start + CHUNK])
        decoder.decode(b"", True)
    except UnicodeDecodeError:
        return False
    return True


def _separator(sample: str) -> str:
    """The one that cuts most rows into the same number of cells; of two that do, the one that makes more of them."""

    def evenness(separator: str) -> tuple[int, int]:
        widths = Counter(len(row) for row in csv.reader(io.StringIO(sample, newline=""), delimiter=separator))
        return max(((rows, width) for width, rows in widths.items() if width > 1), default=(0, 0))

    return max(SEPARATORS, key=evenness)


# ---- Workbooks ----
def _workbook_rows(data: bytes, expect: Callable[[int], None]) -> Iterator[Row]:
    """The rows that `read_workbook` gives. It gets no environment, so no secret, and its complaints go nowhere."""
    command = [sys.executable, "-I", "-B", str(READER), str(MOST_ROWS), str(MOST_COLUMNS)]
    pipe = subprocess.PIPE
    process = subprocess.Popen(  # noqa: S603
        command, stdin=pipe, stdout=pipe, stderr=subprocess.DEVNULL, env={}, bufsize=0
    )
    try:
        sheet = ""
        for line in _lines(process, data):
            match json.loads(line):
                case [number, *cells]:
                    yield Row(sheet, number, tuple(_cell(c) if isinstance(c, dict) else c for c in cells))
                case {"sheet": str(sheet), "rows": int(rows)}:
                    expect(rows)
                case {"refused": str(sentence)}:
                    raise Unreadable(sentence)
                case {"end": True}:
                    return
        logger.warning("The reader of workbooks ended early: %s.", process.wait())  # most likely by one of its limits
        raise Unreadable(TOO_MUCH)
    finally:
        process.kill()
        process.stdin.close()
        process.stdout.close()
        process.wait()


def _lines(process: subprocess.Popen, data: bytes) -> Iterator[bytes]:
    """What `process` says to `data`, line by line; `Unreadable` if it lets us wait too long."""
    left = memoryview(data)
    rest = b""
    waited = 0.0
    with selectors.DefaultSelector() as selector:
        os.set_blocking(process.stdin.fileno(), False)
        selector.register(process.stdin, selectors.EVENT_WRITE)
        selector.register(process.stdout, selectors.EVENT_READ)
        while selector.get_map():
            began = clock.monotonic()
            ready = selector.select(MOST_SECONDS_WAITED - waited)
            waited += clock.monotonic() - began
            if waited > MOST_SECONDS_WAITED:
                raise Unreadable(TOO_MUCH)
            for key, _ in ready:
                if key.fileobj is process.stdin:
                    with suppress(BrokenPipeError):
                        left = left[process.stdin.write(left[:CHUNK]) or 0 :]
                        if left:
                            continue
                    selector.unregister(process.stdin)
                    process.stdin.close()
                elif said := process.stdout.read(CHUNK):
                    *whole, rest = (rest + said).split(b"\n")
                    yield from whole
                else:
                    selector.unregister(process.stdout)


def _cell(coded: dict) -> Cell:
    [(kind, value)] = coded.items()
    match kind:
        case "date":
            return date.fromisoformat(value)
        case "datetime":
            return datetime.fromisoformat(value)
        case "time":
            return time.fromisoformat(value)
        case "timedelta":
            return timedelta(seconds=value)
    return Fault(value)
