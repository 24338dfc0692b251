"""Gaps in words: what is missing and when, and what would cover it."""

from __future__ import annotations

from collections.abc import Iterable

from funding.queries.gaps import FundGap, Span
from vru_portal.core.money import pounds


def spans_in_words(spans: Iterable[Span]) -> str:
    """“from April to May 2027, and again from April 2028”"""
    return ", and again ".join(map(str, spans))


def missing(gap: FundGap) -> str:
    """“Up to £2,070,000 is missing from April to May 2027, until it is covered in June 2027.” Over more than one year
    the sum's parts follow."""
    up_to = "" if gap.span.first == gap.span.last else "Up to "
    until = "" if gap.span.is_open else f", until it is covered in {gap.span.covered_again}"
    parts = [f"{pounds(pence)} in {year}" for year, pence in gap.by_year.items() if pence]
    together = f" That is {', '.join(parts[:-1])} and {parts[-1]}." if len(parts) > 1 else ""
    return f"{up_to}{pounds(gap.pence)} is missing {gap.span}{until}.{together}"


def beside(missing: int, cost: int) -> str:
    """What stops costs beside what is missing, and why the two need not be the same."""
    together = f"Together they cost {pounds(cost)} then"
    if missing == cost:
        return f"{together}, which is what is missing."
    return (
        f"{together}. The {pounds(missing)} that is missing is reckoned from April of each year: with what was not "
        "covered before these months, what the unit spent, and what a bridge pays for that has to go back; and of an "
        "instalment that is covered in part, only the rest."
    )


def remedies(gap: FundGap) -> list[str]:
    """One sentence for each thing that would cover it, or that has been counted already."""
    lent = [_not_covered_again(gap)] if gap.span.is_open else [*_extensions(gap), _lent(gap)]
    return [*_bridge_counted(gap), *lent]


def _bridge_counted(gap: FundGap) -> Iterable[str]:
    if gap.undrawn:
        yield f"The {pounds(gap.undrawn)} of the bridge that is not drawn is counted as cover already."


def _extensions(gap: FundGap) -> Iterable[str]:
    for each in gap.extensions:
        part = "all of it" if each.pence >= gap.pence else f"{pounds(each.pence)} of it"
        ends, needed = (f"{day:%-d %B %Y}" for day in (each.facility.expires_on, gap.span.last.last))
        yield (
            f"{each.facility}, kept open after {ends} until {needed}, would cover {part}: "
            "what is not drawn of it, and what is owed and would not be due yet."
        )


def _not_covered_again(gap: FundGap) -> str:
    told = [f"{pounds(pence)} for {year}" for year, pence in gap.announced.items()]
    announced = f"Announced and not signed: {', '.join(told)}. " if told else ""
    return f"{announced}Cover does not come back in the months shown: a bridge would only put it off."


def _lent(gap: FundGap) -> str:
    if gap.rest == 0:
        return "No further bridge is needed."
    further = "A further" if gap.undrawn or gap.extensions else "A"
    what = "the rest" if gap.extensions else "it"
    when = f"from {gap.span.first} until {gap.span.covered_again}"
    return f"{further} bridge of {pounds(gap.rest)} {when} would cover {what}."
