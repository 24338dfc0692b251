"""The composition root: settings, URLs, the Celery app. Owns no table."""

from vru_portal.celery import app as celery_app

__all__ = ["celery_app"]
