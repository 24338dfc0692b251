"""The rates as a tidy CSV file: one row for all returns, and one for each partner, programme and funder."""

from __future__ import annotations

import csv
import io

from outcomes.queries.coverage import Coverage, Rate
from vru_portal.core.spreadsheets import escape_formula

HEAD = [
    "financial_year",
    "as_at",
    "grouping",
    "code",
    "name",
    "returns_due",
    "returns_accepted",
    "of_which_nil",
    "returns_to_read",
    "returns_missing",
    "completeness_percent",
    "returns_on_time",
    "of_which_extended",
    "timeliness_percent",
    "minutes_asked_per_month",
]


def content(coverage: Coverage, as_at: str) -> str:
    """`as_at`: the day of the file, as 2026-06-10."""
    file = io.StringIO(newline="")
    writer = csv.writer(file)
    writer.writerow(HEAD)
    writer.writerow(_row(coverage, as_at, "all", coverage.total))
    for grouping, rates in coverage.groups:
        writer.writerows(_row(coverage, as_at, grouping, rate) for rate in rates)
    return file.getvalue()


def _row(coverage: Coverage, as_at: str, grouping: str, rate: Rate) -> list:
    return [
        str(coverage.year),
        as_at,
        grouping,
        escape_formula(rate.code),
        escape_formula(rate.name),
        rate.due,
        rate.accepted,
        rate.nil,
        rate.to_read,
        rate.missing,
        "" if rate.completeness is None else rate.completeness,
        rate.on_time,
        rate.extended,
        "" if rate.timeliness is None else rate.timeliness,
        rate.minutes,
    ]
