"""Networks as stocks on a date, with joiners and leavers. Members are adults and never part of reach."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import Count, F, IntegerField, OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce

from partners.models import Network, NetworkMembership, User
from partners.permissions import Permission
from vru_portal.core.periods import Month, Quarter
from vru_portal.core.revisions import revision_of
from vru_portal.core.words import holding

QUARTERS_SHOWN = 8


@dataclass(frozen=True)
class StockOfKind:
    """The networks of one kind, each with its `members`; somebody in two of them is one of `people`."""

    label: str
    people: int
    networks: list[Network]


@dataclass(frozen=True)
class QuarterFlow:
    """From `first` to `last` (today, for a quarter that is still running): who joined, who left, the stock then."""

    quarter: Quarter
    last: date
    joined: int
    left: int
    members: int


def with_members_on(day: date) -> QuerySet[Network]:
    """Every network with `members`, its stock on the day; by name."""
    stock = NetworkMembership.objects.on(day).filter(network=OuterRef("pk")).order_by().values("network")
    counted = stock.annotate(n=Count("member", distinct=True)).values("n")
    members = Coalesce(Subquery(counted), 0, output_field=IntegerField())
    return Network.objects.select_related("district").annotate(members=members).order_by("name")


def find_networks(words: list[str]) -> QuerySet[Network]:
    """By their own names, never by those of their members."""
    return holding(Network.objects.select_related("district"), words, "name").order_by("name")


def stocks_on(day: date) -> list[StockOfKind]:
    """Every kind that has networks, with its distinct people and each network's stock."""
    networks = list(with_members_on(day))
    return [
        StockOfKind(
            label=kind.label,
            people=NetworkMembership.objects.filter(network__kind=kind).members_on(day),
            networks=[network for network in networks if network.kind == kind],
        )
        for kind in Network.Kind
        if any(network.kind == kind for network in networks)
    ]


def people_on(day: date) -> int:
    """Distinct people across all networks."""
    return NetworkMembership.objects.members_on(day)


def quarters_to(network: Network, day: date, count: int = QUARTERS_SHOWN) -> list[QuarterFlow]:
    """The last quarters, the one of the day last."""
    quarters = [Month.of(day).plus(-3 * back).quarter for back in reversed(range(count))]
    return [_flow(network.memberships.all(), quarter, day) for quarter in quarters]


def _flow(memberships, quarter: Quarter, day: date) -> QuarterFlow:
    first, last = quarter.months[0].first, min(quarter.months[-1].last, day)
    return QuarterFlow(
        quarter=quarter,
        last=last,
        joined=memberships.filter(joined_on__range=(first, last)).count(),
        left=memberships.filter(left_on__range=(first, last)).count(),
        members=memberships.members_on(last),
    )


def may_read_members(user: User) -> bool:
    """Who belongs to a network may tell of a person's faith: those read it who keep the table, and the auditors.
    Everybody else who sees networks sees stocks."""
    return user.may(Permission.EDIT_REFERENCE_TABLES) or user.may(Permission.VIEW_HISTORY)


def find_members(network: Network, day: date, *, name: str = "", left: bool = False) -> QuerySet[NetworkMembership]:
    """The memberships that hold on the day, or (`left`) those that ended by then; by the members' names."""
    found = network.memberships.filter(left_on__lte=day) if left else network.memberships.on(day)
    if name:
        found = found.filter(member__name__icontains=name)
    return found.select_related("member__district").order_by("member__name", "id")


def facts_of(membership: NetworkMembership) -> dict[str, object]:
    """What staff say of a member of a network."""
    member = membership.member
    return {
        "name": member.name,
        "belongs_to": member.belongs_to,
        "district": member.district,
        "joined_on": membership.joined_on,
        "left_on": membership.left_on,
    }


def revision_of_membership(membership: NetworkMembership) -> str:
    """Changes with these facts."""
    return revision_of(facts_of(membership) | {"district": membership.member.district_id})


def is_back(membership: NetworkMembership) -> bool:
    """The member was in this network before, and had left it."""
    same = NetworkMembership.objects.filter(network=membership.network, member=membership.member)
    before = same.filter(left_on__lte=membership.joined_on).exclude(left_on=F("joined_on"))
    return before.exclude(pk=membership.pk).exists()


def other_networks(membership: NetworkMembership) -> QuerySet[Network]:
    """Those in which the same person is or was beside this one."""
    found = Network.objects.filter(memberships__member=membership.member_id).exclude(pk=membership.network_id)
    return found.distinct()


def changed_since(network: Network, day: date, *, days: int = 92):
    """Those who joined or left in the days up to the day, the latest first."""
    since = day - timedelta(days=days)
    rows = network.memberships.select_related("member")
    changes = [(m.joined_on, "joined", m.member) for m in rows.filter(joined_on__range=(since, day))]
    changes += [(m.left_on, "left", m.member) for m in rows.filter(left_on__range=(since, day))]
    return sorted(changes, key=lambda change: (change[0], change[2].name), reverse=True)
