"""Reading what a financial year's cube is made of, and whom its registers tell of."""

from __future__ import annotations

import hashlib
import json
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from django.db import connection
from django.db.models import Max, Min, Value
from django.db.models.functions import Coalesce, NullIf
from pyroaring import BitMap

from outcomes.cells import ANY, Given, Slice, YearReach
from outcomes.models import (
    Category,
    LedgerEntry,
    Obligation,
    Presence,
    ReachCube,
    RegisterFile,
    ReturnVersion,
    Submission,
)
from outcomes.models.policy import Dimension
from outcomes.queries.policies import policy_on
from outcomes.reach import Breakdowns, Cell, Codes, DeliveryYear, MonthCounts
from programmes.models import Beneficiary, CountingBasis, Delivery
from vru_portal.core.periods import FinancialYear, Month


class NotCountedYet(Exception):
    """Registers were accepted or corrected since people were last counted."""


# ---- Whom registers tell of ----
@dataclass(frozen=True)
class Met:
    """By delivery and month, everybody in its registers by number; and who of everybody is of which cell."""

    registers: Mapping[int, Mapping[Month, BitMap]] = field(default_factory=dict)
    everybody: Mapping[Cell, BitMap] = field(default_factory=dict)
    position: int = 0

    def until(self, last: Month) -> Met:
        """The same without what came after the month."""
        registers = {
            delivery: {month: people for month, people in months.items() if month <= last}
            for delivery, months in self.registers.items()
        }
        met = BitMap.union(BitMap(), *(people for months in registers.values() for people in months.values()))
        return Met(registers, {cell: people & met for cell, people in self.everybody.items()}, self.position)


def versions_with_registers(versions: Collection[int]) -> dict[int, tuple[int, Month]]:
    """Version → (delivery, month) of those that came with a register."""
    found = RegisterFile.objects.filter(version__in=versions, state=RegisterFile.State.TAKEN).values_list(
        "version", "version__obligation__delivery", "version__obligation__month"
    )
    return {version: (delivery, Month.of(month)) for version, delivery, month in found}


def ledger_position() -> int:
    """The last entry of the ledger; 0 while there is none."""
    return LedgerEntry.objects.aggregate(last=Max("pk"))["last"] or 0


def digest_of(versions: Iterable[int]) -> str:
    return hashlib.sha256(",".join(map(str, sorted(versions))).encode()).hexdigest()


def people_met(year: FinancialYear, versions: Collection[int]) -> Met:
    """Of the year's registers, as they stand in the cube. `versions`: all that are accepted of the year.

    `NotCountedYet` if the cube was made of others. Nil returns of deliveries that give registers tell of nobody.
    """
    gave = versions_with_registers(versions)
    if not gave:
        return Met()
    made = (
        Presence.objects.filter(cube__year=year.start)
        .order_by()
        .values_list("cube__versions", "cube__position", "delivery", "month", "person", *_WHO_CODES)
        .distinct()
    )
    rows = list(made) or list(ReachCube.objects.filter(year=year.start).values_list("versions", "position"))
    if not rows or rows[0][0] != digest_of(gave):
        raise NotCountedYet(f"People of {year} were not counted since registers changed.")
    registers = _empty_months(gave, versions)
    everybody: dict[Cell, BitMap] = defaultdict(BitMap)
    for row in rows:
        if len(row) == 2:
            break
        _, _, delivery, month, person, *codes = row
        registers[delivery][Month.of(month)].add(person)
        for cell in zip(WHO, codes, strict=True):
            everybody[cell].add(person)
    return Met(registers, everybody, rows[0][1])


WHO = (Dimension.DISTRICT.value, Dimension.AGE_BAND.value, Dimension.SEX.value, Dimension.ETHNICITY.value)
# Ethnicity is told by its groups, where it has them.
_GROUP = Coalesce(NullIf("ethnicity__group", Value("")), "ethnicity__code")
_WHO_CODES = ("district__code", "age_band__code", "sex__code", _GROUP)


def _empty_months(gave: Mapping[int, tuple[int, Month]], versions: Collection[int]) -> dict[int, dict[Month, BitMap]]:
    """The months for which registers tell who was met: those of registers, and nil months of the same deliveries."""
    registers: dict[int, dict[Month, BitMap]] = defaultdict(dict)
    for delivery, month in gave.values():
        registers[delivery][month] = BitMap()
    nil = Submission.objects.filter(
        version__in=versions, is_nil=True, version__obligation__delivery__in=list(registers)
    ).values_list("version__obligation__delivery", "version__obligation__month")
    for delivery, month in nil:
        registers[delivery].setdefault(Month.of(month), BitMap())
    return registers


# ---- A year's deliveries ----
@dataclass(frozen=True)
class Accepted:
    """The accepted returns of April to a month: submission → (version, delivery, month, exposed, new)."""

    rows: Mapping[int, tuple[int, int, Month, int, int]]

    @property
    def versions(self) -> list[int]:
        return sorted(version for version, *_ in self.rows.values())

    def among(self, versions: Collection[int]) -> Accepted:
        return Accepted({sent: row for sent, row in self.rows.items() if row[0] in versions})


def accepted_of(year: FinancialYear, last: Month) -> Accepted:
    last_sent = (
        ReturnVersion.objects.filter(
            state=ReturnVersion.State.ACCEPTED,
            obligation__month__range=(year.first, last.first),
            obligation__waived_at__isnull=True,
        )
        .annotate(sent=Max("submissions"))
        .values_list("sent", "pk", "obligation__delivery_id", "obligation__month")
    )
    rows = {sent: (version, delivery, Month.of(month)) for sent, version, delivery, month in last_sent}
    said = {
        pk: (exposed or 0, new or 0)
        for pk, exposed, new in Submission.objects.filter(pk__in=list(rows)).values_list(
            "pk", "exposed_people", "new_people"
        )
    }
    return Accepted({sent: (*row, *said[sent]) for sent, row in sorted(rows.items())})


def owed(year: FinancialYear, last: Month) -> dict[int, frozenset[Month]]:
    """By delivery, the months of April to the last for which it owes a return."""
    months = defaultdict(set)
    found = Obligation.objects.owed().filter(month__range=(year.first, last.first))
    for delivery, month in found.values_list("delivery_id", "month"):
        months[delivery].add(Month.of(month))
    return {delivery: frozenset(found) for delivery, found in months.items()}


def delivery_years(
    accepted: Accepted,
    owed_months: Mapping[int, frozenset[Month]],
    met: Met,
    dimensions: Sequence[str],
) -> dict[int, DeliveryYear]:
    """By delivery id: what it owed, what it gave, by these dimensions, and whom its registers tell of."""
    first_seen, already = _counts(list(accepted.rows), dimensions)
    received: dict[int, dict[Month, MonthCounts]] = defaultdict(dict)
    due = {delivery: set(months) for delivery, months in owed_months.items()}
    for submission, (_, delivery, month, exposed, new) in accepted.rows.items():
        due.setdefault(delivery, set()).add(month)
        received[delivery][month] = MonthCounts(first_seen[submission], already[submission], exposed, new)
    deliveries = Delivery.objects.filter(pk__in=due).order_by("code").only("code", "counting_basis")
    return {
        delivery.pk: DeliveryYear(
            delivery.code,
            frozenset(due[delivery.pk]),
            received[delivery.pk],
            met.registers.get(delivery.pk),
            by_reference=delivery.counting_basis == CountingBasis.CASE_REFERENCE,
        )
        for delivery in deliveries
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
    years = delivery_years(accepted, owed(year, last), told.met, WHO)
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
    registers = _empty_months(versions_with_registers(accepted.versions), accepted.versions)
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
    return _Told(Met(registers, everybody, cube.position), otherwise, parts)


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
    return _digest([_sources(cube), _sources(before) if before else None])


def _sources(cube: ReachCube) -> list:
    last = Month.of(cube.last_month)
    months = owed(last.financial_year, last)
    return [
        [cube.year, last.code, cube.people],
        sorted([delivery, sorted(month.code for month in found)] for delivery, found in months.items()),
        sorted(
            Delivery.objects.filter(pk__in=months).values_list(
                *("code", "programme__code", "programme__rung", "programme__beneficiary"),
                *("programme__prevention_level", "setting__code", "partner_id", "counting_basis"),
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
