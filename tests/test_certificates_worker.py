"""The search for a certificate on a real Celery worker that is killed in the middle of it."""

import contextlib
import os
import signal
from datetime import timedelta

import pytest
from celery import current_app
from django.core.cache import cache
from django.db import connection
from django.utils import timezone

from outcomes.actions import certificates
from outcomes.queries.certificates import certificate_of, checked, progress_key, sides_by_number
from tests.servers import start_celery_worker
from tests.test_certificates import make
from tests.test_releases_worker import another_session, wait_for


@contextlib.contextmanager
def certificates_held_back():
    """No certificate can be written, so that no search is done before this ends."""
    with another_session() as held:
        held.execute("LOCK TABLE outcomes_certificate IN SHARE MODE")
        yield


def is_about_to_write(release):
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1 FROM pg_locks WHERE relation = 'outcomes_certificate'::regclass AND NOT granted")
        return cursor.fetchone()


def is_searching(release):
    return cache.get(progress_key(release))


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("is_there", [is_searching, is_about_to_write])
def test_killed_and_resumed_leaves_one_newest_certificate(is_there):
    release = make()
    with certificates_held_back():
        doomed = start_celery_worker("--queues", "doomed", "--hostname", "doomed@%h")
        try:
            current_app.send_task("outcomes.prove_release", args=[release.pk], queue="doomed")
            wait_for(lambda: is_there(release), "the search to come so far")
            os.killpg(doomed.process.pid, signal.SIGKILL)
        finally:
            doomed.stop()
    assert list(release.certificates.values_list("number", "is_searched")) == [(1, False)]

    later = timezone.now() + timedelta(minutes=6)
    worker = start_celery_worker("--purge")  # what was handed over when the release was made is lost too
    try:
        assert certificates.resume(now=later) == release
        certificates.hand_over(release)  # the same message twice
        wait_for(lambda: certificates.resume(now=later) is None, "the search to be done again")
    finally:
        worker.stop()
    assert list(release.certificates.values_list("number", "is_searched")) == [(1, False), (2, True)]
    newest = certificate_of(release)
    verdict = checked(newest)
    assert verdict.broken == []
    assert len(sides_by_number(verdict.unshielded)) == len(newest.unproven)
