"""What a release's reports say, for pages: read from the files as they were written, and from nothing else."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from itertools import groupby

from outcomes.activity import ALL

Row = dict[str, str]
MISSING = {"c": "hidden", "x": "not available"}
DIMENSIONS = ("programme_code", "partner_kind_code", "setting_code")


def period_of(row: Row) -> str:
    return f"{row['period_type']}.{row['period_end']}"


def periods_of(rows: Iterable[Row]) -> dict[str, str]:
    """In the order of the file: “April to June 2021”."""
    return {period_of(row): _words_of(row) for row in rows}


def _words_of(row: Row) -> str:
    start, end = date.fromisoformat(row["period_start"]), date.fromisoformat(row["period_end"])
    return f"{start:%B} to {end:%B %Y}{' (year to date)' if row['period_type'] == 'year_to_date' else ''}"


# ---- Activity ----
@dataclass(frozen=True)
class Line:
    """A measure, and the parts of it that are told of by themselves. `value`: as published, else `missing` says why."""

    measure: str
    unit: str
    value: Decimal | None
    missing: str
    answered: int
    due: int
    of: str = ""
    parts: list[Line] = field(default_factory=list)


@dataclass(frozen=True)
class Section:
    name: str
    lines: list[Line]


def activity(rows: Sequence[Row], period: str, by: str) -> list[Section]:
    """Of one period, a section for each programme, kind of partner or setting; by programmes what several do together
    comes first, and each line has its kinds and settings."""
    inside = [row for row in rows if period_of(row) == period]
    name = by.removesuffix("_code")
    others = [one for one in DIMENSIONS if one != by]
    wanted = [row for row in inside if all(row[one] == ALL for one in others)]
    if by != "programme_code":
        wanted = [row for row in wanted if row[by] != ALL]
    sections: dict[str, list[Line]] = {}
    for row in wanted:
        parts = [_line(part) for part in inside if by == "programme_code" and _is_part(part, row)]
        sections.setdefault(row[name], []).append(_line(row, parts))
    return [Section(heading, lines) for heading, lines in sections.items()]


def _is_part(part: Row, whole: Row) -> bool:
    same = all(part[one] == whole[one] for one in ("measure_code", "programme_code"))
    return same and whole["programme_code"] != ALL and ALL not in (part["partner_kind_code"], part["setting_code"])


def _line(row: Row, parts: Iterable[Line] = ()) -> Line:
    return Line(
        measure=row["measure"],
        unit=row["unit"],
        value=Decimal(row["value"]) if row["value"] else None,
        missing=MISSING.get(row["symbol"], ""),
        answered=int(row["returns_answered"]),
        due=int(row["returns_due"]),
        of=f"{row['partner_kind']}, {row['setting'].lower()}",
        parts=list(parts),
    )


# ---- Timeliness ----
GROUPS = {"programme": "By programme", "partner_kind": "By kind of partner"}


def timeliness(rows: Sequence[Row], period: str) -> tuple[Row | None, list[tuple[str, list[Row]]]]:
    """All returns of the period, and what they are by; without what would only say “all” again."""
    inside = [row for row in rows if period_of(row) == period]
    total = next((row for row in inside if row["by"] == ALL), None)
    groups = [(GROUPS[by], list(found)) for by, found in groupby(inside, key=lambda row: row["by"]) if by in GROUPS]
    return total, groups


# ---- Networks ----
def networks(rows: Sequence[Row], period: str) -> list[Row]:
    """Each network, and before those of a kind all of them; the whole first."""
    return [row | {"is_sum": row["network"] == ALL} for row in rows if period_of(row) == period]
