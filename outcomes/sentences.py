"""Words for the press, made from a published figure and nothing else."""

from __future__ import annotations

from datetime import date

NOUNS = {
    "young_people": "young people",
    "parents": "parents and carers",
    "professionals": "professionals",
    "network_members": "network members",
}


def headline(
    *, lower: int | None, upper: int | None, beneficiary: str, start: date, end: date, is_estimate: bool = False
) -> str:
    """“Between 9,800 and 12,400 young people were supported between April and December 2021.”

    An estimate is of pupils exposed, who are not young people supported. Without one of the two ends it says that
    there is no figure to give.
    """
    span, noun = period_in_words(start, end), NOUNS[beneficiary]
    if is_estimate:
        if lower is None:
            return f"There is no estimate of pupils exposed {span} that can be published."
        return f"{people_in_words(lower, lower)} pupils, by estimate, were exposed {span}."
    if lower is None or upper is None:
        return f"There is no figure of {noun} supported {span} that can be published."
    return f"{people_in_words(lower, upper)} {noun} were supported {span}."


def people_in_words(lower: int, upper: int) -> str:
    """“Between 9,800 and 12,400”, “More than 10,500”: how every headline says how many.

    From 1,000 in hundreds, the lower number down and the upper one up; smaller ones as the tables beside give them.
    """
    if lower == upper:
        return _more_than(lower)
    return f"Between {_round(lower, up=False):,} and {_round(upper, up=True):,}"


def period_in_words(start: date, end: date) -> str:
    """“in June 2026”, “between April and December 2021”, “between April 2021 and March 2022”."""
    if (start.year, start.month) == (end.year, end.month):
        return f"in {end:%B %Y}"
    first = f"{start:%B}" if start.year == end.year else f"{start:%B %Y}"
    return f"between {first} and {end:%B %Y}"


def _more_than(people: int) -> str:
    if people < 1000:
        return f"{people:,}"
    # Rounded down to a number that it is really more than.
    return f"More than {_round(people - 1, up=False):,}"


def _round(people: int, *, up: bool) -> int:
    step = 100 if people >= 1000 else 1
    return -(-people // step) * step if up else people // step * step
