"""How many people the money of a financial year has supported so far, by programme: what a cost per person is over."""

from __future__ import annotations

from dataclasses import dataclass

from outcomes.models import ReachCell
from outcomes.models.cube import CellPeriod, CellWhere
from outcomes.queries.now import WHO
from outcomes.sentences import NOUNS
from programmes.models import Beneficiary, Programme
from vru_portal.core.periods import FinancialYear, Month


@dataclass(frozen=True)
class CostBase:
    """Young people of a programme from April to a month. `refusal`: why no cost can be told over them; empty if one
    can. `missing`: which returns are not in, empty if all are: then there are at least `lower`, and nobody knows how
    many at most."""

    programme: Programme
    lower: int
    upper: int
    refusal: str
    missing: str = ""


def cost_bases(year: FinancialYear, last: Month) -> list[CostBase]:
    """Of each programme, by accepted returns of April to the month, which lies in the year."""
    cells = ReachCell.objects.filter(
        cube__year=year.start,
        period=CellPeriod.YEAR_TO_DATE,
        end=last.last,
        where=CellWhere.PROGRAMME,
        **dict.fromkeys(WHO, ""),
    )
    by_code = {cell.what: cell for cell in cells}
    return [_base(programme, by_code.get(programme.code)) for programme in Programme.objects.all()]


def _base(programme: Programme, cell: ReachCell | None) -> CostBase:
    lower, upper = (cell.lower, cell.upper) if cell else (0, 0)
    is_short = cell is not None and cell.received < cell.due
    missing = f"{cell.received:,} of {cell.due:,} returns are in" if is_short else ""
    return CostBase(programme, lower, upper, _refusal(programme, cell), missing)


def _refusal(programme: Programme, cell: ReachCell | None) -> str:
    if programme.counts_exposure:
        return "an estimate of people exposed is no count of people supported"
    if programme.beneficiary != Beneficiary.YOUNG_PEOPLE:
        return f"it supports {NOUNS[programme.beneficiary]}"
    if cell is None:
        return "people have not been counted"
    return "" if cell.lower else "nobody is known to have been supported"
