"""The register's template: an Excel workbook with the columns' own names, lists to choose from, and guidance."""

from __future__ import annotations

import io

from openpyxl import Workbook
from openpyxl.styles import Font
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.datavalidation import DataValidation

from outcomes.forms.registers import KINDS
from outcomes.models import Category
from outcomes.models.policy import Dimension
from outcomes.registers.columns import Column
from programmes.models import Setting

ROWS = 1_000
NAMED = (Column.FORENAME, Column.SURNAME, Column.BIRTH, Column.POSTCODE)
OF_NAMES = (
    "A name and a date of birth let the portal count somebody once who is met by several partners. They are turned "
    "into codes as the file arrives, and are kept nowhere."
)
GUIDANCE = (
    "Write one row for each contact: somebody met three times has three rows.",
    "Write dates with the day first: 31/12/2010.",
    "Give each young person the same reference every time. Leave it empty rather than write N/A.",
    OF_NAMES,
    "“Referred on to” is for services. Write nothing there by which somebody could be known.",
    "This is not the place to report a safeguarding concern.",
)


def columns(references_alone: bool) -> list[Column]:
    """Those of the template, in order."""
    left_out = {Column.FULL_NAME, Column.NHS_NUMBER, Column.UPN, *(NAMED if references_alone else ())}
    return [column for column in Column if column not in left_out]


def template(references_alone: bool) -> bytes:
    """The workbook (.xlsx)."""
    book = Workbook()
    sheet = book.active
    sheet.title = "Register"
    lists = book.create_sheet("Lists")
    read_me = book.create_sheet("How to fill it in")
    for number, line in enumerate((line for line in GUIDANCE if line != OF_NAMES or not references_alone), 1):
        read_me.cell(number, 1, line)
    read_me.column_dimensions["A"].width = 110
    for place, column in enumerate(columns(references_alone), 1):
        letter = get_column_letter(place)
        sheet.cell(1, place, str(column)).font = Font(bold=True)
        sheet.column_dimensions[letter].width = max(14, len(column) + 3)
        if column in (Column.BIRTH, Column.CONTACT):
            for row in range(2, ROWS + 2):
                sheet.cell(row, place).number_format = "dd/mm/yyyy"
        if words := _words(column):
            _offer(sheet, lists, letter, str(column), words)
    sheet.freeze_panes = "A2"
    lists.sheet_state = "hidden"
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def _words(column: Column) -> list[str]:
    dimensions = {
        Column.DISTRICT: Dimension.DISTRICT,
        Column.SEX: Dimension.SEX,
        Column.ETHNICITY: Dimension.ETHNICITY,
    }
    if column in dimensions:
        found = Category.objects.filter(dimension=dimensions[column]).order_by("order")
        return list(found.values_list("name", flat=True))
    if column == Column.KIND:
        return [label for _, label in KINDS]
    if column == Column.SETTING:
        return list(Setting.objects.values_list("name", flat=True))
    return []


def _offer(sheet, lists, letter: str, title: str, words: list[str]) -> None:
    """A list to choose from in one column. Other words may be typed too: they are looked at when the file arrives."""
    place = lists.max_column + 1 if lists["A1"].value else 1
    lists.cell(1, place, title)
    for number, word in enumerate(words, 2):
        lists.cell(number, place, word)
    at = get_column_letter(place)
    offer = DataValidation(
        "list", formula1=f"Lists!${at}$2:${at}${len(words) + 1}", allow_blank=True, showErrorMessage=False
    )
    offer.add(f"{letter}2:{letter}{ROWS + 1}")
    sheet.add_data_validation(offer)
