"""Celery tasks. Each may run twice: what is done already is not done again."""

from outcomes.tasks.funder_reports import fill_quarter_report, resume_quarter_reports
from outcomes.tasks.linkage import recount, request_recount, resume_recounts
from outcomes.tasks.obligations import end_unlocks, open_obligations, review_payment_holds, send_digests
from outcomes.tasks.registers import discard_stale_registers
from outcomes.tasks.releases import (
    announce_due_dates,
    produce_due_release,
    produce_release,
    prove_release,
    resume_proofs,
    resume_unfinished_runs,
)

__all__ = [
    "announce_due_dates",
    "discard_stale_registers",
    "end_unlocks",
    "fill_quarter_report",
    "open_obligations",
    "produce_due_release",
    "produce_release",
    "prove_release",
    "recount",
    "request_recount",
    "resume_proofs",
    "resume_quarter_reports",
    "resume_recounts",
    "resume_unfinished_runs",
    "review_payment_holds",
    "send_digests",
]
