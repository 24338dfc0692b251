"""Messages: sending one, and the clocks that find what waits and what a dead worker left."""

from celery import shared_task
from django.utils import timezone

from partners.actions import messages


@shared_task(name="partners.send_message")
def send_message(message_id: int) -> None:
    messages.send(message_id=message_id, clock=timezone.now)


@shared_task(name="partners.hand_over_waiting_messages")
def hand_over_waiting_messages() -> None:
    messages.hand_over_waiting(now=timezone.now())


@shared_task(name="partners.give_up_lost_messages")
def give_up_lost_messages() -> None:
    messages.give_up_lost(now=timezone.now())
