"""What programmes achieved: the series of their measures, from accepted returns of a financial year.

Places and months come together as each measure says. A measure with a successor stands in the successor's series, its
values times the crosswalk's factor, and the month of the change is a break.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal

from django.db.models import Max

from outcomes.answer_words import said
from outcomes.models import Measure, MeasureAnswer, MeasureSuccession, ReturnVersion
from outcomes.models.measures import AddsUp, MeasureKind
from programmes.models import Programme
from vru_portal.core.periods import FinancialYear, Month


@dataclass(frozen=True)
class Value:
    """What several answers come to: one number, or the range from `low` to `high` where there is none.

    `people`: on how many it was measured; None for counted numbers. `before` stands with averages alone. Units are the
    measure's own.
    """

    low: Decimal
    high: Decimal
    deliveries: int
    people: int | None = None
    before: Decimal | None = None

    @property
    def difference(self) -> Decimal | None:
        return None if self.before is None else self.high - self.before

    @property
    def words(self) -> str:
        """“14” or “between 9 and 21”."""
        low, high = _rounded(self.low), _rounded(self.high)
        return low if low == high else f"between {low} and {high}"


@dataclass(frozen=True)
class MonthValue:
    """A month of a series. `factor`: by which an earlier measure's answers were multiplied; None if none are in it."""

    month: Month
    value: Value
    factor: Decimal | None = None


@dataclass(frozen=True)
class Break:
    """From `month` on the measure took another's place."""

    month: Month
    note: str
    old: Measure


@dataclass(frozen=True)
class Series:
    """A measure of one programme in a year; a month without an answer, or with nobody measured, is left out. So is a
    nil month of a level at the month's end."""

    measure: Measure
    months: list[MonthValue] = field(default_factory=list)
    whole_year: Value | None = None
    breaks: list[Break] = field(default_factory=list)


@dataclass(frozen=True)
class ProgrammeChange:
    programme: Programme
    series: list[Series]


@dataclass(frozen=True)
class _Answer:
    """One delivery's answer to one month, in the unit of the series it stands in."""

    month: Month
    delivery: int
    value: Decimal
    people: int | None
    before: Decimal | None
    factor: Decimal | None


def change_in(year: FinancialYear, *, programme: Programme | None = None) -> list[ProgrammeChange]:
    """Every programme, or the one that is given, with the series of each measure that it answered in the year."""
    lines = _Lines()
    found: dict[int, dict[int, list[_Answer]]] = defaultdict(lambda: defaultdict(list))
    for of_programme, measure, answer in _answers(year, programme, lines):
        found[of_programme][measure].append(answer)
    programmes = Programme.objects.filter(pk__in=found).order_by("order", "name")
    return [ProgrammeChange(each, _all_series(found[each.pk], lines, year)) for each in programmes]


def _all_series(found: dict[int, list[_Answer]], lines: _Lines, year: FinancialYear) -> list[Series]:
    answered = sorted(found.items(), key=lambda item: lines.measures[item[0]].name)
    return [lines.series(lines.measures[pk], answers, year) for pk, answers in answered]


def _answers(year: FinancialYear, programme: Programme | None, lines: _Lines) -> Iterator[tuple[int, int, _Answer]]:
    """(programme, measure of the series, answer) of what each accepted return said last."""
    accepted = ReturnVersion.objects.filter(
        state=ReturnVersion.State.ACCEPTED, obligation__month__range=(year.first, year.last)
    )
    if programme:
        accepted = accepted.filter(obligation__delivery__programme=programme)
    sent = accepted.annotate(last_sent=Max("submissions")).values("last_sent")
    obligation = "submission__version__obligation"
    rows = MeasureAnswer.objects.filter(submission__in=sent, text="").exclude(people=0)
    # A nil return says nothing of levels at the month's end; earlier ones wrote zero, which nobody had counted.
    rows = rows.exclude(submission__is_nil=True, measure__over_months=AddsUp.LATEST)
    for row in rows.values_list(
        f"{obligation}__delivery__programme", "measure", f"{obligation}__month", f"{obligation}__delivery",
        "value", "median", "after", "before", "people",
    ):  # fmt: skip
        of_programme, measure, month, delivery, value, median, after, before, people = row
        number = next(part for part in (value, median, after) if part is not None)
        last, factor = lines.stands_in(measure)
        times = Decimal(1) if factor is None else factor
        scaled = None if before is None else before * times
        yield of_programme, last, _Answer(Month.of(month), delivery, number * times, people, scaled, factor)


class _Lines:
    """Which measure's series each measure stands in, read once."""

    def __init__(self) -> None:
        self.measures = {measure.pk: measure for measure in Measure.objects.all()}
        self.next = {succession.old_id: succession for succession in MeasureSuccession.objects.all()}

    def stands_in(self, measure: int) -> tuple[int, Decimal | None]:
        """The last measure of its line, and the factor to it; None if it is itself the last."""
        factor = None
        while succession := self.next.get(measure):
            measure, factor = succession.new_id, (factor or Decimal(1)) * succession.factor
        return measure, factor

    def series(self, measure: Measure, answers: list[_Answer], year: FinancialYear) -> Series:
        by_month = defaultdict(list)
        for answer in answers:
            by_month[answer.month].append(answer)
        months = [_month(measure, month, by_month[month]) for month in sorted(by_month)]
        return Series(measure, months, _whole_year(measure, months, answers), list(self._breaks(measure, year)))

    def _breaks(self, measure: Measure, year: FinancialYear) -> Iterator[Break]:
        """Those that fall into the year, the earliest first; a change before its first month breaks nothing in it."""
        line = [s for s in self.next.values() if self.stands_in(s.old_id)[0] == measure.pk]
        for succession in sorted(line, key=lambda succession: succession.month):
            if year.first < succession.month <= year.last:
                yield Break(Month.of(succession.month), succession.note, self.measures[succession.old_id])


def _month(measure: Measure, month: Month, answers: list[_Answer]) -> MonthValue:
    factors = {answer.factor for answer in answers if answer.factor is not None}
    return MonthValue(month, _together(measure, measure.over_places, answers), max(factors, default=None))


def _whole_year(measure: Measure, months: list[MonthValue], answers: list[_Answer]) -> Value:
    """Averages and medians over all answers; the latest of each place, for one may not have said anything of the last
    month; other counted numbers over the months' values."""
    deliveries = len({answer.delivery for answer in answers})
    if measure.kind != MeasureKind.NUMBER:
        return _together(measure, measure.over_months, answers)
    if measure.over_months == AddsUp.LATEST:
        latest = {answer.delivery: answer for answer in sorted(answers, key=lambda answer: answer.month)}
        return _together(measure, measure.over_places, list(latest.values()))
    lows, highs = [month.value.low for month in months], [month.value.high for month in months]
    if measure.over_months in (AddsUp.MEDIAN, AddsUp.NOT_ADDITIVE):
        return Value(min(lows), max(highs), deliveries)
    combined = [_combined(measure.over_months, values) for values in (lows, highs)]
    return Value(*combined, deliveries)


def _together(measure: Measure, rule: str, answers: Sequence[_Answer]) -> Value:
    """What answers of several places, or of several months, come to."""
    values = [answer.value for answer in answers]
    deliveries = len({answer.delivery for answer in answers})
    people = sum(answer.people for answer in answers) if answers[0].people is not None else None
    spread = Value(min(values), max(values), deliveries, people)
    if measure.kind == MeasureKind.BEFORE_AFTER:
        after = _weighted(answers, people, (answer.value for answer in answers))
        return replace(spread, low=after, high=after, before=_weighted(answers, people, (a.before for a in answers)))
    if measure.kind == MeasureKind.MEDIAN or rule in (AddsUp.MEDIAN, AddsUp.NOT_ADDITIVE):
        return spread
    # Places that all report of one month have no latest.
    combined = _combined(AddsUp.SUM if rule == AddsUp.LATEST else rule, values)
    return replace(spread, low=combined, high=combined)


def _combined(rule: str, values: Sequence[Decimal]) -> Decimal:
    if rule == AddsUp.MAXIMUM:
        return max(values)
    if rule == AddsUp.AVERAGE:
        return sum(values) / len(values)
    return sum(values) if rule == AddsUp.SUM else values[-1]


def _weighted(answers: Sequence[_Answer], people: int, values: Iterable[Decimal]) -> Decimal:
    return sum(answer.people * value for answer, value in zip(answers, values, strict=True)) / people


def _rounded(value: Decimal) -> str:
    return said(value.quantize(Decimal("0.1")))
