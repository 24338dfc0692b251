"""The Money page's tables as they are given away. Amounts in pounds, with pence."""

from __future__ import annotations

from funding.models import PartnerAward
from funding.pictures import COLUMNS
from funding.queries import FundCover, FundLine
from funding.queries.gaps import DeliveryGap
from funding.queries.timeline import FenceCover
from vru_portal.core.periods import Month
from vru_portal.core.tables_out import Column, Table, in_pounds, pounds_column
from vru_portal.finance_tables import facilities_table
from vru_portal.money_figures import MoneyFigures, Stopping


def tables_of(figures: MoneyFigures) -> list[Table]:
    return [
        _cover(figures),
        _stopping(figures),
        _award_years(figures),
        _ring_fences(figures),
        facilities_table(figures.facilities, figures.day),
        _awards(figures),
    ]


def _cover(figures: MoneyFigures) -> Table:
    return Table(
        "cover",
        "Cover and commitments",
        f"Each month added up from April of its financial year, as known on {_day(figures)}.",
        (
            Column("month", "The month, as 2026-04"),
            *(Column(name, f"{words}, pounds", "number", words) for name, words in COLUMNS.items()),
        ),
        ("month",),
        [[month.month.code, *(in_pounds(getattr(month, name)) for name in COLUMNS)] for month in figures.cover.months],
    )


def _stopping(figures: MoneyFigures) -> Table:
    return Table(
        "stopping",
        "What stops first",
        f"Deliveries that are not covered in full, and when, if nothing else changes, as known on {_day(figures)}.",
        (
            Column("delivery", "The delivery"),
            Column("partner", "Whose it is"),
            Column("place", "1 is kept longest; empty where it has none", "integer"),
            Column("stops_on", "The day from which it is not covered in full", "date"),
            Column("covered_again_on", "The day from which it is covered again; empty where it is not", "date"),
            Column("fewest", "The fewest people whom it supported lately; empty where that is not known", "integer"),
            Column("most", "The most people whom it supported lately", "integer"),
            Column("who", "Who they are, where they are not young people supported"),
            Column("returns_received", "Returns that this is known from", "integer"),
            Column("returns_due", "Returns that were due", "integer"),
            pounds_column(
                "cost", f"Committed to it for those months, not beyond {figures.cover.months[-1].month}, pounds"
            ),
        ),
        ("delivery", "partner", "stops_on"),
        [_stopping_row(line, gap) for line in figures.stopping for gap in line.cover.gaps],
    )


def _stopping_row(line: Stopping, gap: DeliveryGap) -> list:
    cover, supported = line.cover, line.supported
    people = supported.people if supported else None
    return [
        *(cover.delivery.name, str(cover.delivery.partner), cover.rank if cover.is_placed else None),
        *(gap.span.first.first, gap.span.covered_again.first if gap.span.covered_again else None),
        *((people.lower, people.upper) if people else (None, None)),
        *((supported.noun, supported.received, supported.due) if supported else ("", None, None)),
        in_pounds(gap.pence),
    ]


def _award_years(figures: MoneyFigures) -> Table:
    return Table(
        "award_years",
        "Award years",
        f"Four amounts, none worked out from another, as known on {_day(figures)}.",
        (
            Column("fund", "The fund"),
            Column("year", "The financial year"),
            Column("state", "How far it has come"),
            *(pounds_column(name, f"{name.capitalize()}, pounds; empty where nobody stated it") for name in _STATED),
            pounds_column("received", "Come in, pounds"),
            pounds_column("committed", "Awarded to partners and agreed with them, pounds"),
            pounds_column("spent", "Spent by the unit itself, pounds"),
        ),
        ("fund", "year"),
        [row for line in figures.funds for row in _years_of(line)],
    )


_STATED = ("announced", "applied", "awarded")


def _years_of(line: FundLine) -> list[list]:
    return [
        [
            *(str(line.fund), str(year.award_year.year), year.standing.state.label),
            *(in_pounds(getattr(year.standing, name)) for name in _STATED),
            *map(in_pounds, (year.received, year.committed, year.spent)),
        ]
        for year in line.years
    ]


def _ring_fences(figures: MoneyFigures) -> Table:
    return Table(
        "ring_fences",
        "Ring-fences",
        f"Of the years shown, covered by the grant alone, as known on {_day(figures)}.",
        (
            Column("fund", "The fund"),
            Column("year", "The financial year"),
            Column("purpose", "What a part of the grant is kept for"),
            Column("kind", "How the amount is meant"),
            pounds_column("amount", "How much of the grant, pounds; empty where it is unknown"),
            pounds_column("counts", "What counts of the grant for it now, pounds"),
            pounds_column("committed", "Committed to partners out of it, pounds"),
            pounds_column("spent", "Spent by the unit itself out of it, pounds"),
            Column("not_covered_from", "The first month by which more is used than counts; empty while covered"),
        ),
        ("fund", "year", "purpose"),
        [_fence_row(fund, fence) for fund in figures.cover.funds for fence in fund.ring_fences],
    )


def _fence_row(fund: FundCover, each: FenceCover) -> list:
    fence = each.ring_fence
    return [
        *(str(fund.fund), str(fence.award_year.year), fence.purpose, fence.get_amount_kind_display()),
        *map(in_pounds, (fence.amount_pence, each.counts, each.committed, each.spent)),
        _code(each.first_uncovered),
    ]


def _awards(figures: MoneyFigures) -> Table:
    return Table(
        "awards",
        "Awards to partners",
        f"Of {figures.year}, agreed by {_day(figures)}.",
        (
            Column("reference", "As on the grant agreement"),
            Column("partner", "Who is paid"),
            Column("delivery", "What for"),
            Column("ring_fence", "Out of which ring-fence; empty where none"),
            pounds_column("amount", "Pounds; below zero it corrects an earlier award"),
            Column("starts_on", "The first day", "date"),
            Column("ends_on", "The last day", "date"),
            Column("agreed_on", "When it was agreed with the partner", "date"),
            Column("proposed_by", "Who proposed it"),
            Column("approved_by", "Who approved it"),
        ),
        ("reference",),
        [_award_row(award) for award in figures.awards],
    )


def _award_row(award: PartnerAward) -> list:
    return [
        *(award.reference, str(award.delivery.partner), award.delivery.name, str(award.ring_fence or "")),
        in_pounds(award.amount_pence),
        *(award.starts_on, award.ends_on, award.agreed_on),
        *(str(award.proposed_by), str(award.approved_by)),
    ]


def _code(month: Month | None) -> str:
    return month.code if month else ""


def _day(figures: MoneyFigures) -> str:
    return f"{figures.day:%-d %B %Y}"
