"""Returns as the unit sees them: all of a year at a glance, the queue to read, and one return beside its past."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import Exists, OuterRef, Prefetch, QuerySet
from django.utils import timezone

from outcomes.models import Category, Obligation, Release, ReturnVersion, SentBack, Submission, SubmissionCount
from outcomes.queries.comments import in_words, to_answer
from outcomes.queries.coverage import is_judged, is_timely, with_first_sent
from outcomes.queries.standing import lateness, standing, with_standing
from outcomes.queries.unusual import changed, not_known, numbers, told, unusual, unusual_people, with_answers
from partners.models import Organisation, User
from programmes.models import Delivery
from vru_portal.core.periods import FinancialYear, Month

State = ReturnVersion.State
SENT = (State.SUBMITTED, State.ACCEPTED)
Past = dict[int, dict[Month, Submission]]  # by delivery, by month

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


def heat_map(user: User, year: FinancialYear, today: date, *, partner: Organisation | None = None) -> HeatMap:
    """Every delivery that owes something in the year, by partner (or of one), with a square for each month."""
    obligations = (
        with_first_sent(with_standing(Obligation.objects.visible_to(user).expected()))
        .filter(month__range=(year.first, year.last))
        .order_by("delivery__partner__name", "delivery__name")
    )
    if partner is not None:
        obligations = obligations.filter(delivery__partner=partner)
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


@dataclass(frozen=True)
class InQueue:
    """One of the returns to read. `notes`: why it is read with care, the first of them why it stands where it does.

    Without any it is ordinary, and can be accepted together with others.
    """

    waiting: Waiting
    notes: tuple[str, ...]
    is_mine: bool

    @property
    def obligation(self) -> Obligation:
        return self.waiting.obligation

    @property
    def is_ordinary(self) -> bool:
        return not self.notes and not self.is_mine


def queue(user: User) -> list[InQueue]:
    """What is to be read, ordered by what matters.

    First what has something to ask about: a number that is unusual, a correction of a month that is published, an
    explanation or a comment. Within that the oldest month first, in it the largest. Last what the user sent, which
    others read.
    """
    found = _sent(ReturnVersion.objects.filter(state=State.SUBMITTED), user)
    past, published = _past_of([waiting.obligation for waiting in found]), _published_until()
    asked = _sent_back(waiting.version for waiting in found)
    lines = [
        InQueue(waiting, tuple(_notes(waiting, past, published, asked)), waiting.submission.submitted_by_id == user.pk)
        for waiting in found
    ]
    return sorted(
        lines,
        key=lambda line: (
            line.is_mine,
            not line.notes,
            line.obligation.month,
            -line.waiting.submission.size,
            line.waiting.version.pk,
        ),
    )


def _published_until() -> dict[FinancialYear, date]:
    """The last month of each financial year that is published."""
    months = Release.objects.published().order_by("month").values_list("month", flat=True)
    return {FinancialYear.of(month): month for month in months}


def _notes(
    waiting: Waiting, past: Past, published: dict[FinancialYear, date], asked: Mapping[int, Submission]
) -> Iterator[str]:
    month, until = waiting.obligation.period, published.get(waiting.obligation.period.financial_year)
    if waiting.version.number > 1 and until and month.first <= until:
        yield f"Corrects {month}, which is published."
    yield from _unusual(waiting, past)
    yield from _unchanged(waiting, asked)
    explained = len(waiting.submission.explanations.all())
    if explained:
        yield f"{explained:,} explanation{'' if explained == 1 else 's'} to read."
    if waiting.to_answer:
        yield f"{waiting.to_answer}."


def questions_about(user: User, versions: QuerySet[ReturnVersion]) -> list[tuple[Obligation, tuple[str, ...]]]:
    """Of returns that were sent: what is unusual in each, and what the partner said to the checks that asked. Those
    without either are left out."""
    found = _sent(versions, user)
    past = _past_of([waiting.obligation for waiting in found])
    asked = [
        (one.obligation, (*_unusual(one, past), *(f"{e.asked} “{e.text}”" for e in one.submission.explanations.all())))
        for one in found
    ]
    return [(obligation, sentences) for obligation, sentences in asked if sentences]


def last_sent(user: User, obligation_id: int) -> Waiting | None:
    """What was last sent for an obligation, whatever has become of it; None if nothing that the user may see."""
    versions = ReturnVersion.objects.filter(obligation=obligation_id)
    return max(_sent(versions, user), key=lambda waiting: waiting.version.number, default=None)


def _sent(versions: QuerySet[ReturnVersion], user: User) -> list[Waiting]:
    """Those of the versions of which something was sent, each with its latest submission."""
    versions = versions.filter(obligation__in=Obligation.objects.visible_to(user)).select_related(
        "obligation__delivery__partner", "obligation__delivery__programme", "decided_by"
    )
    submissions = Submission.objects.filter(version__in=versions).select_related("submitted_by").order_by("sequence")
    latest = {submission.version_id: submission for submission in with_answers(submissions)}
    for version in versions:
        if version.pk in latest:
            latest[version.pk].version = version  # with all that was read of it
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
    """One number of this month, and what the months before say: the number, “nil”, or why there is none."""

    label: str
    now: str
    before: tuple[str, ...]


@dataclass(frozen=True)
class Reading:
    waiting: Waiting
    months: tuple[Month, ...]
    numbers: tuple[Compared, ...]
    unusual: tuple[str, ...]
    came_back: bool
    changed: tuple[str, ...]
    late: str  # “37 days late”; empty if it came in time


def reading(waiting: Waiting) -> Reading:
    """This month beside the last three; the unusual, and what changed since it was sent before, said in words."""
    past, obligation = _past_of([waiting.obligation]), waiting.obligation
    before, sent_back = _before(obligation, past), _sent_back([waiting.version])
    months = tuple(obligation.period.plus(-n) for n in range(1, MONTHS_BEFORE + 1))
    past_or_why = [one or why for one, why in zip(before, _why_none(obligation, months), strict=True)]
    return Reading(
        waiting=waiting,
        months=months,
        numbers=tuple(
            Compared(label, told(read(waiting.submission)), tuple(_told(one, read) for one in past_or_why))
            for label, read in numbers(waiting.submission).items()
        ),
        unusual=(*_unusual(waiting, past), *_unchanged(waiting, sent_back)),
        came_back=waiting.version.pk in sent_back,
        changed=tuple(_changed(waiting.submission, sent_back.get(waiting.version.pk))),
        late=_late(obligation),
    )


def _past_of(obligations: Collection[Obligation]) -> Past:
    """What each delivery said of each earlier month, sent or accepted, as far back as anything is compared."""
    if not obligations:
        return {}
    unknown = SubmissionCount.objects.filter(category__is_known=False).select_related("category")
    rows = (
        Submission.objects.filter(
            version__obligation__delivery__in={obligation.delivery_id for obligation in obligations},
            version__obligation__month__gte=min(_start_of_past(one.period).first for one in obligations),
            version__obligation__month__lt=max(obligation.month for obligation in obligations),
            version__state__in=SENT,
        )
        .select_related("version__obligation")
        .prefetch_related("measure_answers__measure", Prefetch("counts", unknown))
        .order_by("version__number", "sequence")
    )
    past: Past = {}
    for row in rows:
        past.setdefault(row.version.obligation.delivery_id, {})[row.version.obligation.period] = row
    return past


def _before(obligation: Obligation, past: Past) -> list[Submission | None]:
    """The last months, newest first."""
    said = past.get(obligation.delivery_id, {})
    return [said.get(obligation.period.plus(-n)) for n in range(1, MONTHS_BEFORE + 1)]


def _unusual(waiting: Waiting, past: Past) -> Iterator[str]:
    return unusual(waiting.submission, _before(waiting.obligation, past), _this_year(waiting.obligation, past))


def _unchanged(waiting: Waiting, asked: Mapping[int, Submission]) -> Iterator[str]:
    """Of a return that came back: what was asked to be changed was not."""
    was = asked.get(waiting.version.pk)
    if was and was.pk != waiting.submission.pk and not any(changed(waiting.submission, was)):
        yield "It came back, and was sent again with nothing changed."


def _sent_back(versions: Iterable[ReturnVersion]) -> dict[int, Submission]:
    """By version, what it said when it came back the last time."""
    came_back = [version.pk for version in versions if version.reason]
    if not came_back:
        return {}
    found = SentBack.objects.filter(submission__version__in=came_back).order_by("sent_back_at")
    last = dict(found.values_list("submission__version", "submission"))
    said = with_answers(Submission.objects.filter(pk__in=last.values())).in_bulk()
    return {version: said[submission] for version, submission in last.items()}


def said_when_sent_back(version: ReturnVersion) -> Submission | None:
    """What the unit asked to be changed, the last time that it came back."""
    return _sent_back([version]).get(version.pk)


def _this_year(obligation: Obligation, past: Past) -> list[Submission]:
    month, said = obligation.period, past.get(obligation.delivery_id, {})
    return [s for then, s in said.items() if then < month and then.financial_year == month.financial_year]


def unusual_before_sending(
    obligation: Obligation, said: Submission, cells: Mapping[tuple[str, int], int]
) -> tuple[str, ...]:
    """What the unit would ask about of whom was met, told to the partner first. `said` is not saved yet; `cells`:
    people by (seen, category id)."""
    past, categories = _past_of([obligation]), Category.objects.in_bulk()
    unknown = not_known((seen, categories[category], people) for (seen, category), people in cells.items())
    found = unusual_people(said, unknown, _before(obligation, past), _this_year(obligation, past), obligation.period)
    return tuple(found)


def _why_none(obligation: Obligation, months: Sequence[Month]) -> list[str]:
    """Of each month, what to say where nothing is sent of it: it was not owed, it went back to the partner, or it has
    not come."""
    returned = ReturnVersion.objects.filter(obligation=OuterRef("pk"), state=State.RETURNED)
    owed = Obligation.objects.owed().filter(delivery=obligation.delivery_id, month__in=[each.first for each in months])
    went_back = dict(owed.annotate(went_back=Exists(returned)).values_list("month", "went_back"))
    words = {None: "not due", True: "sent back", False: "no return"}
    return [words[went_back.get(month.first)] for month in months]


def _told(submission: Submission | str, read) -> str:
    if isinstance(submission, str):
        return submission
    value = read(submission)
    return "nil" if submission.is_nil and value is not None else told(value)


def _late(obligation: Obligation) -> str:
    """By its first sending."""
    first = Submission.objects.filter(version__obligation=obligation).order_by("submitted_at").first()
    day = timezone.localdate(first.submitted_at)
    return lateness(obligation, day) if day > obligation.due_date else ""


def _start_of_past(month: Month) -> Month:
    return min(month.plus(-MONTHS_BEFORE), month.financial_year.months[0])


def _changed(submission: Submission, sent_back: Submission | None) -> Iterator[str]:
    """What is other than when the unit sent it back, whatever was sent and taken back since; or, where it never did,
    than when it was sent before, under this number or the one before."""
    if sent_back is not None and sent_back.pk != submission.pk:
        return changed(submission, sent_back)
    earlier = Submission.objects.filter(version__obligation=submission.version.obligation_id).exclude(pk=submission.pk)
    previous = with_answers(earlier).order_by("-version__number", "-sequence").first()
    return iter(()) if previous is None else changed(submission, previous)
