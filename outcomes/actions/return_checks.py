"""The rules that a return's answers keep: written once, for the form, the import and the action."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal

from outcomes.actions.answers import (
    Answers,
    MeasureValue,
    cell_field,
    explanation_field,
    measure_field,
    measure_parts,
    option_part,
    submission_number,
)
from outcomes.answer_words import said
from outcomes.models import Submission, TemplateCheck
from outcomes.models.measures import MeasureKind, MeasureUnit
from outcomes.models.policy import Dimension
from outcomes.models.returns import Seen
from outcomes.models.templates import CheckRule, CheckSeverity, SectionBlock
from outcomes.queries.questions import Breakdown, Question, Questions


@dataclass(frozen=True)
class Problem:
    """A rule that the answers break: the field to mend, and the sentence that says how."""

    field: str
    sentence: str
    breakdown: tuple[str, str] | None = None  # (seen, dimension) when a breakdown does not add up


def problems(questions: Questions, answers: Answers, *, nil: bool = False) -> list[Problem]:
    """Every rule that the answers break, in the order of the form; empty when they may be sent. `nil`: with nothing to
    report, nothing is asked beside the zeros."""
    measures = [] if nil else [*_measures(questions, answers), *_hard_checks(questions, answers)]
    return [*_blocks(questions, answers), *measures]


def _blocks(questions: Questions, answers: Answers) -> Iterator[Problem]:
    if questions.has(SectionBlock.EXPOSURE):
        yield from _exposure(answers)
    if questions.has(SectionBlock.PEOPLE):
        yield from _people(questions, answers)


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


# ---- Measures ----
def _measures(questions: Questions, answers: Answers) -> Iterator[Problem]:
    given = {value.measure.pk: value for value in answers.measures}
    for question in questions.all:
        value = given.get(question.measure.pk)
        if question.measure.kind in (MeasureKind.NUMBER, MeasureKind.TEXT):
            if value is None and question.is_required:
                yield _missing(question)
        else:
            yield from _measured(question, value)


def _missing(question: Question) -> Problem:
    measure = question.measure
    if measure.kind == MeasureKind.TEXT:
        return Problem(measure_field(measure, "text"), f"{measure.name}: write an answer, or “none”.")
    if question.options:
        first = measure_field(measure, option_part(question.options[0]))
        return Problem(first, f"{measure.name}: fill in the lines that apply. Enter 0 if there were none.")
    return Problem(measure_field(measure, "value"), f"{measure.name}: enter a number. Enter 0 if there were none.")


def _measured(question: Question, value: MeasureValue | None) -> Iterator[Problem]:
    """Averages and medians: how many were measured, and the values if somebody was."""
    measure, parts = question.measure, measure_parts(question.measure)
    if value is None:
        if question.is_required:
            yield Problem(
                measure_field(measure, "people"),
                f"{measure.name}: enter how many {measure.people_label} were measured. Enter 0 if none were.",
            )
        return
    for part in parts:
        has_value = getattr(value, part) is not None
        if value.people and not has_value:
            yield Problem(measure_field(measure, part), f"{measure.name}: enter the {parts[part]}.")
        if not value.people and has_value:
            yield Problem(
                measure_field(measure, part),
                f"{measure.name}: nobody was measured, so leave the {parts[part]} empty, or say how many were.",
            )


def nobody_measured(question: Question) -> MeasureValue | None:
    """A true zero as an answer; None where zero means nothing, as with words and shares, or where nobody knows it from
    a month without anything to report, as with open cases."""
    measure = question.measure
    if measure.is_stock:
        return None
    if measure_parts(measure):
        return MeasureValue(measure, people=0)
    if measure.kind == MeasureKind.NUMBER and measure.unit != MeasureUnit.PERCENT:
        return MeasureValue(measure, value=Decimal(0))
    return None


def left_open(questions: Questions) -> list[str]:
    """The names of the levels at the month's end, of which a nil return says nothing."""
    return [question.measure.name for question in questions.all if question.measure.is_stock]


# ---- Checks that the template's builders added ----
def _hard_checks(questions: Questions, answers: Answers) -> Iterator[Problem]:
    for check in questions.checks:
        if check.severity == CheckSeverity.HARD and (sentence := broken(check, questions, answers, None)):
            yield Problem(field_of(check.left, questions), sentence)


# What was said of the month before: a submission or, where a template is tried, numbers that were made up, by item.
Before = Submission | Mapping[str, Decimal] | None


def to_explain(questions: Questions, answers: Answers, before: Before) -> list[tuple[TemplateCheck, str]]:
    """The soft checks that are tripped, each with its sentence."""
    return [
        (check, sentence)
        for check in questions.checks
        if check.severity == CheckSeverity.SOFT and (sentence := broken(check, questions, answers, before))
    ]


def unexplained(questions: Questions, answers: Answers, before: Submission | None) -> list[Problem]:
    """What may only be sent with a few words of explanation, and lacks them."""
    return [
        Problem(explanation_field(check.pk), say_why(sentence))
        for check, sentence in to_explain(questions, answers, before)
        if not answers.explanations.get(check.pk, "").strip()
    ]


def say_why(sentence: str) -> str:
    return f"{sentence.rstrip('.')}: say why, in a few words."


def broken(check: TemplateCheck, questions: Questions, answers: Answers, before: Before) -> str:
    """The sentence of a check that the answers break; empty if they keep it, or while a part of it is missing."""
    left = answers.number(check.left)
    if left is None or check.left not in questions.names:
        return ""
    if check.rule == CheckRule.JUMP:
        return _jumped(check, questions, left, before)
    right = [check.limit] if check.limit is not None else [answers.number(item) for item in check.right]
    if None in right:
        return ""
    bound = sum(right)
    is_kept = {
        CheckRule.AT_MOST: left <= bound,
        CheckRule.EQUALS: left == bound,
        CheckRule.AT_LEAST: left >= bound,
    }[check.rule]
    if is_kept:
        return ""
    if check.sentence:
        return check.sentence
    words = {CheckRule.AT_MOST: "can be at most", CheckRule.EQUALS: "must be", CheckRule.AT_LEAST: "must be at least"}
    names = " + ".join(questions.names.get(item, item) for item in check.right)
    against = f"{names} ({said(bound)})" if names else said(bound)
    return f"{questions.names[check.left]} is {said(left)}: it {words[check.rule]} {against}."


def _jumped(check: TemplateCheck, questions: Questions, now, before: Before) -> str:
    if isinstance(before, Submission):
        then = submission_number(before, check.left)
    else:
        then = before.get(check.left) if before else None
    if not then or max(now, then) < FEW:
        return ""
    if now > check.limit * then or now * check.limit < then:
        ask = check.sentence or "Is this right?"
        return f"{questions.names[check.left]}: {said(now)}, after {said(then)} last month. {ask}"
    return ""


FEW = 5  # below this a jump means nothing


def field_of(item: str, questions: Questions) -> str:
    """The field beside which a check of this item is told."""
    if item.startswith("core:"):
        return {"core:first_seen_people": "new_people", "core:people": "new_people"}.get(item, item[len("core:") :])
    question = next(question for question in questions.all if question.measure.code == item)
    part = option_part(question.options[0]) if question.options else "value"
    return measure_field(question.measure, part)
