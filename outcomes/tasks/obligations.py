"""The clocks that open obligations, remind of them, and end unlocks."""

from celery import shared_task
from django.utils import timezone

from outcomes.actions import digests, obligations, payment_holds, unlocks


@shared_task(name="outcomes.open_obligations")
def open_obligations() -> None:
    obligations.open_due(now=timezone.now())


@shared_task(name="outcomes.send_digests")
def send_digests() -> None:
    digests.send_due(now=timezone.now())


@shared_task(name="outcomes.end_unlocks")
def end_unlocks() -> None:
    unlocks.end_expired(now=timezone.now())


@shared_task(name="outcomes.review_payment_holds")
def review_payment_holds() -> None:
    payment_holds.review(now=timezone.now())
