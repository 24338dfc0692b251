"""Loads the demo region: all of it or nothing, and nothing a second time."""

from __future__ import annotations

from collections.abc import Callable
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
from outcomes.demo.people import People
from partners.actions.events import acting
from partners.models import Organisation, User
from programmes.models import Delivery

Say = Callable[[str], None]
LOCK = 0x44454D4F  # "DEMO"


def load_region(*, today: date, now: datetime, say: Say = lambda line: None) -> int:
    """Everything that had happened by the start of `today`, in one transaction. Returns how many rows of the larger
    tables are new: 0 when the region was there already.

    What people have changed since is left alone: only what is missing is added.
    """
    say("Reference tables")
    call_command("load_reference_tables", without_templates=True, verbosity=0, stdout=_Quiet())
    with transaction.atomic():
        _wait_for_another()
        _ignore_no_trigger()
        return _load(today, now, say)


class _Quiet:
    def write(self, text: str) -> None:
        """The reference tables speak for themselves elsewhere."""


def _load(today: date, now: datetime, say: Say) -> int:
    say("Organisations and people")
    before = User.objects.count()
    with acting("outcomes.demo.loaded", by=None, now=now, reason="Demo region") as act:
        organisations_by_name = organisations.load()
        unit = organisations_by_name[settings.UNIT_NAME]
        staff = people.load(organisations_by_name)
        say("Programmes and deliveries")
        templates.load(analyst=staff.analyst, today=today)
        agreed = agreements.load(organisations_by_name, staff, today)
        delivered = deliveries.load(programmes.load(), organisations_by_name)
        agreements.end(agreed, staff, today)
        say("Networks")
        new = User.objects.count() - before + networks.load(today)
        say("Targets and obligations")
        new += targets.load(delivered, staff, today) + returns.load_obligations(delivered, staff, today)
        say("Returns of the first months")
        new += returns.load_returns(delivered, staff, today, in_time_for=releases.FIRST_RELEASED)
        if new:
            act.on(unit, organisation=unit)
    say("Releases: the first one")
    new += releases.load_first(staff, today)
    say("All other returns")
    with acting("outcomes.demo.loaded", by=None, now=now, reason="Demo region: what came later"):
        new += returns.load_returns(delivered, staff, today, in_time_for=None)
        new += messages.load()
    say("Money")
    _load_money(organisations_by_name, delivered, staff, now)
    payment_holds.review(now=now)
    say("Releases: its revision and the latest months")
    linkage.settle_people(now=now)  # or the ledger would date the links of later rows by the first of these releases
    new += releases.load_rest(staff, today, now)
    say("Reports to the funder")
    new += funder_reports.load(staff, today)
    say("Unlocks")
    new += unlocks.load(staff, today)
    if new:
        linkage.request(by=None, now=now)  # the worker counts every slice once all of it is there
    say("Checking every return, and keeping all of it")  # deferred constraints are checked at the commit
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
