"""Networks of adults: who joined and left, month by month. Every member is invented."""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta

from outcomes.demo.counts import dice
from outcomes.demo.organisations import (
    BIRMINGHAM,
    COVENTRY,
    DISTRICTS,
    DUDLEY,
    INVENTED,
    SANDWELL,
    SOLIHULL,
    WALSALL,
    WOLVERHAMPTON,
)
from partners.models import Area, Network, NetworkMember, NetworkMembership
from vru_portal.core.periods import Month, months_between

Kind = Network.Kind

BEGINS = Month(2020, 4)
STEADY_FROM = Month(2021, 4)
LEAVING = 0.004  # of the members, each month
ALSO_IN_ANOTHER = 0.08


@dataclass(frozen=True)
class NetworkSpec:
    """`founding`: who join a month in the first year; `joining`: afterwards."""

    name: str
    kind: str
    district: str
    founding: float
    joining: float
    purpose: str


def _community(name: str, district: str, founding: float, joining: float) -> NetworkSpec:
    purpose = "Local people who say what is needed and commit to working together to bring change."
    return NetworkSpec(name, Kind.COMMUNITY, district, founding, joining, purpose)


NETWORKS = [
    NetworkSpec(
        "Faith Alliance",
        Kind.FAITH_ALLIANCE,
        "",
        10.4,
        3.8,
        "Faith leaders across the region who take practical action together to prevent harm.",
    ),
    _community("East Birmingham community network", BIRMINGHAM, 8.0, 2.0),
    _community("North Birmingham community network", BIRMINGHAM, 6.5, 1.6),
    _community("South Birmingham community network", BIRMINGHAM, 5.0, 1.4),
    _community("Coventry community network", COVENTRY, 6.0, 1.8),
    _community("Dudley community network", DUDLEY, 3.6, 1.1),
    _community("Sandwell community network", SANDWELL, 5.5, 1.5),
    _community("Solihull community network", SOLIHULL, 2.3, 0.8),
    _community("Walsall community network", WALSALL, 5.0, 1.6),
    _community("Wolverhampton community network", WOLVERHAMPTON, 5.2, 1.4),
    NetworkSpec("Public health and safety group", Kind.THEMATIC, "", 1.6, 0.3, "Hospitals and councils share data."),
    NetworkSpec("Education and inclusion group", Kind.THEMATIC, "", 1.4, 0.4, "Keeping pupils in school and safe."),
    NetworkSpec("Lived experience group", Kind.THEMATIC, "", 1.0, 0.4, "People who have been there advise the unit."),
]

FIRST_NAMES = (
    "Adaeze Alun Amrit Anneka Asif Balvinder Bettina Bilal Brenda Carlton Chidi Clodagh Daljit Davina Dermot Dorcas "
    "Ebony Eluned Faizal Farah Fintan Gareth Gloria Gurdeep Hamza Hyacinth Idris Imelda Irfan Jasvir Jocelyn Joyce "
    "Kamal Keisha Kulwant Leroy Lorraine Manjit Marlon Meera Mohsin Nadia Neville Nusrat Olwen Parveen Patrice Percy "
    "Rashida Rhona Rukhsana Saffron Samina Selwyn Shabana Sukhdev Tamsin Trevor Ursula Vernon Wanda Winston Yusuf Zoe"
)
LAST_NAMES = (
    "Abbott Achebe Adeyemi Akhtar Allsopp Bains Bassett Begum Bello Birdi Blakemore Bourne Brathwaite Chowdhury "
    "Clarke Cotterill Dacosta Dhaliwal Dyer Ellery Farooq Fearon Fellows Gittins Gordon Griffiths Hadley Haque Hayward "
    "Ibrahim Inglis Jarvis Johal Kallon Kaur Khatun Lawal Lovatt Mahmood Malcolm Mistry Mullings Nawaz Nightingale "
    "Oakley Odukoya Onslow Parmar Pemberton Quarshie Rafiq Reece Rowley Sandhu Sangha Sesay Tandy Tranter Uddin Vance "
    "Wainwright Walcott Yardley Zaman"
)
CONGREGATIONS = [
    "a mosque",
    "a Baptist church",
    "a gurdwara",
    "a Hindu temple",
    "a Pentecostal church",
    "a parish church",
    "a synagogue",
    "a Buddhist vihara",
    "a Methodist church",
    "a Catholic parish",
]
BELONGS_TO = [
    "a residents' association",
    "a parents' group",
    "a tenants' hall",
    "a football club",
    "a food bank",
    *[name for name, *_ in INVENTED if "Schools" not in name][:12],
]


@dataclass
class Membership:
    network: str
    joined_on: date
    left_on: date | None = None


@dataclass
class Member:
    name: str
    belongs_to: str
    district: str
    memberships: list[Membership] = field(default_factory=list)


def members_by(today: date) -> list[Member]:
    """Everybody who has joined a network by the day, in the order of joining; whoever left later has not left yet."""
    members: list[Member] = []
    names = _names()
    for month in months_between(BEGINS, Month.of(today)):
        for network in NETWORKS:
            _turn(network, month, members, names)
    return _as_known_on(members, today)


def _names() -> Iterator[str]:
    names = [f"{first} {last}" for first in FIRST_NAMES.split() for last in LAST_NAMES.split()]
    dice("names").shuffle(names)
    return iter(names)


def _turn(network: NetworkSpec, month: Month, members: list[Member], names: Iterator[str]) -> None:
    rng = dice(network.name, month.code)
    staying = [m for member in members for m in member.memberships if m.network == network.name and not m.left_on]
    for membership in staying:
        if rng.random() < LEAVING:
            membership.left_on = _some_day(rng, month)
    expected = network.joining if month >= STEADY_FROM else network.founding
    for _ in range(round(max(0, rng.gauss(expected, expected / 4)))):
        _join(network, month, members, names, rng)


def _join(network: NetworkSpec, month: Month, members, names: Iterator[str], rng: random.Random) -> None:
    member = None
    if network.kind != Kind.FAITH_ALLIANCE and members and rng.random() < ALSO_IN_ANOTHER:
        member = rng.choice(members)
        if any(membership.network == network.name for membership in member.memberships):
            member = None
    if member is None:
        belongs_to = rng.choice(CONGREGATIONS if network.kind == Kind.FAITH_ALLIANCE else BELONGS_TO)
        member = Member(next(names), belongs_to, network.district or rng.choice(DISTRICTS))
        members.append(member)
    member.memberships.append(Membership(network.name, _some_day(rng, month)))


def _some_day(rng: random.Random, month: Month) -> date:
    return month.first + timedelta(days=rng.randrange(28))


def _as_known_on(members: list[Member], today: date) -> list[Member]:
    known = []
    for member in members:
        member.memberships = [m for m in member.memberships if m.joined_on <= today]
        for membership in member.memberships:
            if membership.left_on and membership.left_on > today:
                membership.left_on = None
        if member.memberships:
            known.append(member)
    return known


def load(today: date) -> int:
    """The networks and their members; nothing when they are there already. Returns how many people are new."""
    if Network.objects.filter(name=NETWORKS[0].name).exists():
        return 0
    areas = {area.gss_code: area for area in Area.objects.all()}
    created = Network.objects.bulk_create(
        Network(name=spec.name, kind=spec.kind, district=areas.get(spec.district), purpose=spec.purpose)
        for spec in NETWORKS
    )
    networks = {network.name: network for network in created}
    told = members_by(today)
    people = NetworkMember.objects.bulk_create(
        NetworkMember(name=member.name, belongs_to=member.belongs_to, district=areas[member.district])
        for member in told
    )
    NetworkMembership.objects.bulk_create(
        NetworkMembership(
            network=networks[membership.network],
            member=person,
            joined_on=membership.joined_on,
            left_on=membership.left_on,
        )
        for member, person in zip(told, people, strict=True)
        for membership in member.memberships
    )
    return len(people)
