"""The fields of a return, each made from what it asks. Their sentences name them, because the list of errors at the top
shows nothing else."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from django import forms

from outcomes.actions.answers import MOST_PEOPLE, measure_field, measure_parts, option_part
from outcomes.forms.free_text import FreeTextField
from outcomes.models import Measure, Submission
from outcomes.models.measures import MeasureKind, MeasureUnit
from outcomes.models.templates import SectionBlock
from outcomes.queries.questions import Question, Section
from vru_portal.core.forms import Affix, CountField

LONGEST_ANSWER = 2_000
NARROW = {"autocomplete": "off", "class": "govuk-input--width-4"}


def count_field(label: str, *, missing: str = "", hint: str = "", adds: str = "") -> CountField:
    """People or things. `missing` is the sentence for a blank; without it a blank is allowed. `adds`: the sum that it
    is a part of."""
    return CountField(
        label=label,
        help_text=hint,
        required=bool(missing),
        max_value=MOST_PEOPLE,
        widget=forms.TextInput(NARROW | ({"data-adds": adds} if adds else {})),
        error_messages={
            "required": missing,
            "invalid": f"{label}: enter a whole number, like 12.",
            "min_value": f"{label}: enter 0 or more.",
            "max_value": f"{label}: enter {MOST_PEOPLE:,} or less.",
        },
    )


def _decimal_field(label: str, unit: str, *, shown: str, hint: str = "", adds: str = "") -> forms.DecimalField:
    """`label` names it in sentences, `shown` above the box."""
    is_share = unit == MeasureUnit.PERCENT
    plain = f"{label}: enter a number, like {'87.5' if is_share else '12'}, with two figures after the point at most."
    affix = {"prefix": "£"} if unit == MeasureUnit.MONEY else {"suffix": MeasureUnit(unit).label}
    return forms.DecimalField(
        label=shown,
        help_text=hint,
        required=False,
        min_value=0,
        max_value=100 if is_share else None,
        max_digits=12 if unit == MeasureUnit.MONEY else 8,
        decimal_places=2,
        widget=Affix(NARROW | {"inputmode": "decimal"} | ({"data-adds": adds} if adds else {}), **affix),
        error_messages={
            "invalid": plain,
            "max_digits": plain,
            "max_decimal_places": plain,
            "max_whole_digits": plain,
            "min_value": f"{label}: enter 0 or more.",
            "max_value": f"{label}: enter 100 or less.",
        },
    )


def measure_fields(question: Question, before: Submission | None) -> Iterator[tuple[str, forms.Field]]:
    """(name, field) of everything that a measure asks, in order. `before`: last month's return, shown beside."""
    measure = question.measure
    last = last_answers(measure, before)
    if measure.kind == MeasureKind.TEXT:
        yield measure_field(measure, "text"), _words(measure)
    elif measure.kind == MeasureKind.NUMBER:
        yield from _number(question, last)
    else:
        missing = f"{measure.name}: enter how many {measure.people_label} were measured. Enter 0 if none were."
        yield (
            measure_field(measure, "people"),
            count_field(
                f"How many {measure.people_label} were measured",
                missing=missing if question.is_required else "",
                hint=_last_month(last.get("people")),
            ),
        )
        for part, words in measure_parts(measure).items():
            yield (
                measure_field(measure, part),
                _decimal_field(
                    f"{measure.name}: {words}",
                    measure.unit,
                    shown=words.capitalize(),
                    hint=_last_month(last.get(part)),
                ),
            )


def _words(measure: Measure) -> forms.Field:
    return FreeTextField(
        where=measure.name,
        label=measure.name,
        help_text=" ".join(filter(None, [measure.example, "No names."])),
        required=False,
        max_length=LONGEST_ANSWER,
        widget=forms.Textarea({"rows": "4"}),
    )


def _number(question: Question, last: dict[str, Decimal | int]) -> Iterator[tuple[str, forms.Field]]:
    measure = question.measure
    if not question.options:
        hint = " ".join(filter(None, [measure.example, _last_month(last.get("value"))]))
        yield measure_field(measure, "value"), _one_number(measure, measure.name, measure.name, hint)
        return
    for option in question.options:
        part = option_part(option)
        yield (
            measure_field(measure, part),
            _one_number(
                measure, f"{measure.name}: {option.name}", option.name, _last_month(last.get(part)), adds=measure.code
            ),
        )


def _one_number(measure: Measure, label: str, shown: str, hint: str, adds: str = "") -> forms.Field:
    if not measure.is_whole:
        return _decimal_field(label, measure.unit, shown=shown, hint=hint, adds=adds)
    field = count_field(label, hint=hint, adds=adds)
    field.label = shown
    return field


def last_answers(measure: Measure, before: Submission | None) -> dict[str, Decimal | int]:
    """What a submission said of a measure, by the part of its field; empty if nothing."""
    answers = before.measure_answers.all() if before else ()
    answer = next((answer for answer in answers if answer.measure_id == measure.pk), None)
    if answer is None:
        return {}
    parts = {option_part(part.option): part.value for part in answer.parts.all()}
    values = {name: getattr(answer, name) for name in ("value", "people", "before", "after", "median")}
    return {name: value for name, value in values.items() if value is not None} | parts


def likely(section: Section, before: Submission | None) -> dict[str, str]:
    """What last month said, where it is the likely answer again: to stand in empty boxes."""
    if before is None:
        return {}
    found = {
        measure_field(question.measure, part): f"{value.normalize():f}" if isinstance(value, Decimal) else f"{value}"
        for question in section.questions
        if question.is_prefilled
        for part, value in last_answers(question.measure, before).items()
    }
    if section.block == SectionBlock.EXPOSURE and before.exposure_method:
        found["exposure_method"] = before.exposure_method
    return found


def _last_month(value: Decimal | int | None) -> str:
    return "" if value is None else f"Last month: {Decimal(value).normalize():,f}."
