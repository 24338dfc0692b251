"""reach.csv: one row a figure, the same bytes every time (RFC 4180, UTF-8, GSS codes, tidy)."""

from __future__ import annotations

import csv
import hashlib
from collections.abc import Iterable, Iterator

from outcomes.models import Figure, Release

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
    """The file line by line, ready to stream. `figures` come in their order, with programme and categories joined."""
    writer = csv.writer(_Line(), lineterminator="\r\n")
    yield writer.writerow(HEADER).encode()
    name = f"{release.month:%Y-%m}.{release.number}"
    for figure in figures:
        yield writer.writerow(_fields(name, release.status, figure)).encode()


def fingerprint(release: Release, figures: Iterable[Figure]) -> str:
    """SHA-256 of the file."""
    digest = hashlib.sha256()
    for line in lines(release, figures):
        digest.update(line)
    return digest.hexdigest()


def _fields(name: str, status: str, figure: Figure) -> list[str | int]:
    one_number = figure.basis in {Figure.Basis.UNIQUE, Figure.Basis.ESTIMATE} and not figure.symbol
    return [
        name,
        status,
        figure.period_type,
        figure.period_start.isoformat(),
        figure.period_end.isoformat(),
        text(figure.programme.code if figure.programme else "all"),
        text(figure.programme.name if figure.programme else "All programmes"),
        text(figure.district.code if figure.district else "all"),
        text(figure.district.name if figure.district else "All districts"),
        text(figure.age_band.code if figure.age_band else "all"),
        text(figure.age_band.name if figure.age_band else "All ages"),
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
