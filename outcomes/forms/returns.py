"""The partner's monthly return: counts, breakdowns, measures and a comment.

The fields follow from what the return asks (`Questions`); the rules that join them stand in `outcomes.actions.answers`
and are told beside the field that mends them.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import groupby

from django import forms
from django.core.exceptions import ValidationError
from django.forms.boundfield import BoundField

from outcomes.actions.answers import (
    HEADLINES,
    MOST_PEOPLE,
    SEEN_WORDS,
    SHORT_NAMES,
    Answers,
    MeasureValue,
    cell_field,
    counted,
    measure_field,
    measure_parts,
    problems,
)
from outcomes.forms.free_text import FreeTextField
from outcomes.models import Measure, Submission
from outcomes.models.returns import Seen
from outcomes.queries.questions import Breakdown, Questions
from vru_portal.core.forms import Affix, CountField

HEADLINE_LABELS = {
    "new_people": ("A: new", "People you had never met before in this delivery."),
    "known_people": ("B: known from an earlier year", "People you knew already, seen for the first time since April."),
    "already_counted_people": ("C: already counted", "People you have counted under A or B since April."),
    "contacts": ("Contacts", "Every session or conversation: at least one for each person."),
}
LONGEST_COMMENT = 2_000
LONGEST_METHOD = 300


# ---- Fields ----
def _count(label: str, *, missing: str = "", hint: str = "", adds: str = "") -> CountField:
    """People. Its sentences name it, because the list of errors at the top shows nothing else.

    `missing` is the sentence for a blank; without it a blank is allowed. `adds`: the sum that it is a part of.
    """
    attrs = {"autocomplete": "off", "class": "govuk-input--width-4"} | ({"data-adds": adds} if adds else {})
    return CountField(
        label=label,
        help_text=hint,
        required=bool(missing),
        max_value=MOST_PEOPLE,
        widget=forms.TextInput(attrs),
        error_messages={
            "required": missing,
            "invalid": f"{label}: enter a whole number, like 12.",
            "min_value": f"{label}: enter 0 or more.",
            "max_value": f"{label}: enter {MOST_PEOPLE:,} or less.",
        },
    )


def _value(measure: Measure, part: str, words: str) -> forms.DecimalField:
    label = f"{measure.name}: {words}"
    is_share = measure.unit == Measure.Unit.PERCENT
    example = "87.5" if is_share else "12"
    plain = f"{label}: enter a number, like {example}, with two figures after the point at most."
    return forms.DecimalField(
        label=words.capitalize(),
        required=False,
        min_value=0,
        max_value=100 if is_share else None,
        max_digits=8,
        decimal_places=2,
        widget=Affix({"class": "govuk-input--width-4", "inputmode": "decimal"}, suffix=measure.get_unit_display()),
        error_messages={
            "invalid": plain,
            "max_digits": plain,
            "max_decimal_places": plain,
            "max_whole_digits": plain,
            "min_value": f"{label}: enter 0 or more.",
            "max_value": f"{label}: enter 100 or less.",
        },
    )


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
class Line:
    name: str
    cells: tuple[BoundField, ...]

    @property
    def is_filled(self) -> bool:
        return any(cell.value() not in (None, "", "0") for cell in self.cells)


@dataclass(frozen=True)
class BreakdownTable:
    """One breakdown as a table: lines in their groups, a column for each group of people, and how far each is."""

    dimension: str
    label: str
    groups: tuple[tuple[str, tuple[Line, ...]], ...]
    totals: tuple[Total, ...]


class ReturnForm(forms.Form):
    """What a return asks, with what is typed in it so far. Valid when it may be sent: then `answers` holds it.

    `before` is the same delivery's last month, shown in grey beside each number.
    """

    # Which save this form was opened after; see `ReturnVersion.revision`.
    revision = forms.IntegerField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args, questions: Questions, before: Submission | None = None, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.questions = questions
        self.before = before
        self.answers: Answers | None = None
        if questions.counts_exposure:
            self._ask_exposure()
        else:
            self._ask_people()
        for measure in questions.measures:
            self._ask_measure(measure)
        self.fields["comment"] = FreeTextField(
            where="The comment",
            label="Anything that explains this month (optional)",
            required=False,
            max_length=LONGEST_COMMENT,
            widget=forms.Textarea({"rows": "4"}),
            help_text="No names, and nothing by which a young person could be known.",
        )

    # ---- Asking ----
    def _ask_exposure(self) -> None:
        label = "Pupils who pass youth workers (estimate)"
        self.fields["exposed_people"] = _count(
            label,
            missing="Enter how many pupils pass youth workers. Enter 0 if there were none.",
            hint=self._with_last_month("Each pupil once, however often they pass.", "exposed_people"),
        )
        self.fields["exposure_method"] = FreeTextField(
            where="The method",
            label="How you made the estimate",
            required=False,
            max_length=LONGEST_METHOD,
            help_text="For example: counted at the gate on two mornings, times the school's roll.",
        )

    def _ask_people(self) -> None:
        for name, (label, hint) in HEADLINE_LABELS.items():
            if name != "already_counted_people" or self.questions.asks_already_counted:
                hint = self._with_last_month(hint, name)
                self.fields[name] = _count(label, missing=HEADLINES[name], hint=hint)
        for breakdown in self.questions.breakdowns:
            for seen in self.questions.seen:
                for category in breakdown.categories:
                    label = f"{SHORT_NAMES[breakdown.dimension]} {category.name}, {SEEN_WORDS[seen]}"
                    self.fields[cell_field(seen, category)] = _count(label, adds=f"{seen}-{breakdown.dimension}")

    def _ask_measure(self, measure: Measure) -> None:
        self.fields[measure_field(measure, "people")] = _count(
            f"How many {measure.people_label} were measured",
            missing=f"{measure.name}: enter how many {measure.people_label} were measured. Enter 0 if none were.",
        )
        for part, words in measure_parts(measure).items():
            self.fields[measure_field(measure, part)] = _value(measure, part, words)

    def _with_last_month(self, hint: str, name: str) -> str:
        value = getattr(self.before, name) if self.before else None
        return hint if value is None else f"{hint} Last month: {value:,}."

    # ---- Reading ----
    @property
    def typed(self) -> dict[str, str]:
        """What stands in the fields, right or wrong, to be kept as a draft."""
        # The database's text holds no null character.
        return {
            name: text.replace("\0", "")
            for name in self.fields
            if name != "revision" and (text := self.data.get(name, "")).strip()
        }

    @property
    def opened_at_revision(self) -> int:
        text = self.data.get("revision", "")
        return int(text) if text.isascii() and text.isdigit() and len(text) < 9 else 0

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
        if self.questions.counts_exposure:
            return Answers(
                exposed_people=given.get("exposed_people"),
                exposure_method=given.get("exposure_method", "").strip(),
                measures=tuple(self._measure_values(given)),
                comment=given.get("comment", "").strip(),
            )
        return Answers(
            new_people=given.get("new_people"),
            known_people=given.get("known_people"),
            already_counted_people=given.get("already_counted_people") if self.questions.asks_already_counted else 0,
            contacts=given.get("contacts"),
            cells=self._cells(given),
            measures=tuple(self._measure_values(given)),
            comment=given.get("comment", "").strip(),
        )

    def _cells(self, given: Mapping[str, int | None]) -> dict[tuple[str, int], int]:
        return {
            (seen.value, category.pk): people
            for breakdown in self.questions.breakdowns
            for seen in self.questions.seen
            for category in breakdown.categories
            if (people := given.get(cell_field(seen, category)))
        }

    def _measure_values(self, given: Mapping) -> Iterator[MeasureValue]:
        for measure in self.questions.measures:
            people = given.get(measure_field(measure, "people"))
            if people is not None:
                parts = {part: given.get(measure_field(measure, part)) for part in measure_parts(measure)}
                yield MeasureValue(measure, people, **parts)

    # ---- Showing ----
    @property
    def headlines(self) -> list[BoundField]:
        return [self[name] for name in HEADLINE_LABELS if name in self.fields]

    @property
    def measure_groups(self) -> list[tuple[Measure, list[BoundField]]]:
        return [
            (measure, [self[measure_field(measure, part)] for part in ("people", *measure_parts(measure))])
            for measure in self.questions.measures
        ]

    @property
    def seen_columns(self) -> list[str]:
        words = {Seen.FIRST_SEEN: "First seen (A\u00a0+\u00a0B)", Seen.ALREADY_COUNTED: "Already counted (C)"}
        return [words[seen] for seen in self.questions.seen]

    @property
    def breakdown_tables(self) -> list[BreakdownTable]:
        return [self._table(breakdown) for breakdown in self.questions.breakdowns]

    def _table(self, breakdown: Breakdown) -> BreakdownTable:
        groups = groupby(breakdown.categories, key=lambda category: category.group)
        return BreakdownTable(
            dimension=breakdown.dimension,
            label=breakdown.dimension.label,
            groups=tuple((group, tuple(self._line(category) for category in lines)) for group, lines in groups),
            totals=tuple(self._total(breakdown, seen) for seen in self.questions.seen),
        )

    def _line(self, category) -> Line:
        return Line(category.name, tuple(self[cell_field(seen, category)] for seen in self.questions.seen))

    def _total(self, breakdown: Breakdown, seen: Seen) -> Total:
        cells = {
            (seen.value, category.pk): self._so_far(cell_field(seen, category)) or 0
            for category in breakdown.categories
        }
        so_far = Answers(
            new_people=self._so_far("new_people"),
            known_people=self._so_far("known_people"),
            already_counted_people=self._so_far("already_counted_people"),
        )
        return Total(seen.value, breakdown.dimension, counted(breakdown, seen, cells), so_far.people_seen(seen))

    def _so_far(self, name: str) -> int | None:
        """The number that stands in a field, if it is one."""
        try:
            return self.fields[name].clean(self[name].value()) if name in self.fields else None
        except ValidationError:
            return None
