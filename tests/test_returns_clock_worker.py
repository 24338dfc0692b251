"""The clock on a real Celery worker, to which every task may come twice."""

from datetime import UTC, datetime

import pytest
from celery import current_app

from partners.actions import messages
from partners.models import Message
from partners.permissions import Role
from tests.factories import ObligationFactory, PolicyFactory, user_with
from tests.servers import start_celery_worker
from tests.test_messages_worker import all_settled, in_folder, writing_mail_to_a_folder
from tests.test_releases_worker import wait_for

pytestmark = pytest.mark.django_db(transaction=True)

# As the worker's clock has it. Its module sets the clock of whoever imports it, so it is not imported here.
NOON = datetime(2021, 7, 14, 12, tzinfo=UTC)


@pytest.fixture(scope="module")
def worker_at_noon(django_db_setup):
    """It takes one task after the other, in their order."""
    with writing_mail_to_a_folder():
        worker = start_celery_worker("--purge", app="tests.at_noon")
    yield worker
    worker.stop()


def test_sends_each_digest_once_though_the_task_comes_twice(worker_at_noon):
    PolicyFactory()
    due = [ObligationFactory(due_date=NOON.date()) for _ in range(3)]
    partners = [user_with(Role.PARTNER, obligation.delivery.partner) for obligation in due]
    before = in_folder()
    for _ in range(2):
        current_app.send_task("outcomes.send_digests")
    last = messages.write(key="last", kind="test", to=partners[0], subject="After both", body="Hello", now=NOON)
    wait_for(lambda: Message.objects.get(pk=last.pk).state == Message.State.SENT, "both tasks to be done")
    wait_for(all_settled, "every digest to be sent")

    digests = Message.objects.filter(kind="outcomes.digest")
    assert sorted(digests.values_list("to_user", "state", "attempts")) == [
        (partner.pk, Message.State.SENT, 1) for partner in partners
    ]
    sent = in_folder() - before
    assert sent.pop("After both") == 1
    assert sent.total() == 3
