"""The clock that drops what nobody confirmed."""

from celery import shared_task
from django.utils import timezone

from outcomes.actions import registers


@shared_task(name="outcomes.discard_stale_registers")
def discard_stale_registers() -> None:
    registers.discard_stale(now=timezone.now())
