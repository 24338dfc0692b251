"""People put together and counted by a real worker, within seconds of what changed."""

import pytest
from django.utils import timezone

from outcomes.actions import linkage
from outcomes.models import ReachCell, Recount
from tests.registers import accepted_register, giving_registers
from tests.test_linkage import AMINA, JAKUB, JUNE
from tests.test_releases_worker import wait_for

pytestmark = [pytest.mark.usefixtures("reference_tables"), pytest.mark.django_db(transaction=True)]


def told() -> int | None:
    cell = ReachCell.objects.filter(period="year_to_date", where="any", district="", age_band="", sex="", ethnicity="")
    return cell.order_by("-end").values_list("told", flat=True).first()


class TestTheWorker:
    def test_counts_what_is_accepted_without_being_asked(self, celery_worker_process):
        delivery = giving_registers()
        accepted_register(delivery, JUNE, [AMINA, JAKUB])
        wait_for(lambda: told() == 2, "two people to be counted")
        wait_for(lambda: not Recount.objects.exclude(state="finished").exists(), "the recount to end")

    def test_does_once_what_is_asked_many_times(self, celery_worker_process):
        for _ in range(5):
            linkage.request(by=None, now=timezone.now())
        wait_for(lambda: not Recount.objects.exclude(state="finished").exists(), "the recounts to end")
        assert 1 <= Recount.objects.count() <= 5

    def test_takes_over_from_one_that_died(self, celery_worker_process):
        now = timezone.now()
        Recount.objects.create(state="running", requested_at=now, beat_at=now - 2 * linkage.PATIENCE)
        assert len(linkage.resume(now=now)) == 1
        wait_for(lambda: Recount.objects.get().state == "finished", "the recount to be taken up again")
