"""What each delivery's return says of its measures: made up around the people of the month, so that it adds up.

Pure. The answers to one month have random numbers of their own, so that the counts of people stay as they are whatever
is asked beside them.
"""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from outcomes.demo.deliveries import DeliverySpec
from outcomes.demo.dice import dice
from vru_portal.core.periods import Month

FIRST_WAITING = Month(2021, 4)
SUMMER = (7, 8)
# Levels at the month's end, of which a nil return says nothing.
STOCKS = {"cases-open", "waiting-for-worker", "routes", "network-members"}


@dataclass(frozen=True)
class Answer:
    """What is said of a measure: a number with its lines by code, or averages or a median of so many people, or words.
    Nobody measured leaves the values empty."""

    measure: str
    people: int | None = None
    before: Decimal | None = None
    after: Decimal | None = None
    median: Decimal | None = None
    value: Decimal | None = None
    parts: Mapping[str, int] = field(default_factory=dict)
    text: str = ""


@dataclass(frozen=True)
class MonthSeen:
    """What is known of a delivery's month before its measures: whom it saw."""

    spec: DeliverySpec
    month: Month
    people: int = 0
    first_seen: int = 0
    contacts: int = 0
    exposed: int = 0


def answers_to(asked: Sequence[str], seen: MonthSeen) -> tuple[Answer, ...]:
    """An answer to each of the measures that are asked, in their order. When there was nothing to report: zeros, and
    nothing of levels at the month's end."""
    if not asked:
        return ()
    rng = dice(seen.spec.code, seen.month.code, "answers")
    told = {answer.measure: answer for answer in _TELLS[seen.spec.programme](seen, rng)}
    answers = [told[code] for code in asked if code in told]
    if not (seen.people or seen.exposed):
        answers = [_nothing(answer) for answer in answers if not answer.text and answer.measure not in STOCKS]
    return tuple(answers)


def _nothing(answer: Answer) -> Answer:
    if answer.value is None:
        return Answer(answer.measure, people=0)
    return Answer(answer.measure, value=Decimal(0))


# ---- Shapes of answers ----
def _number(code: str, value: float) -> Answer:
    return Answer(code, value=Decimal(round(value)))


def _hours(code: str, value: float) -> Answer:
    return Answer(code, value=Decimal(round(2 * value)) / 2)


def _lines(rng: random.Random, code: str, total: float, weights: dict[str, float]) -> Answer:
    drawn = Counter(rng.choices(list(weights), weights=list(weights.values()), k=round(total)))
    return Answer(code, value=Decimal(round(total)), parts=dict(drawn))


def _average(code: str, people: float, before: float, after: float) -> Answer:
    measured = round(people)
    if not measured:
        return Answer(code, people=0)
    return Answer(code, people=measured, before=_tenths(before), after=_tenths(after))


def _median(code: str, people: float, median: float) -> Answer:
    measured = round(people)
    return Answer(code, people=measured, median=Decimal(round(median))) if measured else Answer(code, people=0)


def _tenths(value: float) -> Decimal:
    return Decimal(round(value * 10)) / 10


# ---- From the door to support ----
BY_HOW = {"face-to-face": 70, "telephone": 24, "message": 6}
REASONS = {
    "has-support": 24,
    "not-now": 30,
    "sees-no-need": 21,
    "family-said-no": 8,
    "no-trust": 9,
    "no-reason": 8,
}
ENDS = {"goals-reached": 52, "handed-over": 17, "lost-touch": 16, "stopped": 10, "moved-away": 5}
SERVICES = {
    "mental-health": 30,
    "education-work": 24,
    "substance-use": 12,
    "housing": 11,
    "health": 9,
    "family": 9,
    "other": 5,
}
CONCERNS = {
    "exploitation": 22,
    "relationship": 27,
    "violence": 12,
    "substance-use": 14,
    "mental-health": 19,
    "home": 6,
}


def _support(seen: MonthSeen, rng: random.Random) -> Iterator[Answer]:
    """Who is first seen in a month is who said yes; the others follow from them."""
    engaged = seen.first_seen
    declined = round(engaged * rng.uniform(0.3, 0.6))
    approached = engaged + declined + round(engaged * rng.uniform(0.05, 0.25))
    eligible = approached + round(engaged * rng.uniform(0.1, 0.35))
    referred = eligible + round(engaged * rng.uniform(0.1, 0.3))
    yield _number("screened", referred + engaged * rng.uniform(1.2, 2.2))
    yield _number("detained", eligible + engaged * rng.uniform(1.0, 1.8))
    yield _number("clinic-attended", approached + engaged * rng.uniform(1.5, 3.0))
    yield _number("referred", referred)
    yield _number("allocated", engaged)
    yield _number("waiting-for-worker", engaged * rng.uniform(0.1, 0.5))
    yield _number("eligible", eligible)
    yield _lines(rng, "approached", approached, BY_HOW)
    yield _number("engaged", engaged)
    yield _lines(rng, "declined", declined, REASONS)
    yield _lines(rng, "concerns", engaged * rng.uniform(0.5, 0.9), CONCERNS)
    usual = {"emergency-departments": 1.4, "exploitation-hubs": 6}.get(seen.spec.programme, 3)
    yield _median("first-contact-days", engaged, max(0, rng.gauss(usual, 0.7)))
    yield _number("safeguarding-referrals", seen.people * rng.uniform(0.02, 0.08))
    yield _number("staff-briefed", rng.randint(0, 24))
    yield from _work(seen, rng)


def _work(seen: MonthSeen, rng: random.Random) -> Iterator[Answer]:
    yield _number("cases-open", seen.people * rng.uniform(0.9, 1.15))
    yield _lines(rng, "cases-closed", seen.first_seen * rng.uniform(0.5, 0.9), ENDS)
    yield _lines(rng, "onward-referrals", seen.people * rng.uniform(0.1, 0.25), SERVICES)
    yield _lines(rng, "risk-reviewed", seen.people * rng.uniform(0.3, 0.5), {"lower": 46, "same": 40, "higher": 14})
    missing = rng.uniform(3.5, 5.5)
    yield _average("missing-days", seen.people * rng.uniform(0.15, 0.3), missing, missing * rng.uniform(0.35, 0.7))
    safe = rng.uniform(34, 46)
    yield _average("feels-safe", seen.people * rng.uniform(0.1, 0.25), safe, safe + rng.uniform(14, 30))
    yield _number("met-after-release", seen.people * rng.uniform(0.3, 0.5))
    yield _number("arrested-again", seen.people * rng.uniform(0.04, 0.12))


# ---- Streets, schools, groups ----
HEARD = [
    "Buses that stop at nine, and nowhere warm to wait.",
    "Exams, and who to ask when it gets too much.",
    "A new group at the park; most want the pitch lights back on.",
    "Phones taken on the way home. Several go the long way round.",
    "Summer jobs and how to get a first one.",
]


def _street(seen: MonthSeen, rng: random.Random) -> Iterator[Answer]:
    sessions = rng.randint(12, 20)
    tally = seen.contacts + round(seen.contacts * rng.uniform(0.05, 0.3))
    yield _number("sessions", sessions)
    yield _hours("session-hours", sessions * rng.uniform(2.2, 3.2))
    yield _number("contact-tally", tally)
    yield _number("new-faces", seen.first_seen * rng.uniform(0.6, 0.9))
    yield _number("known-names", seen.people * rng.uniform(0.5, 0.85))
    yield _number("places-visited", rng.randint(5, 9))
    yield _number("arguments-cooled", rng.randint(0, 7))
    yield _number("signposted", seen.people * rng.uniform(0.04, 0.12))
    yield Answer("heard", text=rng.choice(HEARD))


def _school(seen: MonthSeen, rng: random.Random) -> Iterator[Answer]:
    groups = round(seen.people * rng.uniform(0.1, 0.2))
    suspended = round(seen.people * rng.uniform(0.05, 0.12) * 0.985 ** (seen.month - Month(2025, 10)))
    yield _attendance(seen)
    yield _number("one-to-one-sessions", seen.contacts * rng.uniform(0.5, 0.8))
    yield _number("group-sessions", groups)
    yield _number("attendances", groups * rng.uniform(6, 9))
    yield _number("assembly-audience", 30 * rng.randint(0, 14))
    yield _number("suspended-pupils", suspended)
    yield _number("suspension-days", suspended * rng.uniform(1.8, 3.0))


def _attendance(seen: MonthSeen) -> Answer:
    rng = dice(seen.spec.code, seen.month.code, "attendance")
    measured = round(seen.people * rng.uniform(0.5, 0.9))
    if not measured or rng.random() < 0.08:
        return Answer("school-attendance", people=0)
    usual = dice(seen.spec.code, "attendance").uniform(76, 84)
    before = rng.gauss(usual, 1.4)
    return _average("school-attendance", measured, before, min(before + rng.gauss(4.0, 1.6), 99))


def _groups(seen: MonthSeen, rng: random.Random) -> Iterator[Answer]:
    sessions = rng.randint(8, 14)
    yield _number("sessions", sessions)
    yield _hours("session-hours", sessions * rng.uniform(1.4, 2.1))
    yield _number("attendances", seen.contacts * rng.uniform(0.85, 1))
    yield _number("places-offered", 15 * (1 + seen.people // 13))
    yield _number("signposted", seen.people * rng.uniform(0, 0.06))
    yield Answer("heard", text=rng.choice(HEARD))


INCIDENTS = {"fight": 34, "robbery": 18, "weapon": 7, "harassment": 29, "other": 12}


def _routes(seen: MonthSeen, rng: random.Random) -> Iterator[Answer]:
    days = rng.randint(10, 14) if seen.month.number in SUMMER else rng.randint(15, 20)
    routes = dice(seen.spec.code, "routes").randint(2, 3) + seen.exposed // 1500
    counted, scaled = rng.randint(20, 60) * routes, round(seen.exposed * days * rng.uniform(0.7, 0.9))
    yield _number("routes", routes)
    yield _number("route-days", days)
    yield Answer("footfall", value=Decimal(counted + scaled), parts={"counted": counted, "scaled-up": scaled})
    yield _lines(rng, "route-incidents", routes * rng.uniform(0.4, 1.6), INCIDENTS)
    yield _number("arguments-cooled", rng.randint(0, 6))
    yield Answer("heard", text=rng.choice(HEARD))


# ---- Families, Heal Hub ----
def _families(seen: MonthSeen, rng: random.Random) -> Iterator[Answer]:
    families = round(seen.people * rng.uniform(0.82, 0.95))
    parents = families + round(families * rng.uniform(0.05, 0.25))
    sessions = rng.randint(6, 10)
    yield _number("families", families)
    yield _number("parents", parents)
    yield _number("sessions", sessions)
    yield _number("attendances", seen.contacts * rng.uniform(0.9, 1))
    yield _number("home-visits", seen.people * rng.uniform(0.2, 0.5))
    yield _number("asked-about-home", parents * rng.uniform(0.6, 0.95))
    confident = rng.uniform(42, 55)
    yield _average("parent-confidence", parents * rng.uniform(0.15, 0.3), confident, confident + rng.uniform(12, 24))
    yield _lines(rng, "onward-referrals", families * rng.uniform(0.05, 0.2), SERVICES)


SOURCES = {"self": 27, "family": 31, "school": 25, "health": 12, "other": 5}
# A choice of the hour is met less often than one of the person.
CHOICES = {
    "choice-when": {"met": 74, "not-met": 17, "no-choice": 9},
    "choice-where": {"met": 86, "not-met": 8, "no-choice": 6},
    "choice-who": {"met": 69, "not-met": 13, "no-choice": 18},
}


def _heal_hub(seen: MonthSeen, rng: random.Random) -> Iterator[Answer]:
    first = round(seen.first_seen * rng.uniform(0.9, 1))
    yield _lines(rng, "referrals-by-source", first * rng.uniform(1.05, 1.4), SOURCES)
    yield _number("first-appointments", first)
    for code, weights in CHOICES.items():
        yield _lines(rng, code, first, weights)
    kept = max(first, round(seen.contacts * rng.uniform(0.85, 1)))
    yield _number("appointments-kept", kept)
    yield _number("appointments-missed", kept * rng.uniform(0.05, 0.14))
    yield _waiting(seen)
    start = rng.uniform(17.5, 19.5)
    yield _average("wellbeing", seen.people * rng.uniform(0.25, 0.5), start, start + rng.uniform(2.2, 4.4))
    yield _lines(rng, "cases-closed", seen.first_seen * rng.uniform(0.5, 0.9), ENDS)


def _waiting(seen: MonthSeen) -> Answer:
    rng = dice(seen.spec.code, seen.month.code, "waiting")
    measured = round(seen.first_seen * rng.uniform(0.75, 1))
    if not measured:
        return Answer("waiting-days", people=0)
    # A long wait at first, shorter every year, never under three days.
    expected = 6 + 24 * 0.975 ** (seen.month - FIRST_WAITING)
    return _median("waiting-days", measured, max(3, round(expected * rng.gauss(1, 0.1))))


# ---- Networks, training ----
def _network(seen: MonthSeen, rng: random.Random) -> Iterator[Answer]:
    started = dice(seen.spec.code, "network").randint(30, 60)
    pledges = rng.randint(1, 7)
    yield _number("network-events", rng.randint(1, 4))
    yield _number("network-members", started + max(0, seen.month - Month(2025, 10)))
    yield _number("network-joined", rng.randint(1, 3))
    yield _number("network-left", rng.randint(0, 1))
    yield _number("join-requests", rng.randint(0, 4))
    yield _number("pledges-made", pledges)
    yield _number("pledges-kept", rng.randint(0, pledges))
    yield Answer("heard", text=rng.choice(HEARD))


PROFESSIONS = {"health": 26, "education": 29, "police": 14, "council": 16, "community": 13, "other": 2}


def _training(seen: MonthSeen, rng: random.Random) -> Iterator[Answer]:
    courses = max(1, round(seen.people / 16))
    completed = round(seen.people * rng.uniform(0.9, 1))
    yield _number("courses", courses)
    yield _hours("course-hours", courses * rng.uniform(2.5, 5))
    yield _number("places-booked", seen.people * rng.uniform(1.05, 1.3))
    yield _lines(rng, "completed-by-profession", completed, PROFESSIONS)
    before = rng.uniform(32, 44)
    yield _average("confident-to-act", completed * rng.uniform(0.5, 0.9), before, before + rng.uniform(30, 44))


def _nothing_asked(seen: MonthSeen, rng: random.Random) -> Iterator[Answer]:
    return iter(())


_TELLS: dict[str, Callable[[MonthSeen, random.Random], Iterator[Answer]]] = {
    "emergency-departments": _support,
    "sexual-health-clinics": _support,
    "exploitation-hubs": _support,
    "communities": _street,
    "school-support": _school,
    "school-routes": _routes,
    "maternity": _families,
    "early-years": _families,
    "primary-years": _groups,
    "secondary-years": _groups,
    "after-education": _nothing_asked,
    "heal-hub": _heal_hub,
    "custody": _support,
    "places-of-worship": _network,
    "training": _training,
}
