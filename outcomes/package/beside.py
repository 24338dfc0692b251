"""The tables beside the figures: coverage, what was revised and why, breaks, and what everything means."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from outcomes.models import Figure, Release
from outcomes.package.reach import OF_WHOM, of_whom
from vru_portal.core.tables_out import Cell, Column, Table

# Why a published figure changes, in the words of the revision policy.
REASONS = {
    "late_return": "A return came in, or was accepted, late",
    "correction": "A return was corrected",
    "definition_change": "What is counted changed",
    "void": "A return was void",
    "later_months": "Later months tell more of the people in them: where they live, how old they are",
    "links": "People were put together, or told apart, anew",
    "rules": "The rules of counting and publishing changed",
}


def coverage(release: Release, figures: Iterable[Figure]) -> Table:
    """Of each programme and month, and of the whole time."""
    periods = {Figure.PeriodType.MONTH, Figure.PeriodType.YEAR_TO_DATE}
    totals = [f for f in figures if f.district_id is None and f.age_band_id is None and f.period_type in periods]
    return Table(
        "coverage",
        "Coverage",
        "Returns that were received (accepted, nil returns included) of those due.",
        (
            *OF_WHOM[:5],
            Column("returns_received", "Accepted returns, nil returns included.", "integer"),
            Column("returns_due", "Returns due.", "integer"),
            Column("returns_estimated", "Returns missing of those due that are estimated.", "integer"),
            Column(
                "estimated_percent",
                "How much of the upper end is estimated, at most, in steps of 5. Empty: nothing is, or it is hidden.",
                "integer",
            ),
        ),
        ("period_type", "period_end", "programme_code"),
        [
            [*of_whom(release, f)[:5], f.returns_received, f.returns_due, f.returns_estimated, f.estimated_percent]
            for f in totals
        ],
    )


def revisions(
    release: Release, figures: Iterable[Figure], before: Release | None, published: Iterable[Figure]
) -> Table:
    """Every figure that is other than in the release that said it last."""
    known = {_identity(figure): figure for figure in published}
    changed = [
        (known[_identity(figure)], figure)
        for figure in figures
        if _identity(figure) in known and _said(known[_identity(figure)]) != _said(figure)
    ]
    return Table(
        "revisions",
        "Revisions",
        "Figures that differ from the release that was public before, and why.",
        (
            Column("row", "The figure's row in reach.csv.", "integer"),
            *OF_WHOM,
            Column("release_before", "The release that said it last."),
            Column("row_before", "Its row there.", "integer"),
            Column("lower_before", "The lower end as it was published.", "integer"),
            Column("upper_before", "The upper end as it was published.", "integer"),
            Column("symbol_before", "Why a number was missing."),
            Column("lower", "The lower end now.", "integer"),
            Column("upper", "The upper end now.", "integer"),
            Column("symbol", "Why a number is missing."),
            Column("lower_change", "By how much the lower end went up (or, with a minus, down).", "integer"),
            Column("upper_change", "By how much the upper end went up (or, with a minus, down).", "integer"),
            Column(
                "reasons", f"Separated by a plus: {'; '.join(f'{code}: {words}' for code, words in REASONS.items())}."
            ),
        ),
        ("row",),
        [_revision(release, before, was, now) for was, now in changed],
    )


def _identity(figure: Figure) -> tuple:
    return (
        *(figure.period_type, figure.period_start, figure.period_end),
        *(figure.programme_id, figure.district_id, figure.age_band_id, figure.measure),
    )


def _said(figure: Figure) -> tuple:
    return figure.lower, figure.upper, figure.symbol


def _revision(release: Release, before: Release, was: Figure, now: Figure) -> list[Cell]:
    return [
        now.order,
        *of_whom(release, now),
        before.code,
        was.order,
        *_said(was),
        *_said(now),
        _change(was.lower, now.lower),
        _change(was.upper, now.upper),
        "+".join(reasons_of(release, now)),
    ]


def _change(was: int | None, now: int | None) -> int | None:
    return None if was is None or now is None else now - was


def reasons_of(release: Release, figure: Figure) -> list[str]:
    """Classes of what changed in the figure's programmes up to its end; else what changed for all."""
    found = {
        reason
        for reason, programme, month in release.account["changes"]
        if figure.programme_id in (None, programme) and f"{figure.period_start}" <= month <= f"{figure.period_end}"
    }
    return sorted(found) or release.account["changed_for_all"]


def breaks(release: Release) -> Table:
    return Table(
        "breaks",
        "Breaks",
        "From when on figures are counted otherwise than before, so that they are not compared across it.",
        (
            Column("from", "The first day that is counted otherwise.", "date"),
            Column("programme_code", "The programme's code, or “all”."),
            Column("programme", "The programme's name."),
            Column("what", "What is counted otherwise."),
        ),
        ("from", "programme_code", "what"),
        [[day, *release.programme_label(programme), what] for day, programme, what in release.account["breaks"]],
    )


DEFINITIONS = (
    ("Young people supported", "Young people with at least one contact on one of the rungs counted. Each counts once."),
    ("Rungs of support", "exposure, brief contact, group, one-to-one; never added up. A row names those it counts."),
    ("lower", "Everybody who could be the same person is taken to be. Nobody lives in two districts, so for each "
     "district it is the largest of what deliveries tell, registers together; the districts are then added up."),
    ("upper", "Nobody is the same person: the sum over deliveries, registers counted once, of the returns received."),
    ("unique", "Each person counted once: within one delivery, or over all that give registers."),
    ("range", "Several deliveries whose people are not told apart, or one that gives counts with returns missing."),
    ("bounds", "Two breakdowns crossed that no return gives: bounds from their totals."),
    ("estimate", "Exposure: for each delivery its largest monthly estimate, added up."),
    ("Financial year", "April to March. Each person has one age (on 1 April) and one district in it."),
    ("year_to_date", "April to the month."),
    ("c", "Too few people to be shown, or hidden to protect those who are. It does not say which."),
    ("x", "Not available: no return was received. Never a zero."),
    ("z", "Not applicable: nothing was due."),
    ("e", "Estimated. With a range: the upper end takes in what missing returns would have told of, if their months "
     "were like the last months of the same delivery; the lower end stands on returns received alone."),
    ("Activity", "What returns answered of what was done, added up over places; over months as each measure says."),
    ("Network members", "Adults who belong to a network on a date. Never part of reach."),
    ("On time", "First sent by the day on which the return was due, extended or not."),
    ("provisional", "The first release of these months that was published."),
    ("revised", "It replaces a release that was public before it: returns came late or were corrected."),
    ("final", "It will not be revised any more: figures of a financial year become final some months after its end."),
)  # fmt: skip


def definitions() -> Table:
    return Table(
        "definitions",
        "Definitions",
        "What the words and symbols of the other files mean.",
        (Column("term", "The word or symbol."), Column("meaning", "What it means.")),
        ("term",),
        DEFINITIONS,
    )


def data_dictionary(tables: Sequence[Table]) -> Table:
    """Of the others and of itself."""
    columns = (
        Column("file", "The file's name."),
        Column("column", "The column's name in its first line."),
        Column("datatype", "string, integer, number, or date (as 2021-04-01)."),
        Column("meaning", "What stands in it."),
    )
    rows = [[t.file_name, c.name, c.datatype, c.meaning] for t in tables for c in t.columns]
    rows += [["data_dictionary.csv", c.name, c.datatype, c.meaning] for c in columns]
    return Table("data_dictionary", "Data dictionary", "Every column of every file.", columns, ("file", "column"), rows)
