"""A return's answers in words."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal


def said(number: Decimal | int) -> str:
    """“1,234”, “12.5”; without zeros behind the point."""
    number = Decimal(number)
    return f"{int(number) if number == number.to_integral_value() else number.normalize():,}"


def counted(number: Decimal | int, noun: str) -> str:
    """“1,234 young people”; “young people: 1”, for nouns are kept in the plural."""
    return f"{noun}: 1" if number == 1 else f"{said(number)} {noun}"


def answer_in_words(measure, answer, lines: Iterable[tuple[str, Decimal]] = ()) -> str:
    """“£1,200”, “31 sessions (indoors 20, outdoors 11)”, “12 pupils, average before 80.5 %, average after 84 %”.

    `answer` has the fields of a `MeasureAnswer`; `lines` are the lines of a number by name.
    """
    if answer.text:
        return answer.text
    if answer.value is not None:
        told = ", ".join(f"{name} {said(value)}" for name, value in lines)
        return f"{_in_unit(measure, answer.value)} ({told})" if told else _in_unit(measure, answer.value)
    parts = {"average before": answer.before, "average after": answer.after, "median": answer.median}
    unit = measure.get_unit_display()
    values = "".join(f", {words} {said(value)} {unit}" for words, value in parts.items() if value is not None)
    return f"{counted(answer.people, measure.people_label)}{values}"


def _in_unit(measure, value: Decimal) -> str:
    if measure.unit == "money":
        return f"£{said(value)}"
    noun = measure.people_label if measure.is_whole and measure.people_label else measure.get_unit_display()
    return counted(value, noun)
