"""The rules that a return's answers keep, and the sentences for those that are broken."""

from dataclasses import replace
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from outcomes.actions.answers import Answers, MeasureValue, cell_field
from outcomes.actions.return_checks import broken, problems
from outcomes.models import Category, Measure, MeasureOption, TemplateCheck
from outcomes.models.policy import Dimension
from outcomes.models.returns import Seen
from outcomes.models.templates import SectionBlock
from outcomes.queries.questions import Breakdown, Question, Questions, Section
from vru_portal.core.periods import Month

JUNE = Month(2021, 6)


def line(pk: int, dimension: Dimension, code: str, *, is_known: bool = True) -> Category:
    return Category(pk=pk, dimension=dimension, code=code, name=code, is_known=is_known)


BREAKDOWNS = tuple(
    Breakdown(dimension, (line(10 * n, dimension, "one"), line(10 * n + 1, dimension, "Not known", is_known=False)))
    for n, dimension in enumerate(Dimension, start=1)
)


PEOPLE = (
    Section("numbers", "Numbers", block=SectionBlock.PEOPLE),
    Section("who", "Who they were", block=SectionBlock.WHO),
)


def questions(month: Month = JUNE, **given) -> Questions:
    return Questions(month=month, sections=PEOPLE, breakdowns=BREAKDOWNS, **given)


def spread(seen: Seen, people: int, in_first_line: int) -> dict:
    """Each breakdown of so many people: the rest in its second line."""
    return {
        (seen.value, category.pk): number
        for breakdown in BREAKDOWNS
        for category, number in zip(breakdown.categories, (in_first_line, people - in_first_line), strict=True)
    }


class TestProblems:
    @given(st.integers(0, 999), st.integers(0, 999), st.integers(0, 999), st.integers(0, 999), st.data())
    def test_finds_none_where_every_breakdown_adds_up(self, new, known, already, more, data):
        first = data.draw(st.integers(0, new + known))
        second = data.draw(st.integers(0, already))
        cells = spread(Seen.FIRST_SEEN, new + known, first) | spread(Seen.ALREADY_COUNTED, already, second)
        said = Answers(new, known, already, new + known + already + more, cells)
        assert problems(questions(), said) == []

    @given(st.integers(1, 999), st.integers(-50, 50).filter(bool), st.sampled_from(BREAKDOWNS))
    def test_names_the_one_breakdown_that_does_not_add_up(self, people, off, breakdown):
        cells = spread(Seen.FIRST_SEEN, people, people)
        cell = (Seen.FIRST_SEEN.value, breakdown.categories[0].pk)
        cells[cell] = max(0, people + off)
        said = Answers(people, 0, 0, people, cells)
        (problem,) = problems(questions(), said)
        assert problem.breakdown == (Seen.FIRST_SEEN, breakdown.dimension)
        assert problem.field == cell_field(Seen.FIRST_SEEN, breakdown.not_known)

    def test_says_how_many_to_add(self):
        cells = spread(Seen.FIRST_SEEN, 16, 16) | {(Seen.FIRST_SEEN.value, 10): 14}
        (problem,) = problems(questions(), Answers(16, 0, 0, 16, cells))
        assert problem.sentence == (
            "Age of the 16 people first seen this year adds up to 14. Add 2, or put them under Not known."
        )

    def test_says_how_many_to_take_away(self):
        cells = spread(Seen.ALREADY_COUNTED, 1, 1) | {(Seen.ALREADY_COUNTED.value, 20): 4}
        (problem,) = problems(questions(), Answers(0, 0, 1, 1, cells))
        assert problem.sentence == "Sex of the 1 person already counted this year adds up to 4. Take 3 away."

    def test_asks_for_contacts_of_everybody(self):
        (problem,) = problems(questions(), Answers(2, 1, 0, 2, spread(Seen.FIRST_SEEN, 3, 3)))
        assert problem.field == "contacts"
        assert "Contacts must be 3 or more" in problem.sentence

    def test_knows_nobody_from_before_april(self):
        said = Answers(0, 0, 2, 2, spread(Seen.ALREADY_COUNTED, 2, 2))
        (problem,) = problems(questions(Month(2021, 4)), said)
        assert problem.field == "already_counted_people"

    @pytest.mark.parametrize(
        ("so_far", "sentence"),
        [
            (0, "You have counted nobody since April, so C can only be 0."),
            (1, "You have counted 1 person since April, so C can be at most 1."),
        ],
    )
    def test_knows_how_many_can_be_counted_already(self, so_far, sentence):
        said = Answers(0, 0, 2, 2, spread(Seen.ALREADY_COUNTED, 2, 2))
        (problem,) = problems(questions(count_so_far=lambda: so_far), said)
        assert problem.field == "already_counted_people"
        assert problem.sentence.startswith(sentence)
        assert problems(questions(count_so_far=lambda: 2), said) == []

    def test_asks_for_each_number_that_is_missing(self):
        assert [p.field for p in problems(questions(), Answers())] == [
            "new_people",
            "known_people",
            "already_counted_people",
            "contacts",
        ]


class TestMeasures:
    @pytest.fixture
    def asked(self):
        measure = Measure(
            pk=1, code="attendance", name="Attendance", people_label="pupils", kind=Measure.Kind.BEFORE_AFTER
        )
        exposed = Section("numbers", "Numbers", block=SectionBlock.EXPOSURE, questions=(Question(measure),))
        return Questions(month=JUNE, sections=(exposed,), breakdowns=())

    def said(self, *values) -> Answers:
        return Answers(exposed_people=0, measures=values)

    def test_must_be_answered(self, asked):
        (problem,) = problems(asked, self.said())
        assert problem.field == "measure__attendance__people"

    def test_needs_values_when_somebody_was_measured(self, asked):
        value = MeasureValue(asked.all[0].measure, people=3)
        assert [p.field for p in problems(asked, self.said(value))] == [
            "measure__attendance__before",
            "measure__attendance__after",
        ]

    def test_has_no_values_when_nobody_was(self, asked):
        value = MeasureValue(asked.all[0].measure, people=0, before=1, after=2)
        assert all("nobody was measured" in p.sentence for p in problems(asked, self.said(value)))


class TestNumbers:
    @pytest.fixture
    def asked(self):
        declined = Measure(pk=1, code="declined", name="Declined", kind="number", unit="people")
        reasons = (MeasureOption(pk=1, code="no-time", name="No time"), MeasureOption(pk=2, code="other", name="Other"))
        hours = Measure(pk=2, code="hours", name="Hours", kind="number", unit="hours")
        words = Measure(pk=3, code="words", name="What happened", kind="text")
        asked = (Question(declined, reasons), Question(hours, is_required=False), Question(words))
        happened = Section("happened", "What happened", block=SectionBlock.EXPOSURE, questions=asked)
        return Questions(month=JUNE, sections=(happened,), breakdowns=())

    def test_must_be_answered_where_they_are_required(self, asked):
        found = {problem.field: problem.sentence for problem in problems(asked, Answers(exposed_people=0))}
        assert found == {
            "measure__declined__option__no-time": "Declined: fill in the lines that apply. Enter 0 if there were none.",
            "measure__words__text": "What happened: write an answer, or “none”.",
        }

    def test_are_not_asked_of_a_return_with_nothing_to_report(self, asked):
        assert problems(asked, Answers(exposed_people=0), nil=True) == []


class TestChecks:
    """Of two numbers, screened and referred, and of the people."""

    SCREENED = Measure(pk=1, code="screened", name="Screened", kind="number", unit="people")
    REFERRED = Measure(pk=2, code="referred", name="Referred", kind="number", unit="people")

    def asked(self, **check) -> Questions:
        happened = Section("happened", "What happened", questions=(Question(self.SCREENED), Question(self.REFERRED)))
        rule = TemplateCheck(pk=1, **({"severity": "hard", "right": []} | check))
        return replace(questions(), sections=(*PEOPLE, happened), checks=(rule,))

    def said(self, screened: int, referred: int) -> Answers:
        numbers = {self.SCREENED: screened, self.REFERRED: referred}
        return Answers(0, 0, 0, 0, measures=tuple(MeasureValue(m, value=Decimal(n)) for m, n in numbers.items()))

    @pytest.mark.parametrize(
        ("check", "right", "wrong", "sentence"),
        [
            (
                {"left": "referred", "rule": "at_most", "right": ["screened"]},
                (12, 12),
                (12, 1300),
                "Referred is 1,300: it can be at most Screened (12).",
            ),
            (
                {"left": "screened", "rule": "at_least", "limit": Decimal(5)},
                (5, 0),
                (4, 0),
                "Screened is 4: it must be at least 5.",
            ),
            (
                {"left": "core:people", "rule": "equals", "right": ["screened", "referred"]},
                (0, 0),
                (1, 2),
                "People (A + B + C) is 0: it must be Screened + Referred (3).",
            ),
            (
                {"left": "referred", "rule": "at_most", "right": ["screened"], "sentence": "Ask the nurse."},
                (12, 12),
                (12, 13),
                "Ask the nurse.",
            ),
        ],
    )
    def test_tell_what_is_wrong(self, check, right, wrong, sentence):
        asked = self.asked(**check)
        assert problems(asked, self.said(*right)) == []
        (problem,) = problems(asked, self.said(*wrong))
        assert problem.sentence == sentence

    def test_wait_until_both_sides_are_there(self):
        asked = self.asked(left="referred", rule="at_most", right=["screened"])
        said = Answers(0, 0, 0, 0, measures=(MeasureValue(self.REFERRED, value=Decimal(9)),))
        assert broken(asked.checks[0], asked, said, None) == ""
