"""A return's numbers side by side with others', and what is unusual about them, said in words."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from decimal import Decimal

from django.db.models import QuerySet

from outcomes.answer_words import said
from outcomes.models import Category, Measure, MeasureAnswer, Submission
from outcomes.models.measures import AddsUp
from outcomes.models.policy import Dimension
from outcomes.models.returns import HOLIDAYS, Seen
from vru_portal.core.periods import Month

Read = Callable[[Submission], Decimal | int | None]

MUCH = 3  # more than three times, or under a third
FEW_PEOPLE = 5  # below this a jump means nothing
# Beside several months less is much, as long as it is more than chance makes of such numbers.
BEYOND, CHANCE = Decimal("1.5"), 3  # times the most of them; standard deviations of a count
A_SHARE = Decimal("0.1")  # of the people first seen, below which nobody asks who is not known


# ---- Numbers ----
def numbers(submission: Submission) -> dict[str, Read]:
    """The lines of a comparison: label, and how to read it from a submission. Counts first, then measures."""
    return _counts(submission) | {measure.name: _reader(measure) for measure in _measures(submission)}


def told(value: Decimal | int | None) -> str:
    """“1,200”; “not asked” where there is none."""
    return "not asked" if value is None else said(value)


def _counts(submission: Submission) -> dict[str, Read]:
    if submission.exposed_people is not None:
        return {"Pupils exposed (estimate)": lambda s: s.exposed_people}
    return {
        "A: new": lambda s: s.new_people,
        "B: known from an earlier year": lambda s: s.known_people,
        "C: already counted": lambda s: s.already_counted_people,
        "People seen (A + B + C)": lambda s: s.people,
        "Contacts": lambda s: s.contacts,
    }


def _measures(submission: Submission) -> list[Measure]:
    return [answer.measure for answer in submission.measure_answers.all() if _value(answer) is not None]


def _reader(measure: Measure) -> Read:
    return lambda s: next((_value(a) for a in s.measure_answers.all() if a.measure_id == measure.pk), None)


def _value(answer: MeasureAnswer) -> Decimal | None:
    """What one line can show of it: the number, the median, or the average afterwards."""
    return next((v for v in (answer.value, answer.median, answer.after) if v is not None), None)


# ---- What changed ----
def with_answers(submissions: QuerySet[Submission]) -> QuerySet[Submission]:
    """With what `changed` reads of them."""
    return submissions.prefetch_related(
        "counts__category", "measure_answers__measure", "measure_answers__parts__option", "explanations"
    )


def changed(now: Submission, then: Submission) -> Iterator[str]:
    """What one submission says otherwise than another: counts and measures, their lines, and words."""
    for label, read in (numbers(then) | numbers(now)).items():
        if read(now) != read(then):
            yield f"{label}: {told(read(then))} before, now {told(read(now))}."
    yield from _changed_lines(_lines(now), _lines(then))
    words, before = _words(now), _words(then)
    for label in before | words:
        if words.get(label, "") != before.get(label, ""):
            yield f"{label}: {_quoted(before.get(label, ''))} before, now {_quoted(words.get(label, ''))}."


def _changed_lines(now: Mapping[str, Decimal | int], then: Mapping[str, Decimal | int]) -> Iterator[str]:
    for line in then | now:
        if now.get(line, 0) != then.get(line, 0):
            yield f"{line}: {said(then.get(line, 0))} before, now {said(now.get(line, 0))}."


def _lines(submission: Submission) -> dict[str, Decimal | int]:
    """Every line of the breakdowns, and of the numbers that are broken down."""
    people = {
        f"{c.category.get_dimension_display()}, {c.category.name}, {SEEN[c.seen]}": c.people
        for c in sorted(submission.counts.all(), key=lambda c: (c.category.dimension, c.category.order, c.seen))
    }
    answers = submission.measure_answers.all()
    # Beside the one number of an answer that stands in `numbers`.
    beside = {
        f"{answer.measure.name}, {words}": value
        for answer in answers
        for words, value in (("people measured", answer.people), ("average before", answer.before))
        if value is not None
    }
    options = {f"{a.measure.name}, {part.option.name}": part.value for a in answers for part in a.parts.all()}
    return people | beside | options


SEEN = {Seen.FIRST_SEEN: "first seen", Seen.ALREADY_COUNTED: "already counted"}


def _words(submission: Submission) -> dict[str, str]:
    measures = {answer.measure.name: answer.text for answer in submission.measure_answers.all() if answer.text}
    others = {
        "Comment": submission.comment,
        "How it was made": submission.exposure_method,
        "Why there is nothing to report": submission.nil_reason,
    }
    others |= {f"Explanation of “{each.asked}”": each.text for each in submission.explanations.all()}
    return measures | {label: text for label, text in others.items() if text}


def _quoted(text: str) -> str:
    return f"“{text.rstrip('.')}”" if text else "nothing"


# ---- What is unusual ----
def unusual(
    submission: Submission, before: Sequence[Submission | None], this_year: Sequence[Submission]
) -> Iterator[str]:
    """Sentences on what a reader should ask about. `before`: the last months, newest first; `this_year`: earlier
    returns of the same financial year."""
    # A nil month says nothing of how many come: the one before it is looked at.
    last = next((one for one in before if one and not one.is_nil), None)
    if submission.is_nil:
        if last and last is before[0] and submission.nil_reason != HOLIDAYS:
            yield f"Nothing to report, after {last.size:,} last month. Reason: {submission.nil_reason.rstrip('.')}."
        return
    period = submission.version.obligation.period
    yield from unusual_people(submission, _of(submission), before, this_year, period)
    if last:
        month = _month_of(period, before, last)
        for measure in _measures(submission):
            read = _reader(measure)
            if measure.over_months == AddsUp.SUM:
                yield from _jump(measure.name, read(submission), read(last), month)
            else:
                yield from _outside(measure.name, read(submission), [read(one) for one in before if one])


def unusual_people(
    submission: Submission,
    not_known: Mapping[str, int],
    before: Sequence[Submission | None],
    this_year: Sequence[Submission],
    month: Month,
) -> Iterator[str]:
    """The same of whom was met alone, however it was counted; of a submission that need not be sent yet. `not_known`:
    how many of those first seen, by dimension."""
    said_before = [one for one in before if one and not one.is_nil]
    if said_before:
        last = said_before[0]
        for label, read in _counts(submission).items():
            usual = [read(one) for one in said_before]
            jump = list(_jump(label, read(submission), read(last), _month_of(month, before, last)))
            yield from jump or _beyond(label, read(submission), usual)
    if submission.exposed_people is None:
        yield from _intensity(submission, [one for one in before if one])
        yield from _more_known_than_seen(submission, this_year)
        yield from _not_known(submission, not_known, said_before)


def _month_of(month: Month, before: Sequence[Submission | None], last: Submission | None) -> str:
    """“last month”, or “July” where the months between were nil or missing."""
    if last is None or last is before[0]:
        return "last month"
    return f"{month.plus(-1 - before.index(last)).first:%B}"


def _jump(label: str, now: Decimal | int | None, then: Decimal | int | None, month: str) -> Iterator[str]:
    if now is None or then is None or max(now, then) < FEW_PEOPLE:
        return
    if now > MUCH * then:
        none = "after none last month" if month == "last month" else f"after none in {month}"
        more = f"more than three times {month}’s {said(then)}" if then else none
        yield f"{label}: {said(now)}, {more}."
    elif now * MUCH < then:
        yield f"{label}: {said(now)}, under a third of {month}’s {said(then)}."


def _beyond(label: str, now: int | None, before: Sequence[int | None]) -> Iterator[str]:
    """Against the least and most of several months."""
    usual = [one for one in before if one is not None]
    if now is None or len(usual) < 2 or max(now, *usual) < FEW_PEOPLE:
        return
    least, most = min(usual), max(usual)
    is_more = now > BEYOND * most and now - most > CHANCE * most**0.5
    is_less = now * BEYOND < least and least - now > CHANCE * least**0.5
    if is_more or is_less:
        yield f"{label}: {said(now)}; in the months before {_between(least, most)}."


def _between(least: Decimal | int, most: Decimal | int) -> str:
    return said(least) if least == most else f"between {said(least)} and {said(most)}"


def _outside(label: str, now: Decimal | None, before: Sequence[Decimal | None]) -> Iterator[str]:
    """What is no sum (a median, a share, a level) against the last months' least and most."""
    usual = [one for one in before if one is not None]
    if not usual or now is None or not (now > 2 * max(usual) or now * 2 < min(usual)):
        return
    yield f"{label}: {said(now)}; in the months before {_between(min(usual), max(usual))}."


def _intensity(submission: Submission, before: Sequence[Submission]) -> Iterator[str]:
    """Contacts per person, against the last months' least and most."""
    usual = [one.contacts / one.people for one in before if one.people]
    if not usual or not submission.people or submission.people < FEW_PEOPLE:
        return
    now = submission.contacts / submission.people
    if now > 2 * max(usual) or now < min(usual) / 2:
        least, most = min(usual), max(usual)
        span = f"{least:.1f}" if f"{least:.1f}" == f"{most:.1f}" else f"between {least:.1f} and {most:.1f}"
        yield f"Contacts per person: {now:.1f}; in the months before {span}."


def _more_known_than_seen(submission: Submission, this_year: Sequence[Submission]) -> Iterator[str]:
    """C can only be people who were A or B in an earlier month since April."""
    first_seen = sum(one.first_seen_people or 0 for one in this_year)
    if submission.already_counted_people > first_seen:
        people = "1 person was" if first_seen == 1 else f"{first_seen:,} people were"
        yield f"C is {submission.already_counted_people:,}, but only {people} first seen in earlier months since April."


def not_known(counts: Iterable[tuple[str, Category, int]]) -> Counter[str]:
    """Of (seen, category, people): how many of those first seen are in a category that says nothing, by dimension."""
    found: Counter[str] = Counter()
    for seen, category, people in counts:
        if seen == Seen.FIRST_SEEN and not category.is_known:
            found[category.dimension] += people
    return found


def _of(submission: Submission) -> Counter[str]:
    return not_known((count.seen, count.category, count.people) for count in submission.counts.all())


def _not_known(submission: Submission, unknown: Mapping[str, int], before: Sequence[Submission]) -> Iterator[str]:
    people = submission.first_seen_people
    if people < FEW_PEOPLE:
        return
    usual = [(_of(one), one.first_seen_people) for one in before if (one.first_seen_people or 0) >= FEW_PEOPLE]
    for dimension in Dimension:
        number = unknown.get(dimension, 0)
        sentence = f"{dimension.label}: not known for {number:,} of the {people:,} people first seen"
        if 2 * number > people:
            yield f"{sentence}."
        elif len(usual) > 1 and number >= FEW_PEOPLE and number >= A_SHARE * people:
            share = max(found[dimension] / of for found, of in usual)
            if number > 2 * share * people and number - share * people > CHANCE * (share * people) ** 0.5:
                yield f"{sentence}; in the months before for {f'at most {share:.0%}' if share else 'nobody'}."
