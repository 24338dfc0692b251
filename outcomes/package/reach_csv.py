"""reach.csv: one row a figure, the same bytes every time (RFC 4180, UTF-8, GSS codes, tidy)."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Iterator

from outcomes.models import Figure, Release

NAME = "reach.csv"
# The columns in their order, and what they mean for whoever reads the file.
COLUMNS = [
    (("release",), "The last month that it covers and its number, as 2021-12.2."),
    (("status",), "provisional, or revised: it replaces a release that was public before it."),
    (("period_type",), "month, quarter, year_to_date (April to the month) or financial_year (after March)."),
    (("period_start", "period_end"), "The first and the last day of the period."),
    (("programme_code", "programme"), "The programme, or “all”: those that support young people on the rungs counted."),
    (("district_code", "district"), "Where people live: the ONS code and the name, or “all”."),
    (("age_band_code", "age_band"), "Age on 1 April of the financial year, or “all”."),
    (("measure",), "people_supported, or people_exposed: an estimate of pupils, never added to people supported."),
    (("beneficiary",), "Who is counted: young_people, parents, professionals or network_members."),
    (("rungs",), "The rungs of support counted, separated by a plus."),
    (
        ("basis",),
        "How the row was counted: unique, range, bounds or estimate, as above. It may differ from row to row.",
    ),
    (
        ("value",),
        "The number, where there is one number (unique or estimate). Empty for a range, or where it is hidden.",
    ),
    (("symbol",), "Why a number or an end of a range is missing: c, x or z, as above. Empty where nothing is."),
    (
        ("lower", "upper"),
        "The two ends of the range; the same number twice where there is one. With c, one may be empty.",
    ),
    (("marker",), "e: estimated. Empty otherwise."),
    (("returns_received", "returns_due"), "Accepted returns, and returns due, of the programme and period."),
    (("note",), "The basis in a sentence."),
]
HEADER = [name for names, _ in COLUMNS for name in names]

NOTES = {
    Figure.Basis.UNIQUE: "Each person counted once within the delivery.",
    Figure.Basis.RANGE: "A person may be known to several deliveries: lower if all who could be the same are, "
    "upper if none is.",
    Figure.Basis.BOUNDS: "No return gives the two breakdowns crossed: bounds from their totals.",
    Figure.Basis.ESTIMATE: "Estimate: the largest monthly estimate of each delivery, added up.",
}


class _Line:
    """What csv.writer writes to: hands back the line."""

    def write(self, line: str) -> str:
        return line


def lines(release: Release, figures: Iterable[Figure]) -> Iterator[bytes]:
    """The file line by line, ready to stream; `figures` come in their order. The names are those of the release."""
    writer = csv.writer(_Line(), lineterminator="\r\n")
    yield writer.writerow(HEADER).encode()
    for figure in figures:
        yield writer.writerow(_fields(release, figure)).encode()


def _fields(release: Release, figure: Figure) -> list[str | int]:
    programme = release.programme_label(figure.programme_id)
    district = release.district_label(figure.district_id)
    age = release.age_label(figure.age_band_id)
    one_number = figure.basis in {Figure.Basis.UNIQUE, Figure.Basis.ESTIMATE} and not figure.symbol
    return [
        release.code,
        release.status,
        figure.period_type,
        figure.period_start.isoformat(),
        figure.period_end.isoformat(),
        text(programme.code),
        text(programme.name),
        text(district.code),
        text(district.name),
        text(age.code),
        text(age.name),
        figure.measure,
        figure.beneficiary,
        figure.rungs,
        figure.basis,
        _number(figure.lower if one_number else None),
        figure.symbol,
        _number(figure.lower),
        _number(figure.upper),
        "e" if figure.basis == Figure.Basis.ESTIMATE else "",
        figure.returns_received,
        figure.returns_due,
        NOTES[Figure.Basis(figure.basis)],
    ]


def text(value: str) -> str:
    """A text cell that no spreadsheet takes for a formula."""
    return f"'{value}" if value.startswith(("=", "+", "-", "@", "\t", "\r")) else value


def _number(value: int | None) -> str:
    return "" if value is None else str(value)
