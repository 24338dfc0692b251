"""The finance page's tables as they are given away. Amounts in pounds, with pence."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from decimal import Decimal

from funding.models import Claim
from funding.queries import ClaimDue, FacilityLine
from funding.queries.finance import BY, Finance, Grant, Line, Sums
from vru_portal.core.tables_out import Column, Table, in_pounds, pounds_column
from vru_portal.finance_figures import Figures

SUMS = (
    Column("committed", "Awarded to partners and agreed with them, pounds", "number"),
    Column("claimed", "Claimed by partners, pounds", "number"),
    Column("approved", "Of the claims, what the unit approved, pounds", "number"),
    Column("paid", "Paid to partners, pounds", "number"),
    Column("expected", "Expected to be spent in the year, by the latest forecasts, pounds", "number"),
    Column("variance", "Committed less expected, pounds", "number"),
)


def tables_of(figures: Figures) -> list[Table]:
    found = figures.finance
    return [
        _grants(found),
        *(_by(by, label, found.tables[by], found) for by, label in BY.items()),
        _costs(figures),
        _claims(figures),
        _conditions(figures),
        facilities_table(figures.facilities, found.as_at),
        _real_terms(figures),
    ]


def _grants(found: Finance) -> Table:
    return Table(
        "grants",
        "Grants",
        f"Award years of {found.year} as known on {_day(found)}.",
        (
            Column("fund", "The fund"),
            *(
                pounds_column(name, f"{name.capitalize()}, pounds; empty where nobody stated it")
                for name in ("announced", "applied", "awarded")
            ),
            pounds_column("received", "Come in, pounds"),
            *SUMS,
            pounds_column("own_planned", "Planned for the unit's own spending, pounds"),
            pounds_column("own_spent", "Of that, spent by the day, pounds"),
            pounds_column("in_hand", "Came in, and neither paid to partners nor spent by the unit, pounds"),
            pounds_column("underspend", "What would be left on the last day of the year, pounds"),
            Column("lost_after", "The day after which what is left is lost", "date"),
        ),
        ("fund",),
        [_grant_row(grant) for grant in found.grants],
    )


def _grant_row(grant: Grant) -> list:
    standing = grant.line.standing
    stated = (standing.announced, standing.applied, standing.awarded) if standing else (None, None, None)
    return [
        str(grant.line.award_year.fund),
        *map(in_pounds, stated),
        in_pounds(grant.line.received),
        *_sums(grant.sums),
        in_pounds(grant.own),
        in_pounds(grant.own_spent),
        in_pounds(grant.in_hand),
        in_pounds(grant.underspend),
        grant.lost_after,
    ]


def _by(by: str, label: str, lines: Sequence[Line], found: Finance) -> Table:
    return Table(
        by,
        f"By {label.lower()}",
        f"Money to partners in {found.year} as known on {_day(found)}.",
        (Column(by, label), *SUMS),
        (by,),
        [[line.name or "none", *_sums(line.sums)] for line in lines],
    )


def _costs(figures: Figures) -> Table:
    return Table(
        "cost_per_young_person",
        "Cost per young person",
        f"Paid by {_day(figures.finance)} over distinct young people supported from April to {figures.until}.",
        (
            Column("programme", "The programme"),
            pounds_column("paid", "Paid to its partners, pounds"),
            Column("fewest", "The fewest young people that there may be", "integer"),
            Column("most", "The most young people that there may be; empty while a return is missing", "integer"),
            pounds_column("least_for_each", "What was paid over the most young people, pounds"),
            pounds_column("most_for_each", "What was paid over the fewest young people, pounds"),
            Column("note", "Why no cost is told, or which returns are missing"),
        ),
        ("programme",),
        [
            [
                str(cost.base.programme),
                in_pounds(cost.paid),
                None if cost.base.refusal else cost.base.lower,
                None if cost.base.refusal or cost.base.missing else cost.base.upper,
                in_pounds(cost.least),
                in_pounds(cost.most),
                cost.refusal or cost.base.missing,
            ]
            for cost in figures.costs
        ],
    )


def _claims(figures: Figures) -> Table:
    return Table(
        "claims_waiting",
        "Claims waiting",
        f"Claims of {figures.finance.year} that are due, late, sent or queried.",
        (
            Column("partner", "Whose claim"),
            Column("delivery", "What it is for"),
            Column("award", "The award's reference"),
            Column("quarter", "The quarter"),
            Column("state", "due, late, sent: to decide, queried: the partner was asked something"),
            Column("due_on", "By when it is to be sent, while it is not", "date"),
            pounds_column("amount", "What it asks for, pounds; empty while it is not sent"),
        ),
        ("award", "quarter"),
        [*_due(figures.claims_due, figures.finance), *map(_open, figures.claims_open)],
    )


def _due(claims: Iterable[ClaimDue], found: Finance) -> Iterable[list]:
    for each in claims:
        delivery = each.award.delivery
        state = "late" if each.due_on < found.as_at else "due"
        yield [
            *(str(delivery.partner), delivery.name, each.award.reference, str(each.quarter), state),
            *(each.due_on, None),
        ]


def _open(claim: Claim) -> list:
    delivery = claim.award.delivery
    return [
        *(str(delivery.partner), delivery.name, claim.award.reference, str(claim.period), claim.state),
        *(None, in_pounds(claim.total)),
    ]


def _conditions(figures: Figures) -> Table:
    return Table(
        "conditions",
        "Conditions",
        f"What the funders of {figures.finance.year} ask, and how far it is met now.",
        (
            Column("award_year", "Whose condition"),
            Column("condition", "What is asked"),
            pounds_column("needed", "The least that meets it, pounds; empty for what is no amount"),
            pounds_column("counted", "What counts towards it now, pounds"),
            pounds_column("short", "What is missing, pounds"),
            Column("met", "yes, no, or empty where it cannot be said"),
        ),
        ("award_year", "condition"),
        [
            [
                str(each.condition.award_year),
                each.condition.wording,
                *map(in_pounds, (each.needed, each.counted, each.short) if each.threshold else (None, None, None)),
                {True: "yes", False: "no", None: ""}[each.is_met],
            ]
            for each in figures.readings
        ],
    )


def facilities_table(lines: Sequence[FacilityLine], as_at: date) -> Table:
    amounts = {"drawn": "Drawn", "repaid": "Repaid", "owed": "Owed back", "drawable": "Still to be drawn"}
    return Table(
        "bridging",
        "Bridging",
        f"As known on {as_at:%-d %B %Y}: owed back, never income.",
        (
            Column("facility", "The facility"),
            Column("lender", "Who lends"),
            Column("starts_on", "From when", "date"),
            Column("expires_on", "Until when", "date"),
            pounds_column("limit", "The most that may be drawn, pounds"),
            *(pounds_column(name, f"{meaning}, pounds") for name, meaning in amounts.items()),
        ),
        ("facility",),
        [
            [
                *(str(line.facility), str(line.facility.lender), line.facility.starts_on, line.facility.expires_on),
                *(in_pounds(line.facility.limit_pence), *(in_pounds(getattr(line, name)) for name in amounts)),
            ]
            for line in lines
        ],
    )


def _real_terms(figures: Figures) -> Table:
    prices = figures.prices
    by = f"in the prices of {prices.base} by {prices.series}" if prices else "no series is loaded"
    return Table(
        "real_terms",
        "In real terms",
        f"Grant awarded as known on {_day(figures.finance)}, {by}.",
        (
            Column("year", "The financial year"),
            pounds_column("awarded", "Awarded, pounds"),
            pounds_column("real", "In the prices of the base year, pounds; empty where the series has no such year"),
        ),
        ("year",),
        [[str(each.year), in_pounds(each.awarded), in_pounds(each.real)] for each in figures.real],
    )


def _day(found: Finance) -> str:
    return f"{found.as_at:%-d %B %Y}"


def _sums(sums: Sums) -> list[Decimal | None]:
    return [in_pounds(getattr(sums, column.name)) for column in SUMS]
