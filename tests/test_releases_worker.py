"""The release job on a real Celery worker: done once, also when the worker is killed in the middle."""

import contextlib
import os
import signal
import time
from datetime import timedelta

import psycopg
import pytest
from celery import current_app
from django.db import connection
from django.utils import timezone

from outcomes.actions import releases
from outcomes.models import Figure, Release, ReleaseInput, ReleaseRun
from tests.servers import start_celery_worker
from tests.test_releases_actions import JUNE, make_region

WAITING_LONG_ENOUGH = 60  # seconds; only a fault of ours makes a test wait so long


def wait_for(question, what):
    deadline = time.monotonic() + WAITING_LONG_ENOUGH
    while not (answer := question()):
        assert time.monotonic() < deadline, f"Waited in vain for {what}."
        time.sleep(0.05)
    return answer


def another_session():
    settings = connection.settings_dict
    return psycopg.connect(
        dbname=settings["NAME"], user=settings["USER"], password=settings["PASSWORD"], host=settings["HOST"]
    )


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
        later = timezone.now() + timedelta(minutes=3)
        assert releases.resume(now=later) == [run.pk]
        current_app.send_task("outcomes.produce_release", args=[run.pk])  # the same message twice
        wait_for(lambda: finished(run), "the resumed run to finish")
        release = Release.objects.get()
        assert Figure.objects.count() == release.figures.count() > 0
        assert ReleaseInput.objects.count() == release.inputs.count()
