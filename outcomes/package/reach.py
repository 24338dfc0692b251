"""The figures of a release, one row each."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from outcomes.models import Figure, Release
from outcomes.sentences import returns_in_words
from vru_portal.core.tables_out import Cell, Column, Table

NOTES = {
    Figure.Basis.UNIQUE: "Each person counted once, within the delivery or over all that give registers.",
    Figure.Basis.RANGE: "A person may be known to several deliveries: lower if all who could be the same are, "
    "upper if none is.",
    Figure.Basis.BOUNDS: "No return gives the two breakdowns crossed: bounds from their totals.",
    Figure.Basis.ESTIMATE: "Estimate: the largest monthly estimate of each delivery, added up.",
}
# A figure's period, and whom it is of: the same in each table that tells of figures.
OF_WHOM = (
    Column("period_type", "month, quarter, year_to_date (April to the month) or financial_year (after March)."),
    Column("period_start", "The first day of the period.", "date"),
    Column("period_end", "The last day of the period.", "date"),
    Column("programme_code", "The programme's code, or “all”: those that support young people on the rungs counted."),
    Column("programme", "The programme's name."),
    Column("district_code", "Where people live: the ONS code, or “all”."),
    Column("district", "The district's name."),
    Column("age_band_code", "Age on 1 April of the financial year, or “all”."),
    Column("age_band", "The age band in words."),
    Column("measure", "people_supported, or people_exposed: an estimate of pupils, never added to people supported."),
)
COLUMNS = (
    Column("release", "The last month that it covers and its number, as 2021-12.2."),
    Column("status", "provisional, revised (it replaces one that was public before it) or final."),
    *OF_WHOM,
    Column("beneficiary", "Who is counted: young_people, parents, professionals or network_members."),
    Column("rungs", "The rungs of support counted, separated by a plus."),
    Column("basis", "How the row was counted: unique, range, bounds or estimate. It may differ from row to row."),
    Column(
        "value",
        "The number, where there is one number (unique or estimate). Empty for a range, or where it is hidden.",
        "integer",
    ),
    Column("symbol", "Why a number or an end of a range is missing: c, x or z. Empty where nothing is."),
    Column(
        "lower",
        "The lower end of the range; the number where there is one: with returns missing, at least so many.",
        "integer",
    ),
    Column("upper", "The upper end of the range; the number where there is one. With c, one may be empty.", "integer"),
    Column("marker", "e: estimated; with a range, the upper end takes in estimates for missing returns. Else empty."),
    Column("returns_received", "Accepted returns of the programme and period.", "integer"),
    Column("returns_due", "Returns due of the programme and period.", "integer"),
    Column("note", "The basis in a sentence, and what is estimated."),
    Column(
        "row", "Its number in the release, for ever: the page releases/<release>/rows/<row>/ tells of it.", "integer"
    ),
)


def table(release: Release, figures: Iterable[Figure]) -> Table:
    """`figures` in their order. The names are those of the release."""
    return Table(
        "reach",
        "Reach",
        "How many people were reached: one row a figure.",
        COLUMNS,
        ("row",),
        [_row(release, figure) for figure in figures],
    )


def of_whom(release: Release, figure: Figure) -> list[str | date]:
    return [
        figure.period_type,
        figure.period_start,
        figure.period_end,
        *release.programme_label(figure.programme_id),
        *release.district_label(figure.district_id),
        *release.age_label(figure.age_band_id),
        figure.measure,
    ]


def note_of(figure: Figure) -> str:
    note = NOTES[Figure.Basis(figure.basis)]
    if figure.returns_estimated:
        note += f" The upper end takes in estimates for {returns_in_words(figure.returns_estimated)}."
    if figure.is_one_number and figure.returns_received < figure.returns_due:
        note += " Returns are missing, so there may be more."
    return note


def _row(release: Release, figure: Figure) -> list[Cell]:
    return [
        release.code,
        release.status,
        *of_whom(release, figure),
        figure.beneficiary,
        figure.rungs,
        figure.basis,
        figure.value,
        figure.symbol,
        figure.lower,
        figure.upper,
        figure.marker,
        figure.returns_received,
        figure.returns_due,
        note_of(figure),
        figure.order,
    ]
