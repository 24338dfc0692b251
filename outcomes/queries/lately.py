"""How many people each delivery supported over some months, by accepted returns: for staff, with its range."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from pyroaring import BitMap

from outcomes import reach
from outcomes.models import Presence, ReachCube
from outcomes.queries.cube import accepted_of, codes_of_people, delivery_inputs, delivery_years
from outcomes.queries.presence import WHO, Met, empty_months, versions_with_registers
from outcomes.reach import Breakdowns, Cell, DeliveryYear, Interval
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


@dataclass(frozen=True)
class Lately:
    """What deliveries gave over some consecutive months."""

    months: Sequence[Month]
    parts: Mapping[int, Sequence[_Part]]  # by delivery, one for each financial year
    breakdowns: Breakdowns

    def supported(self, delivery: int) -> Supported | None:
        """None if it owed nothing."""
        parts = self.parts.get(delivery, ())
        return _supported(parts, self.breakdowns) if any(part.due for part in parts) else None

    def young_people(self, deliveries: Iterable[int]) -> Interval | None:
        """Distinct young people supported by any of the deliveries; None while people of registers are not counted."""
        found = [part for pk in deliveries for part in self.parts.get(pk, ()) if part.supports_young_people]
        if not all(part.is_known for part in found):
            return None
        by_year = [
            reach.together([each.contribution(self.breakdowns) for each in found if each.year == year], self.breakdowns)
            for year in sorted({each.year for each in found})
        ]
        if not by_year:
            return reach.NOBODY
        return reach.all_people(by_year[0]) if len(by_year) == 1 else reach.people_over_two_years(*by_year, new=0)


def supported_lately(months: Sequence[Month]) -> Lately:
    """What was accepted of these consecutive months, of every delivery."""
    programmes = Programme.objects.in_bulk()
    everybody: dict[Cell, BitMap] = defaultdict(BitMap)
    parts: dict[int, list[_Part]] = defaultdict(list)
    for year in sorted({month.financial_year for month in months}):
        within = [month for month in months if month.financial_year == year]
        is_counted = ReachCube.objects.filter(year=year.start, counted_at__isnull=False).exists()
        for pk, (programme, delivery) in _deliveries(year, within, everybody).items():
            parts[pk].append(_Part(year, programmes[programme], delivery, within, is_counted))
    return Lately(months, parts, Breakdowns(codes_of_people(), everybody))


@dataclass(frozen=True)
class _Part:
    """What a delivery gave in the months of one financial year."""

    year: FinancialYear
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

    @property
    def supports_young_people(self) -> bool:
        return self.programme.beneficiary == Beneficiary.YOUNG_PEOPLE and not self.programme.counts_exposure

    def contribution(self, breakdowns: Breakdowns) -> reach.Contribution:
        return reach.contribution(self.delivery, self.months, breakdowns)


def _deliveries(
    year: FinancialYear, months: Sequence[Month], everybody: dict[Cell, BitMap]
) -> dict[int, tuple[int, DeliveryYear]]:
    """By id the programme and the returns, with whom registers tell of in these months alone, and, added to
    `everybody`, in which district they live."""
    accepted = accepted_of(year, months[-1])
    registers = empty_months(versions_with_registers(accepted.versions), accepted.versions)
    met = Presence.objects.filter(cube__year=year.start, month__in=[month.first for month in months])
    rows = met.order_by().values_list("delivery", "month", "person", "district__code").distinct()
    for delivery, day, person, district in rows:
        registers[delivery][Month.of(day)].add(person)
        everybody[reach.DISTRICT, district].add(person)
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
    told = [[part.contribution(breakdowns)] for part in parts]
    return told[0][0].total if len(told) == 1 else reach.people_over_two_years(*told, new=0)
