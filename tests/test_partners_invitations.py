"""The only way in: an invitation with a secret link, used once, withdrawn or expired; and the way out."""

import re
from datetime import UTC, datetime, timedelta
from threading import Barrier, Thread

import pytest
from django.core import mail
from django.core.management import CommandError, call_command
from django.db import IntegrityError, connection, transaction
from django.db.migrations.executor import MigrationExecutor
from django.urls import reverse

from partners.actions import invitations
from partners.models import Event, Invitation, Membership, Organisation, User
from partners.permissions import Role
from tests.database import refused
from tests.factories import MembershipFactory, OrganisationFactory, UserFactory, user_with
from vru_portal.core.refusals import NotAllowed

NOW = datetime(2026, 6, 10, 12, tzinfo=UTC)
PASSWORD = "canal towpath heron"


def link_to(secret: str) -> str:
    return f"https://portal.example{reverse('partners:invitation-accept', args=[secret])}"


def invited(role=Role.PARTNER, organisation=None, email="amina@example.org", by=None, now=NOW):
    """(invitation, the link's secret)"""
    organisation = organisation or OrganisationFactory()
    invitation, link = invitations.invite(
        email=email, organisation=organisation, role=role, by=by, now=now, link_to=link_to
    )
    return invitation, link.rstrip("/").rpartition("/")[2]


@pytest.fixture
def manager(db):
    return user_with(Role.PROGRAMME_MANAGER)


class TestInvite:
    def test_mails_the_link_after_commit(self, manager, django_capture_on_commit_callbacks):
        with django_capture_on_commit_callbacks(execute=True):
            _, secret = invited(by=manager)
            assert mail.outbox == []
        (message,) = mail.outbox
        assert message.to == ["amina@example.org"]
        assert link_to(secret) in message.body
        assert "24 June 2026" in message.body

    def test_keeps_the_secret_as_a_hash_only(self, manager):
        invitation, secret = invited(by=manager)
        assert secret not in str(Invitation.objects.filter(pk=invitation.pk).values().get())
        assert len(invitation.token_hash) == 64

    def test_is_recorded(self, manager):
        invitation, _ = invited(by=manager)
        event = Event.objects.get(name="partners.invitation.sent")
        assert (event.by, event.organisation, event.subject_id) == (manager, invitation.organisation, invitation.pk)

    def test_refuses_a_second_while_the_first_is_open(self, manager):
        first, _ = invited(by=manager)
        with pytest.raises(invitations.CannotInvite, match="invited already"):
            invited(by=manager, organisation=first.organisation, email="AMINA@example.org")

    def test_refuses_a_second_into_another_role_until_the_first_is_withdrawn(self, manager):
        first, _ = invited(by=manager)
        with pytest.raises(
            invitations.CannotInvite,
            match=r"is invited already: partner, until 24 June 2026\. Withdraw that invitation first, or wait until",
        ):
            invited(Role.PARTNER_LEAD, by=manager, organisation=first.organisation)
        assert invited(Role.PARTNER_LEAD, by=manager)[0].organisation != first.organisation
        invitations.withdraw(invitation=first, by=manager, now=NOW)
        assert invited(Role.PARTNER_LEAD, by=manager, organisation=first.organisation)[0].role == Role.PARTNER_LEAD

    def test_takes_a_second_after_the_first_has_expired(self, manager):
        first, secret = invited(by=manager)
        later = NOW + timedelta(days=15)
        second, _ = invited(Role.PARTNER_LEAD, by=manager, organisation=first.organisation, now=later)
        assert second.pk != first.pk
        with pytest.raises(invitations.InvitationClosed, match="has expired"):
            invitations.find_open(secret, now=later)

    def test_stands_once_for_an_address_at_an_organisation(self, manager):
        first, _ = invited(by=manager)
        with refused("invitation_open_once"):
            Invitation.objects.create(
                email="Amina@example.org",
                organisation=first.organisation,
                role=Role.PARTNER_LEAD,
                token_hash="0" * 64,
                invited_at=NOW,
                expires_at=NOW + timedelta(days=14),
            )

    def test_of_two_from_before_the_rule_the_newest_stands(self, manager):
        executor = MigrationExecutor(connection)
        executor.migrate([("partners", "0003_sentences_of_constraints")])
        then = executor.loader.project_state([("partners", "0003_sentences_of_constraints")]).apps
        place = OrganisationFactory()

        def sent(email: str, day: int) -> int:
            row = then.get_model("partners", "Invitation").objects.create(
                email=email,
                organisation_id=place.pk,
                role=Role.PARTNER,
                token_hash=f"{email}, {day}",
                invited_at=NOW + timedelta(days=day),
                expires_at=NOW + timedelta(days=day + 14),
            )
            return row.pk

        newest, older, other = sent("amina@example.org", 2), sent("Amina@example.org", 1), sent("ben@example.org", 1)
        connection.check_constraints()
        MigrationExecutor(connection).migrate([("partners", "0004_one_open_invitation")])
        standing = Invitation.objects.filter(withdrawn_at=None)
        assert set(standing.values_list("pk", flat=True)) == {newest, other}
        assert Invitation.objects.get(pk=older).withdrawn_at

    @pytest.mark.parametrize("role", [Role.ADMINISTRATOR, Role.PROGRAMME_MANAGER])
    def test_refuses_oneself_in_any_role(self, db, role):
        person = user_with(role)
        unit = person.memberships.get().organisation
        for wanted in (role, Role.FINANCE_OFFICER):
            with pytest.raises(invitations.CannotInvite, match="Ask a colleague to invite you"):
                invited(wanted, unit, email=person.email.upper(), by=person)

    def test_refuses_somebody_who_has_the_role(self, manager):
        membership = MembershipFactory(role=Role.PARTNER)
        with pytest.raises(
            invitations.CannotInvite, match=r"already, and signs in with that address\. Enter another address"
        ):
            invited(by=manager, organisation=membership.organisation, email=membership.user.email.upper())

    @pytest.mark.parametrize(
        ("held", "wanted", "sentence"),
        [
            (Role.PARTNER_LEAD, Role.PARTNER, "is partner lead at .* to be partner instead, end that role first"),
            (Role.PARTNER, Role.PARTNER_LEAD, "is partner at .* to be partner lead instead, end that role first"),
        ],
    )
    def test_refuses_a_partner_another_role_there_until_theirs_is_ended(self, manager, held, wanted, sentence):
        membership = MembershipFactory(role=held)
        asked = {"by": manager, "organisation": membership.organisation, "email": membership.user.email}
        with pytest.raises(invitations.CannotInvite, match=sentence):
            invited(wanted, **asked)
        invitations.end_membership(membership=membership, by=manager, now=NOW)
        assert invited(wanted, **asked)[0].role == wanted

    def test_gives_the_units_people_a_second_role(self, manager):
        analyst = user_with(Role.ANALYST)
        unit = analyst.memberships.get().organisation
        assert invited(Role.FINANCE_OFFICER, unit, email=analyst.email, by=manager)[0].email == analyst.email

    @pytest.mark.parametrize("email", ["", "amina", "amina@", "a b@example.org"])
    def test_refuses_what_is_no_address(self, manager, email):
        with pytest.raises(invitations.CannotInvite, match="Enter an email address"):
            invited(by=manager, email=email)

    def test_refuses_a_role_that_does_not_fit_the_organisation(self, manager):
        with pytest.raises(invitations.CannotInvite, match="not a role at"):
            invited(Role.ANALYST, by=manager)
        with pytest.raises(invitations.CannotInvite, match="not a role at"):
            invited(Role.PARTNER, OrganisationFactory(kind=Organisation.Kind.UNIT), by=manager)

    @pytest.mark.parametrize("role", [Role.ADMINISTRATOR, Role.DIRECTOR])
    def test_gives_the_highest_roles_by_an_administrator_alone(self, manager, role):
        unit = OrganisationFactory(kind=Organisation.Kind.UNIT)
        with pytest.raises(NotAllowed):
            invited(role, unit, by=manager)
        assert invited(role, unit, by=user_with(Role.ADMINISTRATOR))[0].role == role

    @pytest.mark.parametrize("role", [Role.PARTNER, Role.ANALYST, Role.FINANCE_OFFICER, Role.AUDITOR])
    def test_is_refused_to_those_who_may_not_invite(self, db, role):
        with pytest.raises(NotAllowed):
            invited(by=user_with(role))


class TestInviteByAPartnerLead:
    def test_asks_colleagues_in(self, db):
        lead = user_with(Role.PARTNER_LEAD)
        own = lead.memberships.get().organisation
        assert invitations.roles_to_give(lead, own) == [Role.PARTNER_LEAD, Role.PARTNER]
        assert invited(organisation=own, by=lead)[0].organisation == own

    @pytest.mark.parametrize("role", [Role.ANALYST, Role.COMMISSIONER, Role.AUDITOR])
    def test_is_refused_for_people_of_the_unit_or_a_commissioner(self, manager, role):
        lead, other = user_with(Role.PARTNER_LEAD), user_with(role)
        own = lead.memberships.get().organisation
        refusal = "has an account at another organisation. Ask the unit to invite them."
        with pytest.raises(invitations.CannotInvite, match=refusal) as told:
            invited(organisation=own, email=other.email.upper(), by=lead)
        assert str(other.memberships.get().organisation) not in str(told.value)
        assert invited(organisation=own, email=other.email, by=manager)[0].organisation == own

    def test_asks_in_who_works_at_another_partner_too(self, db):
        lead, other = user_with(Role.PARTNER_LEAD), user_with(Role.PARTNER)
        own = lead.memberships.get().organisation
        assert invited(organisation=own, email=other.email, by=lead)[0].organisation == own

    def test_is_refused_elsewhere(self, db):
        with pytest.raises(NotAllowed):
            invited(by=user_with(Role.PARTNER_LEAD))

    @pytest.mark.parametrize("role", sorted(set(Role) - {Role.PARTNER, Role.PARTNER_LEAD}))
    def test_is_refused_any_other_role(self, db, role):
        lead = user_with(Role.PARTNER_LEAD)
        with pytest.raises(NotAllowed):
            invited(role, lead.memberships.get().organisation, by=lead)


class TestAcceptInvitation:
    def test_makes_a_user_with_the_role(self, manager):
        invitation, secret = invited(by=manager)
        user = invitations.accept_invitation(token=secret, by=None, now=NOW, name=" Amina Yusuf ", password=PASSWORD)
        assert (user.email, user.name, user.check_password(PASSWORD)) == ("amina@example.org", "Amina Yusuf", True)
        membership = user.memberships.get()
        assert (membership.role, membership.organisation) == (Role.PARTNER, invitation.organisation)
        assert Event.objects.get(name="partners.invitation.accepted").by == user

    def test_works_once(self, manager):
        _, secret = invited(by=manager)
        invitations.accept_invitation(token=secret, by=None, now=NOW, name="Amina", password=PASSWORD)
        with pytest.raises(invitations.InvitationClosed, match="used already"):
            invitations.accept_invitation(token=secret, by=None, now=NOW, name="Amina", password=PASSWORD)

    def test_ends_after_14_days(self, manager):
        _, secret = invited(by=manager)
        later = NOW + timedelta(days=14)
        with pytest.raises(invitations.InvitationClosed, match="expired"):
            invitations.accept_invitation(token=secret, by=None, now=later, name="Amina", password=PASSWORD)

    def test_refuses_a_secret_that_is_none(self, db):
        with pytest.raises(invitations.InvitationClosed, match="not complete"):
            invitations.accept_invitation(token="nothing", by=None, now=NOW, name="Amina", password=PASSWORD)

    @pytest.mark.parametrize(
        ("password", "sentence"),
        [
            ("short", "^Choose a password of 12 characters or more$"),
            ("password1234", "^Choose a password that few people use: three words .* are good$"),
            ("aminayusuf12", "^Choose a password that is less like your email address$"),
        ],
    )
    def test_refuses_a_weak_password_and_stays_open(self, manager, password, sentence):
        invitation, secret = invited(by=manager, email="aminayusuf12@example.org")
        with pytest.raises(invitations.PasswordRefused, match=sentence):
            invitations.accept_invitation(token=secret, by=None, now=NOW, name="Amina", password=password)
        assert not User.objects.filter(email=invitation.email).exists()
        assert invitations.find_open(secret, now=NOW) == invitation

    def test_asks_for_a_name(self, manager):
        _, secret = invited(by=manager)
        with pytest.raises(invitations.CannotInvite, match="Enter your name"):
            invitations.accept_invitation(token=secret, by=None, now=NOW, name=" ", password=PASSWORD)

    def test_adds_a_role_to_somebody_with_an_account(self, manager):
        known = user_with(Role.PARTNER, email="Amina@example.org")
        _, secret = invited(by=manager)
        assert invitations.accept_invitation(token=secret, by=known, now=NOW) == known
        assert known.memberships.count() == 2

    def test_never_changes_the_password_of_an_account(self, manager):
        known = user_with(Role.PARTNER, email="amina@example.org")
        _, secret = invited(by=manager)
        for by in (None, manager):
            with pytest.raises(invitations.SignInFirst):
                invitations.accept_invitation(
                    token=secret, by=by, now=NOW, name="Thief", password="stolen towpath heron"
                )
        assert not User.objects.get(pk=known.pk).check_password("stolen towpath heron")

    def test_is_refused_to_a_closed_account(self, manager):
        closed = UserFactory(email="amina@example.org", is_active=False)
        _, secret = invited(by=manager)
        with pytest.raises(invitations.InvitationClosed, match="closed"):
            invitations.accept_invitation(token=secret, by=closed, now=NOW)

    @pytest.mark.django_db(transaction=True)
    def test_lets_one_of_two_in_at_the_same_time(self):
        _, secret = invited(by=user_with(Role.PROGRAMME_MANAGER))
        both, outcomes = Barrier(2), []

        def accept():
            try:
                both.wait()
                invitations.accept_invitation(token=secret, by=None, now=NOW, name="Amina", password=PASSWORD)
                outcomes.append("in")
            except invitations.InvitationClosed as refusal:
                outcomes.append(refusal.message)
            finally:
                connection.close()

        threads = [Thread(target=accept) for _ in range(2)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert sorted(outcomes, key=len)[0] == "in"
        assert "used already" in sorted(outcomes, key=len)[1]
        assert Membership.objects.filter(user__email="amina@example.org").count() == 1


class TestWithdraw:
    def test_closes_the_link(self, manager):
        invitation, secret = invited(by=manager)
        invitations.withdraw(invitation=invitation, by=manager, now=NOW)
        with pytest.raises(invitations.InvitationClosed, match="withdrawn"):
            invitations.find_open(secret, now=NOW)

    def test_comes_too_late_after_acceptance(self, manager):
        invitation, secret = invited(by=manager)
        invitations.accept_invitation(token=secret, by=None, now=NOW, name="Amina", password=PASSWORD)
        with pytest.raises(invitations.InvitationClosed, match="used already"):
            invitations.withdraw(invitation=invitation, by=manager, now=NOW)

    def test_is_refused_to_other_partners(self, manager):
        invitation, _ = invited(by=manager)
        with pytest.raises(NotAllowed):
            invitations.withdraw(invitation=invitation, by=user_with(Role.PARTNER_LEAD), now=NOW)

    def test_never_stands_beside_an_acceptance(self, manager):
        invitation, _ = invited(by=manager)
        with pytest.raises(IntegrityError, match="invitation_not_accepted_and_withdrawn"), transaction.atomic():
            Invitation.objects.filter(pk=invitation.pk).update(accepted_by=manager, accepted_at=NOW, withdrawn_at=NOW)


class TestEndMembership:
    def test_ends_today_and_takes_the_permissions(self, manager):
        membership = MembershipFactory()
        invitations.end_membership(membership=membership, by=manager, now=NOW, reason="Left the club")
        assert Membership.objects.get(pk=membership.pk).ended_on == NOW.date()
        event = Event.objects.get(name="partners.membership.ended")
        assert (event.reason, event.organisation) == ("Left the club", membership.organisation)

    def test_ends_once(self, manager):
        membership = MembershipFactory()
        invitations.end_membership(membership=membership, by=manager, now=NOW)
        with pytest.raises(invitations.CannotEnd, match="already"):
            invitations.end_membership(membership=membership, by=manager, now=NOW)

    @pytest.mark.parametrize("role", [Role.ADMINISTRATOR, Role.PARTNER_LEAD])
    def test_is_done_by_somebody_else(self, db, role):
        person = user_with(role)
        with pytest.raises(invitations.CannotEnd, match="Ask a colleague"):
            invitations.end_membership(membership=person.memberships.get(), by=person, now=NOW)

    @pytest.mark.django_db(transaction=True)
    def test_keeps_one_administrator_when_two_end_each_other(self):
        first, second = user_with(Role.ADMINISTRATOR), user_with(Role.ADMINISTRATOR)
        both, refusals = Barrier(2), []

        def end(by: User, whose: User) -> None:
            try:
                assert invitations.roles_to_give(by, by.memberships.get().organisation)  # still an administrator
                both.wait()
                invitations.end_membership(membership=whose.memberships.get(), by=by, now=NOW)
            except invitations.CannotEnd as refusal:
                refusals.append(refusal.message)
            finally:
                connection.close()

        threads = [Thread(target=end, args=pair) for pair in [(first, second), (second, first)]]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert refusals == ["Somebody must be administrator. Invite another one first."]
        assert Membership.objects.open_on(NOW.date()).filter(role=Role.ADMINISTRATOR).count() == 1

    def test_is_refused_to_other_partners(self, db):
        with pytest.raises(NotAllowed):
            invitations.end_membership(membership=MembershipFactory(), by=user_with(Role.PARTNER_LEAD), now=NOW)


class TestPages:
    def test_somebody_is_invited_joins_and_is_signed_in(self, manager, client, django_capture_on_commit_callbacks):
        partner = OrganisationFactory(name="Riverbank Youth Trust")
        client.force_login(manager)
        with django_capture_on_commit_callbacks(execute=True):
            response = client.post(
                reverse("partners:invite", args=[partner.pk]),
                {"email": "amina@example.org", "role": Role.PARTNER_LEAD},
                follow=True,
            )
        assert "amina@example.org is invited." in response.content.decode()
        link = re.search(r"http://testserver(/\S+)", mail.outbox[0].body).group(1)
        client.logout()
        assert "Join Riverbank Youth Trust" in client.get(link).content.decode()
        response = client.post(link, {"name": "Amina Yusuf", "password": PASSWORD}, follow=True)
        assert response.context["user"].name == "Amina Yusuf"
        assert client.get(link).status_code == 410

    def test_a_weak_password_gets_its_sentence_and_the_name_stays(self, manager, client):
        _, secret = invited(by=manager, now=datetime.now(UTC))
        page = client.post(link_to(secret), {"name": "Amina Yusuf", "password": "short"}).content.decode()
        assert "Choose a password of 12 characters or more" in page
        assert 'value="Amina Yusuf"' in page

    def test_a_second_invitation_gets_its_sentence(self, manager, client):
        invitation, _ = invited(by=manager, now=datetime.now(UTC))
        client.force_login(manager)
        page = client.post(
            reverse("partners:invite", args=[invitation.organisation.pk]),
            {"email": "amina@example.org", "role": Role.PARTNER},
        ).content.decode()
        assert "is invited already" in page

    def test_messages_list_which_were_sent_and_what_became_of_them(self, manager, client):
        now = datetime.now(UTC)
        accepted, secret = invited(by=manager, now=now)
        invitations.accept_invitation(token=secret, by=None, now=now, name="Amina", password=PASSWORD)
        withdrawn, _ = invited(by=manager, email="ben@example.org", now=now)
        invitations.withdraw(invitation=withdrawn, by=manager, now=now)
        invited(by=manager, email="cleo@example.org", now=now - timedelta(days=20))
        _, waiting = invited(email="dora@example.org", now=now)
        invited(by=manager, email="emil@example.org", now=now - timedelta(days=61))
        client.force_login(manager)
        shown = client.get(reverse("message-list")).text
        rows = {
            email: shown.partition(f">{email}<")[2].partition("</tr>")[0]
            for email in ("amina@example.org", "ben@example.org", "cleo@example.org", "dora@example.org")
        }
        for row, words in zip(rows.values(), ("Accepted on", "Withdrawn on", "Expired on", "open until"), strict=True):
            assert words in row
        assert str(accepted.organisation) in rows["amina@example.org"]
        assert "The command line" in rows["dora@example.org"]
        assert "emil@example.org" not in shown
        assert waiting not in shown
        found = client.get(reverse("message-list"), {"to": "CLEO"}).text
        assert ">cleo@example.org<" in found
        assert ">ben@example.org<" not in found

    def test_whoever_has_an_account_signs_in_to_join(self, manager, client):
        known = user_with(Role.PARTNER, email="amina@example.org")
        _, secret = invited(by=manager, now=datetime.now(UTC))
        page = client.get(link_to(secret)).content.decode()
        assert "has an account already" in page
        assert 'name="password"' not in page
        client.force_login(known)
        client.post(link_to(secret))
        assert known.memberships.count() == 2


class TestCreateAdministrator:
    def test_makes_the_unit_and_prints_a_link_that_works(self, db, capsys, settings):
        call_command("create_administrator", "sam@example.org", url="https://portal.example")
        link = re.search(r"https://portal\.example(/\S+)", capsys.readouterr().out).group(1)
        unit = Organisation.objects.get(kind=Organisation.Kind.UNIT)
        assert unit.name == settings.UNIT_NAME
        secret = link.rstrip("/").rpartition("/")[2]
        user = invitations.accept_invitation(
            token=secret, by=None, now=datetime.now(UTC), name="Sam Osei", password=PASSWORD
        )
        assert user.memberships.get().role == Role.ADMINISTRATOR

    def test_refuses_when_there_is_one(self, db):
        user_with(Role.ADMINISTRATOR)
        with pytest.raises(CommandError, match="There is an administrator"):
            call_command("create_administrator", "sam@example.org")
        call_command("create_administrator", "sam@example.org", another=True)
        assert Invitation.objects.get().role == Role.ADMINISTRATOR

    def test_refuses_what_is_no_address(self, db):
        with pytest.raises(CommandError, match="Enter an email address"):
            call_command("create_administrator", "sam")
