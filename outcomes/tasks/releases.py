"""Reach releases: the job, the clock that asks for it, and the clock that finds runs whose worker died."""

from celery import shared_task
from django.utils import timezone

from outcomes.actions import certificates, publishing, releases


@shared_task(name="outcomes.produce_release")
def produce_release(run_id: int) -> None:
    releases.carry_out(run_id=run_id, clock=timezone.now)


@shared_task(name="outcomes.produce_due_release")
def produce_due_release() -> None:
    releases.request_due(now=timezone.now())


@shared_task(name="outcomes.resume_unfinished_runs")
def resume_unfinished_runs() -> None:
    releases.resume(now=timezone.now())


@shared_task(name="outcomes.prove_release")
def prove_release(release_id: int) -> None:
    certificates.search(release_id=release_id, clock=timezone.now)


@shared_task(name="outcomes.resume_proofs")
def resume_proofs() -> None:
    certificates.resume(now=timezone.now())


@shared_task(name="outcomes.announce_due_dates")
def announce_due_dates() -> None:
    publishing.announce_due(now=timezone.now())
