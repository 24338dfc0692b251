"""A return as a workbook: a sheet for each section, filled with what is typed so far, its checks beside the boxes.

Each box's row carries the name of its field in a hidden column, so that the workbook is understood again however its
rows were moved about. Reading it gives texts by field, as somebody would have typed them, and where each stands.
"""

from __future__ import annotations

import io
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime

from django import forms
from django.forms.boundfield import BoundField
from openpyxl import Workbook
from openpyxl.styles import Alignment, Border, Font, PatternFill, Protection, Side
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.worksheet import Worksheet

from outcomes.actions.answers import MOST_PEOPLE
from outcomes.forms.returns import BreakdownTable, ReturnForm
from outcomes.models import Obligation
from outcomes.models.returns import Seen
from outcomes.models.templates import SectionBlock
from outcomes.queries.questions import Section
from programmes.queries import whom_to_call
from vru_portal.core.spreadsheets import escape_formula, unescape_formula
from vru_portal.core.tables_in import Cell, Fault, Unreadable, rows_of

FIRST_SHEET = "Read me"
FIELDS = ("H", "I")  # hidden: the name of the field in B, and of that in C
BOX = PatternFill("solid", fgColor="FFF8E1")
GREY = Font(color="505A5F")
BOLD = Font(bold=True)
EDGE = Border(*(Side(style="thin", color="505A5F") for _ in range(4)))
NOT_IN_A_TITLE = str.maketrans(dict.fromkeys("[]:*?/\\", " "))


# ---- Writing ----
def write(form: ReturnForm, obligation: Obligation) -> bytes:
    """The workbook of a return (.xlsx). `form` is unbound, with what is typed as its initial values."""
    book = Workbook()
    _read_me(book.active, obligation)
    numbers: dict[str, str] = {}  # where each headline stands, for the checks of the other sheets
    for place, section in enumerate(form.questions.sections, 1):
        sheet = book.create_sheet(_title(place, section))
        _section(sheet, form, section, numbers)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def _title(place: int, section: Section) -> str:
    return f"{place} {section.title.translate(NOT_IN_A_TITLE)}"[:31]


def _read_me(sheet: Worksheet, obligation: Obligation) -> None:
    sheet.title = FIRST_SHEET
    lines = [
        f"{obligation.period} return: {obligation.delivery}",
        f"{obligation.delivery.partner}. Due {obligation.due_date.day} {obligation.due_date:%B %Y}.",
        "Fill in the yellow boxes of each sheet, save the workbook, and choose it on the return's page. You see what "
        "it changes before anything is kept, and send the return there.",
        "Leave a box empty for 0 in a table that adds up. The line under each table says how far it is.",
        "No names, and nothing by which a young person could be known.",
        "This is not the place to report a safeguarding concern. If a young person is in danger now, call 999. For any "
        "other concern, call the children’s services of the council where they live, today.",
        *(f"{area}: {area.safeguarding}." for area in whom_to_call(obligation.delivery)),
    ]
    for row, line in enumerate(lines, 1):
        cell = sheet.cell(row, 1, line)
        cell.alignment = Alignment(wrap_text=True, vertical="top")
    sheet["A1"].font = Font(bold=True, size=14)
    sheet.column_dimensions["A"].width = 90


def _section(sheet: Worksheet, form: ReturnForm, section: Section, numbers: dict[str, str]) -> None:
    sheet.append([section.title])
    sheet["A1"].font = Font(bold=True, size=14)
    if section.intro:
        sheet.append([section.intro])
    for field in form.headlines(section):
        numbers[field.name] = f"'{sheet.title}'!$B${_line(sheet, [field], field.label)}"
    if section.block == SectionBlock.WHO:
        for table in form.breakdown_tables:
            _table(sheet, form, table, numbers)
    for question in section.questions:
        group = form.group(question)
        sheet.append([])
        if len(group.fields) > 1:
            sheet.append([question.measure.name])
            sheet.cell(sheet.max_row, 1).font = BOLD
        rows = [_line(sheet, [field], str(field.label)) for field in group.fields]
        if group.adds:
            _append(sheet, "Together", [f"=SUM(B{rows[0]}:B{rows[-1]})"])
    for column, width in zip("ABCDE", (52, 14, 14, 14, 40), strict=True):
        sheet.column_dimensions[column].width = width
    for column in FIELDS:
        sheet.column_dimensions[column].hidden = True
    sheet.protection.sheet = True  # without a password: it only keeps the boxes in their places


def _table(sheet: Worksheet, form: ReturnForm, table: BreakdownTable, numbers: dict[str, str]) -> None:
    sheet.append([])
    sheet.append([table.label, *form.seen_columns])
    for cell in sheet[sheet.max_row]:
        cell.font = BOLD
    lines = [line for _, group in table.groups for line in group]
    rows = [_line(sheet, [cell.field for cell in line.cells], line.name) for line in lines]
    sums = [f"=SUM({column}{rows[0]}:{column}{rows[-1]})" for column in "BC"[: len(table.totals)]]
    added = _append(sheet, "Adds up to", sums)
    targets = [_target(total.seen, numbers) for total in table.totals]
    if all(targets):
        row = _append(sheet, "Must be", [f"={target}" for target in targets])
        wrong = " ".join(f"{c}{added}<>{c}{row}," for c in "BC"[: len(targets)]).rstrip(",")
        sheet.cell(row, 4, f'=IF(OR({wrong}),"Does not add up yet","Adds up")')


def _target(seen: str, numbers: dict[str, str]) -> str:
    parts = ["new_people", "known_people"] if seen == Seen.FIRST_SEEN else ["already_counted_people"]
    return "+".join(numbers[part] for part in parts) if all(part in numbers for part in parts) else ""


def _append(sheet: Worksheet, label: str, values: list[str]) -> int:
    sheet.append([label, *values])
    for cell in sheet[sheet.max_row]:
        cell.font = BOLD
    return sheet.max_row


def _line(sheet: Worksheet, fields: list[BoundField], label: str) -> int:
    """A label with a box for each field; the number of its row."""
    row = sheet.max_row + 1
    sheet.cell(row, 1, escape_formula(label)).alignment = Alignment(wrap_text=True, vertical="top")
    for place, field in enumerate(fields):
        box = sheet.cell(row, 2 + place, _value(field))
        box.fill, box.border, box.protection = BOX, EDGE, Protection(locked=False)
        sheet[f"{FIELDS[place]}{row}"] = field.name
        validation = _validation(field)
        sheet.add_data_validation(validation)
        validation.add(box)
    if len(fields) == 1 and fields[0].help_text:
        hint = sheet.cell(row, 5, escape_formula(fields[0].help_text))
        hint.font, hint.alignment = GREY, Alignment(wrap_text=True, vertical="top")
    return row


def _value(field: BoundField) -> int | float | str | None:
    """A number as a number, so that the workbook can add."""
    text = str(field.value() or "").strip()
    plain = text.replace(",", "").replace(" ", "")
    if isinstance(field.field, forms.IntegerField | forms.DecimalField):
        try:
            return int(plain) if plain.isascii() and plain.isdigit() else float(plain)
        except ValueError:
            pass
    return escape_formula(text) or None


def _validation(field: BoundField) -> DataValidation:
    if isinstance(field.field, forms.DecimalField):
        most = field.field.max_value if field.field.max_value is not None else 10**10
        rule = DataValidation("decimal", operator="between", formula1="0", formula2=str(most), allow_blank=True)
        rule.error = f"Enter a number from 0 to {most:,}."
    elif isinstance(field.field, forms.IntegerField):
        rule = DataValidation("whole", operator="between", formula1="0", formula2=str(MOST_PEOPLE), allow_blank=True)
        rule.error = f"Enter a whole number from 0 to {MOST_PEOPLE:,}."
    else:
        most = field.field.max_length or 2_000
        rule = DataValidation("textLength", operator="lessThanOrEqual", formula1=str(most), allow_blank=True)
        rule.error = f"Use {most:,} characters or fewer."
    rule.showErrorMessage = True
    return rule


# ---- Reading ----
@dataclass(frozen=True)
class Box:
    """What stands in a box, and where: “Sheet 2 Who they were, row 14, column B”."""

    text: str
    sheet: str
    row: int
    column: str
    problem: str = ""

    @property
    def place(self) -> str:
        return f"Sheet “{self.sheet}”, row {self.row}, column {self.column}"


def read(data: bytes, names: set[str]) -> dict[str, Box]:
    """The boxes of a filled-in workbook by the names of their fields; `names` are those that the return asks.

    `Unreadable` if it is no workbook, not one of ours, or one of another return's template.
    """
    found = dict(_boxes(data))
    if not found:
        raise Unreadable("This workbook holds no boxes of a return. Download this return's workbook and fill that in.")
    strange = [box for name, box in found.items() if name not in names]
    if strange:
        raise Unreadable(
            f"{strange[0].place} is not asked in this return. Download this return's workbook and fill that in."
        )
    return found


def _boxes(data: bytes) -> Iterator[tuple[str, Box]]:
    for row in rows_of(data, "return.xlsx"):
        for cell, column, name in zip(row.cells[1:3], "BC", row.cells[7:9], strict=False):
            if isinstance(name, str):
                problem = f"This holds {cell}. Type the answer itself." if isinstance(cell, Fault) else ""
                yield name.strip(), Box(_text(cell), row.sheet, row.number, column, problem)


def _text(cell: Cell) -> str:
    if cell is None or isinstance(cell, Fault):
        return ""
    if isinstance(cell, float):
        return f"{cell:.10f}".rstrip("0").rstrip(".")
    if isinstance(cell, datetime | date):
        return f"{cell:%d/%m/%Y}"
    return unescape_formula(str(cell).strip())
