"""The demo region's return templates: people alone at first, more from October 2025, and one measure with a successor.

So the region shows what a unit does over the years: a template that changes in mid-year, with its series intact.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, time
from decimal import Decimal

from django.utils import timezone

from outcomes.actions import measures, ready_templates, template_drafts, templates
from outcomes.models import Measure, ReturnTemplate, TemplateVersion
from partners.models import User
from vru_portal.core.periods import Month

ASKS_MORE_FROM = Month(2025, 10)
BY_DAYS_FROM = Month(2026, 1)
# What was asked beside people before October 2025.
ASKED_FROM_THE_START = {"school-attendance", "waiting-days"}
WHAT_CHANGED = (
    "Beside people and contacts you now tell us what happened in the month and how it ended, because the unit is asked "
    "for it each quarter. Most of it stands on your own lists already. Questions marked optional may stay empty."
)
BY_PUPILS = {"suspended-pupils": "suspension-days"}  # the earlier measure, by the one that took its place
DAYS_A_SUSPENSION = Decimal("2.4")
DAYS_NOTE = "Counted by school days lost from January 2026; pupils before, at 2.4 days each."
DAYS_CHANGED = "Suspensions are counted by the school days that were lost, no longer by the pupils."


def load(*, analyst: User, today: date) -> None:
    """Every ready template that is not there yet, with its versions so far; those that are there are left alone."""
    known = set(ReturnTemplate.objects.values_list("code", flat=True))
    for content in ready_templates.contents():
        if content["code"] not in known:
            _load(content, analyst, today)
    _count_days(analyst, today)
    _begin_a_draft(analyst, today)


def _load(content: Mapping, analyst: User, today: date) -> None:
    asks_more = any("questions" in section for section in content["sections"])
    first = ready_templates.publish_first(_at_first(content) if asks_more else content, now=_at(date(2021, 3, 15)))
    day = date(2025, 9, 10)
    if asks_more and day < today:
        later = _by_pupils(content) if _asks(content, *BY_PUPILS.values()) else content
        _publish_next(first.template, later, ASKS_MORE_FROM, WHAT_CHANGED, analyst, _at(day))
    day = date(2025, 12, 4)
    if _asks(content, *BY_PUPILS.values()) and day < today:
        _publish_next(first.template, content, BY_DAYS_FROM, DAYS_CHANGED, analyst, _at(day))


def _publish_next(
    template: ReturnTemplate, content: Mapping, first_month: Month, what_changed: str, by: User, now: datetime
) -> TemplateVersion:
    version = templates.start_version(template=template, by=by, now=now)
    templates.fill(version=version, content=content, by=by, now=now)
    return templates.publish(version=version, first_month=first_month, what_changed=what_changed, by=by, now=now)


def _at_first(content: Mapping) -> dict:
    """The sections for people alone, and what was asked from the start."""
    sections = []
    for section in content["sections"]:
        asked = [q for q in section.get("questions", ()) if q["measure"] in ASKED_FROM_THE_START]
        if "block" in section or asked:
            sections.append(section | {"questions": asked})
    checks = [check for check in content["checks"] if check["left"].startswith("core:") and not check.get("right")]
    return {**content, "sections": sections, "checks": checks, "minutes": min(content["minutes"] - 5, 15)}


def _asks(content: Mapping, *codes: str) -> bool:
    return any(q["measure"] in codes for section in content["sections"] for q in section.get("questions", ()))


def _by_pupils(content: Mapping) -> dict:
    """The same with the measures that were asked until January 2026."""
    _earlier_measure()
    earlier = {new: old for old, new in BY_PUPILS.items()}
    sections = [
        section
        | {
            "questions": [
                q | {"measure": earlier.get(q["measure"], q["measure"])} for q in section.get("questions", ())
            ]
        }
        for section in content["sections"]
    ]
    checks = [check | {"left": earlier.get(check["left"], check["left"])} for check in content["checks"]]
    return {**content, "sections": sections, "checks": checks}


def _earlier_measure() -> Measure:
    found = Measure.objects.filter(code="suspended-pupils").first()
    return found or Measure.objects.create(
        code="suspended-pupils",
        name="Pupils suspended",
        definition="Supported pupils who were suspended at least once in this month.",
        example="For example: 3.",
        people_label="pupils",
        kind=Measure.Kind.NUMBER,
        unit=Measure.Unit.PEOPLE,
        better=Measure.Better.LOWER,
    )


def _count_days(analyst: User, today: date) -> None:
    old, new = (Measure.objects.filter(code=code).first() for code in next(iter(BY_PUPILS.items())))
    if old is None or new is None or hasattr(old, "succeeded_by") or date(2025, 12, 4) >= today:
        return
    measures.succeed(
        old=old,
        new=new,
        month=BY_DAYS_FROM,
        factor=DAYS_A_SUSPENSION,
        note=DAYS_NOTE,
        by=analyst,
        now=_at(date(2025, 12, 4)),
    )


def _begin_a_draft(analyst: User, today: date) -> None:
    """One template is being built further: custody is to ask how soon young people are met."""
    template, day = ReturnTemplate.objects.get(code="custody"), date(2026, 11, 10)
    if day >= today or template.versions.count() != 2:
        return
    draft = templates.start_version(template=template, by=analyst, now=_at(day))
    template_drafts.add_question(
        section=draft.sections.get(key="happened"),
        measure=Measure.objects.get(code="first-contact-days"),
        is_required=False,
        by=analyst,
        now=_at(day),
    )


def _at(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time(10)))
