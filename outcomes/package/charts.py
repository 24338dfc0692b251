"""The chart pack: what a board paper or the press wants of a release, drawn from its published figures alone."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date

from django.conf import settings

from outcomes.models import Figure, Release
from outcomes.package.board import MISSING
from outcomes.sentences import headline, period_in_words
from vru_portal.core.charts.sheets import Bar, Sheet, png, svg
from vru_portal.core.periods import Month
from vru_portal.core.tables_out import Column, Table

P = Figure.PeriodType
ABOUT = {
    "chart_months": "People supported each month",
    "chart_year_to_date": "People supported from April to each month, beside the year before",
    "chart_districts": "People supported by the district they live in",
    "chart_ages": "People supported by age",
    "chart_programmes": "People supported by programme",
}


def sheets(release: Release, figures: Iterable[Figure]) -> list[Sheet]:
    """Of everybody supported, April to the release's month; a breakdown where the release holds it."""
    figures = [f for f in figures if f.measure == Figure.Measured.PEOPLE_SUPPORTED]
    everybody = [f for f in figures if f.programme_id is None]
    end = Month.of(release.month).last
    to_date = [f for f in everybody if _is_to(f, end)]
    found = [
        _months(release, [f for f in everybody if f.period_type == P.MONTH and _is_total(f)]),
        _year_to_date(release, [f for f in everybody if f.period_type == P.YEAR_TO_DATE and _is_total(f)]),
        _breakdown(release, "chart_districts", [f for f in to_date if f.district_id and not f.age_band_id]),
        _breakdown(release, "chart_ages", [f for f in to_date if f.age_band_id and not f.district_id]),
        _programmes(release, [f for f in figures if f.programme_id and _is_total(f) and _is_to(f, end)]),
    ]
    return [sheet for sheet in found if sheet.bars]


def table(drawn: Sequence[Sheet]) -> Table:
    """What to paste beside each picture: its title, its alternative text, its source."""
    return Table(
        "charts",
        "Charts",
        "The pictures of the release, with the words that belong beside them when they are pasted into a paper.",
        (
            Column("chart", "The name of its two files: .svg to be scaled and edited, .png to be pasted anywhere."),
            Column("title", "What was found."),
            Column("subtitle", "What is shown."),
            Column("alt_text", "For those who do not see it: paste it as the picture's alternative text."),
            Column("source", "Where it is from and how firm it is: keep it with the picture."),
        ),
        ("chart",),
        [[sheet.name, sheet.title, sheet.subtitle, sheet.alt_text, sheet.source] for sheet in drawn],
    )


def files(drawn: Sequence[Sheet]) -> dict[str, bytes]:
    found = {}
    for sheet in drawn:
        drawing = svg(sheet)
        found[f"{sheet.name}.svg"], found[f"{sheet.name}.png"] = drawing.encode(), png(drawing)
    return found


# ---- What each shows ----
def _months(release: Release, figures: Sequence[Figure]) -> Sheet:
    bars = [_bar(f, f"{f.period_start:%b}") for f in figures]
    title = _headline(release, figures[-1])
    earlier = [bar.upper for bar in bars[:-1] if bar.upper is not None]
    if bars[-1].lower is not None and earlier and bars[-1].lower > max(earlier):
        title += ": more than in any month before"
    return _sheet(release, figures, "chart_months", title, "Young people supported each month", bars, over_time=True)


def _year_to_date(release: Release, figures: Sequence[Figure]) -> Sheet:
    # Over a break nothing is compared.
    told = [] if release.account.get("breaks") else release.account.get("year_before", [])
    before: Mapping[int, Sequence[int]] = {place: ends for place, *ends in told}
    bars = []
    for figure in figures:
        ends = before.get(Month.of(figure.period_end).place_in_year)
        bars.append(_bar(figure, f"{figure.period_end:%b}", tuple(ends) if ends else None))
    title, last = _headline(release, figures[-1]), bars[-1]
    if last.beside and last.lower is not None and last.lower > last.beside[1]:
        title += ", more than a year earlier"
    if last.beside and last.upper is not None and last.upper < last.beside[0]:
        title += ", fewer than a year earlier"
    beside = "a year earlier" if any(bar.beside for bar in bars) else ""
    what = "Young people supported from April to the end of each month"
    return _sheet(release, figures[-1:], "chart_year_to_date", title, what, bars, over_time=True, beside=beside)


def _breakdown(release: Release, name: str, figures: Sequence[Figure]) -> Sheet:
    by_district = name == "chart_districts"
    label = release.district_label if by_district else release.age_label
    bars = [_bar(f, label(f.district_id if by_district else f.age_band_id).name) for f in figures]
    first = _first(bars)
    where = f"live in {first}" if by_district else f"are aged {first}"
    title = (
        f"More of the young people supported {where} than any other {'district' if by_district else 'age'}"
        if first
        else ABOUT[name].replace("People", "Young people")
    )
    what = "District they live in" if by_district else "Age on 1 April"
    return _sheet(release, figures[:1], name, title, what, sorted(bars, key=_size) if by_district else bars)


def _programmes(release: Release, figures: Sequence[Figure]) -> Sheet:
    figures = [f for f in figures if f.beneficiary == "young_people"]
    bars = [_bar(f, release.programme_label(f.programme_id).name) for f in figures]
    first = _first(bars)
    title = f"{first} supported more young people than any other programme" if first else "Young people by programme"
    what = "Young people by programme; somebody may be in several, so they are never added up"
    return _sheet(release, figures, "chart_programmes", title, what, sorted(bars, key=_size))


# `whole`: whose returns together are those of the picture.
def _sheet(
    release: Release,
    whole: Sequence[Figure],
    name: str,
    title: str,
    what: str,
    bars: Sequence[Bar],
    *,
    over_time: bool = False,
    beside: str = "",
) -> Sheet:
    received, due = (sum(getattr(f, name) for f in whole) for name in ("returns_received", "returns_due"))
    span = f"{what}, {period_in_words(release.first_day, release.last_day)}"
    marked = " e: the upper end is estimated in part." if any(bar.mark for bar in bars) else ""
    policy = release.policy
    source = (
        f"Source: {settings.UNIT_NAME}, reach release {release.code}, {release.get_status_display().lower()}. "
        f"{received:,} of {due:,} returns. Ranges: a person may be known to several partners. "
        f"Rounded to {policy.round_to}; fewer than {policy.hide_below} hidden.{marked}"
    )
    return Sheet(name, title, span, source, bars, over_time, beside)


def _bar(figure: Figure, name: str, beside: tuple[int, int] | None = None) -> Bar:
    known = figure.lower is not None and figure.upper is not None
    return Bar(
        name,
        figure.lower if known else None,
        figure.upper if known else None,
        "" if known else MISSING[figure.symbol],
        figure.marker if known else "",
        beside,
        figure.is_at_least,
    )


def _first(bars: Sequence[Bar]) -> str:
    """Whose lower end is above all other upper ends, none of which is hidden; empty if nobody's is for certain."""
    known = sorted((bar for bar in bars if bar.lower is not None), key=_size)
    if len(known) < max(2, len(bars)) or any(bar.upper >= known[0].lower for bar in known[1:]):
        return ""
    return known[0].name


def _size(bar: Bar) -> tuple[int, str]:
    return -(bar.upper or 0), bar.name


def _headline(release: Release, figure: Figure) -> str:
    return headline(
        lower=figure.lower,
        upper=figure.upper,
        within=release.policy.one_number_within,
        beneficiary=figure.beneficiary,
        start=figure.period_start,
        end=figure.period_end,
        is_complete=figure.returns_received == figure.returns_due,
    ).removesuffix(".")


def _is_total(figure: Figure) -> bool:
    return figure.district_id is None and figure.age_band_id is None


def _is_to(figure: Figure, end: date) -> bool:
    return (figure.period_type, figure.period_end) == (P.YEAR_TO_DATE, end)
