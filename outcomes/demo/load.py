"""Loads the demo region, and nothing a second time: its records, then the releases that are made of them."""

from __future__ import annotations

import gc
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date, datetime

from django.conf import settings
from django.core.management import call_command
from django.db import connection, transaction

from funding.demo import load as money
from outcomes.actions import linkage, payment_holds
from outcomes.demo import (
    agreements,
    deliveries,
    funder_reports,
    messages,
    networks,
    organisations,
    people,
    programmes,
    releases,
    returns,
    targets,
    templates,
    unlocks,
)
from outcomes.demo.beside import beside
from outcomes.demo.people import People
from outcomes.demo.registers import YoungPeople
from outcomes.models import RegisterContact, RegisterIdentity, SubmissionCount
from partners.actions.events import acting
from partners.models import Event, Organisation, User
from programmes.models import Delivery
from vru_portal.core.bulk import checking_references_together
from vru_portal.core.periods import Month

Say = Callable[[str], None]
LOCK = 0x44454D4F  # "DEMO"
# What tells that the records are there, and that all is.
RECORDS, ALL = "outcomes.demo.records_loaded", "outcomes.demo.loaded"


def _say_nothing(line: str) -> None:
    """For whoever does not watch."""


def load_region(*, today: date, now: datetime, say: Say = _say_nothing) -> int:
    """Everything that had happened by the start of `today`. Returns how many rows of the larger tables are new: 0 when
    the region was there already.

    What people have changed since is left alone: only what is missing is added.
    """
    return load_records(today=today, now=now, say=say) + load_releases(today=today, now=now, say=say)


def load_records(*, today: date, now: datetime, say: Say = _say_nothing) -> int:
    """All that figures are made of: in one transaction, all of it or nothing. Returns how many rows are new."""
    with _letting_nothing_go(), _young_people(today) as young_people:
        say("Reference tables")
        call_command("load_reference_tables", without_templates=True, verbosity=0, stdout=_Quiet())
        with _alone(), _portal_to_itself():
            return _load_records(today, now, young_people, say)


def load_releases(*, today: date, now: datetime, say: Say = _say_nothing) -> int:
    """The releases and what came after the first of them, each to be seen as soon as it is there. Returns how many rows
    are new. Whatever is killed is gone on with by the next."""
    organisations_by_name = organisations.load()
    staff, new = people.load(organisations_by_name), 0
    for title, load in _after_the_records(staff, today, now):
        say(title)
        new += load()
    with _alone():
        is_first = lacks_releases()
        if is_first:
            with acting(ALL, by=None, now=now, reason="Demo region") as act:
                unit = organisations_by_name[settings.UNIT_NAME]
                act.on(unit, organisation=unit)
        if new or is_first:
            _have_all_counted(now)
    return new


def lacks_releases() -> bool:
    """Whether the records are there and some of the releases are not."""
    there = Event.objects.filter(name__in=[RECORDS, ALL]).values_list("name", flat=True)
    return set(there) == {RECORDS}


def records_loaded_at() -> datetime | None:
    """The moment as of which the records are there: releases that are still missing go by it."""
    return Event.objects.filter(name=RECORDS).order_by("occurred_at").values_list("occurred_at", flat=True).last()


def _have_all_counted(now: datetime) -> None:
    """Every slice by the worker, once all is there: counting holds up whatever puts people together meanwhile."""
    linkage.request(by=None, now=now)


@contextmanager
def _young_people(today: date) -> Iterator[YoungPeople]:
    """Of an empty portal they are made up beside the loading: half of what Python has to do is that."""
    last = Month.of(today).plus(-1)
    if Event.objects.filter(name=RECORDS).exists():
        yield YoungPeople(last)
    else:
        with beside() as executor:
            yield YoungPeople(last, executor)


@contextmanager
def _letting_nothing_go() -> Iterator[None]:
    """What is made here is kept to the end: a twentieth of the time would go into looking for what is not."""
    gc.disable()
    try:
        yield
    finally:
        gc.enable()


@contextmanager
def _portal_to_itself() -> Iterator[None]:
    """While it is empty; what is added to one in use keeps nobody from reading."""
    if Event.objects.filter(name=RECORDS).exists():
        yield
    else:
        with checking_references_together(RegisterIdentity, RegisterContact, SubmissionCount):
            yield


class _Quiet:
    def write(self, text: str) -> None:
        """The reference tables speak for themselves elsewhere."""


@contextmanager
def _alone() -> Iterator[None]:
    """A transaction of one loading at a time."""
    with transaction.atomic():
        _wait_for_another()
        _ignore_no_trigger()
        yield


def _load_records(today: date, now: datetime, young_people: YoungPeople, say: Say) -> int:
    say("Organisations and people")
    before = User.objects.count()
    with acting(RECORDS, by=None, now=now, reason="Demo region") as act:
        organisations_by_name = organisations.load()
        staff = people.load(organisations_by_name)
        say("Programmes and deliveries")
        templates.load(analyst=staff.analyst, today=today)
        agreed = agreements.load(organisations_by_name, staff, today)
        delivered = deliveries.load(programmes.load(), organisations_by_name)
        agreements.end(agreed, staff, today)
        young_people.are_given_by(delivered.values())
        say("Networks")
        new = User.objects.count() - before + networks.load(today)
        say("Targets and obligations")
        new += targets.load(delivered, staff, today) + returns.load_obligations(delivered, staff, today)
        say("Money")
        _load_money(organisations_by_name, delivered, staff, now)
        say("Returns")
        new += returns.load_returns(delivered, staff, today, young_people) + messages.load()
        if new:
            unit = organisations_by_name[settings.UNIT_NAME]
            act.on(unit, organisation=unit)
            if Event.objects.filter(name=ALL).exists():  # months that came since
                _have_all_counted(now)
    say("Checking every return, and keeping all of it")  # deferred constraints are checked at the commit
    return new


def _after_the_records(staff: People, today: date, now: datetime) -> Iterator[tuple[str, Callable[[], int]]]:
    """Steps in their order, each with its title; each a transaction, but for what locks and writes by itself."""

    def alone(load: Callable[[], int]) -> Callable[[], int]:
        def step() -> int:
            with _alone():
                return load()

        return step

    yield "People of registers", lambda: _settle_people(now)
    yield "The first release", alone(lambda: releases.load_first(staff, today))
    yield "What came after it", alone(lambda: _load_late(staff, today, now))
    yield "People of registers once more", lambda: _settle_people(now)
    for title, load in releases.rest(staff, today, now):
        yield title, alone(load)
    yield "Reports to the funder", alone(lambda: funder_reports.load(staff, today))
    yield "Unlocks", alone(lambda: unlocks.load(staff, today))


def _settle_people(now: datetime) -> int:
    """Now, or the ledger would date the links by the next of the releases, which is of years before."""
    linkage.settle_people(now=now)
    return 0


def _load_late(staff: People, today: date, now: datetime) -> int:
    with acting(RECORDS, by=None, now=now, reason="Demo region: what came later"):
        delivered = {delivery.code: delivery for delivery in Delivery.objects.select_related("partner", "programme")}
        young_people = YoungPeople(Month.of(today).plus(-1))
        new = returns.load_returns(delivered, staff, today, young_people, is_late=True)
        payment_holds.review(now=now)
    return new


def _wait_for_another() -> None:
    """One that was killed while it committed goes on in the database, and is found whole by the next."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [LOCK])


def _ignore_no_trigger() -> None:
    """Says to each trigger that it is not ignored.

    It asks; while nothing is set, its question fails inside a savepoint, and taking that back walks through every
    constraint that waits for the commit: with half a million of them that is most of the loading time.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT set_config('pgtrigger.ignore', '{}', true)")


def _load_money(
    organisations_by_name: dict[str, Organisation], delivered: dict[str, Delivery], staff: People, now: datetime
) -> None:
    money.load(
        by_finance=staff.finance_officer,
        by_director=staff.director,
        unit=organisations_by_name[settings.UNIT_NAME],
        home_office=organisations_by_name[organisations.HOME_OFFICE],
        pcc=organisations_by_name[organisations.POLICE_AND_CRIME_COMMISSIONER],
        deliveries=list(delivered.values()),
        now=now,
    )
