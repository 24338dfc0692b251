"""One sheet for the board: a programme a row, the months side by side, in words that need no key."""

from __future__ import annotations

from collections.abc import Iterable

from outcomes.models import Figure, Release
from outcomes.sentences import NOUNS
from vru_portal.core.periods import Month
from vru_portal.core.tables_out import Column, Table

P = Figure.PeriodType
MISSING = {"c": "hidden", "x": "not available", "z": "nothing due"}


def board(release: Release, figures: Iterable[Figure]) -> Table:
    """Of all districts and ages."""
    last = Month.of(release.month)
    months = last.financial_year.months_to(last)
    totals = {
        (figure.programme_id, figure.period_type, figure.period_end): figure
        for figure in figures
        if figure.district_id is None and figure.age_band_id is None
    }
    to_date = [figure for (_, kind, end), figure in totals.items() if (kind, end) == (P.YEAR_TO_DATE, last.last)]
    return Table(
        "board",
        "Board",
        "One sheet for the board: people, by programme and month. Programmes are never added up.",
        (
            Column("programme", "The programme; first all that support young people, each person counted once."),
            Column("who", "Who is counted."),
            Column("year_to_date", f"April to {last}: one number, or a range from lower to upper."),
            *(
                Column(f"month_{month.year}_{month.number:02}", f"{month}, the same way.", heading=str(month))
                for month in months
            ),
            Column("returns", "Returns received of those due, April to the month."),
        ),
        ("programme",),
        [
            [
                release.programme_label(figure.programme_id).name,
                _who(figure),
                _words(figure),
                *(_words(totals.get((figure.programme_id, P.MONTH, month.last))) for month in months),
                f"{figure.returns_received} of {figure.returns_due}",
            ]
            for figure in to_date
        ],
    )


def _who(figure: Figure) -> str:
    return "pupils exposed (estimate)" if figure.basis == Figure.Basis.ESTIMATE else NOUNS[figure.beneficiary]


def _words(figure: Figure | None) -> str:
    if figure is None:
        return MISSING["z"]
    if figure.lower is None and figure.upper is None:
        return MISSING[figure.symbol]
    if figure.upper is None or figure.is_at_least:
        return f"at least {figure.lower:,}"
    if figure.lower is None:
        return f"at most {figure.upper:,}"
    words = f"{figure.lower:,}" if figure.lower == figure.upper else f"{figure.lower:,}–{figure.upper:,}"
    return f"{words}, partly estimated" if figure.returns_estimated else words
