"""The tables of a page as files to take away: one of them as CSV, all of them as an accessible spreadsheet."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from django.http import Http404, HttpResponse

from vru_portal.core.accessible_workbook import book
from vru_portal.core.tables_out import Table

CSV = "text/csv; charset=utf-8"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def file_of(tables: Sequence[Table], name: str, kind: str, *, suffix: str, **about) -> HttpResponse:
    """The table of that name, where the kind is csv; else all of them. `about`: what a workbook says of itself."""
    if kind == "csv":
        return csv_file(tables, name, suffix=suffix)
    return workbook_file(tables, name, suffix=suffix, **about)


def csv_file(tables: Sequence[Table], name: str, *, suffix: str) -> HttpResponse:
    """The table of that name; Http404 where there is none."""
    for table in tables:
        if table.name == name:
            return _attachment(table.csv(), CSV, f"{name}-{suffix}.csv")
    raise Http404


def workbook_file(
    tables: Sequence[Table], name: str, *, suffix: str, title: str, intro: str, notes: Sequence[str], dated: date
) -> HttpResponse:
    """A sheet for each table that has a row."""
    data = book(
        [table for table in tables if table.rows],
        title=title,
        intro=[intro],
        about=["Amounts are pounds."],
        notes=notes,
        called=title,
        dated=dated,
    )
    return _attachment(data, XLSX, f"{name}-{suffix}.xlsx")


def _attachment(data: bytes, kind: str, name: str) -> HttpResponse:
    return HttpResponse(data, content_type=kind, headers={"Content-Disposition": f'attachment; filename="{name}"'})
