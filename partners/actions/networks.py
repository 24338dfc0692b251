"""Who belongs to a network: joining, leaving, and putting right what was recorded wrongly."""

from __future__ import annotations

from datetime import date, datetime

from django.core.exceptions import ValidationError
from django.utils import timezone

from partners.actions.events import acting, require
from partners.actions.network_lock import one_at_a_time
from partners.models import Area, Network, NetworkMember, NetworkMembership, User
from partners.permissions import Permission
from partners.queries.networks import facts_of, revision_of_membership
from vru_portal.core.refusals import Refusal
from vru_portal.core.revisions import ChangedMeanwhile

PERSON = ("name", "belongs_to", "district")
DAYS = ("joined_on", "left_on")


class MembershipRefused(Refusal):
    """It cannot be so."""

    about = ("name",)


def add_member(
    *, network: Network, name: str, belongs_to: str, district: Area | None, joined_on: date, by: User, now: datetime
) -> NetworkMembership:
    """Somebody of the same name, group and district is the same person, who may have been a member before."""
    require(by, Permission.EDIT_REFERENCE_TABLES)
    _refuse_days_to_come({"joined_on": joined_on}, now)
    with acting("partners.network_member.added", by=by, now=now) as act:
        one_at_a_time()
        person = {"name": name.strip(), "belongs_to": belongs_to.strip(), "district": district}
        member = NetworkMember.objects.known_as(**person).first() or _kept(NetworkMember(**person))
        membership = _kept(NetworkMembership(network=network, member=member, joined_on=joined_on))
        act.on(membership)
    return membership


def change_member(
    *, membership: NetworkMembership, by: User, now: datetime, revision: str = "", **facts
) -> NetworkMembership:
    """Put right what was recorded wrongly: `facts` are those of `facts_of`; only the ones given are changed.

    Name, group and district are the person's, so they change in all of that person's networks. `revision` is what was
    seen (`revision_of_membership`); raises `ChangedMeanwhile` if that is past.
    """
    require(by, Permission.EDIT_REFERENCE_TABLES)
    with acting("partners.network_member.changed", by=by, now=now) as act:
        one_at_a_time()
        kept = _as_kept(membership)
        before = facts_of(kept)
        _refuse_what_is_past(kept, revision, facts)
        _refuse_days_to_come({day: facts[day] for day in DAYS if day in facts and facts[day] != before[day]}, now)
        after = before | {field: said.strip() if isinstance(said, str) else said for field, said in facts.items()}
        _refuse_leaving_before_joining(after["joined_on"], after["left_on"])
        kept.joined_on, kept.left_on = after["joined_on"], after["left_on"]
        _kept(kept)  # before another person's networks come to it: days may not overlap with those of the same one
        person, was = ({field: facts[field] for field in PERSON} for facts in (after, before))
        changed = [_put_right(kept, person)] if person != was else []
        if kept not in changed and any(after[day] != before[day] for day in DAYS):
            changed.append(kept)
        for row in changed:
            act.on(row)
    return kept


def record_leaving(*, membership: NetworkMembership, left_on: date, by: User, now: datetime) -> None:
    """`left_on` is the first day on which it no longer holds; on the day of joining: it never held."""
    require(by, Permission.EDIT_REFERENCE_TABLES)
    _refuse_days_to_come({"left_on": left_on}, now)
    with acting("partners.network_member.left", by=by, now=now) as act:
        one_at_a_time()
        kept = _as_kept(membership)
        if kept.left_on is not None:
            raise MembershipRefused(
                f"{kept.member} left on {_in_words(kept.left_on)} already. Is that day wrong? Choose “Change” "
                f"beside their name on the page of {kept.network}, among those who had left."
            )
        _refuse_leaving_before_joining(kept.joined_on, left_on)
        kept.left_on = left_on
        _kept(kept)
        act.on(kept)


def forget_who_is_in_no_network(member: NetworkMember) -> None:
    """Whoever was never in one is not recorded at all; in the transaction that deleted the membership."""
    if not member.memberships.exists():
        member.delete()


def _as_kept(membership: NetworkMembership) -> NetworkMembership:
    return NetworkMembership.objects.select_related("network", "member__district").get(pk=membership.pk)


def _refuse_what_is_past(membership: NetworkMembership, revision: str, facts: dict) -> None:
    now, kept = revision_of_membership(membership), facts_of(membership)
    if revision and revision != now:
        differs = {field.replace("_", " "): kept[field] for field in kept if facts.get(field) != kept[field]}
        raise ChangedMeanwhile(str(membership.member), differs, now)


def _refuse_days_to_come(days: dict[str, date | None], now: datetime) -> None:
    today = timezone.localdate(now)
    for field, day in days.items():
        if day and day > today:
            when = "have joined" if field == "joined_on" else "have left"
            raise MembershipRefused(f"This day has not come yet. Record it once they {when}.", about=field)


def _refuse_leaving_before_joining(joined_on: date, left_on: date | None) -> None:
    if left_on and left_on < joined_on:
        raise MembershipRefused(
            f"They joined on {_in_words(joined_on)}. Give that day or a later one.", about="left_on"
        )


def _put_right(membership: NetworkMembership, person: dict) -> NetworkMember | NetworkMembership:
    """The row that it changed: the member's own; or, where somebody is known by that name, group and district
    already, the membership, which is theirs: the two were one person all along."""
    member = membership.member
    known = NetworkMember.objects.known_as(**person).exclude(pk=member.pk).first()
    if known is None:
        for field, value in person.items():
            setattr(member, field, value)
        return _kept(member)
    _move([membership, *member.memberships.exclude(pk=membership.pk).select_related("network")], known)
    member.delete()
    return membership


def _move(memberships: list[NetworkMembership], member: NetworkMember) -> None:
    """All are asked before the first is moved: those that overlapped among themselves from before may go on so."""
    for membership in memberships:
        membership.member = member
        _refuse_what_cannot_be(membership)
    for membership in memberships:
        membership.save()


def _kept(row):
    _refuse_what_cannot_be(row)
    row.save()
    return row


def _refuse_what_cannot_be(row) -> None:
    try:
        row.full_clean()
    except ValidationError as error:
        raise MembershipRefused(" ".join(error.messages)) from error


def _in_words(day: date) -> str:
    return f"{day:%-d %B %Y}"
