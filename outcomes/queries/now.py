"""Reach as it stands now, for staff: every slice, who is new and who comes back, how often, and who shares whom."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from itertools import combinations

from django.db.models import Exists, F, OuterRef, Q, QuerySet, Sum
from pyroaring import BitMap

from outcomes.disclosure.rule import shown
from outcomes.models import Category, Policy, Presence, ReachCell, ReachCube, Recount, ReturnVersion
from outcomes.models.cube import CellPeriod, CellWhere
from outcomes.models.policy import Dimension
from outcomes.queries.policies import policy_on
from outcomes.sentences import NOUNS
from partners.models import Organisation
from programmes.models import Beneficiary, CountingBasis, Programme, ProgrammePreventionLevel, Rung, Setting
from vru_portal.core.periods import FinancialYear, Month

NO_PEOPLE = BitMap()


# ---- Whether it is up to date ----
@dataclass(frozen=True)
class Standing:
    """When a year was counted, and the recount that waits or is at work."""

    counted_at: datetime | None
    recount: Recount | None


def standing(year: FinancialYear) -> Standing:
    cube = ReachCube.objects.filter(year=year.start).first()
    under_way = Recount.objects.filter(state__in=[Recount.State.QUEUED, Recount.State.RUNNING]).order_by("pk").first()
    return Standing(cube.counted_at if cube else None, under_way)


def years_counted() -> list[FinancialYear]:
    """Newest first."""
    counted = ReachCube.objects.filter(counted_at__isnull=False)
    return [FinancialYear(year) for year in counted.order_by("-year").values_list("year", flat=True)]


# ---- Slices ----
@dataclass(frozen=True)
class Line:
    """One line of the table: of each period the cell, or None where nobody was."""

    name: str
    cells: tuple[ReachCell | None, ...]


@dataclass(frozen=True)
class Slices:
    """A year by periods (columns, the newest first) and one kind of slice (lines)."""

    ends: tuple[tuple[date, date], ...]
    total: Line
    lines: tuple[Line, ...]

    @property
    def latest(self) -> ReachCell | None:
        """The total of the last period."""
        return self.total.cells[0] if self.total.cells else None


BY_DELIVERY = {w.value: w.label for w in CellWhere if w != CellWhere.ANY}
BY_PEOPLE = {
    Dimension.DISTRICT.value: "District they live in",
    Dimension.AGE_BAND.value: "Age on 1 April",
    Dimension.SEX.value: "Sex",
    Dimension.ETHNICITY.value: "Ethnicity",
}
WHO = tuple(BY_PEOPLE)


def slices(year: FinancialYear, period: str, by: str) -> Slices:
    """Of a rolling year there is nothing by people: districts and ages are of a financial year."""
    cells = ReachCell.objects.filter(cube__year=year.start, period=period)
    total = list(cells.filter(where=CellWhere.ANY, **dict.fromkeys(WHO, "")).order_by("-end"))
    if by in BY_DELIVERY:
        chosen, key = cells.filter(where=by, **dict.fromkeys(WHO, "")), "what"
    else:
        others = dict.fromkeys((dimension for dimension in WHO if dimension != by), "")
        chosen, key = cells.filter(where=CellWhere.ANY, **others).exclude(**{by: ""}), by
    ends = tuple((cell.start, cell.end) for cell in total)
    lines: dict[str, dict[date, ReachCell]] = defaultdict(dict)
    for cell in chosen:
        lines[getattr(cell, key)][cell.end] = cell
    names = names_of(by)
    # A slice always has its total; of a kind of people of whom there is nobody there is no cell.
    nobody = {} if by in BY_DELIVERY else {cell.end: _nobody(cell) for cell in total}
    found = (
        Line(names.get(code, code), tuple(lines[code].get(end, nobody.get(end)) for _, end in ends))
        for code in sorted(lines, key=_in_order(names))
    )
    return Slices(ends, Line("Everything supported", tuple(total)), tuple(found))


def _nobody(total: ReachCell) -> ReachCell:
    return ReachCell(lower=0, upper=0, received=total.received, due=total.due)


def _in_order(names: Mapping[str, str]) -> Callable[[str], int]:
    order = {code: n for n, code in enumerate(names)}
    return lambda code: order.get(code, len(order))


def names_of(by: str) -> dict[str, str]:
    """Codes of a kind of slice with their names, in the order in which they are listed."""
    if by in BY_PEOPLE:
        categories = Category.objects.filter(dimension=by).order_by("order")
        if by == Dimension.ETHNICITY:
            return {
                group or code: group or name for group, code, name in categories.values_list("group", "code", "name")
            }
        return dict(categories.values_list("code", "name"))
    return {
        CellWhere.PROGRAMME: _programmes,
        CellWhere.SETTING: lambda: dict(Setting.objects.values_list("code", "name")),
        CellWhere.LEVEL: lambda: dict(ProgrammePreventionLevel.choices),
        CellWhere.RUNG: lambda: dict(reversed(Rung.choices)),
        CellWhere.PARTNER: lambda: {str(pk): name for pk, name in Organisation.objects.values_list("pk", "name")},
    }[CellWhere(by)]()


def _programmes() -> dict[str, str]:
    """Those of others than young people say so."""
    return {
        programme.code: programme.name
        if programme.beneficiary == Beneficiary.YOUNG_PEOPLE
        else f"{programme.name} ({NOUNS[programme.beneficiary]})"
        for programme in Programme.objects.all()
    }


# ---- People of registers, month by month ----
@dataclass(frozen=True)
class Flow:
    """The people of a month, each in one of four: in no register before; for the first time this financial year, but
    known from an earlier one; met in the month before too; met earlier this year, and not in the month before."""

    month: Month
    new: int
    carried_over: int
    continuing: int
    returning: int

    @property
    def people(self) -> int:
        return self.new + self.carried_over + self.continuing + self.returning


def presence(year: FinancialYear, programme: Programme | None) -> QuerySet[Presence]:
    """Of a programme, or of all that is supported."""
    return Presence.objects.filter(_chosen(year, programme), cube__year=year.start).order_by()


BY_REFERENCE = Exists(
    ReturnVersion.objects.filter(
        obligation__delivery=OuterRef("delivery"),
        obligation__month=OuterRef("month"),
        state=ReturnVersion.State.ACCEPTED,
        counting_basis=CountingBasis.CASE_REFERENCE,
    )
)


def _chosen(year: FinancialYear, programme: Programme | None) -> Q:
    """Presence of people told from everybody else: whoever is known by a partner's reference alone may be anybody whom
    another delivery met."""
    if programme is None:
        rungs = _policy(year).supported_rungs
        supported = Q(delivery__programme__beneficiary=Beneficiary.YOUNG_PEOPLE, delivery__programme__rung__in=rungs)
        return supported & ~BY_REFERENCE
    chosen = Q(delivery__programme=programme)
    deliveries = Presence.objects.filter(chosen, cube__year__lte=year.start).order_by().values("delivery").distinct()
    return chosen & ~BY_REFERENCE if len(deliveries) > 1 else chosen


def _policy(year: FinancialYear) -> Policy:
    """By which the year's cells were made."""
    return policy_on(Month.of(ReachCube.objects.get(year=year.start).last_month).last)


def flows(year: FinancialYear, programme: Programme | None) -> list[Flow]:
    met = _people_by(presence(year, programme), "month")
    earlier = Presence.objects.filter(_chosen(year, programme), cube__year__lt=year.start)
    before_year = BitMap(earlier.order_by().values_list("person", flat=True).distinct())
    so_far, last_month, found = BitMap(), NO_PEOPLE, []
    for month in year.months:
        now = met.get(month.first, NO_PEOPLE)
        first, again = now - so_far, now & so_far
        if now:
            found.append(
                Flow(
                    month,
                    new=len(first - before_year),
                    carried_over=len(first & before_year),
                    continuing=len(again & last_month),
                    returning=len(again - last_month),
                )
            )
        so_far |= now
        last_month = now
    return found


def _people_by(rows: QuerySet[Presence], *fields: str) -> dict:
    found: dict = defaultdict(BitMap)
    for *key, person in rows.values_list(*fields, "person").distinct():
        found[key[0] if len(key) == 1 else tuple(key)].add(person)
    return found


# ---- How often ----
DOSES = ((1, 1, "Once"), (2, 3, "2 or 3 times"), (4, 6, "4 to 6 times"), (7, 12, "7 to 12 times"))
MORE = "More than 12 times"


@dataclass(frozen=True)
class Dose:
    """How often people were met in the year so far."""

    people: int
    contacts: int
    by_times: Mapping[str, int]

    @property
    def per_person(self) -> float:
        return self.contacts / self.people if self.people else 0.0


def dose(year: FinancialYear, programme: Programme | None) -> Dose:
    times = Counter(
        presence(year, programme).values("person").annotate(times=Sum("contacts")).values_list("times", flat=True)
    )
    by_times = {words: sum(times[n] for n in range(low, high + 1)) for low, high, words in DOSES}
    by_times[MORE] = sum(people for n, people in times.items() if n > DOSES[-1][1])
    return Dose(sum(times.values()), sum(n * people for n, people in times.items()), by_times)


# ---- Who shares whom ----
@dataclass(frozen=True)
class Shared:
    """People whom registers of two programmes, or partners, tell of. None: hidden, or fewer than is shown."""

    one: str
    other: str
    of_one: int | None
    of_other: int | None
    both: int | None


@dataclass(frozen=True)
class Overlap:
    """`people`: whom any of the registers tell of; `several`: of these, whom more than one of them do."""

    people: int | None
    several: int | None
    pairs: tuple[Shared, ...]


def overlap(year: FinancialYear, by: str) -> Overlap:
    """Between programmes or partners, most shared first; rounded and hidden as the policy says, for these go on to
    people who may not see the numbers behind them. So nor does the order tell more than the numbers shown."""
    policy = _policy(year)
    field = {CellWhere.PROGRAMME: F("delivery__programme__name"), CellWhere.PARTNER: F("delivery__partner__name")}[by]
    rows = presence(year, None).annotate(of=field)
    met: dict[str, BitMap] = _people_by(rows, "of")
    everybody, several = BitMap(), BitMap()
    for people in met.values():
        several |= everybody & people
        everybody |= people
    shown = {name: _shown(len(people), policy) for name, people in met.items()}
    pairs = (
        Shared(one, other, shown[one], shown[other], _shown(met[one].intersection_cardinality(met[other]), policy))
        for one, other in combinations(sorted(met), 2)
        if met[one].intersect(met[other])
    )
    return Overlap(
        _shown(len(everybody), policy),
        _shown(len(several), policy),
        tuple(sorted(pairs, key=lambda pair: (-(pair.both or 0), pair.one, pair.other))),
    )


def _shown(people: int, policy: Policy) -> int | None:
    return shown(people, round_to=policy.round_to, hide_below=policy.hide_below)


def periods_shown() -> Sequence[tuple[str, str]]:
    return [
        (CellPeriod.YEAR_TO_DATE, "Year to date"),
        (CellPeriod.MONTH, "Month by month"),
        (CellPeriod.QUARTER, "Quarters"),
        (CellPeriod.ROLLING_YEAR, "Twelve months"),
    ]
