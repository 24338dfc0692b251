"""Returns as those who send them see them: what is due, what was sent, what came of it.

Every read begins with the obligations, which exist before anybody types, so that nothing missing is overlooked.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime

from django.db.models import OuterRef, Prefetch, Subquery, Value
from django.db.models.functions import Coalesce
from django.utils import timezone

from outcomes.models import Category, Extension, Obligation, ReturnVersion, Submission, Unlock, UnlockRequest
from outcomes.models.policy import Dimension
from outcomes.models.returns import Seen
from outcomes.queries.comments import in_words, to_answer
from outcomes.queries.standing import lateness, latest_submissions, standing, with_standing
from outcomes.queries.unlocks import UnlockLine, unlock_lines, unlocked_until, waiting_requests
from partners.models import Event, Message, User
from partners.queries.messages import find_messages
from programmes.models import Delivery
from vru_portal.core.periods import FinancialYear, Month

State = ReturnVersion.State


# ---- Due now ----
@dataclass(frozen=True)
class DueReturn:
    """One thing that waits for the partner."""

    obligation: Obligation
    tag: str
    words: str
    is_begun: bool
    may_be_nil: bool
    last_nil_reason: str = ""
    to_answer: str = ""  # “2 comments to answer”
    unlocked_until: date | None = None  # of a correction

    @property
    def reason(self) -> str:
        """Why it came back; empty unless it did."""
        return self.obligation.reason if self.tag == "returned" else ""


@dataclass(frozen=True)
class DueNow:
    """What waits, most urgent first, and what will: the months that are not over."""

    waiting: tuple[DueReturn, ...]
    later: tuple[DueReturn, ...]
    commented: tuple[tuple[Obligation, str], ...] = ()  # not waiting otherwise: “1 comment to answer”
    unlocked: tuple[tuple[Obligation, date], ...] = ()  # to be corrected until the end of a day, and not begun

    @property
    def late(self) -> int:
        return sum(line.tag == "overdue" for line in self.waiting)


_URGENCY = ["overdue", "returned", "draft", "due", ""]


def due_now(user: User, today: date) -> DueNow:
    """What the user's organisations have still to send, or to send again: late, then returned, then due."""
    said_nil = Submission.objects.filter(
        version__obligation__delivery=OuterRef("delivery"),
        version__obligation__month__lt=OuterRef("month"),
        is_nil=True,
    ).order_by("-version__obligation__month", "-pk")
    found = with_standing(Obligation.objects.visible_to(user).owed().filter(month__lte=today)).annotate(
        last_nil_reason=Coalesce(Subquery(said_nil.values("nil_reason")[:1]), Value(""))
    )
    asked = to_answer(user)
    until = unlocked_until(user, today)
    open_ = [line for o in found if (line := _due_return(o, today, in_words(asked[o.pk]), until.get(o.pk)))]
    open_.sort(key=lambda line: (_URGENCY.index(line.tag), line.obligation.due_date, line.obligation.delivery.name))
    lasting = [line for line in open_ if line.obligation.period.last >= today and line.tag in ("draft", "")]
    others = Obligation.objects.visible_to(user).filter(pk__in=asked.keys() - {line.obligation.pk for line in open_})
    return DueNow(
        waiting=tuple(line for line in open_ if line not in lasting),
        later=tuple(lasting),
        commented=tuple((o, in_words(asked[o.pk])) for o in others.select_related("delivery").order_by("month")),
        unlocked=tuple((o, until[o.pk]) for o in found if o.pk in until and o.state not in ReturnVersion.OPEN_STATES),
    )


def _due_return(obligation: Obligation, today: date, to_answer: str, unlocked_until: date | None) -> DueReturn | None:
    tag = standing(obligation, today)
    correcting = obligation.is_met and obligation.state == State.DRAFT
    if correcting:
        tag = "draft"
    if tag not in _URGENCY:
        return None
    words = {"overdue": lateness(obligation, today), "draft": "Begun", "": "Not over yet"}
    if tag == "returned":
        words[tag] = f"Returned {timezone.localdate(obligation.decided_at):%-d %B}"
    return DueReturn(
        obligation=obligation,
        tag=tag,
        words="Correction begun" if correcting else words.get(tag, ""),
        is_begun=obligation.state in (State.DRAFT, State.RETURNED),
        may_be_nil=not obligation.is_met and obligation.period.last < today,
        last_nil_reason=obligation.last_nil_reason,
        to_answer=to_answer,
        unlocked_until=unlocked_until,
    )


# ---- Our returns ----
LAST_MONTHS = 6


@dataclass(frozen=True)
class ReturnLine:
    """`is_asked`: to be unlocked; `unlocked_until`: when it is, by whoever reads this."""

    obligation: Obligation
    tag: str
    is_asked: bool = False
    unlocked_until: date | None = None

    @property
    def is_locked(self) -> bool:
        """Accepted, and nothing is under way."""
        return self.obligation.is_met and self.tag in ("accepted", "nil") and self.obligation.state != State.DRAFT

    @property
    def why_no_tag(self) -> str:
        return "Month not over yet" if self.obligation.is_owed else "Nothing is owed"


def our_returns(user: User, year: FinancialYear, today: date, tag: str = "") -> list[ReturnLine]:
    """The year's returns, newest month first; only those of one standing if `tag` is given."""
    found = with_standing(Obligation.objects.visible_to(user).expected().filter(month__range=(year.first, year.last)))
    asked = set(waiting_requests(user).values_list("version__obligation", flat=True))
    until = unlocked_until(user, today)
    lines = [
        ReturnLine(o, standing(o, today), o.pk in asked, until.get(o.pk))
        for o in found.order_by("-month", "delivery__name")
    ]
    return [line for line in lines if line.tag == tag] if tag else lines


def last_returns(user: User, delivery: Delivery, today: date) -> list[ReturnLine]:
    """Of one delivery, the last months', newest month first."""
    found = with_standing(Obligation.objects.visible_to(user).expected().filter(delivery=delivery))
    return [ReturnLine(o, standing(o, today)) for o in found.order_by("-month")[:LAST_MONTHS]]


def years_of(user: User, today: date) -> list[FinancialYear]:
    """The financial years in which something is owed, newest first; the present one at least."""
    months = Obligation.objects.visible_to(user).dates("month", "month")
    return sorted({FinancialYear.of(day) for day in [*months, today]}, reverse=True)


# ---- Our figures ----
@dataclass(frozen=True)
class MonthTold:
    """What one month's accepted return says; `submission` is None while there is none, and `tag` says why."""

    month: Month
    is_over: bool
    obligation: Obligation
    submission: Submission | None
    tag: str


@dataclass(frozen=True)
class DeliveryTold:
    """What the unit was told of one delivery in one financial year."""

    delivery: Delivery
    months: tuple[MonthTold, ...]

    @property
    def accepted(self) -> list[Submission]:
        return [month.submission for month in self.months if month.submission]

    @property
    def counts_exposure(self) -> bool:
        return self.delivery.programme.counts_exposure

    @property
    def first_seen(self) -> int:
        """ΣA + B: different people within the delivery this financial year."""
        return sum(submission.first_seen_people or 0 for submission in self.accepted)

    @property
    def contacts(self) -> int:
        return sum(submission.contacts or 0 for submission in self.accepted)

    @property
    def most_exposed(self) -> int | None:
        """Estimates are of the same pupils month after month: the largest, never the sum."""
        return max((submission.exposed_people or 0 for submission in self.accepted), default=None)

    @property
    def missing(self) -> list[MonthTold]:
        """Months that are over and not yet in these figures."""
        return [month for month in self.months if month.is_over and not month.submission and month.tag != "waived"]


def our_figures(user: User, year: FinancialYear, today: date) -> list[DeliveryTold]:
    """What was accepted of each delivery in the year, month by month."""
    obligations = with_standing(
        Obligation.objects.visible_to(user).expected().filter(month__range=(year.first, year.last))
    )
    accepted = latest_submissions(obligations, (State.ACCEPTED,))
    told: dict[Delivery, list[MonthTold]] = {}
    for obligation in obligations.order_by("delivery__name", "month"):
        line = MonthTold(
            month=obligation.period,
            is_over=obligation.period.last < today,
            obligation=obligation,
            submission=accepted.get(obligation.pk),
            tag=standing(obligation, today),
        )
        told.setdefault(obligation.delivery, []).append(line)
    return [DeliveryTold(delivery, tuple(months)) for delivery, months in told.items()]


# ---- One return ----
@dataclass(frozen=True)
class ReturnDetail:
    """A return with all that was ever sent for it, newest first, what was done to it and what was written about it."""

    obligation: Obligation
    tag: str
    versions: tuple[ReturnVersion, ...]
    events: tuple[Event, ...]
    messages: tuple[Message, ...]
    extensions: tuple[Extension, ...]
    asked: UnlockRequest | None  # to unlock what is accepted, and not answered
    unlocks: tuple[UnlockLine, ...]

    @property
    def newest(self) -> ReturnVersion | None:
        return self.versions[0] if self.versions else None

    @property
    def accepted(self) -> ReturnVersion | None:
        return next((version for version in self.versions if version.state == State.ACCEPTED), None)


def return_detail(user: User, pk: int, today: date) -> ReturnDetail | None:
    """The obligation's return; None if there is none that the user may see."""
    obligation = with_standing(Obligation.objects.visible_to(user)).filter(pk=pk).first()
    if obligation is None:
        return None
    submissions = (
        Submission.objects.order_by("-sequence")
        .select_related("submitted_by")
        .prefetch_related(
            "counts__category", "measure_answers__measure", "measure_answers__parts__option", "explanations"
        )
    )
    versions = (
        obligation.versions.order_by("-number")
        .select_related("created_by", "decided_by", "voided_by")
        .prefetch_related(Prefetch("submissions", submissions))
    )
    versions = tuple(versions)
    events = Event.objects.visible_to(user).select_related("by")
    about = events.about(obligation)
    for version in versions:
        about = about | events.about(version)
    events = tuple(about.order_by("occurred_at", "id"))
    for version in versions:
        _say_what_came_back(version, events)
    return ReturnDetail(
        obligation=obligation,
        tag=standing(obligation, today),
        versions=versions,
        events=events,
        messages=tuple(find_messages(user).about(obligation)),
        extensions=tuple(obligation.extensions.select_related("extended_by")),
        asked=waiting_requests(user).filter(version__obligation=obligation).first(),
        unlocks=tuple(unlock_lines(Unlock.objects.filter(version__obligation=obligation), today)),
    )


_CAME_BACK = {
    "outcomes.return.returned": "Returned to the partner",
    "outcomes.return.taken_back": "Taken back by the sender",
}


def _say_what_came_back(version: ReturnVersion, events: Iterable[Event]) -> None:
    """Gives each submission of the version `came_back`: when and why it was not the last; empty if it is.

    Where no event tells, the version's reason does.
    """
    came_back = [e for e in events if e.subject_id == version.pk and e.name in _CAME_BACK]
    sent_again_at = None
    for submission in version.submissions.all():  # the last one first
        stands = sent_again_at is None and version.state not in (State.RETURNED, State.DRAFT)
        until = sent_again_at or datetime.max.replace(tzinfo=UTC)
        found = [e for e in came_back if submission.submitted_at <= e.occurred_at <= until]
        if stands:
            submission.came_back = ""
        elif found:
            day, reason = timezone.localdate(found[0].occurred_at), found[0].reason
            submission.came_back = f"{_CAME_BACK[found[0].name]} on {day:%-d %B %Y}{f': {reason}' if reason else '.'}"
        else:
            submission.came_back = f"Returned to the partner: {version.reason}" if version.reason else "Taken back."
        sent_again_at = submission.submitted_at


# ---- What one submission says ----
@dataclass(frozen=True)
class BrokenDown:
    """One breakdown of a submission: (line, first seen, already counted) for each line with anybody in it."""

    label: str
    lines: tuple[tuple[str, int, int], ...]


def broken_down(submission: Submission) -> list[BrokenDown]:
    """The breakdowns in the order of the reference tables; empty for an estimate or a nil return."""
    people: dict[Category, dict[str, int]] = {}
    for count in submission.counts.all():
        people.setdefault(count.category, {})[count.seen] = count.people
    found = []
    for dimension in Dimension:
        lines = sorted((c for c in people if c.dimension == dimension), key=lambda category: category.order)
        if lines:
            seen = [(c.name, people[c].get(Seen.FIRST_SEEN, 0), people[c].get(Seen.ALREADY_COUNTED, 0)) for c in lines]
            found.append(BrokenDown(dimension.label, tuple(seen)))
    return found
