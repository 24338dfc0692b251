"""Messages with many workers: threads on a real PostgreSQL, and real Celery workers that get every task twice."""

import contextlib
import os
import signal
import socket
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta
from threading import Barrier, Thread

import pytest
from celery import current_app
from django.conf import settings as portal
from django.core import mail
from django.db import connection
from django.utils import timezone

from partners.actions import messages
from partners.models import Message
from partners.permissions import Role
from tests.factories import MessageFactory, noon, user_with
from tests.servers import start_celery_worker
from tests.test_releases_worker import wait_for
from vru_portal import mailbox

pytestmark = pytest.mark.django_db(transaction=True)

NOW = noon(date(2026, 6, 10))
State = Message.State


def at_once(people: int, act) -> list:
    """What `act(n)` gave to each of so many threads that begin together."""
    together = Barrier(people)

    def one(number: int):
        together.wait()
        try:
            return act(number)
        finally:
            connection.close()

    with ThreadPoolExecutor(people) as pool:
        return list(pool.map(one, range(people)))


class TestAtOnce:
    def test_ten_workers_send_a_message_once(self):
        message = MessageFactory()
        at_once(10, lambda n: messages.send(message_id=message.pk, clock=lambda: NOW))
        message.refresh_from_db()
        assert (message.state, message.attempts, len(mail.outbox)) == (State.SENT, 1, 1)

    def test_ten_write_a_message_once(self):
        person = user_with(Role.PARTNER)
        written = at_once(
            10,
            lambda n: messages.write(
                key="k", kind="outcomes.digest", to=person, subject=f"By {n}", body="Hello", now=NOW
            ),
        )
        assert sum(message is not None for message in written) == 1
        assert Message.objects.count() == 1

    def test_two_people_send_again_and_it_goes_once(self):
        message, manager = MessageFactory(state=State.FAILED), user_with(Role.PROGRAMME_MANAGER)

        def again(number):
            try:
                return messages.send_again(message=message, by=manager, now=NOW).state
            except messages.NotToBeSentAgain:
                return "refused"

        assert Counter(at_once(2, again)) == {State.QUEUED: 1, "refused": 1}


@pytest.fixture(scope="module")
def mailing_worker(django_db_setup):
    """A worker that writes mail to the folder of this test process."""
    with writing_mail_to_a_folder():
        worker = start_celery_worker("--purge", "--concurrency", "2")
    yield worker
    worker.stop()


@contextlib.contextmanager
def writing_mail_to_a_folder(backend="django.core.mail.backends.filebased.EmailBackend", **more):
    before = {name: os.environ.get(name) for name in ("EMAIL_BACKEND", *more)}
    os.environ.update({"EMAIL_BACKEND": backend, **more})
    yield
    for name, value in before.items():
        os.environ.pop(name) if value is None else os.environ.update({name: value})


def in_folder() -> Counter:
    return Counter(message.subject for message in mailbox.messages(portal.EMAIL_FILE_PATH, most=1000))


def all_settled() -> bool:
    return not Message.objects.filter(state__in=[State.QUEUED, State.SENDING]).exists()


class TestTheWorkers:
    def test_send_each_once_though_every_task_comes_twice(self, mailing_worker):
        before = in_folder()
        person, now = user_with(Role.PARTNER), timezone.now() - timedelta(hours=1)
        for number in range(12):
            message = messages.write(
                key=f"k:{number}", kind="outcomes.digest", to=person, subject=f"No {number}", body="Hello", now=now
            )
            current_app.send_task("partners.send_message", args=[message.pk])
        for _ in range(2):
            current_app.send_task("partners.hand_over_waiting_messages")
            current_app.send_task("partners.give_up_lost_messages")
        wait_for(all_settled, "every message to be sent")
        assert set(Message.objects.values_list("state", "attempts")) == {(State.SENT, 1)}
        assert in_folder() - before == {f"No {number}": 1 for number in range(12)}

    def test_killed_while_sending_leaves_a_message_of_which_nobody_knows(self, mailing_worker):
        with (
            silent_mail_server() as port,
            writing_mail_to_a_folder(
                "django.core.mail.backends.smtp.EmailBackend", EMAIL_HOST="127.0.0.1", EMAIL_PORT=str(port)
            ),
        ):
            doomed = start_celery_worker("--queues", "doomed", "--hostname", "doomed@%h")
            message = MessageFactory(subject="Cut short")
            try:
                current_app.send_task("partners.send_message", args=[message.pk], queue="doomed")
                wait_for(lambda: Message.objects.filter(state=State.SENDING).exists(), "the worker to begin")
                os.killpg(doomed.process.pid, signal.SIGKILL)
            finally:
                doomed.stop()
        current_app.send_task("partners.send_message", args=[message.pk])  # the queue gives it again
        before, now = in_folder(), timezone.now()
        assert messages.give_up_lost(now=now) == 0
        assert messages.give_up_lost(now=now + timedelta(hours=1)) == 1
        message.refresh_from_db()
        assert message.state == State.NOT_KNOWN
        assert in_folder() == before

        messages.send_again(message=message, by=user_with(Role.DIRECTOR), now=now)
        wait_for(all_settled, "the message to be sent again")
        assert in_folder() - before == {"Cut short": 1}


@contextlib.contextmanager
def silent_mail_server():
    """Somebody who takes the call and says nothing. Gives the port."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        calls = []

        def listen():
            with contextlib.suppress(OSError):
                while True:
                    calls.append(server.accept()[0])

        thread = Thread(target=listen, daemon=True)
        thread.start()
        yield server.getsockname()[1]
        server.shutdown(socket.SHUT_RDWR)
        thread.join(timeout=5)
        for call in calls:
            call.close()
