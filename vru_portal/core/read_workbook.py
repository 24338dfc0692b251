"""A workbook from standard input (.xlsx, .ods), row by row as lines of JSON on standard output.

A program of its own, started by `tables_in` alone: what a stranger has made is unpacked and parsed here, where the
worst it can do is end this process. It knows neither Django nor the settings, so it starts fast and holds no secret;
it writes to no file, and says nothing of a cell to anyone but its parent.

The lines: {"sheet": name, "rows": how many} before the rows of each visible sheet, [number, cell, …] for each row,
{"end": true} after the last. {"refused": sentence} comes instead of what cannot be read.
"""

import contextlib
import io
import json
import math
import posixpath
import re
import resource
import sys
import zipfile
from collections.abc import Callable, Iterator
from datetime import date, datetime, time, timedelta
from typing import NamedTuple
from xml.parsers import expat

import python_calamine as calamine

MEGABYTE = 1024 * 1024
MOST_ADDRESSES = 512 * MEGABYTE  # macOS takes this limit and does not keep it; the scan below is what holds there
MOST_CPU_SECONDS = 40
MOST_UNPACKED = 200 * MEGABYTE
MOST_PARTS = 1_000
MOST_RATIO = 200  # sheets pack to a tenth or a thirtieth
MOST_CELLS = 4_000_000  # calamine holds the whole rectangle from the first cell to the last, 32 bytes for each
MOST_FAULTS = 10_000
MOST_LINE = 2 * MEGABYTE
CHUNK = 256 * 1024

# What Excel wrote before 2007, and what a workbook with a password is wrapped in.
OLD_FORMAT = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
LOCKED_INSIDE = "EncryptedPackage".encode("utf-16-le")

NO_WORKBOOK = (
    "This is not an Excel workbook (.xlsx) or an OpenDocument spreadsheet (.ods). Open it in your spreadsheet program, "
    "save it as .xlsx, and choose that."
)
OLD = "This is in an old format of Excel. Open it in your spreadsheet program, save it as .xlsx, and choose that."
DAMAGED = (
    "The workbook is damaged or was cut short. Open it in your spreadsheet program, save it again, and choose that."
)
LOCKED = "The workbook is locked with a password. Save it without one and choose it again."
TOO_LARGE = "The workbook is too large once unpacked. Copy the table alone into a new workbook."
ENTITIES = "The workbook defines entities of its own, which no spreadsheet program does. Save it again as .xlsx."
TOO_FAR = (
    "Cell {} holds something, far from any table. Delete the rows below the table and the columns beside it, "
    "or split it: {:,} rows and {:,} columns are the most."
)
TOO_WIDE = "The table has too many cells. Delete the columns that are not needed, or split it."
TOO_MANY_FAULTS = (
    "Too many cells hold an error or a formula without its result. Open the workbook in your spreadsheet program, "
    "copy the table as values into a new one, and choose that."
)
TOO_LONG = "Row {} is longer than a row of a table can be. Shorten its cells."


Faults = dict[tuple[int, int], str]  # by row and column, both counted from 1


class Refused(Exception):
    """The workbook cannot be read; the message is a sentence for the person whose workbook it is."""


class Most(NamedTuple):
    """How far the cells of a table may reach."""

    rows: int
    columns: int


def main() -> None:
    _limit()
    most = Most(*map(int, sys.argv[1:]))
    data = sys.stdin.buffer.read()
    try:
        for line in _lines(data, most):
            _say(line)
        _say({"end": True})
    except Refused as refused:
        _say({"refused": str(refused)})
    except calamine.PasswordError:
        _say({"refused": LOCKED})
    except MemoryError:
        sys.exit(1)
    except BaseException:  # whatever breaks in a stranger's file, the answer is the same; a panic is no Exception
        _say({"refused": DAMAGED})


def _limit() -> None:
    wanted = {
        resource.RLIMIT_CORE: 0,  # a core dump would hold the cells
        resource.RLIMIT_FSIZE: 0,
        resource.RLIMIT_CPU: MOST_CPU_SECONDS,
        resource.RLIMIT_AS: MOST_ADDRESSES,
    }
    for what, most in wanted.items():
        with contextlib.suppress(ValueError, OSError):  # not on this platform, or a lower one is set already
            resource.setrlimit(what, (most, most))


def _say(line: object) -> None:
    sys.stdout.buffer.write(json.dumps(line, separators=(",", ":")).encode() + b"\n")


def _lines(data: bytes, most: Most) -> Iterator[object]:
    if data.startswith(OLD_FORMAT):
        raise Refused(LOCKED if LOCKED_INSIDE in data else OLD)
    if not data.startswith(b"PK"):
        raise Refused(NO_WORKBOOK)
    faults = _scan(data, most)
    book = calamine.load_workbook(io.BytesIO(data))
    for about in book.sheets_metadata:
        if about.visible == calamine.SheetVisibleEnum.Visible and about.typ == calamine.SheetTypeEnum.WorkSheet:
            sheet = book.get_sheet_by_name(about.name)
            yield {"sheet": about.name, "rows": sheet.end[0] + 1 if sheet.end else 0}
            yield from _rows(sheet, faults.get(about.name, {}))


# ---- What calamine gives ----
def _rows(sheet: calamine.CalamineSheet, faults: Faults) -> Iterator[list]:
    by_row: dict[int, dict[int, str]] = {}
    for (row, column), text in faults.items():
        by_row.setdefault(row, {})[column] = text
    if sheet.start is not None:
        before = [None] * sheet.start[1]
        for number, cells in enumerate(sheet.iter_rows(), 1):
            yield from _line(number, [*before, *map(_cell, cells)], by_row.pop(number, {}))
    for number in sorted(by_row):  # below the last cell with a value
        yield from _line(number, [], by_row[number])


def _line(number: int, cells: list, faults: dict[int, str]) -> Iterator[list]:
    for column, text in faults.items():
        cells.extend([None] * (column - len(cells)))
        cells[column - 1] = {"fault": text}
    while cells and cells[-1] is None:
        cells.pop()
    if sum(len(cell) for cell in cells if isinstance(cell, str)) > MOST_LINE:
        raise Refused(TOO_LONG.format(number))
    if cells:
        yield [number, *cells]


def _cell(value: object) -> object:
    if isinstance(value, str):
        return value if value and not value.isspace() else None
    if isinstance(value, bool):
        return value
    if isinstance(value, float) and not math.isfinite(value):
        return {"fault": "#NUM!"}
    if isinstance(value, float):
        return int(value) if value.is_integer() and abs(value) < 2**53 else value
    if isinstance(value, datetime):
        return {"datetime": value.isoformat()}
    if isinstance(value, date):
        return {"date": value.isoformat()}
    if isinstance(value, time):
        return {"time": value.isoformat()}
    if isinstance(value, timedelta):
        return {"timedelta": value.total_seconds()}
    return value


# ---- What is looked at before calamine may see it ----
def _scan(data: bytes, most: Most) -> dict[str, Faults]:
    """The cells of each visible sheet that have no value to give: errors, and formulas without their result.

    `Refused` if the archive, or what is in it, is larger than a table or is no workbook.
    """
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        parts = archive.infolist()
        names = {part.filename for part in parts}
        if len(names & {"_rels/.rels", "content.xml"}) != 1:  # with both, calamine might open the one not looked at
            raise Refused(NO_WORKBOOK)
        if any(part.flag_bits & 1 for part in parts):
            raise Refused(LOCKED)
        if len(names) < len(parts):
            raise Refused(DAMAGED)
        packed_well = (p for p in parts if p.file_size > 10 * MEGABYTE and p.file_size > MOST_RATIO * p.compress_size)
        if len(parts) > MOST_PARTS or sum(p.file_size for p in parts) > MOST_UNPACKED or any(packed_well):
            raise Refused(TOO_LARGE)
        scan = _scan_excel if "_rels/.rels" in names else _scan_open_document
        return scan(archive, names, most)


def _scan_excel(archive: zipfile.ZipFile, names: set[str], most: Most) -> dict[str, Faults]:
    sheets: dict[str, str] = {}

    def of_book(name: str, attributes: dict[str, str]) -> None:
        if _local(name) == "sheet" and attributes.get("state", "visible") == "visible":
            sheets[attributes["name"]] = next(link for key, link in attributes.items() if _local(key) == "id")

    book = next((part for kind, part in _links(archive, "").values() if kind == "officeDocument"), "")
    if not book.endswith(".xml"):
        raise Refused(NO_WORKBOOK)
    _parse(archive, book, of_book)
    if not sheets:
        raise Refused(NO_WORKBOOK)
    found = {title: Sheet(most) for title in sheets}
    links = _links(archive, book)
    of_part = {links[link][1]: found[title] for title, link in sheets.items()}
    if not of_part.keys() <= names:
        raise Refused(DAMAGED)
    for part in names:
        if part in of_part:
            of_part[part].read(archive, part)
        elif part.endswith((".xml", ".rels")):
            _parse(archive, part)
    return {title: sheet.faults for title, sheet in found.items()}


def _links(archive: zipfile.ZipFile, part: str) -> dict[str, tuple[str, str]]:
    """What `part` refers to: by its identifier, what it is and which part of the archive."""
    folder, name = posixpath.split(part)
    found: dict[str, tuple[str, str]] = {}

    def start(name: str, attributes: dict[str, str]) -> None:
        if _local(name) == "Relationship":
            target = posixpath.normpath(posixpath.join("/", folder, attributes["Target"]))[1:]
            found[attributes["Id"]] = (attributes["Type"].rpartition("/")[2], target)

    _parse(archive, posixpath.join(folder, "_rels", f"{name}.rels"), start)
    return found


def _scan_open_document(archive: zipfile.ZipFile, names: set[str], most: Most) -> dict[str, Faults]:
    def of_manifest(name: str, attributes: dict[str, str]) -> None:
        if _local(name) == "encryption-data":
            raise Refused(LOCKED)

    if "META-INF/manifest.xml" in names:
        _parse(archive, "META-INF/manifest.xml", of_manifest)
    content = Content(most)
    content.read(archive, "content.xml")
    for part in names - {"content.xml", "META-INF/manifest.xml"}:
        if part.endswith(".xml"):
            _parse(archive, part)
    return {title: sheet.faults for title, sheet in content.sheets.items()}


def _parser() -> expat.XMLParserType:
    parser = expat.ParserCreate()
    parser.buffer_text = True
    parser.StartDoctypeDeclHandler = _refuse_entities
    return parser


def _refuse_entities(*_: object) -> None:
    raise Refused(ENTITIES)


def _parse(archive: zipfile.ZipFile, part: str, start: Callable | None = None) -> None:
    parser = _parser()
    parser.StartElementHandler = start
    _feed(parser, archive, part)


def _feed(parser: expat.XMLParserType, archive: zipfile.ZipFile, part: str) -> None:
    with archive.open(part) as unpacked:
        while chunk := unpacked.read(CHUNK):
            parser.Parse(chunk)
    parser.Parse(b"", True)


def _local(name: str) -> str:
    return name.rpartition(":")[2]


class Extent:
    """How far the cells of a sheet reach, and those without a value; both counted from 1."""

    def __init__(self, most: Most) -> None:
        self.most = most
        self.rows = self.columns = 0
        self.faults: Faults = {}

    def reach(self, row: int, column: int) -> None:
        if row > self.most.rows or column > self.most.columns:
            raise Refused(TOO_FAR.format(f"{_letters(column)}{row}", *self.most))
        if row > self.rows or column > self.columns:
            self.rows, self.columns = max(row, self.rows), max(column, self.columns)
            if self.rows * self.columns > MOST_CELLS:
                raise Refused(TOO_WIDE)

    def fault(self, row: int, column: int, text: str) -> None:
        self.reach(row, column)
        self.faults[row, column] = text
        if len(self.faults) > MOST_FAULTS:
            raise Refused(TOO_MANY_FAULTS)


class Sheet(Extent):
    """A sheet of an Excel workbook."""

    ADDRESS = re.compile(r"([A-Za-z]{1,7})([0-9]{1,10})")

    def read(self, archive: zipfile.ZipFile, part: str) -> None:
        self.row = self.column = 0
        self.kind = self.text = ""
        self.has_value = False
        self.columns_of: dict[str, int] = {}
        self.parser = _parser()
        self.parser.StartElementHandler = self.start
        _feed(self.parser, archive, part)

    def start(self, name: str, attributes: dict[str, str]) -> None:
        name = name.rpartition(":")[2]
        if name == "c":
            self.cell(attributes)
        elif name == "v" or name == "is":
            self.reach(self.row, self.column)
            self.has_value = True
        elif name == "f":
            self.look_closer()
        elif name == "row":
            self.row = int(attributes.get("r", self.row + 1))
            self.column = 0

    def cell(self, attributes: dict[str, str]) -> None:
        if address := self.ADDRESS.fullmatch(attributes.get("r", "")):
            letters, digits = address.groups()
            self.row = int(digits)
            self.column = self.columns_of.get(letters) or self.columns_of.setdefault(letters, _column(letters))
        else:
            self.column += 1
        self.kind = attributes.get("t", "")
        self.has_value = False
        if self.kind == "e":
            self.look_closer()

    def look_closer(self) -> None:
        """Text and ends are heard of only for the few cells where they matter."""
        self.text = ""
        self.parser.CharacterDataHandler = self.more
        self.parser.EndElementHandler = self.end

    def more(self, text: str) -> None:
        self.text = (self.text + text)[:20]

    def end(self, name: str) -> None:
        name = name.rpartition(":")[2]
        if name == "f":
            self.text = ""
        elif name == "c":
            self.parser.CharacterDataHandler = self.parser.EndElementHandler = None
            if self.kind == "e":
                self.fault(self.row, self.column, self.text.strip() or "#N/A")
            elif not self.text and not (self.kind == "str" and self.has_value):
                self.fault(self.row, self.column, "")


class Content:
    """The sheets of an OpenDocument spreadsheet, which says how often an empty or equal cell or row is repeated."""

    def __init__(self, most: Most) -> None:
        self.most = most
        self.sheets: dict[str, Extent] = {}
        self.row = self.column = self.row_repeats = self.cell_repeats = 0

    def read(self, archive: zipfile.ZipFile, part: str) -> None:
        parser = _parser()
        parser.StartElementHandler = self.start
        _feed(parser, archive, part)

    def start(self, name: str, attributes: dict[str, str]) -> None:
        name = name.rpartition(":")[2]
        if name in ("table-cell", "covered-table-cell"):
            self.cell(attributes)
        elif name == "p" and self.cell_repeats:
            self.filled()
        elif name == "table-row":
            self.row += self.row_repeats
            self.row_repeats = int(attributes.get("table:number-rows-repeated", 1))
            self.column, self.cell_repeats = 1, 0
        elif name == "table":
            self.sheet = self.sheets[attributes.get("table:name", "")] = Extent(self.most)
            self.row, self.row_repeats, self.cell_repeats = 1, 0, 0

    def cell(self, attributes: dict[str, str]) -> None:
        self.column += self.cell_repeats
        self.cell_repeats = int(attributes.get("table:number-columns-repeated", 1))
        if has_value := "office:value-type" in attributes:
            self.filled()
        if attributes.get("calcext:value-type") == "error":
            self.faulty("#N/A")
        elif "table:formula" in attributes and not has_value:
            self.faulty("")

    def filled(self) -> None:
        self.sheet.reach(self.row + self.row_repeats - 1, self.column + self.cell_repeats - 1)

    def faulty(self, text: str) -> None:
        self.filled()
        for row in range(self.row, self.row + self.row_repeats):
            for column in range(self.column, self.column + self.cell_repeats):
                self.sheet.fault(row, column, text)


def _column(letters: str) -> int:
    number = 0
    for letter in letters.upper():
        number = number * 26 + ord(letter) - 64
    return number


def _letters(column: int) -> str:
    letters = ""
    while column:
        column, rest = divmod(column - 1, 26)
        letters = chr(65 + rest) + letters
    return letters


if __name__ == "__main__":
    main()
