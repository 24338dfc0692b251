"""A funder's report of a quarter as it is sent: one table, as CSV with its metadata and as accessible spreadsheet."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from django.conf import settings

from outcomes.models import QuarterReport, QuarterRow
from outcomes.package import csvw
from outcomes.package.build import PackageFile
from outcomes.queries.quarter_reports import in_words
from vru_portal.core import accessible_workbook
from vru_portal.core.tables_out import Cell, Column, Table
from vru_portal.core.templatetags.portal import day

NAME = "report.csv"
COLUMNS = (
    Column("section", "The heading that the row stands under."),
    Column("code", "The row's number, as the funder gives it."),
    Column("row", "What the row asks for, as the funder words it."),
    Column(
        "value", "The number, where there is one. Empty for a range, for words, or where the symbol says why.", "number"
    ),
    Column("lower", "The lower end of a range; the number where there is one.", "number"),
    Column("upper", "The upper end of a range; the number where there is one.", "number"),
    Column(
        "symbol", "c: too few, or hidden to protect them. x: not available, never a zero. z: nothing due. Else empty."
    ),
    Column("unit", "What is counted."),
    Column("in_words", "The same to be read: the number, the range, why there is none, or what was written."),
    Column("told_before", "What the last report of an earlier quarter told."),
    Column("returns_received", "Accepted returns that it is made of.", "integer"),
    Column("returns_due", "Returns due.", "integer"),
    Column("came_from", "Where it was taken from."),
    Column("comment", "What the unit says beside it."),
)
READ = ("section", "code", "row", "in_words", "unit", "told_before", "comment", "came_from")


def table(rows: Sequence[QuarterRow]) -> Table:
    return Table(
        "report",
        "Report",
        "What is told of the quarter, row by row.",
        COLUMNS,
        ("code",),
        [_row(row) for row in rows],
    )


def _row(row: QuarterRow) -> list[Cell]:
    return [
        *(row.section, row.code, row.label),
        *(_plain(number) for number in (row.value, row.lower, row.upper)),
        *(row.symbol, row.unit, row.answer or in_words(row), row.told_before),
        *(row.returns_received, row.returns_due, row.came_from, row.comment),
    ]


def _plain(number: Decimal | None) -> Decimal | int | None:
    if number is None:
        return None
    return int(number) if number == number.to_integral() else number


def files_of(quarter_report: QuarterReport, rows: Sequence[QuarterRow]) -> list[PackageFile]:
    """Of a report that two people have signed; report.csv comes first."""
    told = table(rows)
    return [
        PackageFile(NAME, told.csv()),
        PackageFile("report.xlsx", _workbook(quarter_report, told)),
        PackageFile(csvw.NAME, csvw.metadata([told])),
    ]


def _workbook(quarter_report: QuarterReport, told: Table) -> bytes:
    author, certifier = quarter_report.authored_by, quarter_report.certified_by
    places = [n for n, column in enumerate(told.columns) if column.name in READ]
    seen = Table(
        told.name,
        told.title,
        told.about,
        tuple(told.columns[n] for n in places),
        told.key,
        [[row[n] for n in places] for row in told.rows],
    )
    return accessible_workbook.book(
        [seen],
        title=f"{settings.UNIT_NAME}: {quarter_report}",
        intro=[
            f"Prepared by {author} on {day(quarter_report.authored_at)}.",
            f"Certified by {certifier} on {day(quarter_report.certified_at)}.",
            *([f"It corrects an earlier report: {quarter_report.reason}"] if quarter_report.reason else []),
        ],
        about=[
            f"People and activity are from {quarter_report.release}, which is public. Hidden there is hidden here.",
            "Numbers to calculate with stand in report.csv.",
        ],
        notes=[
            "Hidden: too few people to be shown, or hidden to protect those who are.",
            "Not available: nothing was received or recorded. Never a zero.",
        ],
        called=str(quarter_report),
        dated=quarter_report.quarter.months[-1].last,
    )
