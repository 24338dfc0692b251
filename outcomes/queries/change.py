"""Measures of change, from accepted returns of a financial year."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from decimal import Decimal

from django.db.models import Max

from outcomes.models import Measure, MeasureAnswer, ReturnVersion
from vru_portal.core.periods import FinancialYear, Month


@dataclass(frozen=True)
class MonthChange:
    """A month of a measure over its deliveries. `before` and `after` are averages weighted by people; medians are
    never averaged, so of several deliveries' medians the smallest and the largest are given."""

    month: Month
    people: int
    deliveries: int
    before: Decimal | None = None
    after: Decimal | None = None
    smallest_median: Decimal | None = None
    largest_median: Decimal | None = None

    @property
    def difference(self) -> Decimal | None:
        return None if self.before is None else self.after - self.before

    @property
    def medians(self) -> str:
        """“14” or “between 9 and 21”."""
        small, large = f"{self.smallest_median:.0f}", f"{self.largest_median:.0f}"
        return small if small == large else f"between {small} and {large}"


@dataclass(frozen=True)
class Change:
    measure: Measure
    months: list[MonthChange] = field(default_factory=list)
    whole_year: MonthChange | None = None


def change_in(year: FinancialYear) -> list[Change]:
    """Every measure with its months; a month in which nobody was measured is left out."""
    sent = (
        ReturnVersion.objects.filter(
            state=ReturnVersion.State.ACCEPTED, obligation__month__range=(year.first, year.last)
        )
        .annotate(last_sent=Max("submissions"))
        .values("last_sent")
    )
    answers: dict[int, dict[Month, list[MeasureAnswer]]] = defaultdict(lambda: defaultdict(list))
    found = MeasureAnswer.objects.filter(submission__in=sent, people__gt=0).select_related(
        "submission__version__obligation"
    )
    for answer in found:
        answers[answer.measure_id][answer.submission.version.obligation.period].append(answer)
    return [_change(measure, answers[measure.pk]) for measure in Measure.objects.all()]


def _change(measure: Measure, by_month: dict[Month, list[MeasureAnswer]]) -> Change:
    if not by_month:
        return Change(measure)
    months = [_over_deliveries(month, by_month[month]) for month in sorted(by_month)]
    everything = [answer for answers in by_month.values() for answer in answers]
    return Change(measure, months, _over_deliveries(max(by_month), everything))


def _over_deliveries(month: Month, answers: list[MeasureAnswer]) -> MonthChange:
    people = sum(answer.people for answer in answers)
    deliveries = len({answer.submission.version.obligation.delivery_id for answer in answers})
    medians = [answer.median for answer in answers if answer.median is not None]
    if medians:
        return MonthChange(month, people, deliveries, smallest_median=min(medians), largest_median=max(medians))
    before = sum(answer.people * answer.before for answer in answers) / people
    after = sum(answer.people * answer.after for answer in answers) / people
    return MonthChange(month, people, deliveries, before=before, after=after)
