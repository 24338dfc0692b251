"""What was done, and how often: the measures of accepted returns that add up over places, as a release tells of them.

Pure: from what each return answered to rows that may be published. A measure says itself how its months come together;
places are summed, or the measure is not here. Of what is about people, numbers are rounded, small ones are hidden, and
with them whatever would tell them by subtraction, within the release and beside the earlier ones.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from functools import cached_property
from itertools import groupby
from math import ceil
from typing import NamedTuple

from outcomes.disclosure import additive
from outcomes.disclosure.finding import Finding
from outcomes.disclosure.rule import shown
from outcomes.release_figures import Period, periods_of
from outcomes.release_inputs import PolicyInput
from vru_portal.core.periods import Month

ALL = "all"


@dataclass(frozen=True)
class MeasureInput:
    """`over_months`: sum, latest or maximum, of each delivery."""

    code: str
    name: str
    definition: str
    unit: str
    counts: str
    over_months: str
    is_about_people: bool


class Place(NamedTuple):
    """Where something was done: by codes, or “all”."""

    programme: str = ALL
    partner_kind: str = ALL
    setting: str = ALL


@dataclass(frozen=True)
class DeliveryInput:
    """`partner`: who answers, None where the release does not say."""

    place: Place
    owed: frozenset[Month]
    partner: int | None = None


@dataclass(frozen=True)
class Answer:
    """What the version of a delivery's return said of a measure."""

    delivery: int
    month: Month
    version: int
    value: Decimal


class Key(NamedTuple):
    """What a row is of; the same in each release that holds it."""

    period: str
    start: str
    end: str
    measure: str
    place: Place


@dataclass(frozen=True)
class ActivityInputs:
    """`answers`: by measure, in any order."""

    month: Month
    policy: PolicyInput
    measures: Sequence[MeasureInput]
    deliveries: Mapping[int, DeliveryInput]
    answers: Mapping[str, Sequence[Answer]]


@dataclass(frozen=True)
class Published:
    """A release that is public already: what it was made of, and what it said (None: hidden) of people."""

    inputs: ActivityInputs
    said: Mapping[Key, int | None]

    @property
    def without_numbers(self) -> Published:
        return replace(self, said=dict.fromkeys(self.said))

    def hidden_of(self, measure: str) -> list[Key]:
        return self._hidden.get(measure, [])

    @cached_property
    def _hidden(self) -> Mapping[str, list[Key]]:
        found: dict[str, list[Key]] = defaultdict(list)
        for key, said in self.said.items():
            if said is None:
                found[key.measure].append(key)
        return found


@dataclass(frozen=True)
class ActivityRow:
    """`value` as published; `exact` as counted, None where no return answered."""

    period: Period
    measure: MeasureInput
    place: Place
    exact: Decimal | None
    value: Decimal | None
    symbol: str
    answered: int
    due: int

    @property
    def key(self) -> Key:
        return _key(self.period, self.measure, self.place)


def activity_rows(inputs: ActivityInputs, earlier: Sequence[Published] = ()) -> list[ActivityRow]:
    """Measure by measure; each quarter that is over and the year to date; all places, then each of their kinds."""
    return [row for measure in inputs.measures for row in _rows(_Told(inputs, measure), earlier)]


def _rows(told: _Told, earlier: Sequence[Published]) -> Iterator[ActivityRow]:
    policy, cells = told.inputs.policy, list(told.cells())
    if not told.measure.is_about_people:
        yield from (cell.row(cell.exact) for cell in cells)
        return
    rule = {"round_to": policy.round_to, "hide_below": policy.hide_below}
    sticking = {key for release in earlier for key in release.hidden_of(told.measure.code)}
    numbers = {cell: ceil(cell.exact) for cell in cells if cell.exact is not None}
    said = {cell: None if cell.key in sticking else shown(exact, **rule) for cell, exact in numbers.items()}
    if sticking or None in said.values():
        sums = [cell.sum(each, policy) for cell, each in said.items()]
        before = [one for release in earlier for one in _said(told.measure, release)]
        public = [cell.sum(number, by) for cell, number, by in before]
        insiders = _insiders([*said, *(cell for cell, _, _ in before)]).values()
        hidden = additive.protect(sums, public, hide_below=policy.hide_below, insiders=insiders).keys
        said = {cell: None if cell.key in hidden else each for cell, each in said.items()}
    for cell in cells:
        number = said.get(cell)
        yield cell.row(None if number is None else Decimal(number))


def _said(measure: MeasureInput, release: Published) -> Iterator[tuple[_Cell, int | None, PolicyInput]]:
    for cell in _Told(release.inputs, measure).cells():
        if cell.exact is not None and cell.key in release.said:
            yield cell, release.said[cell.key], release.inputs.policy


def audit_activity(chain: Sequence[Published], partner: int | None = None) -> list[Finding[Key]]:
    """What can be said of each small number that a chain of releases hides, by what they published: by somebody
    outside, or of the others by a partner that knows what it answered itself. The measures are those of the last."""
    measures = chain[-1].inputs.measures
    return [each for one in measures if one.is_about_people for each in _findings(one, chain, partner)]


def _findings(measure: MeasureInput, chain: Sequence[Published], partner: int | None) -> Iterator[Finding[Key]]:
    said = [(which, *one) for which, release in enumerate(chain) for one in _said(measure, release)]
    insider = _insiders(cell for _, cell, _, _ in said).get(partner)
    if partner is not None and insider is None:
        return
    sums = ((which, cell.sum(number, policy)) for which, cell, number, policy in said)
    yield from additive.audit(sums, hide_below=chain[-1].inputs.policy.hide_below, insider=insider)


def _insiders(cells: Iterable[_Cell]) -> Mapping[int, additive.Insider]:
    """By partner, what it knows of what everything is the sum of."""
    atoms = {atom: (cell, answers) for cell in cells for atom, answers in cell.atoms.items()}
    own: dict[int, dict[tuple, Decimal]] = defaultdict(dict)
    alone: dict[int, set[tuple]] = defaultdict(set)
    for atom, (cell, answers) in atoms.items():
        of = {answer: cell.deliveries[answer.delivery].partner for answer in answers}
        for partner in {*of.values()} - {None}:
            own[partner][atom] = sum((a.value for a in answers if of[a] == partner), Decimal(0))
            if {*of.values()} == {partner}:
                alone[partner].add(atom)
    return {partner: additive.Insider(parts, frozenset(alone[partner])) for partner, parts in own.items()}


@dataclass(frozen=True, eq=False)
class _Cell:
    """A row before it is published. `used`: the answers that it is made of, by delivery and quarter."""

    measure: MeasureInput
    period: Period
    place: Place
    deliveries: Mapping[int, DeliveryInput]
    used: Sequence[tuple[Answer, ...]]
    due: int
    answered: int

    @cached_property
    def key(self) -> Key:
        return _key(self.period, self.measure, self.place)

    @cached_property
    def exact(self) -> Decimal | None:
        if not self.answered:
            return None
        return sum((sum(answer.value for answer in part) for part in self.used), Decimal(0))

    @cached_property
    def atoms(self) -> Mapping[tuple, tuple[Answer, ...]]:
        """What the same returns say of one place, which is never published."""
        summed = self.measure.over_months == "sum"
        found: dict[tuple, list[Answer]] = defaultdict(list)
        for part in self.used:
            found[self.deliveries[part[0].delivery].place, summed and _quarter(part[0])] += part
        return {
            (place, tuple(sorted(answer.version for answer in answers))): tuple(answers)
            for (place, _), answers in found.items()
        }

    def sum(self, said: int | None, policy: PolicyInput) -> additive.Sum:
        """Of its atoms: whoever subtracts is left with nothing smaller."""
        dear, atoms = sum(part == ALL for part in self.place), dict.fromkeys(self.atoms, 1)
        return additive.Sum(self.key, atoms, ceil(self.exact or 0), said, policy.round_to, policy.hide_below, dear)

    def row(self, value: Decimal | None) -> ActivityRow:
        symbol = "" if value is not None else "c" if self.answered else "x"
        return ActivityRow(self.period, self.measure, self.place, self.exact, value, symbol, self.answered, self.due)


@dataclass(frozen=True)
class _Told:
    """What a release's returns tell of one measure."""

    inputs: ActivityInputs
    measure: MeasureInput

    @cached_property
    def months(self) -> Mapping[int, list[Answer]]:
        """By delivery, in their order."""
        months: dict[int, list[Answer]] = defaultdict(list)
        for answer in sorted(self.inputs.answers.get(self.measure.code, ()), key=lambda a: (a.delivery, a.month)):
            months[answer.delivery].append(answer)
        return months

    @cached_property
    def asked_from(self) -> Mapping[str, Month]:
        """The first month that each programme answers; before it, nothing was asked."""
        first: dict[str, Month] = {}
        for delivery, answers in self.months.items():
            programme = self.inputs.deliveries[delivery].place.programme
            first[programme] = min(first.get(programme, answers[0].month), answers[0].month)
        return first

    @cached_property
    def asked(self) -> Mapping[int, DeliveryInput]:
        """The deliveries of programmes that answer it."""
        return {pk: one for pk, one in self.inputs.deliveries.items() if one.place.programme in self.asked_from}

    def cells(self) -> Iterator[_Cell]:
        """Rows for which something is due, a period at a time."""
        periods = periods_of(self.inputs.month)
        last = [period for period in periods if period.type == "year_to_date"][-1:]
        for period in [*(period for period in periods if period.type == "quarter"), *last]:
            given = {pk: self._given(pk, set(period.months)) for pk in self.asked}
            for place, deliveries in self.places.items():
                due, answered, used = zip(*(given[pk] for pk in deliveries), strict=True)
                if any(due):
                    parts = [part for each in used for part in each]
                    yield _Cell(self.measure, period, place, self.asked, parts, sum(due), sum(answered))

    @cached_property
    def places(self) -> Mapping[Place, list[int]]:
        """Each programme, and its kinds of partners by settings where it has several of them. Of several programmes
        also all together, each kind and each setting. What would only repeat a row is left out."""
        inside: dict[str, set[Place]] = defaultdict(set)
        for one in self.asked.values():
            inside[one.place.programme].add(one.place)
        found: dict[Place, list[int]] = defaultdict(list)
        for pk, one in self.asked.items():
            programme, kind, setting = one.place
            wanted = [Place(programme)]
            wanted += [one.place] if len(inside[programme]) > 1 else []
            wanted += [Place(), Place(partner_kind=kind), Place(setting=setting)] if len(inside) > 1 else []
            for place in wanted:
                found[place].append(pk)
        everywhere = len(found.get(Place(), ()))
        repeats = [p for p, among in found.items() if p != Place() and p.programme == ALL and len(among) == everywhere]
        return {place: found[place] for place in sorted(found, key=_order) if place not in repeats}

    def _given(self, pk: int, months: Collection[Month]) -> tuple[int, int, list[tuple[Answer, ...]]]:
        """Of a delivery: how many returns are due, how many answered, and the answers that count."""
        one = self.asked[pk]
        answers = [answer for answer in self.months.get(pk, ()) if answer.month in months]
        first = self.asked_from[one.place.programme]
        due = {month for month in one.owed if month >= first and month in months}
        return len(due.union(answer.month for answer in answers)), len(answers), self._used(answers)

    def _used(self, answers: Sequence[Answer]) -> list[tuple[Answer, ...]]:
        """The answers of one delivery that count, quarter by quarter where they are summed."""
        if not answers:
            return []
        if self.measure.over_months == "sum":
            return [tuple(part) for _, part in groupby(answers, key=_quarter)]
        if self.measure.over_months == "latest":
            return [(answers[-1],)]
        return [(max(answers, key=lambda answer: answer.value),)]


def _key(period: Period, measure: MeasureInput, place: Place) -> Key:
    return Key(period.type, period.start.isoformat(), period.end.isoformat(), measure.code, place)


def _quarter(answer: Answer) -> int:
    return answer.month.place_in_year // 3


def _order(place: Place) -> tuple:
    """All first, then what is broken down by one thing, then by several."""
    return sum(part != ALL for part in place), [part == ALL for part in place], place
