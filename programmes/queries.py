"""Programmes and deliveries with what stands around them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import Count, Q, QuerySet

from partners.models import Area, DataSharingAgreement, Organisation, User
from partners.models.areas import AreaKind
from partners.queries.agreements import holds_until
from programmes.models import Delivery, Programme, Target
from vru_portal.core.periods import FinancialYear, Month, months_between
from vru_portal.core.revisions import revision_of
from vru_portal.core.words import holding

EDITABLE = ("name", "setting_id", "starts_on", "ends_on", "is_term_time", "counting_basis")


@dataclass(frozen=True)
class DistrictCount:
    """A district and how many deliveries run there. A delivery in two districts counts in each."""

    gss_code: str
    name: str
    deliveries: int


def programmes(today: date) -> QuerySet[Programme]:
    """In the unit's order, with `running` (deliveries on the day) and `partners` (who delivers them)."""
    runs = Q(deliveries__starts_on__lte=today) & (Q(deliveries__ends_on=None) | Q(deliveries__ends_on__gte=today))
    return Programme.objects.annotate(
        running=Count("deliveries", filter=runs, distinct=True),
        partners=Count("deliveries__partner", filter=runs, distinct=True),
    ).order_by("order", "name")


def find_programmes(words: list[str]) -> QuerySet[Programme]:
    return holding(Programme.objects.all(), words, "name").order_by("order", "name")


def find_deliveries(user: User, words: list[str]) -> QuerySet[Delivery]:
    """Of those that the user sees, by name and code."""
    found = holding(Delivery.objects.visible_to(user), words, "name", "code")
    return found.select_related("partner").order_by("name", "code")


def deliveries_of(programme: Programme, user: User) -> QuerySet[Delivery]:
    """Those that the user sees, by the partner's name."""
    rows = programme.deliveries.visible_to(user).select_related("partner", "setting").prefetch_related("areas")
    return rows.order_by("partner__name", "name")


def by_district(deliveries: QuerySet[Delivery], today: date) -> list[DistrictCount]:
    """How many of the deliveries run in each district on the day."""
    codes = Counter(deliveries.running_in(today, today).order_by().values_list("areas__gss_code", flat=True))
    districts = Area.objects.filter(kind=AreaKind.DISTRICT)
    return [DistrictCount(area.gss_code, area.name, codes[area.gss_code]) for area in districts]


def whom_to_call(delivery: Delivery) -> list[Area]:
    """The areas where it takes place, of which somebody has said whom to call about a child."""
    return list(delivery.areas.exclude(safeguarding=""))


def has_returns(programme: Programme) -> bool:
    """Whether a return was begun for one of its deliveries. Its rung and whom it reaches stay from then on."""
    return programme.deliveries.filter(obligations__versions__isnull=False).exists()


def has_obligations(delivery: Delivery) -> bool:
    """Whether a return is or was owed for it. Its programme, partner and code stay from then on."""
    return delivery.obligations.exists()


def gives_registers(delivery: Delivery, day: date) -> bool:
    """Whether its partner gives a row for each contact on the day, instead of counts: chosen so, and agreed."""
    return delivery.gives_rows and is_agreed(delivery, day)


def is_agreed(delivery: Delivery, day: date) -> bool:
    """Whether its partner may give a row for each contact on the day."""
    return DataSharingAgreement.objects.filter(organisation=delivery.partner_id).live_on(day).exists()


@dataclass(frozen=True)
class Lapse:
    """A partner that gives registers beyond the last day on which an agreement holds."""

    partner: Organisation
    last_day: date


def lapses(user: User, *, today: date, within: timedelta) -> list[Lapse]:
    """Agreements of running deliveries that have ended or will within the time, the earliest first."""
    rows = Delivery.objects.visible_to(user).chosen_to_give_rows().running_in(today, today)
    found = {}
    for delivery in rows.select_related("partner").prefetch_related("partner__agreements"):
        last_day = holds_until(delivery.partner.agreements.all(), today)
        is_needed_on = last_day and (delivery.ends_on is None or delivery.ends_on > last_day)
        if is_needed_on and last_day <= today + within:
            found[delivery.partner_id] = Lapse(delivery.partner, last_day)
    return sorted(found.values(), key=lambda lapse: (lapse.last_day, lapse.partner.name))


def revision_of_delivery(delivery: Delivery) -> str:
    """Changes with what staff say of it."""
    areas = sorted(delivery.areas.values_list("pk", flat=True))
    return revision_of({field: getattr(delivery, field) for field in EDITABLE} | {"areas": areas})


# ---- Targets ----
@dataclass(frozen=True)
class YearsTarget:
    """What is set for a delivery's financial year: the newest is in force."""

    year: FinancialYear
    all: tuple[Target, ...]

    @property
    def in_force(self) -> Target | None:
        """None where none is set, or it was taken back."""
        return self.all[-1] if self.all and self.all[-1].people is not None else None

    @property
    def earlier(self) -> tuple[Target, ...]:
        """Those that are in force no more, the newest first."""
        return tuple(target for target in reversed(self.all) if target != self.in_force)

    @property
    def revision(self) -> str:
        return revision_of({"targets": len(self.all)})


def targets_of(delivery: Delivery, today: date) -> list[YearsTarget]:
    """Every financial year in which it runs, as far as the next, the newest first."""
    found: dict[int, list[Target]] = {}
    for target in delivery.targets.select_related("set_by").order_by("pk"):
        found.setdefault(target.year, []).append(target)
    return [YearsTarget(year, tuple(found.get(year.start, ()))) for year in years_to_plan(delivery, today)[::-1]]


def years_to_plan(delivery: Delivery, today: date) -> list[FinancialYear]:
    last = FinancialYear.of(today).start + 1
    if delivery.ends_on:
        last = min(last, FinancialYear.of(delivery.ends_on).start)
    return [FinancialYear(start) for start in range(FinancialYear.of(delivery.starts_on).start, last + 1)]


def target_of(delivery: Delivery, year: FinancialYear) -> Target | None:
    """What is in force."""
    return targets_in_force([delivery], year).get(delivery.pk)


def targets_in_force(deliveries: Iterable[Delivery], year: FinancialYear) -> dict[int, Target]:
    """By the delivery's id, of those that have one."""
    of_year = Target.objects.filter(delivery__in=deliveries, year=year.start).select_related("set_by").order_by("pk")
    newest = {target.delivery_id: target for target in of_year}
    return {pk: target for pk, target in newest.items() if target.people is not None}


def part_of_year(delivery: Delivery, month: Month) -> int:
    """How many hundredths of the months in which it runs in the financial year are over with this one."""
    year = month.financial_year
    first = max(year.months[0], Month.of(delivery.starts_on))
    last = min(year.months[-1], Month.of(delivery.ends_on)) if delivery.ends_on else year.months[-1]
    runs, over = months_between(first, last), months_between(first, min(month, last))
    return round(100 * len(over) / len(runs)) if runs else 100


def visible_deliveries(user: User) -> QuerySet[Delivery]:
    return Delivery.objects.visible_to(user).select_related("programme", "partner", "setting").prefetch_related("areas")
