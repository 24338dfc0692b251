"""Returns as the unit sees them: all of a year at a glance, the queue to read, and one return beside its past."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import QuerySet
from django.utils import timezone

from outcomes.models import Obligation, ReturnVersion, Submission
from outcomes.models.policy import Dimension
from outcomes.models.returns import HOLIDAYS, Seen
from outcomes.queries.comments import in_words, to_answer
from outcomes.queries.coverage import is_judged, is_timely, with_first_sent
from outcomes.queries.returns import lateness, latest_submissions, standing, with_standing
from partners.models import User
from programmes.models import Delivery
from vru_portal.core.periods import FinancialYear, Month

State = ReturnVersion.State
SENT = (State.SUBMITTED, State.ACCEPTED)

WORDS = {
    "accepted": "accepted",
    "submitted": "sent, to be read",
    "returned": "returned",
    "overdue": "late",
    "due": "due",
    "draft": "begun, not sent",
    "nil": "nothing to report",
    "waived": "waived",
    "": "not due",
}


# ---- The year at a glance ----
@dataclass(frozen=True)
class Square:
    delivery: Delivery
    month: Month
    tag: str
    obligation: Obligation | None

    @property
    def label(self) -> str:
        """“Heal Hub, June 2026: late”."""
        return f"{self.delivery}, {self.month}: {WORDS[self.tag]}"


@dataclass(frozen=True)
class Row:
    """A delivery's year. Timely: first sent by the due date, of those whose due date has passed."""

    delivery: Delivery
    squares: tuple[Square, ...]
    timely: int
    judged: int


@dataclass(frozen=True)
class HeatMap:
    """A year's returns. Months: those that have begun, and later ones for which something is owed already."""

    year: FinancialYear
    months: tuple[Month, ...]
    rows: tuple[Row, ...]


def heat_map(user: User, year: FinancialYear, today: date) -> HeatMap:
    """Every delivery that owes something in the year, by partner, with a square for each month."""
    obligations = (
        with_first_sent(with_standing(Obligation.objects.visible_to(user).expected()))
        .filter(month__range=(year.first, year.last))
        .order_by("delivery__partner__name", "delivery__name")
    )
    by_delivery: dict[Delivery, dict[Month, Obligation]] = {}
    for obligation in obligations:
        by_delivery.setdefault(obligation.delivery, {})[obligation.period] = obligation
    last = max([Month.of(today), *(month for found in by_delivery.values() for month in found)])
    months = tuple(month for month in year.months if month <= last)
    rows = tuple(_row(delivery, found, months, today) for delivery, found in by_delivery.items())
    return HeatMap(year, months, rows)


def _row(delivery: Delivery, found: dict[Month, Obligation], months: tuple[Month, ...], today: date) -> Row:
    squares = tuple(
        Square(delivery, month, standing(found[month], today) if month in found else "", found.get(month))
        for month in months
    )
    judged = [o for o in found.values() if is_judged(o, today)]
    return Row(delivery, squares, sum(is_timely(o) for o in judged), len(judged))


@dataclass(frozen=True)
class Counts:
    to_read: int
    late: int


def counts(user: User, today: date) -> Counts:
    visible = Obligation.objects.visible_to(user)
    return Counts(to_read=visible.filter(versions__state=State.SUBMITTED).count(), late=visible.late(today).count())


# ---- The queue ----
@dataclass(frozen=True)
class Waiting:
    """A version that was sent, with what it says last, to be read."""

    version: ReturnVersion
    submission: Submission
    to_answer: str = ""  # “2 comments to answer”

    @property
    def obligation(self) -> Obligation:
        return self.version.obligation

    @property
    def is_to_be_read(self) -> bool:
        """Nobody has decided it yet."""
        return self.version.state == State.SUBMITTED


def queue(user: User) -> list[Waiting]:
    """What is to be read: the oldest month first, in it the largest; last what the user sent, which others read."""
    found = _sent(ReturnVersion.objects.filter(state=State.SUBMITTED), user)
    return sorted(
        found,
        key=lambda waiting: (
            waiting.submission.submitted_by_id == user.pk,
            waiting.obligation.month,
            -waiting.submission.size,
            waiting.version.pk,
        ),
    )


def last_sent(user: User, obligation_id: int) -> Waiting | None:
    """What was last sent for an obligation, whatever has become of it; None if nothing that the user may see."""
    versions = ReturnVersion.objects.filter(obligation=obligation_id)
    return max(_sent(versions, user), key=lambda waiting: waiting.version.number, default=None)


def _sent(versions: QuerySet[ReturnVersion], user: User) -> list[Waiting]:
    """Those of the versions of which something was sent, each with its latest submission."""
    versions = versions.filter(obligation__in=Obligation.objects.visible_to(user)).select_related(
        "obligation__delivery__partner", "obligation__delivery__programme", "decided_by"
    )
    submissions = (
        Submission.objects.filter(version__in=versions)
        .select_related("submitted_by")
        .prefetch_related(
            "counts__category", "measure_answers__measure", "measure_answers__parts__option", "explanations"
        )
        .order_by("sequence")
    )
    latest = {submission.version_id: submission for submission in submissions}
    asked = to_answer(user, [version.obligation_id for version in versions])
    return [
        Waiting(version, latest[version.pk], in_words(asked[version.obligation_id]))
        for version in versions
        if version.pk in latest
    ]


# ---- One return beside its past ----
MONTHS_BEFORE = 3


@dataclass(frozen=True)
class Compared:
    """One number of this month, and what the months before say: the number, “nil” or “no return”."""

    label: str
    now: int | None
    before: tuple[str, ...]


@dataclass(frozen=True)
class Reading:
    waiting: Waiting
    months: tuple[Month, ...]
    numbers: tuple[Compared, ...]
    unusual: tuple[str, ...]
    changed: tuple[str, ...]
    late: str  # “37 days late”; empty if it came in time


def reading(waiting: Waiting) -> Reading:
    """This month beside the last three; the unusual, and what changed since it was sent before, said in words."""
    obligation = waiting.obligation
    months = tuple(obligation.period.plus(-n) for n in range(1, MONTHS_BEFORE + 1))
    earlier = Obligation.objects.filter(
        delivery=obligation.delivery_id, month__gte=_start_of_past(obligation.period).first, month__lt=obligation.month
    )
    said = latest_submissions(earlier, SENT)
    by_month = {Month.of(o.month): said[o.pk] for o in earlier if o.pk in said}
    before = [by_month.get(month) for month in months]
    this_year = [s for month, s in by_month.items() if month.financial_year == obligation.period.financial_year]
    numbers = tuple(
        Compared(label, read(waiting.submission), tuple(_told(one, read) for one in before))
        for label, read in _numbers(waiting.submission).items()
    )
    return Reading(
        waiting=waiting,
        months=months,
        numbers=numbers,
        unusual=tuple(unusual(waiting.submission, before, this_year)),
        changed=tuple(_changed(waiting.submission)),
        late=_late(obligation),
    )


def _told(submission: Submission | None, read) -> str:
    if submission is None:
        return "no return"
    return "nil" if submission.is_nil else f"{read(submission):,}"


def _late(obligation: Obligation) -> str:
    """By its first sending."""
    first = Submission.objects.filter(version__obligation=obligation).order_by("submitted_at").first()
    day = timezone.localdate(first.submitted_at)
    return lateness(obligation, day) if day > obligation.due_date else ""


def _start_of_past(month: Month) -> Month:
    return min(month.plus(-MONTHS_BEFORE), month.financial_year.months[0])


def _numbers(submission: Submission) -> dict:
    """The lines of the comparison: label, and how to read it from a submission."""
    if submission.exposed_people is not None:
        return {"Pupils exposed (estimate)": lambda s: s.exposed_people}
    return {
        "A: new": lambda s: s.new_people,
        "B: known from an earlier year": lambda s: s.known_people,
        "C: already counted": lambda s: s.already_counted_people,
        "People seen (A + B + C)": lambda s: s.people,
        "Contacts": lambda s: s.contacts,
    }


def _changed(submission: Submission) -> Iterator[str]:
    """What is other than when it was sent before, under this number or the one before."""
    earlier = Submission.objects.filter(version__obligation=submission.version.obligation_id).exclude(pk=submission.pk)
    previous = earlier.order_by("-version__number", "-sequence").first()
    if previous is None:
        return
    for label, read in _numbers(submission).items():
        if read(submission) != read(previous):
            yield f"{label}: {read(previous):,} before, now {read(submission):,}."
    if _cells(submission) != _cells(previous):
        yield "Who they were has changed."


def _cells(submission: Submission) -> dict[tuple[str, int], int]:
    return {(count.seen, count.category_id): count.people for count in submission.counts.all()}


# ---- What is unusual ----
MUCH = 3  # more than three times, or under a third
FEW_PEOPLE = 5  # below this a jump means nothing


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
        for label, read in _numbers(submission).items():
            yield from _jump(label, read(submission), read(last), month)
    if submission.exposed_people is None:
        yield from _intensity(submission, [one for one in before if one])
        yield from _more_known_than_seen(submission, this_year)
        yield from _not_known(submission)


def _month_of(submission: Submission, before: Sequence[Submission | None], last: Submission | None) -> str:
    """“last month”, or “July” where the months between were nil or missing."""
    if last is None or last is before[0]:
        return "last month"
    return f"{submission.version.obligation.period.plus(-1 - before.index(last)).first:%B}"


def _jump(label: str, now: int | None, then: int | None, month: str) -> Iterator[str]:
    if now is None or then is None or max(now, then) < FEW_PEOPLE:
        return
    if now > MUCH * then:
        none = "after none last month" if month == "last month" else f"after none in {month}"
        more = f"more than three times {month}’s {then:,}" if then else none
        yield f"{label}: {now:,}, {more}."
    elif now * MUCH < then:
        yield f"{label}: {now:,}, under a third of {month}’s {then:,}."


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
    counts = submission.counts.filter(seen=Seen.FIRST_SEEN, category__is_known=False).select_related("category")
    for count in counts:
        unknown[count.category.dimension] += count.people
    for dimension, number in unknown.items():
        if 2 * number > people:
            yield f"{Dimension(dimension).label}: not known for {number:,} of the {people:,} people first seen."
