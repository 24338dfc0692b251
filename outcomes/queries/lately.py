"""How many people each delivery supported over some months, by accepted returns: for staff, with its range."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from outcomes import reach
from outcomes.models import Presence
from outcomes.queries.cube import accepted_of, codes_of_people, delivery_inputs, delivery_years
from outcomes.queries.presence import WHO, Met, empty_months, versions_with_registers
from outcomes.reach import Breakdowns, DeliveryYear, Interval
from outcomes.sentences import NOUNS
from programmes.models import Beneficiary, Programme
from vru_portal.core.periods import FinancialYear, Month


@dataclass(frozen=True)
class Supported:
    """Distinct people of one delivery; of an exposure programme its largest month, an estimate."""

    people: Interval
    beneficiary: Beneficiary
    is_exposed: bool
    received: int
    due: int

    @property
    def noun(self) -> str:
        """“exposed, an estimate”, “parents and carers”; nothing for young people supported, as most are."""
        if self.is_exposed:
            return "exposed, an estimate"
        return "" if self.beneficiary == Beneficiary.YOUNG_PEOPLE else NOUNS[self.beneficiary]

    @property
    def is_complete(self) -> bool:
        return self.received == self.due


def supported_lately(months: Sequence[Month]) -> dict[int, Supported]:
    """By delivery id, of those that owed or gave a return for one of these consecutive months."""
    programmes = Programme.objects.in_bulk()
    breakdowns = Breakdowns(codes_of_people())
    parts = defaultdict(list)
    for year in sorted({month.financial_year for month in months}):
        within = [month for month in months if month.financial_year == year]
        for pk, (programme, delivery) in _deliveries(year, within).items():
            parts[pk].append((programmes[programme], delivery, within))
    return {pk: _supported(found, breakdowns) for pk, found in parts.items() if any(_due(each) for each in found)}


def _deliveries(year: FinancialYear, months: Sequence[Month]) -> dict[int, tuple[int, DeliveryYear]]:
    """By id the programme and the returns, with whom registers tell of in these months alone."""
    accepted = accepted_of(year, months[-1])
    registers = empty_months(versions_with_registers(accepted.versions), accepted.versions)
    met = Presence.objects.filter(cube__year=year.start, month__in=[month.first for month in months])
    for delivery, day, person in met.order_by().values_list("delivery", "month", "person").distinct():
        registers[delivery][Month.of(day)].add(person)
    inputs = delivery_inputs(accepted, year, months[-1])
    years = delivery_years(accepted, inputs, Met(registers), WHO)
    return {pk: (inputs[pk].programme, delivery) for pk, delivery in years.items()}


def _due(part: tuple[Programme, DeliveryYear, Sequence[Month]]) -> int:
    _, delivery, months = part
    return len(delivery.owed.intersection(months))


def _supported(parts: list[tuple[Programme, DeliveryYear, Sequence[Month]]], breakdowns: Breakdowns) -> Supported:
    programme = parts[-1][0]
    if programme.counts_exposure:
        most = max(reach.people_exposed([delivery], months) for _, delivery, months in parts)
        people = Interval(most, most)
    else:
        each = [[reach.contribution(delivery, months, breakdowns)] for _, delivery, months in parts]
        people = each[0][0].total if len(each) == 1 else reach.people_over_two_years(*each, new=0)
    return Supported(
        people=people,
        beneficiary=Beneficiary(programme.beneficiary),
        is_exposed=programme.counts_exposure,
        received=sum(len(delivery.received.keys() & set(months)) for _, delivery, months in parts),
        due=sum(map(_due, parts)),
    )
