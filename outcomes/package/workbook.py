"""The accessible spreadsheet of a release: what is read with the eyes, and what readers have to know."""

from __future__ import annotations

from collections.abc import Sequence

from django.conf import settings

from outcomes.models import Figure, Release
from vru_portal.core.accessible_workbook import EMPTY, book
from vru_portal.core.tables_out import Table

NAME = "reach.xlsx"
# What is read with the eyes: codes, rungs and the sentence of each row stand in the CSV files.
READ = {
    "reach": (
        *("row", "period_type", "period_start", "period_end", "programme", "district", "age_band", "measure"),
        *("lower", "upper", "symbol", "marker", "returns_received", "returns_due"),
    ),
    "activity": (
        *("period_type", "period_start", "period_end", "measure", "unit", "programme", "partner_kind", "setting"),
        *("value", "symbol", "returns_answered", "returns_due"),
    ),
    "networks": (
        *("period_type", "period_start", "period_end", "kind", "network", "members_at_start", "joined", "left"),
        *("members_at_end", "symbol"),
    ),
}


def workbook(release: Release, tables: Sequence[Table]) -> bytes:
    return book(
        [_for_eyes(table) for table in tables if table.rows],
        title=f"{settings.UNIT_NAME}: reach, April to {release.month:%B %Y}, release {release.number}",
        intro=[f"Status: {release.get_status_display()}.", _rules(release)],
        about=[EMPTY, "The same figures, with codes, stand in reach.csv; what words mean, in definitions.csv."],
        notes=_notes(),
        called=f"Reach, release {release.code}",
        dated=release.month,
    )


def _for_eyes(table: Table) -> Table:
    if table.name not in READ:
        return table
    places = [n for n, column in enumerate(table.columns) if column.name in READ[table.name]]
    return Table(
        table.name,
        table.title,
        table.about,
        tuple(table.columns[n] for n in places),
        table.key,
        [[_in_words(row[n]) for n in places] for row in table.rows],
    )


WORDS = {**dict(Figure.PeriodType.choices), **dict(Figure.Measured.choices)}


def _in_words(cell):
    return WORDS.get(cell, cell)


def _rules(release: Release) -> str:
    policy = release.policy
    return (
        f"Numbers are rounded to the nearest {policy.round_to}, one number down while returns are missing; those under "
        f"{policy.hide_below} are hidden."
    )


def _notes() -> list[str]:
    return [
        "A person may be known to several deliveries: lower if all who could be the same are, upper if none is.",
        "People exposed are estimates, and are never added to people supported.",
    ]
