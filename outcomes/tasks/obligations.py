"""The clock that opens obligations."""

from celery import shared_task
from django.utils import timezone

from outcomes.actions import obligations


@shared_task(name="outcomes.open_obligations")
def open_obligations() -> None:
    obligations.open_due(now=timezone.now())
