"""Words for the press, made from a published figure and nothing else."""

from __future__ import annotations

from datetime import date

IN_HUNDREDS = 1000  # from here on
NOUNS = {
    "young_people": "young people",
    "parents": "parents and carers",
    "professionals": "professionals",
    "network_members": "network members",
}


def headline(
    *,
    lower: int | None,
    upper: int | None,
    within: int,
    beneficiary: str,
    start: date,
    end: date,
    where: str = "",
    is_estimate: bool = False,
    is_complete: bool = True,
    returns_estimated: int = 0,
) -> str:
    """“More than 10,500 young people were supported between April and December 2021.”

    `within`: see `people_in_words`. An estimate is of pupils exposed, who are not young people supported. Without one
    of the two ends it says that there is no figure to give. The lower end stands on returns received alone; where the
    sentence says the upper one too, it says how many missing returns that takes in by estimate. While returns are
    missing (not `is_complete`) what is one number is told as the least that it can be.
    """
    span, noun = f"{period_in_words(start, end)}{where}", NOUNS[beneficiary]
    if is_estimate:
        if lower is None:
            return f"There is no estimate of pupils exposed {span} that can be published."
        people = _at_least(people_in_words(lower, lower, within=within), is_complete)
        return f"{people} pupils, by estimate, were exposed {span}."
    if lower is None or upper is None:
        return f"There is no figure of {noun} supported {span} that can be published."
    people = people_in_words(lower, upper, within=within)
    if lower == upper:
        people = _at_least(people, is_complete)
    sentence = f"{people} {noun} were supported {span}."
    if returns_estimated and not _is_one_number(lower, upper, within):
        sentence += f" The upper number takes in an estimate for {returns_in_words(returns_estimated)}."
    return sentence


def _at_least(people: str, is_complete: bool) -> str:
    """Of one number; “more than 1,200” says so already."""
    return people if is_complete or not people[0].isdigit() else f"At least {people}"


def quotation(sentence: str, *, release: str, status: str, received: int, due: int, definition: str) -> str:
    """The sentence with what whoever quotes it has to say beside it: from where, how firm, of how much, and of whom."""
    return f"{sentence} ({release}, {status}; {received:,} of {due:,} returns. {definition})"


def people_in_words(lower: int, upper: int, *, within: int) -> str:
    """“Between 9,800 and 12,400”, “More than 10,500”: how every headline says how many.

    From 1,000 in hundreds, the lower number down and the upper one up; smaller ones as the tables beside give them.
    One number is refused where the upper end is more than `within` percent above the lower one: it would tell too
    little of the range.
    """
    if _is_one_number(lower, upper, within):
        return _more_than(lower)
    return f"Between {_round(lower, up=False):,} and {_round(upper, up=True):,}"


def _is_one_number(lower: int, upper: int, within: int) -> bool:
    return lower == upper or (lower >= IN_HUNDREDS and upper * 100 <= lower * (100 + within))


def returns_in_words(returns: int) -> str:
    return f"{returns:,} missing return{'s' if returns > 1 else ''}"


def period_in_words(start: date, end: date) -> str:
    """“in June 2026”, “between April and December 2021”, “between April 2021 and March 2022”."""
    if (start.year, start.month) == (end.year, end.month):
        return f"in {end:%B %Y}"
    first = f"{start:%B}" if start.year == end.year else f"{start:%B %Y}"
    return f"between {first} and {end:%B %Y}"


def _more_than(people: int) -> str:
    if people < IN_HUNDREDS:
        return f"{people:,}"
    # Rounded down to a number that it is really more than.
    return f"More than {_round(people - 1, up=False):,}"


def _round(people: int, *, up: bool) -> int:
    step = 100 if people >= IN_HUNDREDS else 1
    return -(-people // step) * step if up else people // step * step
