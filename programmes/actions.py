"""Adding and changing deliveries, and their targets."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime

from django.core.exceptions import ValidationError
from django.utils import timezone

from partners.actions.events import acting, require
from partners.models import Area, Organisation, User
from partners.permissions import Permission
from programmes.models import CountingBasis, Delivery, Programme, Setting, Target
from programmes.queries import revision_of_delivery, targets_of
from vru_portal.core.periods import FinancialYear
from vru_portal.core.refusals import Refusal
from vru_portal.core.revisions import ChangedMeanwhile


class DeliveryRefused(Refusal):
    """Some detail cannot be kept."""


def add_delivery(
    *,
    code: str,
    name: str,
    programme: Programme,
    partner: Organisation,
    setting: Setting,
    areas: Iterable[Area],
    starts_on: date,
    ends_on: date | None = None,
    is_term_time: bool = False,
    counting_basis: str = CountingBasis.AGGREGATE,
    by: User,
    now: datetime,
) -> Delivery:
    """A partner begins to deliver a programme. Its returns are then opened month by month by the clock."""
    require(by, Permission.MANAGE_PARTNERS)
    with acting("programmes.delivery.added", by=by, now=now) as act:
        delivery = Delivery(
            code=code,
            name=name,
            programme=programme,
            partner=partner,
            setting=setting,
            counting_basis=counting_basis,
            starts_on=starts_on,
            ends_on=ends_on,
            is_term_time=is_term_time,
        )
        _keep(delivery, areas)
        act.on(delivery, organisation=partner)
    return delivery


def edit_delivery(
    *,
    delivery: Delivery,
    name: str,
    setting: Setting,
    areas: Iterable[Area],
    starts_on: date,
    ends_on: date | None,
    is_term_time: bool | None = None,
    counting_basis: str | None = None,
    by: User,
    now: datetime,
    revision: str = "",
) -> Delivery:
    """Programme, partner and code stay: returns were made under them. A delivery by another partner is another one.
    `is_term_time` and `counting_basis` stay as they are when they are not said. Returns that are begun keep the basis
    that they were begun on.

    `revision` is what the person saw (`revision_of_delivery`); raises `ChangedMeanwhile` if that is past.
    """
    require(by, Permission.MANAGE_PARTNERS)
    with acting("programmes.delivery.edited", by=by, now=now) as act:
        locked = Delivery.objects.select_for_update(of=("self",)).select_related("partner").get(pk=delivery.pk)
        given = {"name": name, "setting": setting, "starts_on": starts_on, "ends_on": ends_on}
        given["is_term_time"] = locked.is_term_time if is_term_time is None else is_term_time
        given["counting_basis"] = counting_basis or locked.counting_basis
        areas = list(areas)
        _refuse_what_is_past(locked, revision, given, areas)
        for field, value in given.items():
            setattr(locked, field, value)
        _keep(locked, areas)
        act.on(locked, organisation=locked.partner)
    return locked


def set_target(
    *,
    delivery: Delivery,
    year: FinancialYear,
    people: int | None,
    reason: str,
    by: User,
    now: datetime,
    revision: str = "",
) -> Target:
    """How many people it is to reach in the year, and why so many. Without `people` it has no target from now on.

    `revision` is what the person saw (`YearsTarget.revision`); raises `ChangedMeanwhile` if that is past.
    """
    require(by, Permission.MANAGE_PARTNERS)
    reason = reason.strip()
    if not reason:
        raise DeliveryRefused("Say why: for example, agreed with the partner in March.")
    with acting("programmes.target.set", by=by, now=now, reason=reason) as act:
        delivery = Delivery.objects.select_for_update(of=("self",)).select_related("partner").get(pk=delivery.pk)
        years = {each.year: each for each in targets_of(delivery, timezone.localdate(now))}
        if year not in years:
            raise DeliveryRefused(f"{delivery} does not run in {year}, or that year is too far away.")
        newest, kept = years[year].in_force, years[year].revision
        if revision and revision != kept:
            differs = {"a target of": f"{newest.people:,}, set by {newest.set_by}" if newest else "none"}
            raise ChangedMeanwhile(f"The target for {year}", differs, kept)
        if newest is None and people is None:
            raise DeliveryRefused("There is no target to take back. Enter how many people.")
        target = Target.objects.create(
            delivery=delivery, year=year.start, people=people, reason=reason, set_at=now, set_by=by
        )
        act.on(delivery, organisation=delivery.partner)
    return target


WORDS = {
    "starts_on": "first day",
    "ends_on": "last day",
    "is_term_time": "in term time only",
    "counting_basis": "what the partner gives",
}


def _refuse_what_is_past(delivery: Delivery, revision: str, given: dict, areas: list[Area]) -> None:
    now = revision_of_delivery(delivery)
    if revision and revision != now:
        kept = _in_words({field: getattr(delivery, field) for field in given}, delivery.areas.all())
        given = _in_words(given, areas)
        raise ChangedMeanwhile(delivery.name, {name: kept[name] for name in kept if kept[name] != given[name]}, now)


def _in_words(details: dict, areas: Iterable[Area]) -> dict[str, object]:
    said = {"where": _names(areas)} | {WORDS.get(field, field): value for field, value in details.items()}
    return said | {WORDS["counting_basis"]: CountingBasis(details["counting_basis"]).label}


def _names(areas: Iterable[Area]) -> str:
    return ", ".join(sorted(area.name for area in areas))


def _keep(delivery: Delivery, areas: Iterable[Area]) -> None:
    areas = list(areas)
    if not areas:
        raise DeliveryRefused("Choose at least one area.")
    if delivery.ends_on and delivery.ends_on < delivery.starts_on:
        raise DeliveryRefused("The last day must not be before the first.")
    try:
        delivery.full_clean()
    except ValidationError as error:
        raise DeliveryRefused(" ".join(error.messages)) from error
    delivery.save()
    delivery.areas.set(areas)
