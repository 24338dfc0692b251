"""A return's answers in words, for the page that is checked before it is sent."""

from __future__ import annotations

from outcomes.actions.answers import Answers
from outcomes.answer_words import answer_in_words, said
from outcomes.models.templates import SectionBlock
from outcomes.queries.questions import Question, Questions, Section


def in_words(answers: Answers, questions: Questions, section: Section) -> list[tuple[str, str]]:
    """(question, answer) of a section; breakdowns are shown as tables."""
    rows = []
    if section.block == SectionBlock.EXPOSURE:
        rows = [
            ("Pupils who pass youth workers (estimate)", said(answers.exposed_people)),
            ("How you made the estimate", answers.exposure_method or "Not needed for 0"),
        ]
    elif section.block == SectionBlock.PEOPLE:
        names = {code: words for code, words in questions.names.items() if code.startswith("core:")}
        rows = [
            (words, said(answers.number(code)))
            for code, words in names.items()
            if code not in ("core:first_seen_people", "core:people")
            and (code != "core:already_counted_people" or questions.asks_already_counted)
        ]
    return rows + [(question.measure.name, _told(question, answers)) for question in section.questions]


def _told(question: Question, answers: Answers) -> str:
    value = next((value for value in answers.measures if value.measure == question.measure), None)
    if value is None:
        return "Not answered"
    names = {option.pk: option.name for option in question.options}
    return answer_in_words(question.measure, value, [(names[pk], part) for pk, part in value.parts.items() if part])
