"""What the Money page tells, on the page and in its files: the money of `funding` and the people of `outcomes`."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import QuerySet

from funding import gap_words, queries
from funding.models import PartnerAward
from funding.queries import Cover, DeliveryCover, FacilityLine, FundGap, FundLine, Scenario
from outcomes.queries.lately import Lately, Supported, supported_lately
from partners.models import User
from vru_portal.core.periods import FinancialYear, Month, months_between

LATELY = 3


@dataclass(frozen=True)
class Stopping:
    """A delivery that is not paid for from some month on, and whom it supported lately, as far as returns say."""

    cover: DeliveryCover
    supported: Supported | None


@dataclass(frozen=True)
class Missing:
    """A gap of a fund, how many deliveries are not paid for in it, and how many young people these supported lately."""

    gap: FundGap
    for_whom: str

    @property
    def words(self) -> str:
        return gap_words.missing(self.gap)

    @property
    def remedies(self) -> list[str]:
        return gap_words.remedies(self.gap)


@dataclass(frozen=True)
class MoneyFigures:
    """As known on `day`, with what the scenario supposes."""

    day: date
    cover: Cover
    funds: Sequence[FundLine]
    facilities: Sequence[FacilityLine]
    awards: QuerySet[PartnerAward]  # of the financial year of the day
    lately: Sequence[Month]
    stopping: Sequence[Stopping]
    missing: Sequence[Missing]
    for_whom: str

    @property
    def year(self) -> FinancialYear:
        return FinancialYear.of(self.day)

    @property
    def stops_costing(self) -> int:
        return sum(line.cover.stops_costing for line in self.stopping)


def money_figures(*, user: User, day: date, scenario: Scenario) -> MoneyFigures:
    cover = queries.cover(user=user, as_at=day, scenario=scenario)
    months = _last_months(day)
    lately = supported_lately(months) if cover.stopping else None
    awards = queries.partner_awards(user=user, as_at=day)
    return MoneyFigures(
        day=day,
        cover=cover,
        funds=queries.fund_lines(user=user, as_at=day),
        facilities=queries.facility_lines(user=user, as_at=day),
        awards=awards.filter(award_year__financial_year=FinancialYear.of(day).start),
        lately=months,
        stopping=[Stopping(line, lately.supported(line.delivery.pk)) for line in cover.stopping],
        missing=[Missing(gap, _of_the_gap(gap, lately)) for gap in cover.gaps] if lately else [],
        for_whom=_for_whom(cover, lately) if lately else "",
    )


def _last_months(day: date) -> list[Month]:
    """The last three that are over."""
    last = Month.of(day).plus(-1)
    return months_between(last.plus(1 - LATELY), last)


def _of_the_gap(gap: FundGap, lately: Lately) -> str:
    """“25 deliveries, which supported between 1,200 and 1,300 young people lately”"""
    number = len(gap.deliveries)
    deliveries = "1 delivery" if number == 1 else f"{number:,} deliveries"
    people = _people(lately, gap.deliveries)
    if people == "0":
        return deliveries
    return f"{deliveries}, which supported {people} young people lately" if number and people else deliveries


def _people(lately: Lately, deliveries: Collection[int]) -> str:
    """“between 410 and 455”; empty while they are being counted."""
    people = lately.young_people(deliveries)
    if people is None:
        return ""
    same = people.lower == people.upper
    return f"{people.lower:,}" if same else f"between {people.lower:,} and {people.upper:,}"


def _for_whom(cover: Cover, lately: Lately) -> str:
    """Of the deliveries that stop first, how many young people they supported lately."""
    first = [line.delivery.pk for line in cover.stopping if line.stops == cover.stopping[0].stops]
    number = _people(lately, first)
    if not number:
        return "How many young people are supported there is being counted."
    those = "the one delivery that stops" if len(first) == 1 else f"the {len(first):,} deliveries that stop"
    supported = f"supported from {lately.months[0]} to {lately.months[-1]} by {those} from {cover.stopping[0].stops}"
    if number == "0":
        return f"No young people were {supported}: whom else they reach stands below."
    return f"{number[0].upper()}{number[1:]} young people were {supported}."
