"""Funders' reports: the job that fills one, and the clock that finds those whose worker died."""

from celery import shared_task
from django.utils import timezone

from outcomes.actions import quarter_reports


@shared_task(name="outcomes.fill_quarter_report")
def fill_quarter_report(quarter_report_id: int) -> None:
    quarter_reports.fill(quarter_report_id=quarter_report_id, clock=timezone.now)


@shared_task(name="outcomes.resume_quarter_reports")
def resume_quarter_reports() -> None:
    quarter_reports.resume(now=timezone.now())
