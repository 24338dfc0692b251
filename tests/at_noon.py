"""`celery -A tests.at_noon`: the portal's Celery app, whose clock stands at noon of a working day."""

from datetime import UTC, datetime

from django.utils import timezone

from vru_portal.celery import app as app

NOON = datetime(2021, 7, 14, 12, tzinfo=UTC)

timezone.now = lambda: NOON
