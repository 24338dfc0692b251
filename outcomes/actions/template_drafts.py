"""Building a draft: its sections, its questions, its checks.

Each action locks the draft's row first, so that nobody publishes it in between; once it is published it says no. Who
edits may say with `revision` what they saw (`revision_of_row`): `ChangedMeanwhile` if somebody changed it since.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal

from django.db.models import Max, Model
from django.utils.text import slugify

from outcomes.actions.templates import lock_draft
from outcomes.models import Measure, TemplateCheck, TemplateQuestion, TemplateSection, TemplateVersion
from outcomes.models.templates import CheckRule, CheckSeverity
from outcomes.queries import templates as queries
from partners.actions.events import acting, require
from partners.models import User
from partners.permissions import Permission
from vru_portal.core.refusals import Refusal
from vru_portal.core.revisions import ChangedMeanwhile

LONGEST_KEY = 40


class TakenOut(Refusal):
    """What was to be changed is no longer in the draft."""

    def __init__(self) -> None:
        super().__init__("Somebody took this out of the draft in the meantime. Look at the draft as it is now.")


class AskedTwice(Refusal):
    def __init__(self, what: object) -> None:
        super().__init__(f"This draft asks “{what}” already.")


class NotACheck(Refusal):
    """A rule that cannot be kept or makes no sense; the message says why."""


def set_minutes(
    *, version: TemplateVersion, minutes: int, by: User, now: datetime, revision: str = ""
) -> TemplateVersion:
    """How long partners need for it, for the burden."""
    require(by, Permission.MANAGE_TEMPLATES)
    with acting("outcomes.template.minutes_set", by=by, now=now) as act:
        version = lock_draft(version)
        _put(version, "How long it takes", revision, minutes=minutes)
        act.on(version)
    return version


# ---- Sections ----
def add_section(
    *, version: TemplateVersion, title: str, intro: str = "", block: str = "", by: User, now: datetime
) -> TemplateSection:
    """A new page at the end of the form. `block`: what it asks beside measures."""
    require(by, Permission.MANAGE_TEMPLATES)
    with acting("outcomes.template.section_added", by=by, now=now) as act:
        version = lock_draft(version)
        _block_is_free(version, block)
        section = TemplateSection.objects.create(
            version=version, key=_free_key(version, title), order=_last(version.sections) + 1,
            title=title, intro=intro, block=block,
        )  # fmt: skip
        act.on(version)
    return section


def edit_section(
    *,
    section: TemplateSection,
    title: str,
    intro: str = "",
    block: str = "",
    by: User,
    now: datetime,
    revision: str = "",
) -> TemplateSection:
    """Put a section otherwise. Its key, the address of its page, stays."""
    require(by, Permission.MANAGE_TEMPLATES)
    with acting("outcomes.template.section_edited", by=by, now=now) as act:
        version = lock_draft(section.version)
        section = _still(section)
        if block != section.block:
            _block_is_free(version, block)
        _put(section, f"“{section}”", revision, title=title, intro=intro, block=block)
        act.on(version)
    return section


def move_section(*, section: TemplateSection, places: int, by: User, now: datetime) -> None:
    """Up (-1) or down (+1) by so many places; at the end of the form it stays."""
    require(by, Permission.MANAGE_TEMPLATES)
    with acting("outcomes.template.section_moved", by=by, now=now) as act:
        version = lock_draft(section.version)
        if _move(list(version.sections.order_by("order")), _still(section), places):
            act.on(version)


def delete_section(*, section: TemplateSection, by: User, now: datetime) -> None:
    """Take a page out, with its questions."""
    require(by, Permission.MANAGE_TEMPLATES)
    with acting("outcomes.template.section_deleted", by=by, now=now) as act:
        version = lock_draft(section.version)
        _still(section).delete()
        act.on(version)


def _block_is_free(version: TemplateVersion, block: str) -> None:
    if taken := version.sections.filter(block=block).first() if block else None:
        raise AskedTwice(taken.get_block_display())


def _free_key(version: TemplateVersion, title: str) -> str:
    stem, number = slugify(title)[: LONGEST_KEY - 4].strip("-") or "part", 1
    key = stem
    while version.sections.filter(key=key).exists():
        number += 1
        key = f"{stem}-{number}"
    return key


# ---- Questions ----
def add_question(
    *,
    section: TemplateSection,
    measure: Measure,
    is_required: bool = True,
    is_prefilled: bool = False,
    by: User,
    now: datetime,
) -> TemplateQuestion:
    """Ask a measure at the end of a section."""
    require(by, Permission.MANAGE_TEMPLATES)
    with acting("outcomes.template.question_added", by=by, now=now) as act:
        version = lock_draft(section.version)
        section = _still(section)
        if TemplateQuestion.objects.filter(section__version=version, measure=measure).exists():
            raise AskedTwice(measure)
        question = TemplateQuestion.objects.create(
            section=section, measure=measure, order=_last(section.questions) + 1,
            is_required=is_required, is_prefilled=is_prefilled,
        )  # fmt: skip
        act.on(version)
    return question


def edit_question(
    *,
    question: TemplateQuestion,
    section: TemplateSection,
    is_required: bool,
    is_prefilled: bool,
    by: User,
    now: datetime,
    revision: str = "",
) -> TemplateQuestion:
    """Whether it must be answered and stands filled in already; another `section` of the same draft takes it over."""
    require(by, Permission.MANAGE_TEMPLATES)
    with acting("outcomes.template.question_edited", by=by, now=now) as act:
        version = lock_draft(question.section.version)
        question, section = _still(question), _still(section)
        if section.version_id != version.pk:
            raise TakenOut
        order = question.order if section.pk == question.section_id else _last(section.questions) + 1
        facts = {"section": section, "order": order, "is_required": is_required, "is_prefilled": is_prefilled}
        _put(question, f"“{question.measure}”", revision, **facts)
        act.on(version)
    return question


def move_question(*, question: TemplateQuestion, places: int, by: User, now: datetime) -> None:
    """Up (-1) or down (+1) within its section."""
    require(by, Permission.MANAGE_TEMPLATES)
    with acting("outcomes.template.question_moved", by=by, now=now) as act:
        version = lock_draft(question.section.version)
        question = _still(question)
        if _move(list(question.section.questions.order_by("order")), question, places):
            act.on(version)


def delete_question(*, question: TemplateQuestion, by: User, now: datetime) -> None:
    """Ask it no longer. What was answered in other versions stays."""
    require(by, Permission.MANAGE_TEMPLATES)
    with acting("outcomes.template.question_deleted", by=by, now=now) as act:
        version = lock_draft(question.section.version)
        _still(question).delete()
        act.on(version)


# ---- Checks ----
def put_check(
    *,
    version: TemplateVersion,
    check: TemplateCheck | None = None,
    severity: str,
    left: str,
    rule: str,
    right: Sequence[str] = (),
    limit: Decimal | None = None,
    sentence: str = "",
    by: User,
    now: datetime,
    revision: str = "",
) -> TemplateCheck:
    """A new check, or `check` put otherwise. `NotACheck` if it makes no sense."""
    require(by, Permission.MANAGE_TEMPLATES)
    with acting("outcomes.template.check_put", by=by, now=now) as act:
        version = lock_draft(version)
        check = _still(check) if check else TemplateCheck(version=version, order=_last(version.checks) + 1)
        if why := _makes_no_sense(severity, left, rule, right, limit):
            raise NotACheck(why)
        facts = {"severity": severity, "left": left, "rule": rule, "right": list(right), "limit": limit}
        _put(check, "The check", revision, **facts, sentence=sentence)
        act.on(version)
    return check


def _makes_no_sense(severity: str, left: str, rule: str, right: Sequence[str], limit: Decimal | None) -> str:
    if bool(right) == (limit is not None):
        return "Compare either with other answers or with a number."
    if left in right:
        return "An answer cannot be compared with itself."
    if rule == CheckRule.JUMP and (limit is None or limit <= 1):
        return "Say how many times last month’s is too much: a number above 1."
    if rule == CheckRule.JUMP and severity != CheckSeverity.SOFT:
        return "A jump can only ask for an explanation: some jumps are true."
    return ""


def delete_check(*, check: TemplateCheck, by: User, now: datetime) -> None:
    require(by, Permission.MANAGE_TEMPLATES)
    with acting("outcomes.template.check_deleted", by=by, now=now) as act:
        version = lock_draft(check.version)
        _still(check).delete()
        act.on(version)


# ---- What they share ----
def _still(row: Model) -> Model:
    """The row as it is now. `TakenOut` if it is no longer there."""
    found = type(row).objects.filter(pk=row.pk).first()
    if found is None:
        raise TakenOut
    return found


def _put(row: queries.Row, what: str, revision: str, **facts) -> None:
    """Write the facts, unless somebody has changed them to something else since `revision`."""
    now = queries.revision_of_row(row)
    is_past = revision not in ("", now)
    kept = queries.facts_in_words(row) if is_past else {}
    for name, value in facts.items():
        setattr(row, name, value)
    wanted = queries.facts_in_words(row) if is_past else {}
    if differs := {name: words for name, words in kept.items() if words != wanted[name]}:
        raise ChangedMeanwhile(what, differs, now, by=queries.last_changed_by(row))
    row.save()


def _last(rows) -> int:
    return rows.aggregate(last=Max("order"))["last"] or 0


def _move(rows: list, moved: Model, places: int) -> bool:
    """Put `moved` so many places further, and number all anew; False where there is no such place."""
    place = rows.index(moved)
    if not 0 <= place + places < len(rows):
        return False
    rows.insert(place + places, rows.pop(place))
    for order, row in enumerate(rows, 1):
        if row.order != order:
            row.order = order
            row.save(update_fields=["order"])
    return True
