"""Somebody with roles at two organisations may at each what the role there allows, and no more."""

from datetime import date, datetime
from zoneinfo import ZoneInfo

import pytest
from django.urls import reverse

from funding.models import PartnerAward
from outcomes.actions import returns
from outcomes.actions.return_access import NotYours
from outcomes.models import Obligation
from partners.actions import invitations
from partners.models import Event, Invitation, Organisation, User
from partners.permissions import Permission, Role
from programmes.models import Delivery
from tests.factories import (
    AwardYearFactory,
    DeliveryFactory,
    MembershipFactory,
    ObligationFactory,
    OrganisationFactory,
    PartnerAwardFactory,
    UserFactory,
    user_with,
)
from vru_portal.core.refusals import NotAllowed

NOW = datetime(2021, 7, 5, 12, tzinfo=ZoneInfo("Europe/London"))


class Place:
    """A partner with a delivery, a return that is owed, an award, an event, a colleague and somebody invited."""

    def __init__(self, name: str) -> None:
        self.organisation = OrganisationFactory(name=name)
        self.delivery = DeliveryFactory(partner=self.organisation, name=f"Mentoring by {name}")
        self.obligation = ObligationFactory(delivery=self.delivery, month=date(2021, 6, 1))
        self.award = PartnerAwardFactory(delivery=self.delivery, award_year=AwardYearFactory(at="agreement_signed"))
        self.colleague = MembershipFactory(organisation=self.organisation, user__name=f"Colleague at {name}")
        self.invitation, _ = invitations.invite(
            email=f"somebody@{name.lower()}.example",
            organisation=self.organisation,
            role=Role.PARTNER,
            by=None,
            now=datetime.now(NOW.tzinfo),
            link_to=str,
        )
        self.event = Event.objects.get(subject_id=self.invitation.pk)


@pytest.fixture
def riverbank(db) -> Place:
    return Place("Riverbank")


@pytest.fixture
def hillside(db) -> Place:
    return Place("Hillside")


def with_roles(*roles: tuple[Role, Place]) -> User:
    """Fresh from the database, as at the beginning of a request."""
    user = UserFactory()
    for role, place in roles:
        MembershipFactory(user=user, role=role, organisation=place.organisation)
    return User.objects.get(pk=user.pk)


@pytest.fixture
def partner_and_commissioner(riverbank, hillside) -> User:
    return with_roles((Role.PARTNER, riverbank), (Role.COMMISSIONER, hillside))


@pytest.fixture
def lead_and_partner(riverbank, hillside) -> User:
    return with_roles((Role.PARTNER_LEAD, riverbank), (Role.PARTNER, hillside))


class TestMayAt:
    def test_asks_the_roles_at_that_organisation(self, lead_and_partner, riverbank, hillside):
        assert lead_and_partner.may_at(Permission.INVITE_COLLEAGUES, riverbank.organisation)
        assert not lead_and_partner.may_at(Permission.INVITE_COLLEAGUES, hillside.organisation)
        assert lead_and_partner.may_at(Permission.SUBMIT_RETURN, hillside.organisation)

    def test_is_no_for_an_account_that_is_closed(self, lead_and_partner, riverbank):
        lead_and_partner.is_active = False
        assert not lead_and_partner.may_at(Permission.SUBMIT_RETURN, riverbank.organisation)

    def test_ends_with_the_role(self, lead_and_partner, riverbank):
        lead_and_partner.memberships.filter(role=Role.PARTNER_LEAD).update(ended_on=date(2021, 7, 1))
        assert not User.objects.get(pk=lead_and_partner.pk).may_at(Permission.SUBMIT_RETURN, riverbank.organisation)


class TestAPartnerWhoIsACommissionerElsewhere:
    @pytest.mark.parametrize(
        ("model", "kept_as"),
        [
            (Organisation, "organisation"),
            (Delivery, "delivery"),
            (Obligation, "obligation"),
            (PartnerAward, "award"),
            (Event, "event"),
        ],
    )
    def test_sees_rows_of_the_partner_alone(self, model, kept_as, partner_and_commissioner, riverbank, hillside):
        assert model.objects.filter(pk=getattr(hillside, kept_as).pk).exists()
        assert list(model.objects.visible_to(partner_and_commissioner)) == [getattr(riverbank, kept_as)]

    def test_fills_in_returns_of_the_partner_alone(self, partner_and_commissioner, riverbank, hillside):
        assert returns.start(obligation=riverbank.obligation, by=partner_and_commissioner, now=NOW)
        with pytest.raises(NotYours):
            returns.start(obligation=hillside.obligation, by=partner_and_commissioner, now=NOW)

    @pytest.mark.parametrize(
        "page", ["home", "outcomes:our-returns", "funding:our-money", "partners:our-organisation", "api-organisations"]
    )
    def test_reads_of_the_partner_alone(self, page, partner_and_commissioner, client):
        client.force_login(partner_and_commissioner)
        address = "/api/v1/organisations/" if page == "api-organisations" else reverse(page)
        shown = client.get(address, follow=True).content.decode()
        assert "Riverbank" in shown
        assert "Hillside" not in shown

    def test_meets_404_at_the_other(self, partner_and_commissioner, riverbank, hillside, client):
        client.force_login(partner_and_commissioner)
        pages = {"programmes:delivery-detail": "delivery", "outcomes:return-detail": "obligation"}
        for page, kept_as in pages.items():
            assert client.get(reverse(page, args=[getattr(riverbank, kept_as).pk])).status_code == 200, page
            assert client.get(reverse(page, args=[getattr(hillside, kept_as).pk])).status_code == 404, page


class TestALeadWhoIsAPlainPartnerElsewhere:
    def test_works_for_both(self, lead_and_partner, riverbank, hillside):
        assert set(Delivery.objects.visible_to(lead_and_partner)) == {riverbank.delivery, hillside.delivery}
        assert set(Obligation.objects.visible_to(lead_and_partner)) == {riverbank.obligation, hillside.obligation}
        assert returns.start(obligation=hillside.obligation, by=lead_and_partner, now=NOW)

    def test_gives_roles_where_they_lead(self, lead_and_partner, riverbank, hillside):
        assert invitations.roles_to_give(lead_and_partner, riverbank.organisation)
        assert not invitations.roles_to_give(lead_and_partner, hillside.organisation)
        own = Organisation.objects.to_invite_into_by(lead_and_partner)
        assert list(own) == [riverbank.organisation]

    def test_neither_invites_nor_withdraws_nor_ends_at_the_other(self, lead_and_partner, hillside):
        with pytest.raises(NotAllowed):
            invitations.invite(
                email="new@example.org",
                organisation=hillside.organisation,
                role=Role.PARTNER,
                by=lead_and_partner,
                now=NOW,
                link_to=str,
            )
        with pytest.raises(NotAllowed):
            invitations.withdraw(invitation=hillside.invitation, by=lead_and_partner, now=NOW)
        with pytest.raises(NotAllowed):
            invitations.end_membership(membership=hillside.colleague, by=lead_and_partner, now=NOW)
        assert Invitation.objects.filter(organisation=hillside.organisation).count() == 1

    def test_meets_404_on_the_pages_that_do(self, lead_and_partner, riverbank, hillside, client):
        client.force_login(lead_and_partner)
        for page, of in {
            "partners:invite": lambda place: place.organisation,
            "partners:invitation-withdraw": lambda place: place.invitation,
            "partners:membership-end": lambda place: place.colleague,
        }.items():
            assert client.get(reverse(page, args=[of(riverbank).pk])).status_code == 200, page
            assert client.get(reverse(page, args=[of(hillside).pk])).status_code == 404, page

    def test_is_offered_to_invite_where_they_lead(self, lead_and_partner, riverbank, hillside, client):
        client.force_login(lead_and_partner)
        shown = client.get(reverse("partners:our-organisation")).content.decode()
        assert reverse("partners:invite", args=[riverbank.organisation.pk]) in shown
        assert reverse("partners:invite", args=[hillside.organisation.pk]) not in shown


class TestSomebodyOfTheUnitWhoIsAPartnerToo:
    def test_sees_all_and_fills_in_as_a_partner_at_theirs(self, riverbank, hillside):
        analyst = user_with(Role.ANALYST)
        MembershipFactory(user=analyst, organisation=riverbank.organisation)
        analyst = User.objects.get(pk=analyst.pk)
        assert Obligation.objects.visible_to(analyst).count() == 2
        in_june = datetime(2021, 6, 20, 12, tzinfo=NOW.tzinfo)  # too early for the unit
        assert returns.start(obligation=riverbank.obligation, by=analyst, now=in_june)
        with pytest.raises(returns.NotOpen):
            returns.start(obligation=hillside.obligation, by=analyst, now=in_june)
