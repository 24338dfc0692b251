"""The release job on a real Celery worker: done once, also when the worker is killed in the middle."""

import contextlib
import os
import signal
import time
from datetime import timedelta

import psycopg
import pytest
from celery import current_app
from django.conf import settings
from django.db import connection
from django.utils import timezone

from outcomes.actions import releases
from outcomes.models import Figure, Policy, Release, ReleaseInput, ReleaseRun
from tests.servers import start_celery_worker
from tests.test_releases_actions import JUNE, make_region

CLOCK = settings.CELERY_BEAT_SCHEDULE
WAITING_LONG_ENOUGH = 60  # seconds; only a fault of ours makes a test wait so long


def wait_for(question, what):
    deadline = time.monotonic() + WAITING_LONG_ENOUGH
    while not (answer := question()):
        assert time.monotonic() < deadline, f"Waited in vain for {what}."
        time.sleep(0.05)
    return answer


def another_session():
    ours = connection.settings_dict
    return psycopg.connect(dbname=ours["NAME"], user=ours["USER"], password=ours["PASSWORD"], host=ours["HOST"])


@contextlib.contextmanager
def releases_held_back():
    """No release can be written, so that a job stops just before it has one."""
    with another_session() as held:
        held.execute("LOCK TABLE outcomes_release IN SHARE MODE")
        yield


def is_about_to_write():
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1 FROM pg_locks WHERE relation = 'outcomes_release'::regclass AND NOT granted")
        return cursor.fetchone()


def finished(run):
    run.refresh_from_db()
    return run.state == ReleaseRun.State.FINISHED


@pytest.mark.django_db(transaction=True)
class TestTheClock:
    def test_has_the_release_of_last_month_produced_on_its_working_day(self, celery_worker_process):
        make_region()
        Policy.objects.update(release_working_day=10)  # of July 2021 the 14th
        noon = start_celery_worker("--queues", "noon", "--hostname", "noon@%h", app="tests.at_noon")
        try:
            for _ in range(2):  # two clocks, or one that stuttered
                current_app.send_task(CLOCK["produce-due-release"]["task"], queue="noon")
            release = wait_for(Release.objects.first, "the release")
        finally:
            noon.stop()
        assert (release.month, release.produced_by) == (JUNE.first, None)
        assert ReleaseRun.objects.get().requested_by is None


@pytest.mark.django_db(transaction=True)
class TestTheWorker:
    def test_produces_the_release_that_was_asked_for(self, celery_worker_process):
        make_region()
        run = releases.request(month=JUNE, by=None, now=timezone.now())
        wait_for(lambda: finished(run), "the run to finish")
        assert run.release == Release.objects.get()
        assert run.percent == 100

    def test_killed_in_the_middle_and_resumed_gives_one_release(self, celery_worker_process):
        make_region()
        run = ReleaseRun.objects.create(month=JUNE.first, requested_at=timezone.now(), beat_at=timezone.now())
        doomed = start_celery_worker("--queues", "doomed", "--hostname", "doomed@%h")
        try:
            with releases_held_back():
                current_app.send_task("outcomes.produce_release", args=[run.pk], queue="doomed")
                wait_for(is_about_to_write, "the job to write its release")
                os.killpg(doomed.process.pid, signal.SIGKILL)
        finally:
            doomed.stop()
        run.refresh_from_db()
        assert run.stage.startswith("Writing")
        assert (run.state, Release.objects.count()) == (ReleaseRun.State.RUNNING, 0)

        assert releases.resume(now=timezone.now()) == []  # heard of a moment ago: still given time
        ReleaseRun.objects.update(beat_at=timezone.now() - timedelta(minutes=3))
        current_app.send_task(CLOCK["resume-unfinished-runs"]["task"])
        current_app.send_task("outcomes.produce_release", args=[run.pk])  # the same message twice
        wait_for(lambda: finished(run), "the resumed run to finish")
        release = Release.objects.get()
        assert Figure.objects.count() == release.figures.count() > 0
        assert ReleaseInput.objects.count() == release.inputs.count()
