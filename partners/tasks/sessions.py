"""What browsers no longer come back for."""

from celery import shared_task
from django.contrib.sessions.models import Session
from django.utils import timezone


@shared_task(name="partners.clear_expired_sessions")
def clear_expired_sessions() -> int:
    """Delete sessions that have ended, with what was typed in them by somebody who was signed out. Returns how many."""
    deleted, _ = Session.objects.filter(expire_date__lt=timezone.now()).delete()
    return deleted
