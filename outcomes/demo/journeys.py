"""What became of each return: when it was sent, sent back, accepted or corrected, as far as a day.

Most journeys follow from the month alone, so a later day only carries them further. The exceptions are for a look at
the present: in the latest month that is due, some returns are missing, some came back, some wait to be read.
"""

from __future__ import annotations

import random
from collections import Counter
from dataclasses import dataclass, field, replace
from datetime import date, datetime, time, timedelta

from django.utils import timezone

from outcomes.actions.return_checks import HEADLINES
from outcomes.demo.counts import ROUTE_METHOD, Counts
from outcomes.demo.dice import dice
from outcomes.models import ReturnVersion
from outcomes.models.policy import Dimension
from outcomes.models.returns import Seen
from vru_portal.core.periods import Month

State = ReturnVersion.State

LATE_TWICE, LATE, SENT_BACK, WAITING, HALF_TYPED, ON_TIME = (
    "late twice",
    "late",
    "sent back",
    "waiting",
    "half typed",
    "on time",
)

# What the latest due month shows, by delivery.
LATEST = {
    "NEXT-COV": LATE_TWICE,
    "OUTREACH-SOL": LATE,
    "FAITH-WLV": HALF_TYPED,
    "OUTREACH-BOX": SENT_BACK,
    "CHOICES-SAW": SENT_BACK,
    "ED-BHM": WAITING,
    "SCHOOL-COV": WAITING,
    "HUB-WSL": WAITING,
    "HEAL-HUB-BC": WAITING,
    "HEAL-HUB": ON_TIME,
    "HEAL-HUB-ONLINE": ON_TIME,
}
# Begun already in the month that is not over.
BEGUN = {"HEAL-HUB", "OUTREACH-BOX"}
BEGUN_AFTER = timedelta(days=8)

SENT_BACK_REASONS = {
    "OUTREACH-BOX": "{people} people and {contacts} contacts. Were some people counted on two evenings? "
    "Check A, and send it again.",
    "CHOICES-SAW": "{contacts} contacts with {people} people. Please ask the group leaders whether assemblies are "
    "among them, and send it again.",
}
SENT_BACK_EARLIER = "Contacts are the same as people. Did nobody come twice? Please check and send it again."

# Came after its month had been released, and made a revision of the release necessary.
CAME_LATE = {("ED-WLV", Month(2021, 11)): date(2022, 2, 8)}
# Accepted, and corrected by a second version on that day: (day, people counted twice at first).
CORRECTED = {
    ("OUTREACH-DUD", Month(2022, 5)): (date(2022, 8, 16), 7),
    ("ED-SAW", Month(2026, 6)): (date(2026, 9, 8), 5),
}
# Entered by the unit from paper, months later.
BACKFILLED = {
    (code, month): date(2021, 10, 5)
    for code in ("CUSTODY-BC", "FAITH-SAW", "EARLY-DUD")
    for month in (Month(2021, 4), Month(2021, 5), Month(2021, 6))
}
RETURNED_AT = time(17, 30)
WAIVED_REASON = "The hall is being repaired in August, as agreed with the unit."


def waived_months(code: str) -> frozenset[Month]:
    return frozenset({Month(2026, 8)}) if code == "PRIMARY-SAW" else frozenset()


@dataclass(frozen=True)
class Sending:
    at: datetime
    counts: Counts


@dataclass(frozen=True)
class Version:
    """One version of a return, in the state that it has on the day."""

    state: str
    created_at: datetime
    sendings: tuple[Sending, ...] = ()
    decided_at: datetime | None = None
    reason: str = ""
    # When it was sent back between its sendings, or at their end.
    returned_at: datetime | None = None
    is_backfilled: bool = False
    revision_reason: str = ""
    typed: dict[str, str] = field(default_factory=dict)
    decided_by_manager: bool = False


def journey(
    code: str, counts: Counts, due: date, today: date, latest_due: Month, released: date | None = None
) -> list[Version]:
    """The versions of the delivery's return by the start of `today`, in the order of their numbers. `released`: when
    the first release that holds the month was produced; all but the exceptions were sent and read by then."""
    month = counts.month
    rng = dice(code, month.code, "journey")
    sent, decided = _usual_days(rng, month, due, released)
    if (code, month) in BACKFILLED:
        return _backfilled(rng, counts, BACKFILLED[code, month], today)
    if (code, month) in CAME_LATE:
        sent = CAME_LATE[code, month]
        late = _sent(rng, counts, sent, sent + timedelta(days=3), today)
        return [replace(version, revision_reason=ReturnVersion.RevisionReason.LATE_RETURN) for version in late]
    if (code, month) in CORRECTED:
        return _corrected(rng, counts, due, *CORRECTED[code, month], today)
    exception = LATEST.get(code, "") if month == latest_due else ""
    if LATEST.get(code) == LATE_TWICE and month == latest_due.plus(-1):
        exception = LATE
    if exception:
        return _exceptional(rng, exception, code, counts, due, today)
    if not counts.is_nil and rng.random() < 0.04 and not counts.is_of_register:
        return _sent_back_once(rng, counts, sent, decided, today, released)
    return _sent(rng, counts, sent, decided, today)


def has_begun(code: str, month: Month, today: date) -> bool:
    return code in BEGUN and today > month.first + BEGUN_AFTER + timedelta(days=1)


def begun(code: str, month: Month, register: Counts | None) -> list[Version]:
    """A few partners begin while the month is not over: with its register so far, or by typing."""
    rng = dice(code, month.code, "begun")
    typed = {"new_people": str(rng.randint(3, 9)), "contacts": "about 20"}
    if register:
        typed = as_typed(register)
    return [Version(State.DRAFT, _at(rng, month.first + BEGUN_AFTER), typed=typed)]


# ---- Days ----
def _usual_days(rng: random.Random, month: Month, due: date, released: date | None) -> tuple[date, date]:
    """When it is sent, mostly in the week before it is due, and when the unit has read it."""
    luck = rng.random()
    if luck < 0.88:
        sent = due - timedelta(days=rng.randint(0, 7))
    elif luck < 0.96:
        sent = due + timedelta(days=rng.randint(1, 12))
    else:
        sent = due + timedelta(days=rng.randint(13, 45))
    sent = max(sent, month.plus(1).first)
    decided = sent + timedelta(days=rng.randint(1, 8))
    if released and decided >= released:
        sent, decided = min(sent, released - timedelta(days=2)), released - timedelta(days=1)
    return sent, decided


def _at(rng: random.Random, day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time(rng.randint(8, 17), rng.randint(0, 59))))


# ---- Journeys ----
def _sent(rng: random.Random, counts: Counts, sent: date, decided: date, today: date) -> list[Version]:
    if sent >= today:
        return []
    sending = Sending(_at(rng, sent), counts)
    if decided >= today:
        return [Version(State.SUBMITTED, sending.at, (sending,))]
    return [_accepted(rng, (sending,), decided)]


def _accepted(rng: random.Random, sendings: tuple[Sending, ...], decided: date) -> Version:
    by_manager = rng.random() < 0.5
    return Version(State.ACCEPTED, sendings[0].at, sendings, _at(rng, decided), decided_by_manager=by_manager)


def _sent_back_once(
    rng: random.Random, counts: Counts, sent: date, decided: date, today: date, released: date | None
) -> list[Version]:
    if sent >= today or decided >= today:
        return _sent(rng, counts, sent, decided, today)
    people = counts.first_seen + counts.already_counted
    again = decided + timedelta(days=rng.randint(2, 9))
    decided_again = again + timedelta(days=rng.randint(1, 4))
    if counts.exposed is not None or (released and decided_again >= released):
        return _sent(rng, counts, sent, decided, today)
    first = Sending(_at(rng, sent), replace(counts, contacts=people))
    returned_at = timezone.make_aware(datetime.combine(decided, RETURNED_AT))
    if again >= today:
        return [_returned(rng, first, decided, SENT_BACK_EARLIER)]
    second = Sending(_at(rng, again), counts)
    if decided_again >= today:
        return [Version(State.SUBMITTED, first.at, (first, second), reason=SENT_BACK_EARLIER, returned_at=returned_at)]
    accepted = _accepted(rng, (first, second), decided_again)
    return [replace(accepted, reason=SENT_BACK_EARLIER, returned_at=returned_at)]


def _returned(rng: random.Random, sending: Sending, day: date, reason: str) -> Version:
    at = _at(rng, day)
    return Version(State.RETURNED, sending.at, (sending,), at, reason, at, typed=as_typed(sending.counts))


def _backfilled(rng: random.Random, counts: Counts, day: date, today: date) -> list[Version]:
    """Entered by the analyst, so the programme manager decides."""
    decided = day + timedelta(days=2)
    versions = _sent(rng, counts, day, decided, today)
    return [replace(version, is_backfilled=True, decided_by_manager=True) for version in versions]


def _corrected(
    rng: random.Random, counts: Counts, due: date, corrected: date, twice: int, today: date
) -> list[Version]:
    sent, decided = due - timedelta(days=2), due + timedelta(days=3)
    first = _sent(rng, _counted_twice(counts, twice), sent, decided, today)
    accepted = corrected + timedelta(days=3)
    second = _sent(rng, counts, corrected, accepted, today)
    if not second:
        return first
    if accepted < today:
        first = [replace(first[0], state=State.SUPERSEDED)]
    return [*first, replace(second[0], revision_reason=ReturnVersion.RevisionReason.CORRECTION)]


def _counted_twice(counts: Counts, people: int) -> Counts:
    """The same return with some people too many under A, who stand in the most usual line of each breakdown."""
    breakdown = {seen: dict(parts) for seen, parts in counts.breakdown.items()}
    for dimension, seen in breakdown[Seen.FIRST_SEEN].items():
        usual = max(sorted(seen), key=lambda category: seen[category])
        breakdown[Seen.FIRST_SEEN][dimension] = seen + Counter({usual: people})
    return replace(counts, new=counts.new + people, contacts=counts.contacts + people, breakdown=breakdown)


def _exceptional(
    rng: random.Random, exception: str, code: str, counts: Counts, due: date, today: date
) -> list[Version]:
    sent = due - timedelta(days=rng.randint(0, 3))
    if exception == SENT_BACK:
        sending = Sending(_at(rng, sent), counts)
        people = counts.first_seen + counts.already_counted
        reason = SENT_BACK_REASONS[code].format(people=people, contacts=counts.contacts)
        return [_returned(rng, sending, due + timedelta(days=2), reason)]
    if exception == WAITING:
        return _sent(rng, counts, sent, today, today)
    if exception == HALF_TYPED:
        typed = {name: text for name, text in as_typed(counts).items() if name in HEADLINES}
        return [Version(State.DRAFT, _at(rng, sent), typed=typed)]
    if exception == ON_TIME:
        return _sent(rng, counts, sent, due + timedelta(days=2), today)
    return []


def as_typed(counts: Counts) -> dict[str, str]:
    """What somebody would have typed, by the form's field names."""
    typed = _people_as_typed(counts) if counts.exposed is None else {"exposed_people": counts.exposed}
    if counts.exposed is not None:
        typed["exposure_method"] = ROUTE_METHOD
    for answer in counts.answers:
        parts = {part: getattr(answer, part) for part in ("people", "before", "after", "median", "text")}
        if not answer.parts:
            parts["value"] = answer.value
        parts |= {f"option__{option}": number for option, number in answer.parts.items()}
        typed |= {f"measure__{answer.measure}__{part}": value for part, value in parts.items()}
    return {name: str(value) for name, value in typed.items() if value is not None and value != ""}


def _people_as_typed(counts: Counts) -> dict[str, int]:
    typed = {
        "new_people": counts.new,
        "known_people": counts.known,
        "already_counted_people": counts.already_counted,
        "contacts": counts.contacts,
    }
    for seen in Seen:
        for dimension in Dimension:
            for category, people in counts.breakdown[seen][dimension].items():
                typed[f"{seen}__{dimension}__{category}"] = people
    return typed
