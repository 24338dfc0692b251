"""Reading a deflator series from a small table with the columns series, published on, year and index.

The Treasury publishes “GDP deflators at market prices, and money GDP”; its financial-year table is copied into these
four columns. `year` is written as 2022/23 or 2022-23; `published on` day first, or as 2026-09-30.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal, InvalidOperation

from vru_portal.core.periods import FinancialYear
from vru_portal.core.refusals import Refusal
from vru_portal.core.spreadsheets import read_table

COLUMNS = ("series", "published on", "year", "index")
EXAMPLE = ("GDP deflator", "30/09/2026", "2022/23", "93.0512")


class WrongRows(Refusal):
    """A sentence for each row that is wrong, with the number that a spreadsheet shows; None for the whole of it."""

    def __init__(self, rows: list[tuple[int | None, str]]) -> None:
        super().__init__(" ".join(f"Row {number}: {said}" if number else said for number, said in rows[:10]))
        self.rows = rows


@dataclass(frozen=True)
class Read:
    """One series of one publication: the index by the year in which the financial year begins."""

    name: str
    published_on: date
    indices: dict[int, Decimal]

    @property
    def years(self) -> list[tuple[FinancialYear, Decimal]]:
        return [(FinancialYear(year), index) for year, index in sorted(self.indices.items())]


def read(data: bytes, file_name: str) -> list[Read]:
    """Every series of the file; `Unreadable` or `WrongRows` where something is not understood. All or nothing."""
    table = read_table(data, file_name)
    headers = [" ".join(header.lower().split()) for header in table.headers]
    if missing := [name for name in COLUMNS if name not in headers]:
        sentence = f"The column “{missing[0]}” is missing. The first row must hold: {', '.join(COLUMNS)}."
        raise WrongRows([(None, sentence)])
    places = [headers.index(name) for name in COLUMNS]
    found: dict[tuple[str, date], dict[int, Decimal]] = {}
    wrong: list[tuple[int | None, str]] = []
    for number, row in enumerate(table, 2):
        cells = [row[place] for place in places]
        if not any(str(cell).strip() for cell in cells):
            continue
        try:
            name, published_on, year, index = _row(cells)
        except ValueError as problem:
            wrong.append((number, str(problem)))
            continue
        indices = found.setdefault((name, published_on), {})
        if year in indices:
            wrong.append((number, "this year of the series stands in an earlier row."))
        indices[year] = index
    if wrong or not found:
        raise WrongRows(wrong or [(None, "The table has no rows. Give a row for each year.")])
    return [Read(*of, indices) for of, indices in found.items()]


def _row(cells: list) -> tuple[str, date, int, Decimal]:
    name = str(cells[0]).strip()
    if not name or len(name) > 120:
        raise ValueError("give the name of the series, of 120 characters or fewer.")
    return name, _day(cells[1]), FinancialYear.parse(str(cells[2])).start, _index(cells[3])


def _day(cell) -> date:
    if isinstance(cell, datetime):
        return cell.date()
    if isinstance(cell, date):
        return cell
    for form in ("%d/%m/%Y", "%Y-%m-%d", "%d %B %Y"):
        try:
            return datetime.strptime(str(cell).strip(), form).date()  # noqa: DTZ007 (a day has no time zone)
        except ValueError:
            continue
    raise ValueError("write the day of publication as 30/09/2026.")


def _index(cell) -> Decimal:
    try:
        index = Decimal(str(cell).strip())
    except InvalidOperation:
        index = Decimal("NaN")
    if not index.is_finite() or not 0 < index < 100_000:
        raise ValueError("the index must be a number above nought, like 93.0512.")
    return index.quantize(Decimal("0.0001"))
