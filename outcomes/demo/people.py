"""The people who can sign in to the demo region. Every one of them is invented."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.conf import settings
from django.contrib.auth.hashers import make_password

from outcomes.demo import organisations as orgs
from partners.models import Membership, Organisation, User
from partners.permissions import Role

PASSWORD = "demo-password-2026"  # noqa: S105 (printed on the sign-in page)
SINCE = date(2021, 4, 1)

HEAL_HUB_LEAD = "Quiet Harbour Counselling"
BOXING_CLUB = "Northgate Corner Boxing Club"
CHILDRENS_HOSPITAL = "Birmingham Women's and Children's NHS Foundation Trust"
UNIT = "the unit"


@dataclass(frozen=True)
class Account:
    """One line of the list on the sign-in page; `code` is the role as the command prints it, without spaces."""

    role: str
    name: str
    what: str
    email: str
    password: str
    code: str


# (role, name, email, where, what they do here)
PEOPLE = [
    (Role.DIRECTOR, "Amara Okonjo", "amara.okonjo@example.org", UNIT, "Sees what can be said in public; approves."),
    (
        Role.PROGRAMME_MANAGER,
        "Callum Reddington",
        "callum.reddington@example.org",
        UNIT,
        "Reads the returns that come in and sends back what does not add up.",
    ),
    (
        Role.ANALYST,
        "Priya Venkataraman",
        "priya.venkataraman@example.org",
        UNIT,
        "Produces the reach releases and answers for the numbers.",
    ),
    (
        Role.FINANCE_OFFICER,
        "Tomasz Wielicki",
        "tomasz.wielicki@example.org",
        UNIT,
        "Keeps the funds, the awards to partners and the bridging loan.",
    ),
    (
        Role.ADMINISTRATOR,
        "Noreen Blackstock",
        "noreen.blackstock@example.org",
        UNIT,
        "Asks people in and keeps the reference tables.",
    ),
    (
        Role.PARTNER_LEAD,
        "Delroy Ashmeade",
        "delroy.ashmeade@example.com",
        HEAL_HUB_LEAD,
        f"Leads {HEAL_HUB_LEAD}, a large partner with returns every month.",
    ),
    (
        Role.PARTNER,
        "Sunita Chahalwar",
        "sunita.chahalwar@example.com",
        BOXING_CLUB,
        f"Fills in the returns of {BOXING_CLUB} between sessions.",
    ),
    (
        Role.PARTNER,
        "Gwen Tallantire",
        "gwen.tallantire@example.com",
        CHILDRENS_HOSPITAL,
        f"Sends the returns of {CHILDRENS_HOSPITAL}.",
    ),
    (
        Role.COMMISSIONER,
        "Marcus Elverson",
        "marcus.elverson@example.org",
        orgs.POLICE_AND_CRIME_COMMISSIONER,
        "Reads and downloads what has been published.",
    ),
    (Role.AUDITOR, "Ifeoma Stanniforth", "ifeoma.stanniforth@example.org", UNIT, "Sees everything, changes nothing."),
]

# One more person at every other partner: sends its returns, and is on no list.
SENDERS_FIRST = ["Leila", "Owain", "Bronagh", "Tariqa", "Hester", "Joaquin", "Mirela", "Kwabena", "Annis", "Dilan"]
SENDERS_LAST = [
    "Thackwell", "Osterley", "Kubiak", "Rainsbury", "Adjepong", "Bhullar", "Calloway", "Dzidzor", "Eastmond",
    "Farrance", "Gillespy", "Hallworth", "Iwuji", "Jessamy", "Kettleborough", "Lumley", "Mistry", "Nasseri", "Oduya",
    "Pargeter", "Quarshie", "Ruddick", "Sangster", "Tolley", "Umpleby", "Vasanji", "Wetherall", "Xenakis", "Yardley",
    "Zielony", "Ashdown", "Brocklesby", "Chukwuma", "Dhaliwal", "Emmerton", "Foxall", "Garbett", "Hussey", "Inskip",
    "Jukes", "Kandola", "Leigh-Moss", "Marlowe", "Nettleship", "Onyeka", "Plimmer", "Rashbrook", "Sokolov",
    "Tunnicliff", "Upchurch",
]  # fmt: skip


def demo_accounts() -> list[Account]:
    """The accounts to try the portal with, in the order in which they are shown."""
    return [Account(role.label, name, what, email, PASSWORD, role.value) for role, name, email, _, what in PEOPLE]


@dataclass(frozen=True)
class People:
    """Who does what in the data that is loaded."""

    director: User
    programme_manager: User
    analyst: User
    finance_officer: User
    senders: dict[int, User]  # by organisation id


def load(organisations: dict[str, Organisation]) -> People:
    """Everybody with an account; those who are there already are left alone."""
    unit = organisations[settings.UNIT_NAME]
    wanted = [
        (role, name, email, unit if where == UNIT else organisations[where]) for role, name, email, where, _ in PEOPLE
    ]
    wanted += _senders(organisations, {where for *_, where, _ in PEOPLE})
    users = _users(wanted)
    _memberships(wanted, users)
    by_role = {role: users[email] for role, _, email, _ in reversed(wanted)}
    return People(
        director=by_role[Role.DIRECTOR],
        programme_manager=by_role[Role.PROGRAMME_MANAGER],
        analyst=by_role[Role.ANALYST],
        finance_officer=by_role[Role.FINANCE_OFFICER],
        senders={
            organisation.pk: users[email]
            for role, _, email, organisation in wanted
            if role in {Role.PARTNER, Role.PARTNER_LEAD}
        },
    )


def _senders(organisations: dict[str, Organisation], taken: set[str]):
    partners = [row for row in [*orgs.PUBLIC[2:], *orgs.INVENTED] if row[0] not in taken]
    for number, (organisation, *_) in enumerate(partners):
        first = SENDERS_FIRST[number % len(SENDERS_FIRST)]
        last = SENDERS_LAST[number % len(SENDERS_LAST)]
        name = f"{first} {last}"
        email = f"{first}.{last}.{number + 1}@example.com".lower()
        yield Role.PARTNER_LEAD, name, email, organisations[organisation]


def _users(wanted) -> dict[str, User]:
    known = set(User.objects.values_list("email", flat=True))
    new = [(name, email) for _, name, email, _ in wanted if email not in known]
    if new:
        password = make_password(PASSWORD)  # once: a strong hash is slow on purpose
        User.objects.bulk_create(User(name=name, email=email, password=password) for name, email in new)
    return {user.email: user for user in User.objects.filter(email__in=[email for _, _, email, _ in wanted])}


def _memberships(wanted, users: dict[str, User]) -> None:
    known = set(Membership.objects.values_list("user_id", "organisation_id"))
    Membership.objects.bulk_create(
        Membership(user=users[email], organisation=organisation, role=role, started_on=SINCE)
        for role, _, email, organisation in wanted
        if (users[email].pk, organisation.pk) not in known
    )
