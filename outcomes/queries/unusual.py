"""A return's numbers side by side with others', and what is unusual about them, said in words."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from decimal import Decimal

from outcomes.answer_words import said
from outcomes.models import Measure, MeasureAnswer, Submission
from outcomes.models.measures import AddsUp
from outcomes.models.policy import Dimension
from outcomes.models.returns import HOLIDAYS, Seen

Read = Callable[[Submission], Decimal | int | None]

MUCH = 3  # more than three times, or under a third
FEW_PEOPLE = 5  # below this a jump means nothing


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
    return people | {
        f"{answer.measure.name}, {part.option.name}": part.value
        for answer in submission.measure_answers.all()
        for part in answer.parts.all()
    }


SEEN = {Seen.FIRST_SEEN: "first seen", Seen.ALREADY_COUNTED: "already counted"}


def _words(submission: Submission) -> dict[str, str]:
    measures = {answer.measure.name: answer.text for answer in submission.measure_answers.all() if answer.text}
    others = {"Comment": submission.comment, "How it was made": submission.exposure_method}
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
    month = _month_of(submission, before, last)
    if submission.is_nil:
        if last and last is before[0] and submission.nil_reason != HOLIDAYS:
            yield f"Nothing to report, after {last.size:,} last month. Reason: {submission.nil_reason.rstrip('.')}."
        return
    if last:
        for label, read in _counts(submission).items():
            yield from _jump(label, read(submission), read(last), month)
        for measure in _measures(submission):
            read = _reader(measure)
            if measure.over_months == AddsUp.SUM:
                yield from _jump(measure.name, read(submission), read(last), month)
            else:
                yield from _outside(measure.name, read(submission), [read(one) for one in before if one])
    if submission.exposed_people is None:
        yield from _intensity(submission, [one for one in before if one])
        yield from _more_known_than_seen(submission, this_year)
        yield from _not_known(submission)


def _month_of(submission: Submission, before: Sequence[Submission | None], last: Submission | None) -> str:
    """“last month”, or “July” where the months between were nil or missing."""
    if last is None or last is before[0]:
        return "last month"
    return f"{submission.version.obligation.period.plus(-1 - before.index(last)).first:%B}"


def _jump(label: str, now: Decimal | int | None, then: Decimal | int | None, month: str) -> Iterator[str]:
    if now is None or then is None or max(now, then) < FEW_PEOPLE:
        return
    if now > MUCH * then:
        none = "after none last month" if month == "last month" else f"after none in {month}"
        more = f"more than three times {month}’s {said(then)}" if then else none
        yield f"{label}: {said(now)}, {more}."
    elif now * MUCH < then:
        yield f"{label}: {said(now)}, under a third of {month}’s {said(then)}."


def _outside(label: str, now: Decimal | None, before: Sequence[Decimal | None]) -> Iterator[str]:
    """What is no sum (a median, a share, a level) against the last months' least and most."""
    usual = [one for one in before if one is not None]
    if not usual or now is None or not (now > 2 * max(usual) or now * 2 < min(usual)):
        return
    least, most = said(min(usual)), said(max(usual))
    yield f"{label}: {said(now)}; in the months before {least if least == most else f'between {least} and {most}'}."


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


def _not_known(submission: Submission) -> Iterator[str]:
    people = submission.first_seen_people
    if people < FEW_PEOPLE:
        return
    unknown = dict.fromkeys(Dimension.values, 0)
    for count in submission.counts.all():
        if count.seen == Seen.FIRST_SEEN and not count.category.is_known:
            unknown[count.category.dimension] += count.people
    for dimension, number in unknown.items():
        if 2 * number > people:
            yield f"{Dimension(dimension).label}: not known for {number:,} of the {people:,} people first seen."
