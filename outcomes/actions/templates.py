"""Return templates: begun, built as a draft, published for good, and given to a programme."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import datetime

from django.db import IntegrityError, transaction
from django.db.models import Max

from outcomes.models import (
    Measure,
    ProgrammeTemplate,
    ReturnTemplate,
    TemplateCheck,
    TemplateQuestion,
    TemplateSection,
    TemplateVersion,
)
from outcomes.models.templates import SectionBlock, StandardFor
from outcomes.queries import templates as queries
from outcomes.queries.questions import questions_in
from partners.actions.events import acting, require
from partners.models import User
from partners.permissions import Permission
from programmes.models import Programme
from vru_portal.core.periods import Month
from vru_portal.core.refusals import Refusal
from vru_portal.core.revisions import ChangedMeanwhile

State = TemplateVersion.State


class NotPublishable(Refusal):
    """The draft cannot be published as it is; the message says everything that is wrong with it."""


class NotADraft(Refusal):
    """A live version is never edited."""

    def __init__(self, by: User | None) -> None:
        published = f"{by} has published this version" if by else "This version is published"
        super().__init__(f"{published}, so it stays as it is. To change what is asked, start a new version.")


class ThrownAway(Refusal):
    def __init__(self) -> None:
        super().__init__("Somebody threw this draft away in the meantime.")


def create(
    *, code: str, name: str, summary: str = "", standard_for: str = "", by: User | None, now: datetime
) -> TemplateVersion:
    """A new template with an empty draft. `by` None: it comes with the portal."""
    _require(by)
    with acting("outcomes.template.created", by=by, now=now) as act, _name_is_free(name):
        template = ReturnTemplate.objects.create(code=code, name=name, summary=summary, standard_for=standard_for)
        version = TemplateVersion.objects.create(template=template, number=1, created_at=now, created_by=by)
        act.on(template)
    return version


def start_version(*, template: ReturnTemplate, by: User, now: datetime) -> TemplateVersion:
    """The template's draft: the one that is open, or a copy of its newest version."""
    _require(by)
    with acting("outcomes.template.version_started", by=by, now=now) as act:
        template = _lock(template)
        if draft := template.versions.filter(state=State.DRAFT).first():
            return draft
        newest = template.versions.order_by("-number").first()  # none once its first draft was thrown away
        facts = {"number": newest.number + 1, "minutes": newest.minutes} if newest else {"number": 1}
        version = TemplateVersion.objects.create(template=template, **facts, created_at=now, created_by=by)
        if newest:
            _copy(newest, version)
        act.on(version)
    return version


def _copy(source: TemplateVersion, version: TemplateVersion) -> None:
    for section in source.sections.all():
        questions = list(section.questions.all())
        section.pk, section.version = None, version
        section.save(force_insert=True)
        for question in questions:
            question.pk, question.section = None, section
            question.save(force_insert=True)
    for check in source.checks.all():
        check.pk, check.version = None, version
        check.save(force_insert=True)


def fill(*, version: TemplateVersion, content: Mapping, by: User | None, now: datetime) -> TemplateVersion:
    """Put into a draft all that a file says of it: `minutes`, `sections` with their `questions`, and `checks`.

    What stood in the draft goes. Shapes as in outcomes/reference/templates.json. `Refusal` names an unknown measure.
    """
    _require(by)
    with acting("outcomes.template.filled", by=by, now=now) as act:
        version = lock_draft(version)
        version.checks.all().delete()
        version.sections.all().delete()
        version.minutes = content.get("minutes", version.minutes)
        version.save(update_fields=["minutes"])
        sections = TemplateSection.objects.bulk_create(
            TemplateSection(version=version, order=order, **_told(section, "key", "title", "intro", "block"))
            for order, section in enumerate(content["sections"], 1)
        )
        asked = [section.get("questions", ()) for section in content["sections"]]
        TemplateQuestion.objects.bulk_create(_questions(sections, asked))
        checks = enumerate(content.get("checks", ()), 1)
        TemplateCheck.objects.bulk_create(
            TemplateCheck(version=version, order=order, **check) for order, check in checks
        )
        act.on(version)
    return version


def _questions(sections: list[TemplateSection], asked: list[Sequence[Mapping]]) -> Iterator[TemplateQuestion]:
    codes = {question["measure"] for questions in asked for question in questions}
    measures = {measure.code: measure for measure in Measure.objects.filter(code__in=codes)}
    for section, questions in zip(sections, asked, strict=True):
        for place, question in enumerate(questions, 1):
            code = question["measure"]
            if code not in measures:
                raise Refusal(f"There is no measure “{code}” in the library.")
            facts = _told(question, "is_required", "is_prefilled")
            yield TemplateQuestion(section=section, measure=measures[code], order=place, **facts)


def _told(content: Mapping, *names: str) -> dict:
    """What a file says of these; it may leave any of them out."""
    return {name: content[name] for name in names if name in content}


def publish(
    *,
    version: TemplateVersion,
    first_month: Month,
    what_changed: str = "",
    by: User | None,
    now: datetime,
    revision: str = "",
) -> TemplateVersion:
    """From `first_month` on this is what new returns are asked. Returns that are begun keep their version.

    `NotPublishable` with everything that is wrong with the draft. Who publishes may say with `revision` which draft
    they read (`revision_of_draft`): `ChangedMeanwhile` if somebody has changed it since.
    """
    _require(by)
    with acting("outcomes.template.published", by=by, now=now, reason=what_changed) as act:
        version = lock_draft(version)
        if revision not in ("", kept := queries.revision_of_draft(version)):
            raise ChangedMeanwhile("The draft", {}, kept)
        _lock(version.template)  # nobody gives it to a programme meanwhile
        # Nor does anybody change meanwhile what it asks.
        list(Measure.objects.select_for_update().filter(questions__section__version=version).order_by("pk"))
        wrong = [*wrong_with(version), *_wrong_in_time(version, first_month, what_changed.strip())]
        if wrong:
            raise NotPublishable(" ".join(wrong))
        version.effective_from, version.what_changed = first_month.first, what_changed.strip()
        version.state, version.published_at, version.published_by = State.LIVE, now, by
        version.save()
        act.on(version)
    return version


def wrong_with(version: TemplateVersion) -> Iterator[str]:
    """What stands in the way of publishing a draft, whenever that is: a sentence each."""
    questions = questions_in(version, Month(2000, 1), asked=())
    if not questions.sections:
        yield "Add a part first."
    if questions.has(SectionBlock.PEOPLE) == questions.has(SectionBlock.EXPOSURE):
        yield "Ask either for people (A, B, C and contacts) or for an estimate of how many are exposed."
    if questions.has(SectionBlock.PEOPLE) != questions.has(SectionBlock.WHO):
        yield "Ask who the people were where people are counted, and only there."
    standard_for = version.template.standard_for
    if standard_for and questions.counts_exposure != (standard_for == StandardFor.EXPOSURE):
        whose = version.template.get_standard_for_display()
        yield f"This is the template of all {whose[0].lower()}{whose[1:]} and have none of their own: ask for that."
    for section in questions.sections:
        if not section.block and not section.questions:
            yield f"“{section.title}” asks nothing: add a question or take the part out."
    for measure, times in Counter(question.measure for question in questions.all).items():
        if times > 1:
            yield f"“{measure}” is asked {times} times: ask it once."
    names = questions.names
    for check in questions.checks:
        strange = [item for item in (check.left, *check.right) if item not in names]
        if strange:
            yield f"A check compares {', '.join(strange)}, which this version does not ask."


def _wrong_in_time(version: TemplateVersion, first_month: Month, what_changed: str) -> Iterator[str]:
    newest = version.template.versions.filter(state=State.LIVE).aggregate(month=Max("effective_from"))["month"]
    if newest and first_month.first <= newest:
        yield f"A version is in force from {Month.of(newest)}: choose a later month."
    if newest and not what_changed:
        yield "Say what changed, for the partners who fill it in."
    for given in version.template.programmes.select_related("programme"):
        if why := _does_not_suit(version, given.programme):
            yield why


def _does_not_suit(version: TemplateVersion, programme: Programme) -> str:
    """Why a programme cannot be asked by a version; empty if it can."""
    asks_exposure = version.sections.filter(block=SectionBlock.EXPOSURE).exists()
    if asks_exposure == programme.counts_exposure:
        return ""
    counts, asks = ("an estimate", "people") if programme.counts_exposure else ("people", "an estimate")
    return f"“{programme}” counts {counts} and this template asks for {asks}."


def assign(*, programme: Programme, template: ReturnTemplate, by: User | None, now: datetime) -> ProgrammeTemplate:
    """From now on the programme's new returns are asked by this template. Until that has a published version they are
    asked by the standard one."""
    _require(by)
    with acting("outcomes.template.assigned", by=by, now=now) as act:
        template = _lock(template)  # nobody publishes what does not suit the programme meanwhile
        newest = template.versions.filter(state=State.LIVE).order_by("-number").first()
        if newest and (why := _does_not_suit(newest, programme)):
            raise Refusal(why)
        given, _ = ProgrammeTemplate.objects.update_or_create(programme=programme, defaults={"template": template})
        act.on(given)
    return given


def unassign(*, programme: Programme, by: User, now: datetime) -> None:
    """From now on the programme's new returns are asked by the standard template."""
    _require(by)
    with acting("outcomes.template.unassigned", by=by, now=now) as act:
        for given in ProgrammeTemplate.objects.select_for_update().filter(programme=programme):
            act.on(given)
            given.delete()


def rename(
    *, template: ReturnTemplate, name: str, summary: str = "", by: User, now: datetime, revision: str = ""
) -> ReturnTemplate:
    """The name and the summary; what is asked is a matter of versions.

    `revision` is what the person saw (`revision_of_template`); `ChangedMeanwhile` if that is past.
    """
    _require(by)
    with acting("outcomes.template.renamed", by=by, now=now) as act, _name_is_free(name):
        template = _lock(template)
        differs = {"name": template.name} if template.name != name else {}
        differs |= {"summary": template.summary} if template.summary != summary else {}
        if differs and revision not in ("", kept := queries.revision_of_template(template)):
            raise ChangedMeanwhile("The template", differs, kept)
        template.name, template.summary = name, summary
        template.save(update_fields=["name", "summary"])
        act.on(template)
    return template


def discard(*, version: TemplateVersion, by: User, now: datetime) -> None:
    """Throw a draft away; a template that never had another version goes with it."""
    _require(by)
    with acting("outcomes.template.discarded", by=by, now=now) as act:
        version = lock_draft(version)
        template = _lock(version.template)
        act.on(template)
        version.delete()
        if not template.versions.exists() and not template.programmes.exists():
            template.delete()


@contextmanager
def _name_is_free(name: str) -> Iterator[None]:
    """`Refusal` if another template has this name, also one that is being written at this moment."""
    try:
        with transaction.atomic():
            yield
    except IntegrityError as error:
        if "name" not in error.__cause__.diag.constraint_name:
            raise
        raise Refusal(f"There is a template “{name}” already. Choose another name.") from error


def _lock(template: ReturnTemplate) -> ReturnTemplate:
    locked = ReturnTemplate.objects.select_for_update().filter(pk=template.pk).first()
    if locked is None:
        raise ThrownAway
    return locked


def lock_draft(version: TemplateVersion) -> TemplateVersion:
    """The version's row, locked, as it is now."""
    drafts = TemplateVersion.objects.select_for_update(of=("self",)).select_related("template", "published_by")
    return still_a_draft(drafts.filter(pk=version.pk).first())


def still_a_draft(version: TemplateVersion | None) -> TemplateVersion:
    """The version. `ThrownAway` if there is none, `NotADraft` once it is published."""
    if version is None:
        raise ThrownAway
    if version.state != State.DRAFT:
        raise NotADraft(version.published_by)
    return version


def _require(by: User | None) -> None:
    if by is not None:
        require(by, Permission.MANAGE_TEMPLATES)
