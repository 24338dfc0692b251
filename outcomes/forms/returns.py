"""The partner's monthly return, a section at a time.

The fields follow from what the return asks (`Questions`); the rules that join them stand in
`outcomes.actions.return_checks` and are told beside the field that mends them.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property
from itertools import groupby

from django import forms
from django.core.exceptions import ValidationError
from django.forms.boundfield import BoundField

from outcomes.actions.answers import (
    Answers,
    MeasureValue,
    cell_field,
    explanation_field,
    measure_field,
    measure_parts,
    option_part,
)
from outcomes.actions.return_checks import HEADLINES, SEEN_WORDS, SHORT_NAMES, counted, problems, say_why
from outcomes.forms.free_text import FreeTextField
from outcomes.forms.return_fields import count_field, measure_fields
from outcomes.models import Submission, TemplateCheck
from outcomes.models.measures import MeasureKind
from outcomes.models.returns import Seen
from outcomes.models.templates import CheckSeverity, SectionBlock
from outcomes.queries.questions import Breakdown, Question, Questions, Section
from partners.models import User

HEADLINE_LABELS = {
    "new_people": ("A: new", "People you had never met before in this delivery."),
    "known_people": ("B: known from an earlier year", "People you knew already, seen for the first time since April."),
    "already_counted_people": ("C: already counted", "People you have counted under A or B since April."),
    "contacts": ("Contacts", "Every session or conversation: at least one for each person."),
}
LONGEST_COMMENT = 2_000
LONGEST_METHOD = 300
LONGEST_EXPLANATION = 500


# ---- What the page shows of a breakdown ----
@dataclass(frozen=True)
class Total:
    """How far one column of a breakdown is. `target` is None while A, B or C is missing."""

    seen: str
    dimension: str
    found: int
    target: int | None

    @property
    def sum_name(self) -> str:
        return f"{self.seen}-{self.dimension}"

    @property
    def is_reached(self) -> bool:
        return self.found == self.target

    @property
    def words(self) -> str:
        return f"{self.found:,} so far" if self.target is None else f"{self.found:,} of {self.target:,}"


@dataclass(frozen=True)
class Cell:
    """A box, and what stood there last month (None: no return)."""

    field: BoundField
    last: int | None


@dataclass(frozen=True)
class Line:
    name: str
    cells: tuple[Cell, ...]

    @property
    def is_filled(self) -> bool:
        return any(cell.field.value() not in (None, "", "0") for cell in self.cells)


@dataclass(frozen=True)
class BreakdownTable:
    """One breakdown as a table: lines in their groups, a column for each group of people, and how far each is."""

    dimension: str
    label: str
    groups: tuple[tuple[str, tuple[Line, ...]], ...]
    totals: tuple[Total, ...]


@dataclass(frozen=True)
class QuestionGroup:
    """A measure with its boxes. `adds`: the name of the sum that its lines make."""

    question: Question
    fields: tuple[BoundField, ...]
    adds: str = ""
    found: Decimal = Decimal(0)


def _to_show(section: Section, questions: Questions) -> Iterator[Section]:
    """A page, and what it adds up to: who they were says how many of the people it has."""
    for one in questions.sections:
        if one.key == section.key or (section.block == SectionBlock.WHO and one.block == SectionBlock.PEOPLE):
            yield one


class ReturnForm(forms.Form):
    """What a return asks, with what is typed in it so far. Valid when it may be sent: then `answers` holds it.

    `before` is the same delivery's last month, shown in grey beside each number. `shown`: the one page that is to be
    shown and not checked; the fields of the others are not made.
    """

    def __init__(
        self, *args, questions: Questions, before: Submission | None = None, shown: Section | None = None, **kwargs
    ) -> None:
        super().__init__(*args, **kwargs)
        self.questions = questions
        self.before = before
        self.answers: Answers | None = None
        self.section_of: dict[str, str] = {}  # by the field's name
        for section in questions.sections if shown is None else _to_show(shown, questions):
            for name, field in self._asked_in(section):
                self.fields[name] = field
                self.section_of[name] = section.key
        if shown is None:
            self._ask_for_words()

    def _ask_for_words(self) -> None:
        """What is asked with the button that sends the return."""
        self.fields["comment"] = comment_field(is_asked=False)
        for check in self.questions.checks:
            if check.severity == CheckSeverity.SOFT:
                self.fields[explanation_field(check.pk)] = explanation("", is_asked=False)

    # ---- Asking ----
    def _asked_in(self, section: Section) -> Iterator[tuple[str, forms.Field]]:
        if section.block == SectionBlock.EXPOSURE:
            yield from self._exposure()
        elif section.block == SectionBlock.PEOPLE:
            yield from self._people()
        elif section.block == SectionBlock.WHO:
            yield from self._who()
        for question in section.questions:
            yield from measure_fields(question, self.before)

    def _exposure(self) -> Iterator[tuple[str, forms.Field]]:
        yield (
            "exposed_people",
            count_field(
                "Pupils who pass youth workers (estimate)",
                missing="Enter how many pupils pass youth workers. Enter 0 if there were none.",
                hint=self._with_last_month("Each pupil once, however often they pass.", "exposed_people"),
            ),
        )
        yield (
            "exposure_method",
            FreeTextField(
                where="The method",
                label="How you made the estimate",
                required=False,
                max_length=LONGEST_METHOD,
                help_text="For example: counted at the gate on two mornings, times the school's roll.",
            ),
        )

    def _people(self) -> Iterator[tuple[str, forms.Field]]:
        for name, (label, hint) in HEADLINE_LABELS.items():
            if name != "already_counted_people" or self.questions.asks_already_counted:
                yield name, count_field(label, missing=HEADLINES[name], hint=self._with_last_month(hint, name))

    def _who(self) -> Iterator[tuple[str, forms.Field]]:
        for breakdown in self.questions.breakdowns:
            for seen in self.questions.seen:
                for category in breakdown.categories:
                    label = f"{SHORT_NAMES[breakdown.dimension]} {category.name}, {SEEN_WORDS[seen]}"
                    yield cell_field(seen, category), count_field(label, adds=f"{seen}-{breakdown.dimension}")

    def _with_last_month(self, hint: str, name: str) -> str:
        value = getattr(self.before, name) if self.before else None
        return hint if value is None else f"{hint} Last month: {value:,}."

    # ---- Reading ----
    def clean(self) -> dict:
        answers = self._answers()
        for problem in problems(self.questions, answers):
            if problem.field not in self.fields or problem.field in self.errors:
                continue
            if problem.breakdown and self._has_wrong_cell(*problem.breakdown):
                continue  # first the cell that is not a number, then the sum
            self.add_error(problem.field, problem.sentence)
        if not self.errors:
            self.answers = answers
        return self.cleaned_data

    def _has_wrong_cell(self, seen: str, dimension: str) -> bool:
        return any(name.startswith(f"{seen}__{dimension}__") for name in self.errors)

    def _answers(self) -> Answers:
        given = self.cleaned_data
        asks_c = self.questions.has(SectionBlock.PEOPLE) and not self.questions.asks_already_counted
        return Answers(
            new_people=given.get("new_people"),
            known_people=given.get("known_people"),
            already_counted_people=0 if asks_c else given.get("already_counted_people"),
            contacts=given.get("contacts"),
            cells=self._cells(given),
            exposed_people=given.get("exposed_people"),
            exposure_method=given.get("exposure_method", "").strip(),
            measures=tuple(value for question in self.questions.all if (value := _value(question, given))),
            comment=given.get("comment", "").strip(),
            explanations={
                check.pk: text
                for check in self.questions.checks
                if (text := given.get(explanation_field(check.pk), "").strip())
            },
        )

    def _cells(self, given: Mapping[str, int | None]) -> dict[tuple[str, int], int]:
        return {
            (seen.value, category.pk): people
            for breakdown in self.questions.breakdowns
            for seen in self.questions.seen
            for category in breakdown.categories
            if (people := given.get(cell_field(seen, category)))
        }

    # ---- One section ----
    def fields_of(self, section: Section) -> list[str]:
        return [name for name, key in self.section_of.items() if key == section.key]

    def look_only_at(self, section: Section) -> None:
        """Say nothing of what is wrong on other pages."""
        for name in self.errors.keys() - set(self.fields_of(section)):
            del self.errors[name]

    def field_problem(self, name: str) -> str:
        """What is wrong with the text of one field by itself; empty if it can be taken."""
        try:
            self.fields[name].clean(self.data.get(name, ""))
        except ValidationError as problem:
            return " ".join(problem.messages)
        return ""

    def problems_in(self, section: Section) -> list[str]:
        """The sentences of everything to mend in it, of a form that holds what is typed."""
        return [
            str(error)
            for name, errors in self.errors.items()
            if self.section_of.get(name) == section.key
            for error in errors
        ]

    def is_begun(self, section: Section) -> bool:
        return any(self.data.get(name, "").strip() for name in self.fields_of(section))

    def waits_for_people(self, section: Section) -> bool:
        """Whether it breaks down people of whom A, B or C is missing: nobody can say yet whether it adds up."""
        return section.block == SectionBlock.WHO and len(self.targets) < len(self.questions.seen)

    # ---- Showing ----
    def headlines(self, section: Section) -> list[BoundField]:
        """The boxes of a section's counts of people, or of its estimate."""
        asked = {SectionBlock.PEOPLE: HEADLINE_LABELS, SectionBlock.EXPOSURE: ("exposed_people", "exposure_method")}
        return [self[name] for name in asked.get(section.block, ()) if name in self.fields]

    @property
    def people_so_far(self) -> str:
        """A + B + C of what stands in the boxes; without script, of what was saved."""
        return f"{sum(self._so_far(name) or 0 for name in HEADLINE_LABELS if name != 'contacts'):,}"

    def group(self, question: Question) -> QuestionGroup:
        prefix = measure_field(question.measure, "")
        fields = tuple(self[name] for name in self.fields if name.startswith(prefix))
        if not question.options:
            return QuestionGroup(question, fields)
        found = sum((self._so_far(field.name) or 0 for field in fields), Decimal(0))
        return QuestionGroup(question, fields, question.measure.code, found)

    @property
    def seen_columns(self) -> list[str]:
        words = {Seen.FIRST_SEEN: "First seen (A\u00a0+\u00a0B)", Seen.ALREADY_COUNTED: "Already counted (C)"}
        return [words[seen] for seen in self.questions.seen]

    @cached_property
    def breakdown_tables(self) -> list[BreakdownTable]:
        return [self._table(breakdown) for breakdown in self.questions.breakdowns]

    @property
    def targets(self) -> dict[str, int]:
        """What the lines of each group must add up to; without a group while A, B or C is missing."""
        targets = {seen.value: self._people_so_far.people_seen(seen) for seen in self.questions.seen}
        return {seen: target for seen, target in targets.items() if target is not None}

    def _table(self, breakdown: Breakdown) -> BreakdownTable:
        groups = groupby(breakdown.categories, key=lambda category: category.group)
        return BreakdownTable(
            dimension=breakdown.dimension,
            label=breakdown.dimension.label,
            groups=tuple((group, tuple(self._line(category) for category in lines)) for group, lines in groups),
            totals=tuple(self._total(breakdown, seen) for seen in self.questions.seen),
        )

    def _line(self, category) -> Line:
        last = self._last_cells
        return Line(
            category.name,
            tuple(
                Cell(self[cell_field(seen, category)], last.get((seen, category.pk), 0) if last is not None else None)
                for seen in self.questions.seen
            ),
        )

    @cached_property
    def _last_cells(self) -> dict[tuple[str, int], int] | None:
        """Last month's breakdowns; None if there was no return, or it was in words alone."""
        if self.before is None or self.before.new_people is None:
            return None
        return {(count.seen, count.category_id): count.people for count in self.before.counts.all()}

    def _total(self, breakdown: Breakdown, seen: Seen) -> Total:
        cells = {
            (seen.value, category.pk): self._so_far(cell_field(seen, category)) or 0
            for category in breakdown.categories
        }
        target = self._people_so_far.people_seen(seen)
        return Total(seen.value, breakdown.dimension, counted(breakdown, seen, cells), target)

    @cached_property
    def _people_so_far(self) -> Answers:
        return Answers(**{name: self._so_far(name) for name in HEADLINE_LABELS})

    def _so_far(self, name: str) -> int | None:
        """The number that stands in a field, if it is one."""
        try:
            return self.fields[name].clean(self[name].value()) if name in self.fields else None
        except ValidationError:
            return None


def _value(question: Question, given: Mapping) -> MeasureValue | None:
    """What is answered to one question; None while it is not."""
    measure = question.measure
    if measure.kind == MeasureKind.TEXT:
        text = given.get(measure_field(measure, "text"), "").strip()
        return MeasureValue(measure, text=text) if text else None
    if measure.kind == MeasureKind.NUMBER:
        return _number(question, given)
    people = given.get(measure_field(measure, "people"))
    if people is None:
        return None
    return MeasureValue(measure, people, **{p: given.get(measure_field(measure, p)) for p in measure_parts(measure)})


def _number(question: Question, given: Mapping) -> MeasureValue | None:
    measure = question.measure
    if not question.options:
        value = given.get(measure_field(measure, "value"))
        return None if value is None else MeasureValue(measure, value=Decimal(value))
    lines = {option.pk: given.get(measure_field(measure, option_part(option))) for option in question.options}
    filled = {pk: Decimal(value) for pk, value in lines.items() if value is not None}
    return MeasureValue(measure, value=sum(filled.values()), parts=filled) if filled else None


# ---- Check and send ----
def comment_field(*, is_asked: bool) -> FreeTextField:
    """`is_asked`: something is unusual, and is sent only with a reason."""
    return FreeTextField(
        where="The comment",
        label="Why this is right" if is_asked else "Anything that explains this month (optional)",
        required=is_asked,
        error_messages={
            "required": "Say in the comment why this is right, in a few words. If it is not, go back and change it."
        },
        max_length=LONGEST_COMMENT,
        widget=forms.Textarea({"rows": "4"}),
        help_text="No names, and nothing by which a young person could be known.",
    )


def explanation(sentence: str, *, is_asked: bool) -> FreeTextField:
    return FreeTextField(
        where="The explanation",
        label=sentence,
        required=is_asked,
        max_length=LONGEST_EXPLANATION,
        help_text="Say why, in a few words. No names.",
        error_messages={"required": say_why(sentence)},
    )


def word_fields(questions: Questions) -> list[str]:
    """The names of the fields of free text that stand on the last page, whether they are asked today or not."""
    soft = [check for check in questions.checks if check.severity == CheckSeverity.SOFT]
    return ["comment", *(explanation_field(check.pk) for check in soft)]


class SendForm(forms.Form):
    """The last page: what explains the month, who put the numbers together, and who signs them off.

    `tripped`: the checks to explain, each with its sentence; `is_unusual`: something else asks for the comment;
    `people`: who may have put the numbers together.
    """

    def __init__(
        self, *args, tripped: list[tuple[TemplateCheck, str]], is_unusual: bool, people: list[User], **kwargs
    ) -> None:
        super().__init__(*args, **kwargs)
        for check, sentence in tripped:
            self.fields[explanation_field(check.pk)] = explanation(sentence, is_asked=True)
        self.fields["comment"] = comment_field(is_asked=is_unusual)
        self.fields["provided_by"] = forms.ModelChoiceField(
            User.objects.filter(pk__in=[person.pk for person in people]),
            label="Who put the numbers together?",
            empty_label=None,
            initial=people[0].pk,
        )
        self.fields["signs_off"] = forms.BooleanField(
            label="I have checked these numbers and may sign them off",
            error_messages={"required": "Tick that you have checked the numbers and may sign them off."},
        )
