"""Who is to hear of which returns today: one digest a person, only if something is new in it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date

from django.db.models import Max, Q
from django.utils import timezone

from outcomes.clock import Pace, escalation_on, reminder_on
from outcomes.models import Obligation, Policy
from outcomes.models.returns import ObligationQuerySet
from outcomes.queries.policies import policy_on
from outcomes.queries.standing import lateness, standing, with_standing
from partners.models import Membership, Message, MessageSubject, Organisation, User
from partners.permissions import PARTNER_ROLES, Role
from vru_portal.core.periods import Month

DIGEST = "outcomes.digest"
Heard = dict[tuple[int, int], date]


@dataclass(frozen=True)
class Line:
    """A return that waits for its partner, and how it stands."""

    obligation: Obligation
    tag: str
    today: date

    @property
    def is_late(self) -> bool:
        return self.tag == "overdue"

    @property
    def words(self) -> str:
        if self.tag == "returned":
            return "came back to be changed"
        due = f"due {_day(self.obligation.due_date)}"
        if self.is_late:
            return f"{lateness(self.obligation, self.today)}, was {due}"
        return "due today" if self.obligation.due_date == self.today else due


@dataclass
class Digest:
    """What one person hears today. `is_for_staff`: a programme manager, of partners whose returns are long late.
    `were_reminded`: somebody else who fills them in has been written to about each that is late."""

    person: User
    lines: list[Line] = field(default_factory=list)
    is_escalated: bool = False
    is_for_staff: bool = False
    were_reminded: bool = True
    is_new: bool = False

    @property
    def key(self) -> str:
        return digest_key(self.person, self.lines[0].today)

    @property
    def by_partner(self) -> list[tuple[Organisation, list[Line]]]:
        found: dict[Organisation, list[Line]] = defaultdict(list)
        for line in self.lines:
            found[line.obligation.delivery.partner].append(line)
        return sorted(found.items(), key=lambda pair: pair[0].name)

    @property
    def organisation(self) -> Organisation | None:
        """The one at which the person is written to; None for staff, and for who works at two partners."""
        partners = [partner for partner, _ in self.by_partner]
        return partners[0] if len(partners) == 1 and not self.is_for_staff else None

    @property
    def late(self) -> int:
        return sum(line.is_late for line in self.lines)

    @property
    def title(self) -> str:
        """“3 returns to send, 1 of them late”."""
        count = len(self.lines)
        if self.is_for_staff:
            partners = len(self.by_partner)
            return f"{_returns(count)} late, of {partners:,} partner{'' if partners == 1 else 's'}"
        if self.late == count:
            return f"{_returns(count)} late"
        return f"{_returns(count)} to send" + (f", {self.late:,} of them late" if self.late else "")


def _returns(count: int) -> str:
    return "1 return" if count == 1 else f"{count:,} returns"


def _day(day: date) -> str:
    return f"{day.day} {day:%B %Y}"


def digests(today: date) -> list[Digest]:
    """What is to be written today, and is not written yet. None where no policy is in force."""
    if not Policy.objects.filter(effective_from__lte=today).exists():
        return []
    found = _digests(_waiting(Obligation.objects.all(), today), today)
    return _unwritten(digest for digest in found.values() if digest.is_new)


def who_fills_in(partner: Organisation, today: date) -> set[User]:
    """Who is reminded of its returns."""
    return _Hearers({partner.pk}, today).senders[partner.pk]


def reminders(partner: Organisation, today: date) -> list[Digest]:
    """What is written to who fills in its returns when somebody asks for it: today's digests, whether or not anything
    in them is new, of those that are not written yet. Always in one order, so that two who write them at once do not
    wait for each other."""
    people = who_fills_in(partner, today)
    memberships = Membership.objects.open_on(today).filter(user__in=people, role__in=PARTNER_ROLES)
    theirs = Obligation.objects.filter(delivery__partner__in=memberships.values("organisation"))
    found = _digests(_waiting(theirs, today), today)
    return _unwritten(found[person] for person in sorted(people & found.keys(), key=lambda person: person.pk))


def are_reminded(people: Iterable[User], today: date) -> bool:
    """Whether each has had today's digest."""
    return not _unwritten_keys({digest_key(person, today) for person in people})


def is_named_to(people: Iterable[User], obligation: Obligation, today: date) -> bool:
    """Whether today's digest of any of them is about it too."""
    keys = {digest_key(person, today) for person in people}
    return MessageSubject.objects.of(obligation).filter(message__key__in=keys).exists()


def digest_key(person: User, today: date) -> str:
    """One a day: by the clock, or because somebody asked for it."""
    return f"{DIGEST}:{today.isoformat()}:{person.pk}"


def _unwritten(found: Iterable[Digest]) -> list[Digest]:
    found = list(found)
    keys = _unwritten_keys({digest.key for digest in found})
    return [digest for digest in found if digest.key in keys]


def _unwritten_keys(keys: set[str]) -> set[str]:
    return keys - set(Message.objects.filter(key__in=keys).values_list("key", flat=True))


def _digests(lines: list[Line], today: date) -> dict[User, Digest]:
    """All that waits for each person who hears of any of it."""
    pace = _pace(policy_on(today))
    hearers = _Hearers({line.obligation.delivery.partner_id for line in lines}, today)
    heard = _heard(lines)
    found: dict[User, Digest] = {}
    for line in lines:
        for person, since, step in _who_hears(line, hearers, pace):
            digest = found.setdefault(person, Digest(person))
            digest.lines.append(line)
            digest.is_escalated |= step in ("lead", "manager")
            digest.is_for_staff |= step == "manager"
            digest.were_reminded &= not line.is_late or _was_reminded(line, heard, hearers, but=person)
            last = heard.get((person.pk, line.obligation.pk))
            digest.is_new |= since is not None and (last is None or last < since)
    return found


def _pace(policy: Policy) -> Pace:
    return Pace(
        before=policy.remind_before,
        on_day=policy.remind_on_day,
        every=policy.remind_every,
        to_lead=policy.escalate_to_lead_after,
        to_manager=policy.escalate_to_manager_after,
    )


def _waiting(obligations: ObligationQuerySet, today: date) -> list[Line]:
    """Those of them that wait for their partners, of months that are over, the longest due first."""
    over = obligations.unsent().filter(month__lt=Month.of(today).first)
    found = with_standing(over).order_by("due_date", "delivery__name", "pk")
    return [Line(obligation, standing(obligation, today), today) for obligation in found]


def _who_hears(line: Line, hearers: _Hearers, pace: Pace) -> Iterator[tuple[User, date | None, str]]:
    """(person, the day since which they should have heard of it or None, why) for each who has it in a digest."""
    partner = line.obligation.delivery.partner_id
    since = timezone.localdate(line.obligation.decided_at) if line.tag == "returned" else line.obligation.due_date
    after_day = Pace(0, False, pace.every, pace.to_lead, pace.to_manager)
    reminder = reminder_on(since, line.today, after_day if line.tag == "returned" else pace)
    to_lead = escalation_on(since, line.today, pace.to_lead, pace)
    to_manager = escalation_on(since, line.today, pace.to_manager, pace) if line.is_late else None
    senders, leads = hearers.senders[partner], hearers.leads[partner]
    for person in senders | leads:
        if person in senders or to_lead:
            is_lead = person in leads and to_lead is not None
            yield (
                person,
                _later(reminder if person in senders else None, to_lead if is_lead else None),
                ("lead" if is_lead else "sender"),
            )
    nobody_there = not (senders or leads)
    if to_manager or (nobody_there and line.is_late):
        for person in hearers.managers:
            yield person, to_manager or since, "manager"


def _was_reminded(line: Line, heard: Heard, hearers: _Hearers, *, but: User) -> bool:
    """Whether somebody else who fills it in has been written to about it."""
    senders = hearers.senders[line.obligation.delivery.partner_id] - {but}
    return any((person.pk, line.obligation.pk) in heard for person in senders)


def _later(*days: date | None) -> date | None:
    return max((day for day in days if day is not None), default=None)


class _Hearers:
    """Who fills in each partner's returns, who leads it, and the programme managers, of those with open roles.

    Where nobody but leads has a role, they fill in.
    """

    def __init__(self, partners: set[int], today: date) -> None:
        roles = Q(role__in=PARTNER_ROLES, organisation__in=partners)
        found = Membership.objects.open_on(today).filter(roles | Q(role=Role.PROGRAMME_MANAGER), user__is_active=True)
        self.senders: dict[int, set[User]] = defaultdict(set)
        self.leads: dict[int, set[User]] = defaultdict(set)
        self.managers: set[User] = set()
        for membership in found.select_related("user"):
            if membership.role == Role.PROGRAMME_MANAGER:
                self.managers.add(membership.user)
            elif membership.role == Role.PARTNER:
                self.senders[membership.organisation_id].add(membership.user)
            else:
                self.leads[membership.organisation_id].add(membership.user)
        for partner, leads in self.leads.items():
            self.senders[partner] = self.senders[partner] or set(leads)


def _heard(lines: Iterable[Line]) -> Heard:
    """(person, obligation) → the day of the last digest that named it to them."""
    rows = (
        MessageSubject.objects.filter(
            message__kind=DIGEST,
            subject_type=Obligation._meta.label_lower,
            subject_id__in=[line.obligation.pk for line in lines],
        )
        .values_list("message__to_user", "subject_id")
        .annotate(last=Max("message__created_at"))
    )
    return {(person, obligation): timezone.localdate(last) for person, obligation, last in rows}
