"""Return templates and the library of measures, as staff read and build them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import takewhile
from operator import attrgetter

from django.db.models import Count, Prefetch, Q, QuerySet

from outcomes.answer_words import said
from outcomes.models import (
    Measure,
    ProgrammeTemplate,
    ReturnTemplate,
    TemplateCheck,
    TemplateQuestion,
    TemplateSection,
    TemplateVersion,
)
from outcomes.models.templates import CheckRule, CheckSeverity, SectionBlock, StandardFor, TemplateVersionState
from outcomes.queries.questions import EXPOSURE_ITEMS, PEOPLE_ITEMS, Question, Section, questions_in
from partners.models import User
from programmes.models import Programme
from vru_portal.core.periods import Month
from vru_portal.core.revisions import revision_of

LIVE, DRAFT = TemplateVersionState.LIVE, TemplateVersionState.DRAFT


@dataclass(frozen=True)
class TemplateLine:
    """A template in the list: who is asked by it, what is in force, what comes, and whether a draft waits."""

    template: ReturnTemplate
    programmes: tuple[Programme, ...]
    in_force: TemplateVersion | None
    coming: TemplateVersion | None
    draft: TemplateVersion | None


def template_lines(month: Month) -> list[TemplateLine]:
    """Every template. A programme that has none of its own stands with the standard one."""
    templates = ReturnTemplate.objects.prefetch_related("versions", "programmes__programme")
    without = list(Programme.objects.filter(return_template=None))
    return [_line(template, month, without) for template in templates]


def _line(template: ReturnTemplate, month: Month, without: list[Programme]) -> TemplateLine:
    own = [given.programme for given in template.programmes.all()]
    if template.standard_for:
        own += [
            programme
            for programme in without
            if programme.counts_exposure == (template.standard_for == StandardFor.EXPOSURE)
        ]
    live = sorted((v for v in template.versions.all() if v.state == LIVE), key=lambda version: version.effective_from)
    by_then = [version for version in live if version.effective_from <= month.first]
    later = [version for version in live if version.effective_from > month.first]
    return TemplateLine(
        template=template,
        programmes=tuple(own),
        in_force=by_then[-1] if by_then else None,
        coming=later[0] if later else None,
        draft=next((version for version in template.versions.all() if version.state == DRAFT), None),
    )


def revision_of_template(template: ReturnTemplate) -> str:
    """Changes with its name and its summary."""
    return revision_of({"name": template.name, "summary": template.summary})


def version_in_force(template: ReturnTemplate, month: Month) -> TemplateVersion | None:
    live = template.versions.filter(state=LIVE, effective_from__lte=month.first)
    return live.order_by("-effective_from").first()


def programmes_to_assign(template: ReturnTemplate) -> QuerySet[Programme]:
    """Those that another template, or the standard one, asks."""
    return Programme.objects.exclude(return_template__template=template)


def programmes_of(template: ReturnTemplate) -> QuerySet[ProgrammeTemplate]:
    return template.programmes.select_related("programme").order_by("programme__name")


# ---- Measures ----
def library(words: str = "") -> QuerySet[Measure]:
    """The measures whose name, definition or lines hold all of the words. `asked_in`: how many templates ask it."""
    found = Measure.objects.all()
    for word in words.split():
        holds = Q(name__icontains=word) | Q(definition__icontains=word) | Q(options__name__icontains=word)
        found = found.filter(Q(code__icontains=word) | holds)
    live = Q(questions__section__version__state=LIVE)
    return (
        found.annotate(asked_in=Count("questions__section__version__template", distinct=True, filter=live))
        .select_related("succeeded_by__new")
        .distinct()
    )


def revision_of_measure(measure: Measure) -> str:
    """Changes with what its form says."""
    facts = {field.name: field.value_from_object(measure) for field in Measure._meta.concrete_fields}
    return revision_of(facts | {"lines": [option.name for option in measure.options.all()]})


def where_asked(measure: Measure) -> list[TemplateVersion]:
    """The versions that ask it, the newest of each template first."""
    versions = TemplateVersion.objects.filter(sections__questions__measure=measure)
    return list(versions.select_related("template").order_by("template__name", "-number").distinct())


def measures_to_ask(version: TemplateVersion, words: str = "") -> QuerySet[Measure]:
    """The library without what the version asks already and what has a successor."""
    asked = TemplateQuestion.objects.filter(section__version=version).values("measure")
    return library(words).exclude(pk__in=asked).filter(succeeded_by=None).prefetch_related("options")


# ---- Checks in words ----
def items_of(version: TemplateVersion) -> dict[str, str]:
    """What checks of a version may compare, by code, with its words. Of measures only the numbers."""
    questions = questions_in(version, Month(2000, 1), asked=())
    core = PEOPLE_ITEMS if questions.has(SectionBlock.PEOPLE) else {}
    if questions.counts_exposure:
        core = EXPOSURE_ITEMS
    numbers = [question.measure for question in questions.all if question.measure.kind == Measure.Kind.NUMBER]
    return core | {measure.code: measure.name for measure in numbers}


def check_in_words(check: TemplateCheck, names: dict[str, str]) -> str:
    """“Referred is at most Screened. If not, it must be mended.”"""
    what = "it must be mended" if check.severity == CheckSeverity.HARD else "a few words must explain it"
    return f"{rule_in_words(check, names)}. If not, {what}."


def rule_in_words(check: TemplateCheck, names: dict[str, str]) -> str:
    """“Referred is at most Screened”"""
    right = " + ".join(names.get(item, item) for item in check.right) if check.right else said(check.limit)
    rule = {
        CheckRule.AT_MOST: f"is at most {right}",
        CheckRule.EQUALS: f"is the same as {right}",
        CheckRule.AT_LEAST: f"is at least {right}",
        CheckRule.JUMP: f"is at most {right} times last month’s, and not under that part of it",
    }[check.rule]
    return f"{names.get(check.left, check.left)} {rule}"


# ---- What a version asks otherwise than the one before ----
def changes(before: TemplateVersion, after: TemplateVersion) -> list[str]:
    """The differences as sentences, in the order of the form; empty when both ask the same."""
    return list(_changes(before, after))


def _changes(before: TemplateVersion, after: TemplateVersion) -> Iterator[str]:
    then, now = (questions_in(version, Month(2000, 1), asked=()) for version in (before, after))
    old, new = ({section.key: section for section in questions.sections} for questions in (then, now))
    yield from (f"New part “{section.title}”." for key, section in new.items() if key not in old)
    yield from (f"Part “{section.title}” taken out." for key, section in old.items() if key not in new)
    for key, section in new.items():
        if key in old:
            yield from _section_changes(old[key], section)
    if [key for key in old if key in new] != [key for key in new if key in old]:
        yield f"The parts stand in another order: {', '.join(section.title for section in new.values())}."
    yield from _question_changes(old, new)
    yield from _check_changes(before, after)
    if before.minutes != after.minutes:
        yield f"It takes about {after.minutes} minutes, not {before.minutes}."


def _section_changes(old: Section, new: Section) -> Iterator[str]:
    if old.title != new.title:
        yield f"“{old.title}” is now called “{new.title}”."
    if old.intro != new.intro:
        yield f"“{new.title}” is introduced in other words."
    if old.block != new.block:
        yield f"“{new.title}” asks for people in another way."


def _question_changes(old: dict[str, Section], new: dict[str, Section]) -> Iterator[str]:
    then, now = _asked(old), _asked(new)
    for code, (section, question) in now.items():
        if code not in then:
            yield f"Added to “{section.title}”: {question.measure}{_flags(question)}."
    for code, (section, question) in then.items():
        if code not in now:
            yield f"Taken out of “{section.title}”: {question.measure}."
    for code, (section, question) in now.items():
        if code not in then:
            continue
        earlier_section, earlier = then[code]
        if earlier_section.key != section.key:
            yield f"Moved from “{earlier_section.title}” to “{section.title}”: {question.measure}."
        if earlier.is_required != question.is_required:
            yield f"{question.measure}: {'must now be answered' if question.is_required else 'is now optional'}."
        if earlier.is_prefilled != question.is_prefilled:
            how = "now begins with last month’s answer" if question.is_prefilled else "now begins empty"
            yield f"{question.measure}: {how}."
    for key, section in new.items():
        codes = [question.measure.code for question in section.questions]
        earlier = [question.measure.code for question in old[key].questions] if key in old else []
        if [code for code in earlier if code in codes] != [code for code in codes if code in earlier]:
            yield f"The questions of “{section.title}” stand in another order."


def _asked(sections: dict[str, Section]) -> dict[str, tuple[Section, Question]]:
    return {
        question.measure.code: (section, question) for section in sections.values() for question in section.questions
    }


def _flags(question: Question) -> str:
    return "" if question.is_required else " (optional)"


def _check_changes(before: TemplateVersion, after: TemplateVersion) -> Iterator[str]:
    then, now = ({_rule(check): check for check in version.checks.all()} for version in (before, after))
    names = items_of(before) | items_of(after)
    for rule, check in now.items():
        if rule not in then:
            yield f"New check. {check_in_words(check, names)}"
        elif then[rule].sentence != check.sentence:
            yield f"A check is put in other words: {check.sentence or 'the sentence made from the names'}"
    for rule, check in then.items():
        if rule not in now:
            yield f"Check taken out. {check_in_words(check, names)}"


def _rule(check: TemplateCheck) -> tuple:
    return check.severity, check.left, check.rule, tuple(check.right), check.limit


# ---- Two people at one draft ----
FACTS = {
    TemplateSection: ("title", "intro", "block"),
    TemplateQuestion: ("section_id", "is_required", "is_prefilled"),
    TemplateCheck: ("severity", "left", "rule", "right", "limit", "sentence"),
    TemplateVersion: ("minutes",),
}
Row = TemplateSection | TemplateQuestion | TemplateCheck | TemplateVersion


def revision_of_row(row: Row) -> str:
    """Changes with what its form says."""
    return revision_of({name: getattr(row, name) for name in FACTS[type(row)]})


def revision_of_draft(version: TemplateVersion) -> str:
    """Changes with whatever the draft asks, and in which order."""
    sections = version.sections.order_by("order")
    questions = TemplateQuestion.objects.filter(section__version=version).order_by("section", "order")
    rows = (*sections, *questions, *version.checks.order_by("order"), version)
    return revision_of({"rows": [(type(row).__name__, row.pk, revision_of_row(row)) for row in rows]})


def facts_in_words(row: Row) -> dict[str, str]:
    if isinstance(row, TemplateSection):
        return {"the title": row.title, "above the questions": row.intro, "what it asks": row.get_block_display()}
    if isinstance(row, TemplateQuestion):
        facts = {"must be answered": row.is_required, "begins with last month’s answer": row.is_prefilled}
        return {"its part": row.section.title} | {name: "yes" if value else "no" for name, value in facts.items()}
    if isinstance(row, TemplateCheck):
        rule = check_in_words(row, items_of(row.version)).rstrip(".")
        return {"the rule": rule, "what the partner is told": row.sentence.rstrip(".")}
    return {"minutes": f"{row.minutes}"}


def last_changed_by(row: Row) -> User | None:
    """Who made it what it is now; moving it up and down changes nothing of that."""
    facts = attrgetter(*FACTS[type(row)])
    events = list(row.events.select_related("pgh_context").order_by("-pgh_id"))
    same = list(takewhile(lambda event: facts(event) == facts(events[0]), events))
    context = same[-1].pgh_context if same else None
    return User.objects.filter(pk=context.metadata.get("user")).first() if context else None


def with_all_of_it(version: TemplateVersion) -> QuerySet:
    """A version's sections with their questions and measures, for its page."""
    questions = (
        TemplateQuestion.objects.select_related("measure").prefetch_related("measure__options").order_by("order")
    )
    return version.sections.order_by("order").prefetch_related(Prefetch("questions", questions))
