"""A funder's report of a quarter: asked for, filled by a job, written beside, signed by two people, kept as sent."""

from __future__ import annotations

import gzip
from collections.abc import Callable
from datetime import datetime, timedelta

from celery import current_app
from django.db import transaction
from django.db.models import F

from outcomes.models import FunderReport, MappingRow, QuarterReport, QuarterReportFile, QuarterRow
from outcomes.package.funder_report import files_of
from outcomes.queries.quarter_reports import filled_rows, mapping_for, release_for, unanswered
from partners.actions.events import acting, require
from partners.models import User
from partners.permissions import Permission
from vru_portal.core.periods import Quarter
from vru_portal.core.refusals import Refusal

PATIENCE = timedelta(minutes=2)
MOST_ATTEMPTS = 5
State = QuarterReport.State
Clock = Callable[[], datetime]


class NoMapping(Refusal):
    pass


class NotNow(Refusal):
    """The report is not where this can be done with it."""


class NotAnswered(Refusal):
    pass


class SignedByTheSame(Refusal):
    pass


class NoReason(Refusal):
    pass


# ---- Asked for, and filled ----
def ask(*, report: FunderReport, quarter: Quarter, reason: str = "", by: User, now: datetime) -> QuarterReport:
    """Begin the quarter's report, or (with a reason) the correction of one that is signed; the job begins after commit.

    While one of the quarter is not signed, that one is the answer. Refuses a quarter without a mapping, and one of
    which no release is public.
    """
    require(by, Permission.PREPARE_FUNDER_REPORT)
    release_for(quarter, now)
    with acting("outcomes.funder_report.asked", by=by, now=now, reason=reason) as act:
        FunderReport.objects.select_for_update().get(pk=report.pk)
        newest = report.quarters.filter(first_day=quarter.months[0].first).order_by("-number").first()
        if newest is not None and not newest.is_signed:
            return newest
        if newest is not None and not reason:
            raise NoReason("Say why the report that was sent is corrected.")
        mapping = mapping_for(report, quarter)
        if mapping is None:
            raise NoMapping(f"No mapping is in force for {quarter}. Publish one that begins with it or earlier.")
        quarter_report = QuarterReport.objects.create(
            report=report,
            mapping=mapping,
            first_day=quarter.months[0].first,
            number=newest.number + 1 if newest else 1,
            reason=reason if newest else "",
            requested_by=by,
            requested_at=now,
            beat_at=now,
        )
        act.on(quarter_report)
        transaction.on_commit(lambda: _hand_over(quarter_report.pk))
    return quarter_report


def fill_again(*, quarter_report: QuarterReport, by: User, now: datetime) -> QuarterReport:
    """From what is public and recorded by now, and by the mapping that is in force by now. What was written stays."""
    require(by, Permission.PREPARE_FUNDER_REPORT)
    with acting("outcomes.funder_report.asked_again", by=by, now=now) as act:
        quarter_report = _locked(quarter_report, State.DRAFT, State.FAILED)
        release_for(quarter_report.quarter, now)
        quarter_report.mapping = mapping_for(quarter_report.report, quarter_report.quarter)
        quarter_report.state, quarter_report.problem, quarter_report.attempts = State.FILLING, "", 0
        quarter_report.stage, quarter_report.percent, quarter_report.beat_at = "", 0, now
        quarter_report.save()
        act.on(quarter_report)
        transaction.on_commit(lambda: _hand_over(quarter_report.pk))
    return quarter_report


def resume(*, now: datetime) -> list[int]:
    """Hand over again what has not been heard of for a while (a worker died, a message was lost)."""
    silent = QuarterReport.objects.filter(state=State.FILLING, beat_at__lt=now - PATIENCE)
    found = list(silent.values_list("pk", flat=True))
    for pk in found:
        _hand_over(pk)
    return found


def fill(*, quarter_report_id: int, clock: Clock) -> QuarterReport | None:
    """Do the job's work; None if it is done already. May be called any number of times and killed anywhere: the rows
    and the end of filling are written in one transaction."""
    filling = QuarterReport.objects.filter(pk=quarter_report_id, state=State.FILLING)
    if not filling.update(attempts=F("attempts") + 1, beat_at=clock()):
        return None
    try:
        if filling.filter(attempts__gt=MOST_ATTEMPTS).exists():
            raise NotNow(f"The job was begun {MOST_ATTEMPTS} times and never ended. Look at the worker's log.")
        return _fill(quarter_report_id, clock)
    except Exception as problem:
        words = problem.message if isinstance(problem, Refusal) else f"{type(problem).__name__}: {problem}"[:500]
        filling.update(state=State.FAILED, problem=words, beat_at=clock())
        if isinstance(problem, Refusal):
            return None
        raise


def _fill(quarter_report_id: int, clock: Clock) -> QuarterReport | None:
    filling = QuarterReport.objects.filter(pk=quarter_report_id, state=State.FILLING)
    quarter_report = QuarterReport.objects.select_related("report__fund", "mapping").get(pk=quarter_report_id)
    release = release_for(quarter_report.quarter, clock())
    filling.update(stage=f"Reading {release}", percent=20, beat_at=clock())
    rows = list(filled_rows(quarter_report, release))
    filling.update(stage="Writing the rows", percent=80, beat_at=clock())
    by = quarter_report.requested_by
    with acting("outcomes.funder_report.filled", by=by, now=clock()) as act:
        quarter_report = filling.select_for_update(of=["self"]).select_related("report").first()
        if quarter_report is None:
            return None  # another worker was faster
        _keep_what_was_written(quarter_report, rows)
        quarter_report.rows.all().delete()
        QuarterRow.objects.bulk_create(rows)
        quarter_report.state, quarter_report.release, quarter_report.filled_at = State.DRAFT, release, clock()
        quarter_report.stage, quarter_report.percent = "Filled", 100
        quarter_report.save()
        act.on(quarter_report)
    return quarter_report


def _keep_what_was_written(quarter_report: QuarterReport, rows: list[QuarterRow]) -> None:
    """Of the report itself; a correction begins with what was written in the one that it corrects."""
    number = quarter_report.number
    earlier = QuarterRow.objects.filter(
        quarter_report__report=quarter_report.report,
        quarter_report__first_day=quarter_report.first_day,
        quarter_report__number__in=[number - 1, number],
    )
    written = {row.code: row for row in earlier.order_by("quarter_report__number") if row.written_by_id}
    for row in rows:
        if before := written.get(row.code):
            row.comment, row.written_by_id, row.written_at = before.comment, before.written_by_id, before.written_at
            row.answer = before.answer if row.source == MappingRow.Source.TEXT else ""


# ---- Written beside ----
def write(*, row: QuarterRow, answer: str = "", comment: str = "", by: User, now: datetime) -> QuarterRow:
    """What the row of words says, and what is said beside any row."""
    require(by, Permission.PREPARE_FUNDER_REPORT)
    with acting("outcomes.funder_report.written", by=by, now=now) as act:
        quarter_report = _locked(row.quarter_report, State.DRAFT)
        row.answer, row.comment, row.written_by, row.written_at = answer, comment, by, now
        row.save(update_fields=["answer", "comment", "written_by", "written_at"])
        act.on(quarter_report)
    return row


# ---- Signed ----
def sign(*, quarter_report: QuarterReport, by: User, now: datetime) -> QuarterReport:
    """The first signature, of its author: from now on nothing of it changes, unless the second person sends it back."""
    require(by, Permission.PREPARE_FUNDER_REPORT)
    with acting("outcomes.funder_report.signed", by=by, now=now) as act:
        quarter_report = _locked(quarter_report, State.DRAFT)
        if empty := unanswered(quarter_report):
            raise NotAnswered(f"Write what these rows ask for first: {', '.join(row.code for row in empty)}.")
        quarter_report.state, quarter_report.authored_by, quarter_report.authored_at = State.AUTHORED, by, now
        quarter_report.sent_back_reason = ""
        quarter_report.save()
        act.on(quarter_report)
    return quarter_report


def send_back(*, quarter_report: QuarterReport, reason: str, by: User, now: datetime) -> QuarterReport:
    """Instead of the second signature: its author changes it and signs anew. The author may also take it back."""
    require(by, _may_send_back(quarter_report, by))
    with acting("outcomes.funder_report.sent_back", by=by, now=now, reason=reason) as act:
        quarter_report = _locked(quarter_report, State.AUTHORED)
        quarter_report.state, quarter_report.sent_back_reason = State.DRAFT, reason
        quarter_report.authored_by = quarter_report.authored_at = None
        quarter_report.save()
        act.on(quarter_report)
    return quarter_report


def _may_send_back(quarter_report: QuarterReport, by: User) -> Permission:
    is_author = quarter_report.authored_by_id == by.pk
    return Permission.PREPARE_FUNDER_REPORT if is_author else Permission.CERTIFY_FUNDER_REPORT


def certify(*, quarter_report: QuarterReport, by: User, now: datetime) -> QuarterReport:
    """The second signature, never of the author: its files are written and it is kept as it is, for ever."""
    require(by, Permission.CERTIFY_FUNDER_REPORT)
    with acting("outcomes.funder_report.certified", by=by, now=now) as act:
        quarter_report = _locked(quarter_report, State.AUTHORED)
        if quarter_report.authored_by_id == by.pk:
            raise SignedByTheSame("You signed it as its author, so a colleague has to certify it.")
        quarter_report.certified_by, quarter_report.certified_at = by, now
        files = files_of(quarter_report, list(quarter_report.rows.all()))
        quarter_report.state, quarter_report.fingerprint = State.SIGNED, files[0].sha256
        quarter_report.save()
        QuarterReportFile.objects.bulk_create(
            QuarterReportFile(
                quarter_report=quarter_report,
                name=file.name,
                size=len(file.content),
                sha256=file.sha256,
                compressed=gzip.compress(file.content, mtime=0),
            )
            for file in files
        )
        act.on(quarter_report)
    return quarter_report


def _locked(quarter_report: QuarterReport, *states: str) -> QuarterReport:
    found = (
        QuarterReport.objects.select_for_update(of=["self"])
        .select_related("report__fund", "release", "authored_by")
        .get(pk=quarter_report.pk)
    )
    if found.state not in states:
        raise NotNow(f"This report is {found.get_state_display().lower()}: somebody was faster. Look at it again.")
    return found


def _hand_over(quarter_report_id: int) -> None:
    current_app.send_task("outcomes.fill_quarter_report", args=[quarter_report_id])
