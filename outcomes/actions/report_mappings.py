"""Saying once what fills each row that a funder asks for: in versions, each in force from a quarter on."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from django.db import IntegrityError, transaction
from django.db.models import Max
from django.utils.text import slugify

from funding.models import Fund
from outcomes.models import FunderReport, MappingRow, Measure, ReportMapping
from partners.actions.events import acting, require
from partners.models import User
from partners.permissions import Permission
from vru_portal.core.periods import Quarter
from vru_portal.core.refusals import Refusal

LONGEST_CODE = 40


class NotADraft(Refusal):
    def __init__(self) -> None:
        super().__init__("This mapping is in force, so it stays as it is. Begin a new one to change it.")


class CannotPublish(Refusal):
    pass


class CodeTaken(Refusal):
    pass


class PeopleAreNotAddedUp(Refusal):
    pass


def add_report(*, name: str, fund: Fund, by: User, now: datetime) -> FunderReport:
    """A report that the fund's giver asks for each quarter, with an empty draft of its mapping."""
    require(by, Permission.PREPARE_FUNDER_REPORT)
    with acting("outcomes.funder_report.added", by=by, now=now) as act:
        code = slugify(name)[:LONGEST_CODE].strip("-") or "report"
        taken = FunderReport.objects.filter(code__startswith=code).count()
        if taken:
            code = f"{code[: LONGEST_CODE - 4]}-{taken + 1}"
        report = FunderReport.objects.create(name=name, fund=fund, code=code)
        ReportMapping.objects.create(report=report, number=1, created_by=by, created_at=now)
        act.on(report)
    return report


def start(*, report: FunderReport, by: User, now: datetime) -> ReportMapping:
    """A draft with the rows of the newest mapping; the draft that there is already, if there is one."""
    require(by, Permission.PREPARE_FUNDER_REPORT)
    with acting("outcomes.report_mapping.started", by=by, now=now) as act:
        FunderReport.objects.select_for_update().get(pk=report.pk)
        newest = report.mappings.order_by("-number").first()
        if newest is not None and newest.state == ReportMapping.State.DRAFT:
            return newest
        number = newest.number + 1 if newest else 1
        draft = ReportMapping.objects.create(report=report, number=number, created_by=by, created_at=now)
        for row in newest.rows.all() if newest else ():
            row.pk, row.mapping = None, draft
            row.save(force_insert=True)
        act.on(draft)
    return draft


def put_row(
    *, mapping: ReportMapping, row: MappingRow | None = None, facts: Mapping, by: User, now: datetime
) -> MappingRow:
    """A new row at the end, or `row` put otherwise; `facts` by the names of its fields."""
    require(by, Permission.PREPARE_FUNDER_REPORT)
    with acting("outcomes.report_mapping.row_put", by=by, now=now) as act:
        mapping = _draft(mapping)
        row = row or MappingRow(mapping=mapping, order=_last(mapping) + 1)
        for name, value in facts.items():
            setattr(row, name, value)
        if row.with_programmes and _counts_people(row.measure):
            raise PeopleAreNotAddedUp("Somebody may be in several programmes, so people are never added up.")
        if mapping.rows.filter(code=row.code).exclude(pk=row.pk).exists():
            raise CodeTaken(f"Another row has the number {row.code} already.")
        row.save()
        act.on(mapping)
    return row


def remove_row(*, row: MappingRow, by: User, now: datetime) -> None:
    require(by, Permission.PREPARE_FUNDER_REPORT)
    with acting("outcomes.report_mapping.row_removed", by=by, now=now) as act:
        mapping = _draft(row.mapping)
        row.delete()
        act.on(mapping)


def move_row(*, row: MappingRow, places: int, by: User, now: datetime) -> None:
    """Up (-1) or down (+1); nothing happens where there is no such place."""
    require(by, Permission.PREPARE_FUNDER_REPORT)
    with acting("outcomes.report_mapping.row_moved", by=by, now=now) as act:
        mapping = _draft(row.mapping)
        rows = list(mapping.rows.order_by("order"))
        place = next(n for n, each in enumerate(rows) if each.pk == row.pk)
        if 0 <= place + places < len(rows):
            rows.insert(place + places, rows.pop(place))
            for order, each in enumerate(rows, 1):
                each.order = order
            MappingRow.objects.bulk_update(rows, ["order"])
            act.on(mapping)


def publish(
    *, mapping: ReportMapping, first_quarter: Quarter, what_changed: str = "", by: User, now: datetime
) -> ReportMapping:
    """In force from the quarter on, and never edited again. Reports that are there keep what filled them."""
    require(by, Permission.PREPARE_FUNDER_REPORT)
    with acting("outcomes.report_mapping.published", by=by, now=now, reason=what_changed) as act:
        mapping = _draft(mapping)
        if not mapping.rows.exists():
            raise CannotPublish("It has no rows yet. Add those that the funder asks for first.")
        if mapping.number > 1 and not what_changed:
            raise CannotPublish("Say what is asked otherwise than before.")
        mapping.state, mapping.effective_from = ReportMapping.State.LIVE, first_quarter.months[0].first
        mapping.what_changed, mapping.published_by, mapping.published_at = what_changed, by, now
        try:
            with transaction.atomic():
                mapping.save()
        except IntegrityError as problem:
            if "reportmapping_one_from_a_quarter" not in str(problem):
                raise
            raise CannotPublish(f"Another mapping begins with {first_quarter}. Choose a later quarter.") from problem
        act.on(mapping)
    return mapping


def _counts_people(measure: str) -> bool:
    return Measure.objects.filter(code=measure, unit=Measure.Unit.PEOPLE).exists()


def _draft(mapping: ReportMapping) -> ReportMapping:
    """Locked, so that nobody publishes it meanwhile."""
    mapping = ReportMapping.objects.select_for_update(of=["self"]).select_related("report").get(pk=mapping.pk)
    if mapping.state != ReportMapping.State.DRAFT:
        raise NotADraft
    return mapping


def _last(mapping: ReportMapping) -> int:
    return mapping.rows.aggregate(last=Max("order"))["last"] or 0
