"""What a return asks: its template's version for the month, the reference tables, and what was counted before."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cached_property, partial
from itertools import groupby

from django.db.models import Prefetch

from outcomes.models import (
    Category,
    Measure,
    MeasureOption,
    Obligation,
    ReturnVersion,
    SubmissionCount,
    TemplateCheck,
    TemplateQuestion,
    TemplateVersion,
)
from outcomes.models.policy import Dimension
from outcomes.models.returns import Seen
from outcomes.models.templates import SectionBlock, StandardFor
from outcomes.queries.standing import latest_submissions, open_version
from programmes.models import Programme
from vru_portal.core.periods import Month, months_between
from vru_portal.core.refusals import Refusal

APRIL = 4


class NoTemplate(Refusal):
    """Nothing says what this programme's deliveries are asked."""

    def __init__(self, programme: Programme) -> None:
        super().__init__(f"No return template is published for {programme}. Ask the unit to publish one.")


@dataclass(frozen=True)
class Breakdown:
    """One way of breaking people down, with its categories in order."""

    dimension: Dimension
    categories: tuple[Category, ...]

    @property
    def not_known(self) -> Category | None:
        """Where people go about whom this was not recorded."""
        return next((category for category in reversed(self.categories) if not category.is_known), None)


@dataclass(frozen=True)
class Question:
    """A measure as a template asks it."""

    measure: Measure
    options: tuple[MeasureOption, ...] = ()
    is_required: bool = True
    is_prefilled: bool = False


@dataclass(frozen=True)
class Section:
    """A page of the form."""

    key: str
    title: str
    intro: str = ""
    block: str = ""
    questions: tuple[Question, ...] = ()


def nobody_yet() -> None:
    """Of a template that is tried, nothing was counted before."""


@dataclass(frozen=True)
class Questions:
    """What is asked of one delivery for one month."""

    month: Month
    sections: tuple[Section, ...]
    breakdowns: tuple[Breakdown, ...]
    version: TemplateVersion | None = None  # None while a draft of a template is tried
    checks: tuple[TemplateCheck, ...] = ()
    count_so_far: Callable[[], int | None] = nobody_yet

    @cached_property
    def all(self) -> tuple[Question, ...]:
        """The measures' questions in the order of the form."""
        return tuple(question for section in self.sections for question in section.questions)

    @cached_property
    def counted_so_far(self) -> int | None:
        """People counted since April, ΣA + B; None while a return of an earlier month is missing, or none are counted.

        Read when a rule asks for it: a page that is only shown does not.
        """
        return self.count_so_far() if self.has(SectionBlock.PEOPLE) else None

    @property
    def counts_exposure(self) -> bool:
        return self.has(SectionBlock.EXPOSURE)

    def has(self, block: str) -> bool:
        return any(section.block == block for section in self.sections)

    @property
    def asks_already_counted(self) -> bool:
        """In April nobody is already counted this financial year, so C is 0 and is not asked."""
        return self.month.number != APRIL

    @property
    def seen(self) -> tuple[Seen, ...]:
        """The groups of people that each breakdown is asked for."""
        return tuple(Seen) if self.asks_already_counted else (Seen.FIRST_SEEN,)

    @property
    def names(self) -> dict[str, str]:
        """The items that checks compare, by their codes, with their words."""
        core = EXPOSURE_ITEMS if self.counts_exposure else PEOPLE_ITEMS
        return core | {question.measure.code: question.measure.name for question in self.all}


# What checks call the counts of people.
PEOPLE_ITEMS = {
    "core:new_people": "A: new",
    "core:known_people": "B: known from an earlier year",
    "core:first_seen_people": "A + B: first seen this year",
    "core:already_counted_people": "C: already counted",
    "core:people": "People (A + B + C)",
    "core:contacts": "Contacts",
}
EXPOSURE_ITEMS = {"core:exposed_people": "Estimate of how many are exposed"}


# ---- Which template ----
def template_for(programme: Programme, month: Month) -> TemplateVersion:
    """The published version that asks for the month. `NoTemplate` if nothing is published for the programme."""
    return in_force(live_versions(programme), month)


def live_versions(programme: Programme) -> list[TemplateVersion]:
    """What is published for the programme, or else the standard of its rung, the earliest first.

    `NoTemplate` if there is neither.
    """
    standard = StandardFor.EXPOSURE if programme.counts_exposure else StandardFor.PEOPLE
    live = TemplateVersion.objects.filter(state=TemplateVersion.State.LIVE).select_related("template")
    live = live.order_by("effective_from")
    own = live.filter(template__programmes__programme=programme)
    found = list(own) or list(live.filter(template__standard_for=standard))
    if not found:
        raise NoTemplate(programme)
    return found


def in_force(versions: list[TemplateVersion], month: Month) -> TemplateVersion:
    """The latest that is in force by the month, or else the first of all."""
    return next((v for v in reversed(versions) if v.effective_from <= month.first), versions[0])


def questions_of(obligation: Obligation, asked: tuple[Breakdown, ...] | None = None) -> Questions:
    """What an obligation's open version asks, or would ask if it were begun now.

    `asked`: the breakdowns, where many obligations are asked about at once. `NoTemplate` if nothing is published.
    """
    begun = open_version(obligation)
    version = begun.template if begun else template_for(obligation.delivery.programme, obligation.period)
    return questions_in(version, obligation.period, asked=asked, count_so_far=partial(_counted_so_far, obligation))


def questions_in(
    version: TemplateVersion,
    month: Month,
    *,
    asked: tuple[Breakdown, ...] | None = None,
    count_so_far: Callable[[], int | None] = nobody_yet,
) -> Questions:
    """What a version of a template asks for a month."""
    sections = tuple(_sections(version))
    asks_who = any(section.block == SectionBlock.WHO for section in sections)
    return Questions(
        month=month,
        version=version,
        sections=sections,
        breakdowns=() if not asks_who else asked if asked is not None else breakdowns(),
        checks=tuple(version.checks.order_by("order")),
        count_so_far=count_so_far,
    )


def _sections(version: TemplateVersion) -> Iterator[Section]:
    measures = TemplateQuestion.objects.select_related("measure").prefetch_related("measure__options").order_by("order")
    for section in version.sections.order_by("order").prefetch_related(Prefetch("questions", measures)):
        yield Section(
            key=section.key,
            title=section.title,
            intro=section.intro,
            block=section.block,
            questions=tuple(
                Question(asked.measure, tuple(asked.measure.options.all()), asked.is_required, asked.is_prefilled)
                for asked in section.questions.all()
            ),
        )


def _counted_so_far(obligation: Obligation) -> int | None:
    """From the months since April in which the delivery ran and that are not waived: all of them, or none."""
    delivery, april = obligation.delivery, obligation.period.financial_year.months[0]
    if obligation.period == april:
        return None
    earlier = {
        o.period: o
        for o in Obligation.objects.filter(delivery=delivery, month__gte=april.first, month__lt=obligation.month)
    }
    said = latest_submissions(earlier.values(), (ReturnVersion.State.SUBMITTED, ReturnVersion.State.ACCEPTED))
    counted = 0
    for month in months_between(max(april, Month.of(delivery.starts_on)), obligation.period.plus(-1)):
        if month in earlier and earlier[month].waived_at:
            continue
        if month not in earlier or earlier[month].pk not in said:
            return None
        counted += said[earlier[month].pk].first_seen_people or 0
    return counted


def breakdowns() -> tuple[Breakdown, ...]:
    """The four breakdowns as the reference tables have them now."""
    found = {
        dimension: tuple(categories)
        for dimension, categories in groupby(
            Category.objects.order_by("dimension", "order", "pk"), key=lambda category: category.dimension
        )
    }
    return tuple(Breakdown(dimension, found[dimension]) for dimension in Dimension if dimension in found)


def is_counted(category: Category) -> bool:
    """Whether somebody was counted under it. Its dimension and code stay from then on."""
    return SubmissionCount.objects.filter(category=category).exists()
