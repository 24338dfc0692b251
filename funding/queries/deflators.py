"""Money of one year in the prices of another."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

from django.db.models import QuerySet

from funding.models import DeflatorSeries
from vru_portal.core.periods import FinancialYear


@dataclass(frozen=True)
class Prices:
    """A series with the year in whose prices money is told. Its name and day stand beside each real-terms figure."""

    series: DeflatorSeries
    base: FinancialYear
    indices: dict[FinancialYear, Decimal]

    def real(self, pence: int, year: FinancialYear) -> int | None:
        """The pence of `year` in prices of the base year: amount × index(base) ÷ index(year), to the nearest penny.
        None for a year that the series does not have."""
        if year not in self.indices:
            return None
        return int((pence * self.indices[self.base] / self.indices[year]).quantize(Decimal(1), ROUND_HALF_UP))

    @property
    def years(self) -> list[FinancialYear]:
        return sorted(self.indices)


def newest(series: QuerySet[DeflatorSeries]) -> DeflatorSeries | None:
    """The one that figures go by."""
    return series.standing().order_by("-published_on", "-id").first()


def prices(base: FinancialYear | None = None, *, series: DeflatorSeries | None = None) -> Prices | None:
    """By the newest series, or the one given; in prices of its last year where it does not have `base`. None while
    nothing is loaded."""
    chosen = series or newest(DeflatorSeries.objects.all())
    if chosen is None:
        return None
    indices = {FinancialYear(year): index for year, index in chosen.indices.values_list("financial_year", "index")}
    return Prices(chosen, base if base in indices else max(indices), indices)
