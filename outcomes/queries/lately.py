"""How many people each delivery supported over some months, by accepted returns: for staff, with its range."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from outcomes import reach
from outcomes.models import Presence, ReachCube
from outcomes.queries.cube import accepted_of, codes_of_people, delivery_inputs, delivery_years
from outcomes.queries.presence import WHO, Met, empty_months, versions_with_registers
from outcomes.reach import Breakdowns, DeliveryYear, Interval
from outcomes.sentences import NOUNS
from programmes.models import Beneficiary, Programme
from vru_portal.core.periods import FinancialYear, Month


@dataclass(frozen=True)
class Supported:
    """Distinct people of one delivery; of an exposure programme its largest month, an estimate. None while people of
    registers have not been counted."""

    people: Interval | None
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
    parts: dict[int, list[_Part]] = defaultdict(list)
    for year in sorted({month.financial_year for month in months}):
        within = [month for month in months if month.financial_year == year]
        is_counted = ReachCube.objects.filter(year=year.start, counted_at__isnull=False).exists()
        for pk, (programme, delivery) in _deliveries(year, within).items():
            parts[pk].append(_Part(programmes[programme], delivery, within, is_counted))
    return {pk: _supported(found, breakdowns) for pk, found in parts.items() if any(part.due for part in found)}


@dataclass(frozen=True)
class _Part:
    """What a delivery gave in the months of one financial year."""

    programme: Programme
    delivery: DeliveryYear
    months: Sequence[Month]
    is_counted: bool

    @property
    def due(self) -> int:
        return len(self.delivery.owed.intersection(self.months))

    @property
    def is_known(self) -> bool:
        return self.is_counted or self.delivery.register is None


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


def _supported(parts: Sequence[_Part], breakdowns: Breakdowns) -> Supported:
    programme = parts[-1].programme
    return Supported(
        people=_people(parts, breakdowns) if all(part.is_known for part in parts) else None,
        beneficiary=Beneficiary(programme.beneficiary),
        is_exposed=programme.counts_exposure,
        received=sum(len(part.delivery.received.keys() & set(part.months)) for part in parts),
        due=sum(part.due for part in parts),
    )


def _people(parts: Sequence[_Part], breakdowns: Breakdowns) -> Interval:
    if parts[-1].programme.counts_exposure:
        most = max(reach.people_exposed([part.delivery], part.months) for part in parts)
        return Interval(most, most)
    told = [[reach.contribution(part.delivery, part.months, breakdowns)] for part in parts]
    return told[0][0].total if len(told) == 1 else reach.people_over_two_years(*told, new=0)
