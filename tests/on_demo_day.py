"""`gunicorn --config python:tests.on_demo_day`: the portal, whose clock stands at noon of the demo region's day."""

from datetime import UTC, datetime, time

from django.utils import timezone

from tests.prepared import DEMO_DAY

NOON = datetime.combine(DEMO_DAY, time(12), UTC)

timezone.now = lambda: NOON
