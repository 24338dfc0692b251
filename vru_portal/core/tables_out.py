"""A table that is given away: what its columns are called and mean, and its rows. Written once, it is given as CSV,
described in a data dictionary and CSVW metadata, and laid out in a spreadsheet."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from vru_portal.core.spreadsheets import escape_formula

Cell = str | int | Decimal | date | None


@dataclass(frozen=True)
class Column:
    """`datatype`: string, integer, number, or date."""

    name: str
    meaning: str
    datatype: str = "string"
    heading: str = ""  # where it is not the name in words

    @property
    def title(self) -> str:
        return self.heading or self.name.replace("_", " ").capitalize()


def pounds_column(name: str, meaning: str) -> Column:
    """Of amounts as `in_pounds` gives them."""
    return Column(name, meaning, "number")


def in_pounds(pence: int | None) -> Decimal | None:
    """As a table gives an amount: pounds, with pence where there are any."""
    return None if pence is None else Decimal(pence) / 100


@dataclass(frozen=True)
class Table:
    """`rows` in the order of `columns`; `key`: the columns that tell one row from another."""

    name: str
    title: str
    about: str
    columns: tuple[Column, ...]
    key: tuple[str, ...]
    rows: Sequence[Sequence[Cell]]

    @property
    def file_name(self) -> str:
        return f"{self.name}.csv"

    def csv(self) -> bytes:
        """RFC 4180, UTF-8, one header row; no text cell that a spreadsheet would run."""
        file = io.StringIO(newline="")
        writer = csv.writer(file, lineterminator="\r\n")
        writer.writerow(column.name for column in self.columns)
        writer.writerows(map(_written, self.rows))
        return file.getvalue().encode()


def _written(row: Iterable[Cell]) -> list[Cell]:
    return [escape_formula(cell.isoformat() if isinstance(cell, date) else cell) for cell in row]
