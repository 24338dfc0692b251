"""The Celery app. Its configuration and the beat schedule are in settings (`CELERY_*`)."""

import os

from celery import Celery

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "vru_portal.settings")

app = Celery("vru_portal", include=["vru_portal.core.workers"])
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()
