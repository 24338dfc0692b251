"""More at once than the everyday tests bring, and a worker that is killed again and again."""

import os
import signal
from collections import Counter
from datetime import date

import pytest
from celery import current_app
from django.core import mail
from django.utils import timezone

from outcomes.actions import digests, releases
from outcomes.models import Figure, Release, ReleaseRun
from partners.actions import messages
from partners.models import Message
from partners.permissions import Role
from tests.factories import MessageFactory, ObligationFactory, PolicyFactory, noon, user_with
from tests.servers import start_celery_worker
from tests.test_messages_worker import at_once
from tests.test_releases_actions import JUNE, make_region
from tests.test_releases_worker import finished, is_about_to_write, releases_held_back, wait_for

pytestmark = [pytest.mark.drill, pytest.mark.django_db(transaction=True)]

NOW = noon(date(2021, 7, 14))
CROWD = 60


def test_a_crowd_of_workers_sends_each_message_once():
    written = [MessageFactory() for _ in range(10)]
    at_once(CROWD, lambda n: messages.send(message_id=written[n % 10].pk, clock=lambda: NOW))
    assert set(Message.objects.values_list("state", "attempts")) == {(Message.State.SENT, 1)}
    assert len(mail.outbox) == 10


def test_a_crowd_of_clocks_reminds_each_person_once():
    PolicyFactory()
    due = [ObligationFactory(due_date=NOW.date()) for _ in range(10)]
    partners = [user_with(Role.PARTNER, obligation.delivery.partner).pk for obligation in due]
    at_once(CROWD, lambda n: digests.send_due(now=NOW))
    assert Counter(Message.objects.values_list("to_user", flat=True)) == dict.fromkeys(partners, 1)


def test_a_release_survives_workers_that_are_killed_as_they_begin_and_as_they_write(celery_worker_process):
    make_region()
    run = ReleaseRun.objects.create(month=JUNE.first, requested_at=timezone.now(), beat_at=timezone.now())
    for attempt in range(releases.MOST_ATTEMPTS - 1):
        doomed = start_celery_worker("--queues", "doomed", "--hostname", "doomed@%h")
        try:
            with releases_held_back():
                current_app.send_task("outcomes.produce_release", args=[run.pk], queue="doomed")
                if attempt % 2:
                    wait_for(is_about_to_write, "the job to write its release")
                os.killpg(doomed.process.pid, signal.SIGKILL)
        finally:
            doomed.stop()
    current_app.send_task("outcomes.produce_release", args=[run.pk])
    current_app.send_task("outcomes.produce_release", args=[run.pk])
    wait_for(lambda: finished(run), "the run to finish")
    release = Release.objects.get()
    assert Figure.objects.count() == release.figures.count() > 0
