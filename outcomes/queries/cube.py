"""Reading what a financial year's cube is made of, and whom its registers tell of."""

from __future__ import annotations

import hashlib
import json
from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import NamedTuple

from django.db import connection
from django.db.models import Max, Min, QuerySet, Value
from django.db.models.functions import Coalesce, NullIf
from pyroaring import BitMap

from outcomes.cells import ANY, RULES, Given, Slice, YearReach
from outcomes.models import (
    Category,
    Obligation,
    Presence,
    ReachCube,
    ReturnVersion,
    Submission,
)
from outcomes.models.policy import Dimension
from outcomes.queries.policies import policy_on
from outcomes.queries.presence import WHO, Met, empty_months, versions_with_registers
from outcomes.reach import Breakdowns, Cell, Codes, DeliveryYear, MonthCounts
from programmes.models import Beneficiary, CountingBasis, Delivery
from vru_portal.core.periods import FinancialYear, Month

# Ethnicity is told by its groups, where it has them.
_GROUP = Coalesce(NullIf("ethnicity__group", Value("")), "ethnicity__code")
_WHO_CODES = ("district__code", "age_band__code", "sex__code", _GROUP)


# ---- A year's deliveries ----
class AcceptedRow(NamedTuple):
    version: int
    delivery: int
    month: Month
    basis: CountingBasis
    exposed: int
    new: int


@dataclass(frozen=True)
class Accepted:
    """The accepted returns of April to a month, by their submissions."""

    rows: Mapping[int, AcceptedRow]

    @property
    def versions(self) -> list[int]:
        return sorted(row.version for row in self.rows.values())

    def among(self, versions: Collection[int]) -> Accepted:
        return Accepted({sent: row for sent, row in self.rows.items() if row.version in versions})


def accepted_of(year: FinancialYear, last: Month) -> Accepted:
    accepted = ReturnVersion.objects.filter(state=ReturnVersion.State.ACCEPTED, obligation__waived_at__isnull=True)
    return _as_sent(accepted.filter(obligation__month__range=(year.first, last.first)))


def of_versions(versions: Collection[int], year: FinancialYear, last: Month) -> Accepted:
    """Those of these versions, which were accepted once, that are of April to the month."""
    found = ReturnVersion.objects.filter(pk__in=versions)
    return _as_sent(found.filter(obligation__month__range=(year.first, last.first)))


def _as_sent(versions: QuerySet) -> Accepted:
    last_sent = versions.annotate(sent=Max("submissions")).values_list(
        "sent", "pk", "obligation__delivery_id", "obligation__month", "counting_basis"
    )
    rows = {
        sent: (version, delivery, Month.of(month), CountingBasis(basis))
        for sent, version, delivery, month, basis in last_sent
    }
    said = {
        pk: (exposed or 0, new or 0)
        for pk, exposed, new in Submission.objects.filter(pk__in=list(rows)).values_list(
            "pk", "exposed_people", "new_people"
        )
    }
    return Accepted({sent: AcceptedRow(*row, *said[sent]) for sent, row in sorted(rows.items())})


def owed(year: FinancialYear, last: Month) -> dict[int, frozenset[Month]]:
    """By delivery, the months of April to the last for which it owes a return."""
    months = defaultdict(set)
    found = Obligation.objects.owed().filter(month__range=(year.first, last.first))
    for delivery, month in found.values_list("delivery_id", "month"):
        months[delivery].add(Month.of(month))
    return {delivery: frozenset(found) for delivery, found in months.items()}


class DeliveryInput(NamedTuple):
    """What a delivery's returns are read by."""

    code: str
    programme: int
    owed: frozenset[Month]


def delivery_inputs(accepted: Accepted, year: FinancialYear, last: Month) -> dict[int, DeliveryInput]:
    """By id, in the order of their codes: whoever owes a return of April to the month, or gave one."""
    owed_months = owed(year, last)
    given = defaultdict(set)
    for row in accepted.rows.values():
        given[row.delivery].add(row.month)
    deliveries = Delivery.objects.filter(pk__in=owed_months.keys() | given.keys()).order_by("code")
    return {
        delivery.pk: DeliveryInput(
            delivery.code,
            delivery.programme_id,
            owed_months.get(delivery.pk, frozenset()) | given[delivery.pk],
        )
        for delivery in deliveries.only("code", "programme")
    }


def delivery_years(
    accepted: Accepted,
    deliveries: Mapping[int, DeliveryInput],
    met: Met,
    dimensions: Sequence[str],
) -> dict[int, DeliveryYear]:
    """By delivery id: what it owed, what it gave, by these dimensions, and whom its registers tell of."""
    first_seen, already = _counts(list(accepted.rows), dimensions)
    received: dict[int, dict[Month, MonthCounts]] = defaultdict(dict)
    by_reference: dict[int, set[Month]] = defaultdict(set)
    for submission, row in accepted.rows.items():
        received[row.delivery][row.month] = MonthCounts(
            first_seen[submission], already[submission], row.exposed, row.new
        )
        if row.basis == CountingBasis.CASE_REFERENCE:
            by_reference[row.delivery].add(row.month)
    return {
        pk: DeliveryYear(
            delivery.code,
            delivery.owed,
            received[pk],
            met.registers.get(pk),
            by_reference=frozenset(by_reference[pk]),
        )
        for pk, delivery in deliveries.items()
    }


def _counts(submissions: list[int], dimensions: Sequence[str]) -> tuple[dict, dict]:
    """By submission, the people first seen and those already counted, by cell; ethnicities in their groups."""
    counted: dict[str, dict[int, dict[Cell, int]]] = defaultdict(lambda: defaultdict(dict))
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT c.seen, c.submission_id, k.dimension, "
            "CASE WHEN k.dimension = 'ethnicity' AND k.group <> '' THEN k.group ELSE k.code END, sum(c.people) "
            "FROM outcomes_submissioncount c JOIN outcomes_category k ON k.id = c.category_id "
            "WHERE c.submission_id = ANY(%s) AND k.dimension = ANY(%s) GROUP BY 1, 2, 3, 4",
            [submissions, list(dimensions)],
        )
        for seen, submission, dimension, code, people in cursor.fetchall():
            counted[seen][submission][dimension, code] = int(people)
    return counted["first_seen"], counted["already_counted"]


# ---- The slices of a cube ----
def codes_of_people() -> dict[str, Codes]:
    """By what people are told, and the codes of it; ethnicity by its groups."""
    every: dict[str, list[str]] = defaultdict(list)
    unknown: dict[str, set[str]] = defaultdict(set)
    for category in Category.objects.order_by("dimension", "order"):
        code = (category.dimension == Dimension.ETHNICITY and category.group) or category.code
        if code not in every[category.dimension]:
            every[category.dimension].append(code)
        if not category.is_known:
            unknown[category.dimension].add(code)
    return {dimension: Codes(tuple(every[dimension]), frozenset(unknown[dimension])) for dimension in WHO}


def year_reach(cube: ReachCube) -> YearReach:
    """Everything that the cells of a cube are worked out from."""
    year, last = FinancialYear(cube.year), Month.of(cube.last_month)
    accepted, supported = accepted_of(year, last), policy_on(last.last).supported_rungs
    told = _told(cube, accepted)
    years = delivery_years(accepted, delivery_inputs(accepted, year, last), told.met, WHO)
    deliveries = list(
        Delivery.objects.filter(pk__in=years).select_related("programme", "setting", "partner").order_by("code")
    )
    slices: dict[tuple[str, str], list[Given]] = defaultdict(list)
    for delivery in deliveries:
        programme = delivery.programme
        if programme.counts_exposure:
            continue
        whole = Given(years[delivery.pk], otherwise=told.otherwise[delivery.pk])
        slices["programme", programme.code].append(whole)
        if programme.beneficiary != Beneficiary.YOUNG_PEOPLE or programme.rung not in supported:
            continue
        slices[ANY, ""].append(whole)
        slices["level", programme.prevention_level].append(whole)
        slices["partner", str(delivery.partner_id)].append(whole)
        for where, home in (("setting", delivery.setting.code), ("rung", programme.rung)):
            for what, given in _parted(whole, told.parts[delivery.pk][where], home):
                slices[where, what].append(given)
    return YearReach(
        year,
        last,
        Breakdowns(codes_of_people(), told.met.everybody),
        tuple(Slice(where, what, tuple(given)) for (where, what), given in sorted(slices.items())),
    )


def _parted(
    whole: Given, parts: Mapping[str, Mapping[str, Mapping[Month, BitMap]]], home: str
) -> Iterator[tuple[str, Given]]:
    """A delivery by the settings, or rungs, that its registers tell of. What it counted otherwise was at its home."""
    year = whole.year
    if year.register is None:
        yield home, whole
        return
    for what in sorted({home, *parts}):
        registers = {
            threshold: {month: parts.get(what, {}).get(threshold, {}).get(month, BitMap()) for month in year.register}
            for threshold in ("person", "strict", "loose")
        }
        received = year.received if what == home else {month: MonthCounts() for month in year.received}
        yield (
            what,
            Given(
                replace(year, received=received, register=registers.pop("person")),
                is_home=what == home,
                otherwise=registers,
            ),
        )


@dataclass(frozen=True)
class _Told:
    """Whom registers tell of, and the same by other thresholds, by setting and by rung."""

    met: Met
    otherwise: Mapping[int, Mapping[str, Mapping[Month, BitMap]]]  # delivery → threshold → month
    parts: Mapping[int, Mapping[str, Mapping[str, Mapping[str, Mapping[Month, BitMap]]]]]  # delivery → where → what → …


def _nested() -> defaultdict:
    return defaultdict(_nested)


def _told(cube: ReachCube, accepted: Accepted) -> _Told:
    registers = empty_months(versions_with_registers(accepted.versions), accepted.versions)
    everybody: dict[Cell, BitMap] = defaultdict(BitMap)
    otherwise, parts = _nested(), _nested()
    rows = (
        Presence.objects.filter(cube=cube)
        .order_by()
        .values_list("delivery", "month", "setting__code", "rung", "person", "strict", "loose", *_WHO_CODES)
    )
    for delivery, day, setting, rung, person, strict, loose, *codes in rows.iterator(chunk_size=20_000):
        month = Month.of(day)
        registers[delivery][month].add(person)
        numbers = {"person": person, "strict": strict, "loose": loose}
        for threshold, number in numbers.items():
            for kept in (otherwise[delivery], parts[delivery]["setting"][setting], parts[delivery]["rung"][rung]):
                kept[threshold].setdefault(month, BitMap()).add(number)
        for cell in zip(WHO, codes, strict=True):
            everybody[cell].add(person)
    return _Told(Met(registers, everybody), otherwise, parts)


# ---- Whether a cube is as it would be made now ----
def people_of(accepted: Accepted) -> str:
    """SHA-256 of all that a year's presence is made from: what stands in a version never changes, but objections may
    take rows out."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*), encode(sha256(convert_to(coalesce(string_agg(DISTINCT concat_ws('-', "
            "l.identity_id, l.person, l.strict, l.loose), ','), ''), 'UTF8')), 'hex') "
            "FROM outcomes_registercontact c JOIN outcomes_registerfile f ON f.id = c.file_id "
            "JOIN outcomes_linkedidentity l ON l.identity_id = c.identity_id "
            "WHERE f.version_id = ANY(%s) AND f.state = 'taken'",
            [accepted.versions],
        )
        contacts, linked = cursor.fetchone()
    return _digest([accepted.versions, contacts, linked])


def sources_of(cube: ReachCube, before: ReachCube | None) -> str:
    """SHA-256 of all that its cells are made from; `before`: the year before."""
    return _digest([RULES, _sources(cube), _sources(before) if before else None])


def _sources(cube: ReachCube) -> list:
    last = Month.of(cube.last_month)
    months = owed(last.financial_year, last)
    return [
        [cube.year, last.code, cube.people],
        sorted([delivery, sorted(month.code for month in found)] for delivery, found in months.items()),
        sorted(
            Delivery.objects.filter(pk__in=months).values_list(
                *("code", "programme__code", "programme__rung", "programme__beneficiary"),
                *("programme__prevention_level", "setting__code", "partner_id"),
            )
        ),
        list(Category.objects.order_by("pk").values_list("dimension", "code", "group", "is_known")),
        sorted(policy_on(last.last).supported_rungs),
    ]


def _digest(said: list) -> str:
    return hashlib.sha256(json.dumps(said, default=list).encode()).hexdigest()


def years_to_count() -> list[tuple[FinancialYear, Month]]:
    """The financial years of which returns are accepted, earliest first, each with the last month that one is of."""
    found = Obligation.objects.met().aggregate(first=Min("month"), last=Max("month"))
    if found["first"] is None:
        return []
    first, last = FinancialYear.of(found["first"]), FinancialYear.of(found["last"])
    years = []
    for start in range(first.start, last.start + 1):
        year = FinancialYear(start)
        newest = Obligation.objects.met().filter(month__range=(year.first, year.last)).aggregate(last=Max("month"))
        if newest["last"]:
            years.append((year, Month.of(newest["last"])))
    return years
