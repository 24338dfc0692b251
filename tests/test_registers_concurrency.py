"""Registers on real connections: one file confirmed by two people at once is taken once; one worker counts."""

import contextlib
from datetime import date

import pytest
from django.db import connection
from django.utils import timezone

from outcomes.actions import linkage, registers
from outcomes.models import Recount, RegisterFile
from partners.permissions import Role
from tests.factories import ObligationFactory, user_with
from tests.registers import HEADER, giving_registers, staged
from tests.test_linkage import AMINA, JAKUB, row
from tests.test_returns_concurrency import at_once
from vru_portal.core.tables_in import Row

pytestmark = [pytest.mark.usefixtures("reference_tables"), pytest.mark.django_db(transaction=True)]


class TestTake:
    def test_of_one_file_by_many_at_once_is_done_once(self):
        obligation = ObligationFactory(delivery=giving_registers(), month=date(2021, 6, 1))
        by, now = user_with(Role.PARTNER, obligation.delivery.partner), timezone.now()
        lines = [Row("", n, tuple(cells)) for n, cells in enumerate([HEADER, AMINA, JAKUB], 1)]
        file = staged(obligation, lines, b"june", by=by, now=now)

        def take(_):
            return registers.take(file=RegisterFile.objects.get(pk=file.pk), by=by, now=now)

        assert at_once(8, take) == {"RegisterFile": 1, "ThereAlready": 7}
        version = obligation.versions.get()
        assert version.typed["new_people"] == "2"
        assert version.register_files.get().contacts.count() == 2

        def take_another(n):
            return registers.take(file=RegisterFile.objects.get(pk=others[n]), by=by, now=now)

        # The same rows, one more, in four files at once: each row is added once.
        lines.append(Row("", 4, tuple(row("C3", "Kofi", "Mensah", "21/07/2011"))))
        others = [staged(obligation, lines, b"june %d" % n, by=by, now=now).pk for n in range(4)]
        assert at_once(4, take_another) == {"RegisterFile": 1, "ThereAlready": 3}
        version.refresh_from_db()
        assert (version.typed["new_people"], version.typed["contacts"]) == ("3", "3")


class TestResume:
    def test_leaves_a_recount_alone_that_a_worker_is_at(self):
        now = timezone.now()
        recount = Recount.objects.create(state="running", requested_at=now, beat_at=now - 2 * linkage.PATIENCE)
        with contextlib.closing(connection.copy()) as worker:
            worker.cursor().execute("SELECT pg_advisory_lock(%s)", [linkage.LOCK])
            assert linkage.resume(now=now) == []
            # By hand: PostgreSQL lets go a moment after a connection is closed, not at it.
            worker.cursor().execute("SELECT pg_advisory_unlock(%s)", [linkage.LOCK])
        assert linkage.resume(now=now) == [recount.pk]
