"""The tables of what was done, who told of it in time, and networks: never part of reach."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import ROUND_HALF_UP, Decimal

from outcomes.activity import ActivityRow, MeasureInput
from outcomes.models import Release
from outcomes.models.measures import AddsUp
from outcomes.release_figures import Period
from outcomes.stocks import NUMBERS, StockRow
from vru_portal.core.tables_out import Cell, Column, Table

PERIOD = (
    Column("period_type", "quarter, or year_to_date: April to the last month of the release."),
    Column("period_start", "The first day of the period.", "date"),
    Column("period_end", "The last day of the period.", "date"),
)
HIDDEN = "Empty where the symbol says why."


def activity(release: Release, rows: Iterable[ActivityRow]) -> Table:
    return Table(
        "activity",
        "Activity",
        "What was done, by programme, kind of partner and setting: what returns answered, added up over places.",
        (
            Column("release", "The last month that it covers and its number, as 2021-12.2."),
            *PERIOD,
            Column("measure_code", "The measure; measures.csv says what it counts."),
            Column("measure", "The measure's name."),
            Column("unit", "What a number counts, in the plural."),
            Column("programme_code", "The programme's code, or “all”: those whose returns ask the measure."),
            Column("programme", "The programme's name."),
            Column("partner_kind_code", "The kind of organisation that delivers, or “all”."),
            Column("partner_kind", "The same in words."),
            Column("setting_code", "Where support is met, or “all”."),
            Column("setting", "The same in words."),
            Column("over_months", "How the months of a period come together: sum, latest or maximum of each delivery."),
            Column("value", f"The number. {HIDDEN}", "number"),
            Column(
                "symbol", "c: too few, or hidden to protect them. x: not available, no return answered. Else empty."
            ),
            Column(
                "rounded", "yes: it is about people, so it is rounded and small numbers are hidden. no: as counted."
            ),
            Column("returns_answered", "Accepted returns that answer the measure.", "integer"),
            Column("returns_due", "Returns due that ask it, since its programme first answered.", "integer"),
        ),
        (*("period_type", "period_end", "measure_code"), *("programme_code", "partner_kind_code", "setting_code")),
        [_activity(release, row) for row in rows],
    )


def _activity(release: Release, row: ActivityRow) -> list[Cell]:
    kept, programmes = release.account["reports"], dict(release.labels["programmes"].values())
    programme, kind, setting = row.place
    return [
        release.code,
        *_period(row.period),
        *(row.measure.code, row.measure.name, row.measure.counts),
        *(programme, programmes.get(programme, "All programmes")),
        *(kind, kept["partner_kinds"].get(kind, "All kinds")),
        *(setting, kept["settings"].get(setting, "All settings")),
        row.measure.over_months,
        _plain(row.value),
        row.symbol,
        "yes" if row.measure.is_about_people else "no",
        row.answered,
        row.due,
    ]


def measures(release: Release) -> Table:
    """What the measures of the activity mean, as they stood when the release was made."""
    ways = {AddsUp.SUM: "summed", AddsUp.LATEST: "the latest of each delivery", AddsUp.MAXIMUM: "its largest month"}
    found = [MeasureInput(*facts) for facts in release.account.get("reports", {}).get("measures", ())]
    return Table(
        "measures",
        "Measures",
        "What each measure of the activity counts and what it does not. Places are summed.",
        (
            Column("measure_code", "The measure's code."),
            Column("measure", "Its name."),
            Column("definition", "What counts and what does not."),
            Column("unit", "What a number counts, in the plural."),
            Column("over_months", "How several months come together."),
            Column(
                "rounded", "yes: it is about people, so it is rounded and small numbers are hidden. no: as counted."
            ),
        ),
        ("measure_code",),
        [
            [m.code, m.name, m.definition, m.counts, ways[m.over_months], "yes" if m.is_about_people else "no"]
            for m in found
        ],
    )


def timeliness(release: Release) -> Table:
    """Of returns whose day had passed when the release was made."""
    kept = release.account.get("reports", {}).get("timeliness", ())
    return Table(
        "timeliness",
        "Timeliness",
        "How many of the returns due had come and were accepted when the release was made, and how many came in time.",
        (
            *PERIOD,
            Column("by", "all, programme or partner_kind. Groups of fewer than three partners are put together."),
            Column("code", "The programme's or kind's code, “all” or “other”."),
            Column("name", "The same in words."),
            Column("partners", "Partners that owed a return.", "integer"),
            Column("returns_due", "Returns whose day had passed.", "integer"),
            Column("returns_accepted", "Of these, accepted; nil returns included.", "integer"),
            Column("returns_nil", "Of the accepted, those that said that there was nothing to report.", "integer"),
            Column("returns_on_time", "Of those due, first sent by their day.", "integer"),
            Column("accepted_percent", "Accepted of due.", "number"),
            Column("on_time_percent", "On time of due.", "number"),
        ),
        ("period_type", "period_end", "by", "code"),
        [[*said, _percent(said[8], said[7]), _percent(said[10], said[7])] for said in kept],
    )


def networks(release: Release, rows: Iterable[StockRow]) -> Table:
    kinds = release.account.get("reports", {}).get("network_kinds", {})
    told = {
        "members_at_start": "Members on the day before the period.",
        "joined": "Who joined in the period.",
        "left": "Who left in the period.",
        "members_at_end": "Members on the last day of the period.",
    }
    return Table(
        "networks",
        "Networks",
        "Adults who belong to networks, on a date. They are never part of reach. Together each person counts once.",
        (
            *PERIOD,
            Column("kind_code", "The kind of network, or “all”."),
            Column("kind", "The same in words."),
            Column("network", "The network's name, or “all”."),
            *(
                Column(name, f"{told[name]} Empty where the symbol says c, or of several together.", "integer")
                for name in NUMBERS
            ),
            Column("symbol", "c: a number of the row is hidden. Empty otherwise."),
        ),
        ("period_type", "period_end", "kind_code", "network"),
        [
            [*_period(row.period), row.kind, kinds.get(row.kind, "All kinds"), row.network, *row.numbers, row.symbol]
            for row in rows
        ],
    )


def _period(period: Period) -> list[Cell]:
    return [period.type, period.start, period.end]


def _percent(part: int, whole: int) -> Decimal:
    return _plain((Decimal(100 * part) / whole).quantize(Decimal("0.1"), ROUND_HALF_UP))


def _plain(number: Decimal | None) -> Decimal | int | None:
    """Without zeros that say nothing."""
    if number is None:
        return None
    return int(number) if number == number.to_integral() else number.normalize()
