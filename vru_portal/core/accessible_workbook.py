"""An accessible spreadsheet: cover, contents, notes, one table a sheet, by the Analysis Function's own library."""

from __future__ import annotations

import io
import re
import warnings
from collections.abc import Sequence
from datetime import date, datetime
from decimal import Decimal
from functools import cache

from django.conf import settings

from vru_portal.core.tables_out import Table

# Rows that the library itself writes: it formats each cell by itself, which takes longer than all else. The others are
# written like them.
FORMATTED = 1
WORDY = {"string", "date"}
A4 = 9
EMPTY = "An empty number means that the row's symbol says why there is none; an empty symbol, that nothing is missing."


def book(
    tables: Sequence[Table],
    *,
    title: str,
    intro: Sequence[str],
    about: Sequence[str],
    notes: Sequence[str],
    called: str,
    dated: date,
) -> bytes:
    """The same tables give the same bytes: it is dated by what it tells of."""
    gpt, frame = _gptables(), _data_frame()
    file = io.BytesIO()
    with warnings.catch_warnings():
        # That cells are empty, of which `EMPTY` says why; and of pandas, how gptables calls it.
        warnings.simplefilter("ignore")
        made = gpt.produce_workbook(
            file,
            {table.title: _sheet(gpt, frame, table) for table in tables},
            cover=gpt.Cover(title=title, intro=list(intro), about=list(about), contact=[settings.UNIT_NAME]),
            notes_table=frame([[f"note {n}", note] for n, note in enumerate(notes, 1)], columns=["Note", "Meaning"]),
            auto_width=False,
            # Text is text, whatever it begins with.
            workbook_options={"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False},
        )
        for table in tables:
            sheet = made.get_worksheet_by_name(table.title)
            _fill(made, sheet, table)
            _lay_out(sheet, table)
        made.set_properties({"title": called, "created": datetime.combine(dated, datetime.min.time())})
        made.close()
    return file.getvalue()


@cache
def _gptables():
    """It takes a second to load, and leaves its theme's file open."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ResourceWarning)
        import gptables

    return gptables


@cache
def _data_frame():
    from pandas import DataFrame

    return DataFrame


def _sheet(gpt, frame, table: Table):
    words = [[_cell(cell) for cell in row] for row in table.rows[:FORMATTED]]
    return gpt.GPTable(
        frame(words, columns=[column.title for column in table.columns], dtype=object),
        table_name=table.name,
        title=table.title,
        subtitles=[table.about],
        instructions=EMPTY if any(column.name == "symbol" for column in table.columns) else "",
    )


def _fill(made, sheet, table: Table) -> None:
    """The rows that the library was not given. It takes the first column for what its row is of, so for words."""
    rest = table.rows[FORMATTED:]
    if not rest:
        return
    [laid] = sheet.tables
    first, last = laid["range"].split(":")
    written = int(re.search(r"\d+", last)[0])
    formats = [
        made.add_format(sheet.theme.data_format | {"align": "left" if not n or column.datatype in WORDY else "right"})
        for n, column in enumerate(table.columns)
    ]
    for at, row in enumerate(rest, start=written):
        for n, value in enumerate(row):
            cell = _cell(value)
            if cell is None or cell == "":
                sheet.write_blank(at, n, None, formats[n])
            elif isinstance(cell, str):
                sheet.write_string(at, n, cell, formats[n])
            else:
                sheet.write_number(at, n, cell, formats[n])
    laid["range"] = laid["a_range"] = f"{first}:{re.sub(r'[0-9]+', str(written + len(rest)), last)}"


def _lay_out(sheet, table: Table) -> None:
    """The header stays in sight, and each column is as wide as its longest word of the first rows, within bounds. On
    paper a table is as wide as a page."""
    [laid] = sheet.tables
    header = int(re.search(r"\d+", laid["range"])[0])
    sheet.freeze_panes(header, 1)
    sheet.set_landscape()
    sheet.set_paper(A4)
    sheet.fit_to_pages(1, 0)
    sheet.repeat_rows(header - 1)
    for n, column in enumerate(table.columns):
        longest = max((len(str(row[n] or "")) for row in table.rows[:500]), default=0)
        sheet.set_column(n, n, min(max(longest, len(column.title)) + 2, 60))


def _cell(cell):
    if isinstance(cell, Decimal):
        return float(cell)
    if isinstance(cell, str) and cell.strip() and not re.search("[a-zA-Z0-9]", cell):
        return f"{cell} (as written)"  # the library takes no cell of signs alone
    return cell.isoformat() if isinstance(cell, date) else cell
