"""reach.csv: one row a figure, the same bytes every time (RFC 4180, UTF-8, GSS codes, tidy)."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Iterator

from outcomes.models import Figure, Release

NAME = "reach.csv"
HEADER = [
    "release",
    "status",
    "period_type",
    "period_start",
    "period_end",
    "programme_code",
    "programme",
    "district_code",
    "district",
    "age_band_code",
    "age_band",
    "measure",
    "beneficiary",
    "rungs",
    "basis",
    "value",
    "symbol",
    "lower",
    "upper",
    "marker",
    "returns_received",
    "returns_due",
    "note",
]

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
        f"{release.month:%Y-%m}.{release.number}",
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
