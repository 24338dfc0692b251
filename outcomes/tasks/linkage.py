"""People put together and counted anew: after a change, and every night in case a change went by unseen."""

from celery import shared_task
from django.utils import timezone

from outcomes.actions import linkage


@shared_task(name="outcomes.recount")
def recount(recount_id: int) -> None:
    linkage.carry_out(recount_id=recount_id, clock=timezone.now)


@shared_task(name="outcomes.request_recount")
def request_recount() -> None:
    linkage.request_nightly(now=timezone.now())


@shared_task(name="outcomes.resume_recounts")
def resume_recounts() -> None:
    linkage.resume(now=timezone.now())
