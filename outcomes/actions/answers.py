"""What a return answers, and the rules that its answers keep: written once, for the form, the import and the action.

A form's fields have these names too, so that a rule can say beside which field it was broken.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal

from outcomes.models import Category, Measure, Submission
from outcomes.models.policy import Dimension
from outcomes.models.returns import Seen
from outcomes.queries.questions import Breakdown, Questions

MOST_PEOPLE = 1_000_000  # more than this in a month is a slip of the finger


@dataclass(frozen=True)
class MeasureValue:
    """One measure's answer. `people` is how many it was measured on; with 0 there is no value."""

    measure: Measure
    people: int
    before: Decimal | None = None
    after: Decimal | None = None
    median: Decimal | None = None


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

    def people_seen(self, seen: str) -> int | None:
        """A + B, or C; None while a part of it is missing."""
        if seen == Seen.ALREADY_COUNTED:
            return self.already_counted_people
        if self.new_people is None or self.known_people is None:
            return None
        return self.new_people + self.known_people


@dataclass(frozen=True)
class Problem:
    """A rule that the answers break: the field to mend, and the sentence that says how."""

    field: str
    sentence: str
    breakdown: tuple[str, str] | None = None  # (seen, dimension) when a breakdown does not add up


# ---- Names of fields ----
def cell_field(seen: str, category: Category) -> str:
    """`first_seen__age_band__14-15`"""
    return f"{seen}__{category.dimension}__{category.code}"


def measure_field(measure: Measure, part: str) -> str:
    """`measure__attendance__before`"""
    return f"measure__{measure.code}__{part}"


def as_typed(submission: Submission) -> dict[str, str]:
    """A submission as somebody would have typed it, to correct it from."""
    numbers = ("new_people", "known_people", "already_counted_people", "contacts", "exposed_people")
    typed = {name: getattr(submission, name) for name in numbers}
    for count in submission.counts.select_related("category"):
        typed[cell_field(count.seen, count.category)] = count.people
    for answer in submission.measure_answers.select_related("measure"):
        for part in ("people", "before", "after", "median"):
            typed[measure_field(answer.measure, part)] = getattr(answer, part)
    typed |= {"exposure_method": submission.exposure_method, "comment": submission.comment}
    return {name: f"{value}" for name, value in typed.items() if value is not None and value != ""}


def says_the_same(submission: Submission, answers: Answers) -> bool:
    """Whether the answers are what was sent already."""
    numbers = ("new_people", "known_people", "already_counted_people", "contacts", "exposed_people")
    texts = ("exposure_method", "comment")
    cells = {(count.seen, count.category_id): count.people for count in submission.counts.all()}
    measured = {(a.measure_id, a.people, a.before, a.after, a.median) for a in submission.measure_answers.all()}
    return (
        all(getattr(submission, name) == getattr(answers, name) for name in (*numbers, *texts))
        and cells == {cell: people for cell, people in answers.cells.items() if people}
        and measured == {(v.measure.pk, v.people, v.before, v.after, v.median) for v in answers.measures}
    )


# ---- Rules ----
def problems(questions: Questions, answers: Answers) -> list[Problem]:
    """Every rule that the answers break, in the order of the form; empty when they may be sent."""
    checks = _exposure(answers) if questions.counts_exposure else _people(questions, answers)
    return [*checks, *_measures(questions, answers)]


def _exposure(answers: Answers) -> Iterator[Problem]:
    if answers.exposed_people is None:
        yield Problem("exposed_people", "Enter how many pupils pass youth workers. Enter 0 if there were none.")
    elif answers.exposed_people and not answers.exposure_method:
        yield Problem("exposure_method", "Say how you made the estimate, for example two counts at the gate.")


HEADLINES = {
    "new_people": "Enter A, the people new to this delivery. Enter 0 if there were none.",
    "known_people": "Enter B, the people known from an earlier year. Enter 0 if there were none.",
    "already_counted_people": "Enter C, the people already counted this year. Enter 0 if there were none.",
    "contacts": "Enter the contacts. Enter 0 if there were none.",
}


def _people(questions: Questions, answers: Answers) -> Iterator[Problem]:
    for name, sentence in HEADLINES.items():
        if getattr(answers, name) is None:
            yield Problem(name, sentence)
    if not questions.asks_already_counted and answers.already_counted_people:
        yield Problem(
            "already_counted_people",
            "In April nobody is already counted this financial year. Put these people under A or B, and 0 here.",
        )
    first_seen, already = answers.people_seen(Seen.FIRST_SEEN), answers.people_seen(Seen.ALREADY_COUNTED)
    if None not in (already, questions.counted_so_far) and already > questions.counted_so_far:
        yield Problem("already_counted_people", _more_than_counted(questions.counted_so_far))
    if None not in (first_seen, already, answers.contacts) and answers.contacts < first_seen + already:
        yield Problem(
            "contacts",
            f"Contacts must be {first_seen + already:,} or more: everybody you counted was met at least once. "
            "Check the contacts, or A, B and C.",
        )
    for breakdown in questions.breakdowns:
        for seen in Seen:
            yield from _adds_up(breakdown, seen, answers)


def _more_than_counted(so_far: int) -> str:
    if so_far == 0:
        return (
            "You have counted nobody since April, so C can only be 0. Put people you meet for the first time under A."
        )
    people = "1 person" if so_far == 1 else f"{so_far:,} people"
    return f"You have counted {people} since April, so C can be at most {so_far:,}."


def counted(breakdown: Breakdown, seen: str, cells: Mapping[tuple[str, int], int]) -> int:
    """What a breakdown adds up to."""
    return sum(cells.get((seen, category.pk), 0) for category in breakdown.categories)


def _adds_up(breakdown: Breakdown, seen: Seen, answers: Answers) -> Iterator[Problem]:
    target = answers.people_seen(seen)
    found = counted(breakdown, seen, answers.cells)
    if target is None or found == target:
        return
    fill = breakdown.not_known or breakdown.categories[-1]
    yield Problem(
        cell_field(seen, fill), not_adding_up(breakdown, seen, found, target), (seen, breakdown.dimension.value)
    )


SHORT_NAMES = {
    Dimension.AGE_BAND: "Age",
    Dimension.SEX: "Sex",
    Dimension.ETHNICITY: "Ethnicity",
    Dimension.DISTRICT: "District",
}
SEEN_WORDS = {Seen.FIRST_SEEN: "first seen this year", Seen.ALREADY_COUNTED: "already counted this year"}


def not_adding_up(breakdown: Breakdown, seen: Seen, found: int, target: int) -> str:
    """“Age of the 16 people first seen this year adds up to 14. Add 2, or put them under Not known.”"""
    people = "1 person" if target == 1 else f"{target:,} people"
    about = f"{SHORT_NAMES[breakdown.dimension]} of the {people} {SEEN_WORDS[seen]} adds up to {found:,}."
    if target == 0:
        about = f"{SHORT_NAMES[breakdown.dimension]}: nobody was {SEEN_WORDS[seen]}, but this adds up to {found:,}."
    if found > target:
        return f"{about} Take {found - target:,} away."
    elsewhere = f", or put them under {breakdown.not_known.name}" if breakdown.not_known else ""
    return f"{about} Add {target - found:,}{elsewhere}."


def _measures(questions: Questions, answers: Answers) -> Iterator[Problem]:
    given = {value.measure.pk: value for value in answers.measures}
    for measure in questions.measures:
        parts = measure_parts(measure)
        value = given.get(measure.pk)
        if value is None:
            yield Problem(
                measure_field(measure, "people"),
                f"{measure.name}: enter how many {measure.people_label} were measured. Enter 0 if none were.",
            )
            continue
        for part in parts:
            has_value = getattr(value, part) is not None
            if value.people and not has_value:
                yield Problem(measure_field(measure, part), f"{measure.name}: enter the {parts[part]}.")
            if not value.people and has_value:
                yield Problem(
                    measure_field(measure, part),
                    f"{measure.name}: nobody was measured, so leave the {parts[part]} empty, or say how many were.",
                )


def measure_parts(measure: Measure) -> dict[str, str]:
    """The values that a measure asks for, with their words."""
    if measure.kind == Measure.Kind.MEDIAN:
        return {"median": "median"}
    return {"before": "average before", "after": "average after"}
