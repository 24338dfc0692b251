"""Areas, organisations, and the people of both sides."""

from datetime import date, datetime, time

import factory
from django.utils import timezone
from factory.django import DjangoModelFactory

from partners.models import Area, DataSharingAgreement, Membership, Message, Organisation, User
from partners.permissions import Role
from vru_portal.core import rescue

PASSWORD = "a long enough test password"

DISTRICTS = {
    "E08000025": "Birmingham",
    "E08000026": "Coventry",
    "E08000027": "Dudley",
    "E08000028": "Sandwell",
    "E08000029": "Solihull",
    "E08000030": "Walsall",
    "E08000031": "Wolverhampton",
}


def noon(day: date) -> datetime:
    """An aware moment of a day, to be told as `now`."""
    return timezone.make_aware(datetime.combine(day, time(12)))


# ---- Reference tables (found again where they are loaded) ----
class AreaFactory(DjangoModelFactory):
    class Meta:
        model = Area
        django_get_or_create = ("gss_code",)

    gss_code = "E08000025"
    name = factory.LazyAttribute(lambda area: DISTRICTS.get(area.gss_code, area.gss_code))
    kind = Area.Kind.DISTRICT


class OrganisationFactory(DjangoModelFactory):
    class Meta:
        model = Organisation

    name = factory.Sequence(lambda n: f"Riverbank Youth Trust {n}")
    kind = Organisation.Kind.CHARITY


class UserFactory(DjangoModelFactory):
    class Meta:
        model = User

    email = factory.Sequence(lambda n: f"person{n}@example.org")
    name = factory.Sequence(lambda n: f"Person {n}")
    password = factory.django.Password(PASSWORD)


class MembershipFactory(DjangoModelFactory):
    class Meta:
        model = Membership

    user = factory.SubFactory(UserFactory)
    organisation = factory.SubFactory(OrganisationFactory)
    role = Role.PARTNER
    started_on = date(2020, 4, 1)


def user_with(role: Role, organisation: Organisation | None = None, **user) -> User:
    """Somebody with one role: at the organisation, or at the unit (staff, auditors), or at one of their own."""
    kinds = {
        Role.PARTNER: Organisation.Kind.CHARITY,
        Role.PARTNER_LEAD: Organisation.Kind.CHARITY,
        Role.COMMISSIONER: Organisation.Kind.COMMISSIONER,
    }
    organisation = organisation or OrganisationFactory(kind=kinds.get(role, Organisation.Kind.UNIT))
    return MembershipFactory(role=role, organisation=organisation, user=UserFactory(**user)).user


def typed_by(user, **typed) -> dict:
    """What a form that this person opened sends."""
    return typed | {rescue.WHOSE: rescue.name_of(user)}


class DataSharingAgreementFactory(DjangoModelFactory):
    """Until further notice; `ended_on=…` gives what belongs to an early end."""

    class Meta:
        model = DataSharingAgreement

    organisation = factory.SubFactory(OrganisationFactory)
    starts_on = date(2021, 4, 1)
    document = factory.Sequence(lambda n: f"Information governance, DSA-{n}")
    recorded_at = noon(date(2021, 4, 1))
    recorded_by = factory.SubFactory(UserFactory)
    ended_on = None
    ended_at = factory.LazyAttribute(lambda agreement: agreement.ended_on and noon(agreement.ended_on))
    ended_by = factory.LazyAttribute(lambda agreement: UserFactory() if agreement.ended_on else None)
    ended_reason = factory.LazyAttribute(lambda agreement: "They give counts." if agreement.ended_on else "")


class MessageFactory(DjangoModelFactory):
    """Of a state, with what belongs to it."""

    class Meta:
        model = Message

    key = factory.Sequence(lambda n: f"test:{n}")
    kind = "outcomes.digest"
    to_user = factory.SubFactory(UserFactory)
    to_email = factory.LazyAttribute(lambda message: message.to_user.email)
    subject = "2 returns are due"
    body = "Hello"
    created_at = noon(date(2026, 6, 10))
    state = Message.State.QUEUED
    attempts = factory.LazyAttribute(lambda message: 0 if message.state == Message.State.QUEUED else 1)
    attempted_at = factory.LazyAttribute(lambda message: message.created_at if message.attempts else None)
    problem = factory.LazyAttribute(
        lambda message: "The mail server refused it." if message.state in ("failed", "not_known") else ""
    )
    sent_at = factory.LazyAttribute(lambda message: message.created_at if message.state == Message.State.SENT else None)
