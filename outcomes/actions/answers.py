"""What a return answers, written once, for the form, the import and the action.

A form's fields have these names too, so that a rule can say beside which field it was broken.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from decimal import Decimal

from outcomes.models import Category, Measure, MeasureAnswer, MeasureOption, Submission
from outcomes.models.measures import MeasureKind
from outcomes.models.returns import Seen

MOST_PEOPLE = 1_000_000  # more than this in a month is a slip of the finger


@dataclass(frozen=True)
class MeasureValue:
    """One measure's answer, in the measure's unit (money in pounds).

    A number has `value`, and `parts` by option id where it is broken down; words have `text`; averages and medians say
    on how many `people` they were measured: with 0 there is no value.
    """

    measure: Measure
    people: int | None = None
    before: Decimal | None = None
    after: Decimal | None = None
    median: Decimal | None = None
    value: Decimal | None = None
    parts: Mapping[int, Decimal] = field(default_factory=dict)
    text: str = ""


@dataclass(frozen=True)
class Answers:
    """A whole return. Numbers of people, or, on the exposure rung, `exposed_people` with its method.

    `cells` holds the breakdowns: people by (seen, category id). A cell that is not there is a true zero.
    """

    new_people: int | None = None
    known_people: int | None = None
    already_counted_people: int | None = None
    contacts: int | None = None
    cells: Mapping[tuple[str, int], int] = field(default_factory=dict)
    exposed_people: int | None = None
    exposure_method: str = ""
    measures: tuple[MeasureValue, ...] = ()
    comment: str = ""
    explanations: Mapping[int, str] = field(default_factory=dict)  # to soft checks, by their id

    def number(self, item: str) -> Decimal | int | None:
        """What stands for an item of a check (see `Questions.names`); None while it is missing."""
        if item.startswith("core:"):
            return _core_number(self, item)
        return next((value.value for value in self.measures if value.measure.code == item), None)

    def with_words(self, *, comment: str, explanations: Mapping[int, str]) -> Answers:
        return replace(self, comment=comment.strip(), explanations=explanations)

    def people_seen(self, seen: str) -> int | None:
        """A + B, or C; None while a part of it is missing."""
        if seen == Seen.ALREADY_COUNTED:
            return self.already_counted_people
        if self.new_people is None or self.known_people is None:
            return None
        return self.new_people + self.known_people


def _core_number(said: Answers | Submission, item: str) -> int | None:
    """Of answers, or of a submission, which has the same names."""
    name = item.removeprefix("core:")
    if name not in ("first_seen_people", "people"):
        return getattr(said, name)
    parts = [said.new_people, said.known_people, *([said.already_counted_people] if name == "people" else [])]
    return None if None in parts else sum(parts)


# ---- Names of fields ----
def cell_field(seen: str, category: Category) -> str:
    """`first_seen__age_band__14-15`"""
    return f"{seen}__{category.dimension}__{category.code}"


def is_counted_field(name: str) -> bool:
    """Whether a field says how many people there were, or who they were: what a register can count."""
    headlines = ("new_people", "known_people", "already_counted_people", "contacts")
    return name in headlines or name.partition("__")[0] in Seen.values


def measure_field(measure: Measure, part: str) -> str:
    """`measure__attendance__before`"""
    return f"measure__{measure.code}__{part}"


def measure_parts(measure: Measure) -> dict[str, str]:
    """The values that an average or a median asks for, with their words; empty for a number or words."""
    if measure.kind == MeasureKind.MEDIAN:
        return {"median": "median"}
    if measure.kind == MeasureKind.BEFORE_AFTER:
        return {"before": "average before", "after": "average after"}
    return {}


def option_part(option: MeasureOption) -> str:
    """The part of a measure's field that asks for one line: `option__no-time`."""
    return f"option__{option.code}"


def explanation_field(check: int) -> str:
    """By the id of the check that asks for it."""
    return f"explain__{check}"


def is_words_field(name: str) -> bool:
    """Whether a field stands on the last page, and holds words about the whole return."""
    return name == "comment" or name.startswith("explain__")


def words_as_typed(said: Answers) -> dict[str, str]:
    """What was said in words about the whole return, as it stands in the fields of its last page."""
    words = {"comment": said.comment} | {explanation_field(check): text for check, text in said.explanations.items()}
    return {name: text for name, text in words.items() if text}


def as_typed(submission: Submission) -> dict[str, str]:
    """A submission as somebody would have typed it, to correct it from."""
    numbers = ("new_people", "known_people", "already_counted_people", "contacts", "exposed_people")
    typed = {name: getattr(submission, name) for name in numbers}
    for count in submission.counts.select_related("category"):
        typed[cell_field(count.seen, count.category)] = count.people
    for answer in submission.measure_answers.select_related("measure").prefetch_related("parts__option"):
        if submission.is_nil and answer.measure.is_stock:  # nil returns used to write zero, which nobody had counted
            continue
        broken_down = {part.option: part.value for part in answer.parts.all()}
        for part in ("people", "before", "after", "median", "value", "text"):
            if part != "value" or not broken_down:
                typed[measure_field(answer.measure, part)] = _as_written(getattr(answer, part))
        for option, value in broken_down.items():
            typed[measure_field(answer.measure, option_part(option))] = _as_written(value)
    typed |= {"exposure_method": submission.exposure_method, "comment": submission.comment}
    typed |= {explanation_field(said.check_rule_id): said.text for said in submission.explanations.all()}
    return {name: f"{value}" for name, value in typed.items() if value is not None and value != ""}


def _as_written(value):
    """12.00 as somebody would write it: 12."""
    return int(value) if isinstance(value, Decimal) and value == value.to_integral_value() else value


def says_the_same(submission: Submission, answers: Answers) -> bool:
    """Whether the answers are what was sent already."""
    numbers = ("new_people", "known_people", "already_counted_people", "contacts", "exposed_people")
    texts = ("exposure_method", "comment")
    cells = {(count.seen, count.category_id): count.people for count in submission.counts.all()}
    measured = {
        a.measure_id: _told(a, {p.option_id: p.value for p in a.parts.all()}) for a in submission.measure_answers.all()
    }
    told = {value.measure.pk: _told(value, dict(value.parts)) for value in answers.measures}
    return (
        all(getattr(submission, name) == getattr(answers, name) for name in (*numbers, *texts))
        and cells == {cell: people for cell, people in answers.cells.items() if people}
        and measured == told
    )


def _told(answer: MeasureValue | MeasureAnswer, parts: dict[int, Decimal]) -> tuple:
    return answer.people, answer.before, answer.after, answer.median, answer.value, answer.text, parts


def submission_number(submission: Submission, item: str) -> Decimal | int | None:
    """What a submission said for an item of a check; None if it was not asked or not answered."""
    if item.startswith("core:"):
        return _core_number(submission, item)
    answers = submission.measure_answers.all()
    return next((answer.value for answer in answers if answer.measure.code == item), None)
