"""Nothing typed is lost: by signing out while typing, on any form of ours, or by a refusal."""

from datetime import date, timedelta
from functools import partial
from html import unescape

import pytest
from django.contrib.sessions.models import Session
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from outcomes.actions import obligations, returns
from outcomes.actions.answers import Answers
from partners.permissions import Role
from partners.tasks import clear_expired_sessions
from programmes.models import Rung
from tests.factories import (
    PASSWORD,
    AreaFactory,
    AwardYearFactory,
    BridgingFacilityFactory,
    DeliveryFactory,
    ObligationFactory,
    OrganisationFactory,
    SettingFactory,
    noon,
    typed_by,
    user_with,
)
from vru_portal.core import rescue

NOW = noon(date(2021, 7, 5))


def text(response) -> str:
    return unescape(response.content.decode())


def browser(user) -> Client:
    client = Client()
    client.force_login(user)
    return client


def sign_in(client: Client, path: str, user):
    return client.post(path, {"login": user.email, "password": PASSWORD}, follow=True)


def signed_out_while_typing(path: str, typed: dict, user) -> str:
    """The page after signing in again."""
    client = Client()
    response = client.post(path, typed_by(user, **typed))
    assert response.url.startswith(reverse("account_login"))
    return text(sign_in(client, response.url, user))


@pytest.mark.django_db
class TestEveryForm:
    def test_of_an_organisation(self):
        path = reverse("partners:organisation-edit", args=[OrganisationFactory().pk])
        page = signed_out_while_typing(path, {"name": "A new name"}, user_with(Role.PROGRAMME_MANAGER))
        assert rescue.SENTENCE in page
        assert 'value="A new name"' in page

    def test_of_a_delivery_with_its_boxes_ticked_and_its_days(self):
        areas = [AreaFactory(gss_code=code) for code in ("E08000028", "E08000030")]
        AreaFactory(gss_code="E08000025")
        path = reverse("programmes:delivery-edit", args=[DeliveryFactory(areas=["E08000025"]).pk])
        typed = {"name": "A new name", "areas": [area.pk for area in areas], "starts_on_0": "31", "starts_on_1": "2"}
        page = signed_out_while_typing(path, typed, user_with(Role.PROGRAMME_MANAGER))
        assert 'value="A new name"' in page
        assert page.count(" checked") == 2

    def test_of_an_invitation(self):
        path = reverse("partners:invite", args=[OrganisationFactory().pk])
        page = signed_out_while_typing(path, {"email": "new@example.org"}, user_with(Role.PROGRAMME_MANAGER))
        assert 'value="new@example.org"' in page

    def test_of_money(self):
        typed = {"name": "A new fund", "announced_total_pence": "14.5 million"}
        page = signed_out_while_typing(reverse("funding:fund-add"), typed, user_with(Role.FINANCE_OFFICER))
        assert 'value="A new fund"' in page
        assert 'value="14.5 million"' in page

    @pytest.mark.parametrize(
        ("name", "subject", "field"),
        [
            ("award-year-receipt", partial(AwardYearFactory, at="agreement_signed"), "receipt-reference"),
            ("award-year-step", AwardYearFactory, "step-amount_pence"),
            ("facility-propose", BridgingFacilityFactory, "reference"),
        ],
    )
    def test_that_stands_on_a_page_about_money(self, name, subject, field):
        path = reverse(f"funding:{name}", args=[subject().pk])
        page = signed_out_while_typing(path, {field: "77-HO"}, user_with(Role.FINANCE_OFFICER))
        assert 'value="77-HO"' in page

    def test_of_a_reference_table(self):
        officer, setting = user_with(Role.PROGRAMME_MANAGER), SettingFactory(name="Street")
        for path in (
            reverse("admin:programmes_setting_add"),
            reverse("admin:programmes_setting_change", args=[setting.pk]),
        ):
            page = signed_out_while_typing(path, {"name": "On the street, at night"}, officer)
            assert rescue.SENTENCE in page
            assert 'value="On the street, at night"' in page
        setting.refresh_from_db()
        assert setting.name == "Street"

    def test_of_a_reference_table_is_forgotten_when_saved(self):
        officer, setting = user_with(Role.PROGRAMME_MANAGER), SettingFactory(name="Street")
        client, path = Client(), reverse("admin:programmes_setting_change", args=[setting.pk])
        typed = {"code": setting.code, "name": "On the street", "order": "3"}
        sign_in(client, client.post(path, typed_by(officer, **typed)).url, officer)
        assert client.post(path, typed).status_code == 302
        setting.refresh_from_db()
        assert setting.name == "On the street"
        assert rescue.SENTENCE not in text(client.get(path))

    def test_is_told_where_personal_details_were_left_out(self):
        exposure = ObligationFactory(delivery__programme__rung=Rung.EXPOSURE)
        partner = user_with(Role.PARTNER, exposure.delivery.partner)
        path = reverse("outcomes:return-nil", args=[exposure.pk])
        page = signed_out_while_typing(path, {"reason": "other", "other_reason": "Ring 07700 900123"}, partner)
        assert rescue.BUT_PERSONAL_DETAILS in page
        assert "900123" not in page

    def test_is_told_where_it_was_too_long(self):
        client, path = Client(), reverse("partners:organisation-edit", args=[OrganisationFactory().pk])
        typed = typed_by(user_with(Role.ANALYST), name="x" * rescue.MOST_CHARACTERS)
        page = text(client.post(path, typed, follow=True))
        assert rescue.TOO_LONG in page
        assert rescue.SESSION_KEY not in client.session

    def test_goes_with_the_session_within_an_hour(self):
        client, user = Client(), user_with(Role.ANALYST)
        response = client.post(reverse("partners:account"), typed_by(user, name="Ada"))
        session = Session.objects.get(session_key=client.session.session_key)
        assert session.expire_date <= timezone.now() + timedelta(hours=1)
        assert clear_expired_sessions() == 0
        Session.objects.update(expire_date=timezone.now() - timedelta(seconds=1))
        assert clear_expired_sessions() == 1
        assert not Session.objects.exists()
        sign_in(client, response.url, user)
        assert client.session.get_expiry_age() > 60 * 60

    def test_but_not_the_confirmation_of_a_file(self):
        client = Client()
        assert client.post(reverse("admin:programmes_setting_process_import"), {"key": "1"}).status_code == 302
        assert rescue.SESSION_KEY not in client.session

    def test_is_forgotten_when_saved(self):
        user = user_with(Role.PROGRAMME_MANAGER)
        client, path = Client(), reverse("partners:account")
        sign_in(client, client.post(path, typed_by(user, name="Ada Okoro")).url, user)
        assert 'value="Ada Okoro"' in text(client.get(path))
        client.post(path, {"name": "Ada B. Okoro"})
        assert rescue.SENTENCE not in text(client.get(path))

    def test_says_at_the_door_that_what_was_typed_is_kept(self):
        client = Client()
        page = text(
            client.post(reverse("partners:account"), typed_by(user_with(Role.ANALYST), name="Ada"), follow=True)
        )
        assert "You were signed out. What you typed is kept for an hour: sign in to go on with it." in page
        assert "You were signed out" not in text(client.get(reverse("account_login")))

    def test_keeps_no_password(self):
        client, typed = Client(), {"name": "Ada", "password": "secret", "new_password1": "secret"}
        client.post(reverse("partners:account"), typed_by(user_with(Role.ANALYST), **typed))
        (kept,) = client.session[rescue.SESSION_KEY]
        assert kept["typed"] == {"name": ["Ada"]}

    @pytest.mark.parametrize("name", ["account_login", "account_reset_password"])
    def test_keeps_nothing_of_the_doors(self, name):
        client = Client(enforce_csrf_checks=True)
        assert client.post(reverse(name), {"login": "a@example.org", "email": "a@example.org"}).status_code == 403
        assert rescue.SESSION_KEY not in client.session

    def test_is_kept_for_an_hour(self, monkeypatch):
        client, path = Client(), reverse("partners:account")
        user = user_with(Role.ANALYST)
        client.post(path, typed_by(user, name="Ada"))
        session = client.session
        session[rescue.SESSION_KEY] = [{**session[rescue.SESSION_KEY][0], "until": 0}]
        session.save()
        page = text(sign_in(client, f"{reverse('account_login')}?next={path}", user))
        assert rescue.SENTENCE not in page


@pytest.mark.django_db
class TestWhoseForm:
    @pytest.fixture
    def writer(self):
        return user_with(Role.ANALYST)

    @pytest.fixture
    def other(self):
        return user_with(Role.ANALYST)

    def test_is_said_by_every_form_that_its_reader_sends(self, writer):
        address = reverse("partners:organisation-edit", args=[OrganisationFactory().pk])
        for user, path in (
            (writer, reverse("partners:account")),
            (user_with(Role.PROGRAMME_MANAGER), address),
            (user_with(Role.PROGRAMME_MANAGER), reverse("admin:programmes_setting_add")),
        ):
            page = text(browser(user).get(path))
            assert page.count(f'name="{rescue.WHOSE}"') == page.count('name="csrfmiddlewaretoken"') > 0
            assert f'name="{rescue.WHOSE}" value="{rescue.name_of(user)}"' in page
        assert f'name="{rescue.WHOSE}"' not in text(Client().get(reverse("account_login")))

    def test_keeps_what_was_typed_from_who_signs_in_next(self, writer, other):
        client, path = Client(), reverse("partners:account")
        response = client.post(path, typed_by(writer, name="Ada Okoro"))
        page = text(sign_in(client, response.url, other))
        assert "Ada Okoro" not in page
        assert rescue.SENTENCE not in page
        assert client.session[rescue.SESSION_KEY] == []

    def test_is_kept_beside_anothers_of_the_same_address(self, writer, other):
        client, path = Client(), reverse("partners:account")
        client.post(path, typed_by(writer, name="Ada Okoro"))
        response = client.post(path, typed_by(other, name="Zoe Hartigan"))
        assert [kept["whose"] for kept in client.session[rescue.SESSION_KEY]] == [writer.pk, other.pk]
        page = text(sign_in(client, response.url, writer))
        assert 'value="Ada Okoro"' in page
        assert "Zoe Hartigan" not in page

    @pytest.mark.parametrize("named", [{}, {rescue.WHOSE: "1"}, {rescue.WHOSE: "1:forged"}])
    def test_is_said_with_our_signature_or_nothing_is_kept(self, named):
        response = Client().post(reverse("partners:account"), {"name": "Ada"} | named)
        assert response.url.startswith(reverse("account_login"))
        assert not Session.objects.exists()

    def test_lets_its_writer_go_on_who_signed_in_again_in_another_tab(self, writer):
        client, path = Client(enforce_csrf_checks=True), reverse("partners:account")
        client.force_login(writer)
        response = client.post(path, typed_by(writer, name="Ada Okoro"))
        assert response.url == path
        assert 'value="Ada Okoro"' in text(client.get(path))

    def test_from_before_forms_said_it_is_left_alone(self, writer):
        client, path = Client(), reverse("partners:account")
        client.force_login(writer)
        session = client.session
        session[rescue.SESSION_KEY] = [{"path": path, "typed": {"name": ["Ada"]}, "until": 1e12}]
        session.save()
        assert rescue.SENTENCE not in text(client.get(path))

    def test_is_shown_again_where_it_cannot_be_taken(self, writer):
        client, path = Client(enforce_csrf_checks=True), reverse("partners:token-create")
        client.force_login(writer)
        page = text(client.post(path, typed_by(writer, name="Ada Okoro", password="secret", action="save")))
        assert "This page was open for too long" in page
        assert "Ada Okoro" in page
        assert "secret" not in page
        elsewhere = {"Origin": "https://elsewhere.example"}
        assert "Ada Okoro" not in text(client.post(path, typed_by(writer, name="Ada Okoro"), headers=elsewhere))

    @pytest.mark.parametrize(
        ("body", "kind"),
        [
            ("&".join(f"a{n}=1" for n in range(2_001)), "application/x-www-form-urlencoded"),
            ("x", "multipart/form-data; boundary="),
        ],
    )
    def test_is_not_read_out_of_what_nobody_typed(self, writer, body, kind):
        client = Client()
        client.force_login(writer)
        assert client.post("/no-such-page/", body, content_type=kind).status_code == 404

    def test_that_somebody_else_opened_is_sent_by_nobody(self, writer, other):
        client, path = Client(enforce_csrf_checks=True), reverse("partners:account")
        client.force_login(other)
        response = client.post(path, typed_by(writer, name="Ada Okoro"))
        assert response.status_code == 403
        assert "Somebody else opened this form" in text(response)
        assert rescue.SESSION_KEY not in client.session
        assert "Ada Okoro" not in text(client.get(path))


@pytest.mark.django_db
class TestRefusals:
    """The form again, with what was typed and the sentence."""

    @pytest.fixture
    def obligation(self):
        return ObligationFactory(month=date(2021, 6, 1))

    @pytest.fixture
    def partner(self, obligation):
        return user_with(Role.PARTNER, obligation.delivery.partner, name="Asha Patel")

    def test_of_a_waiver(self, obligation):
        officer = user_with(Role.PROGRAMME_MANAGER)
        obligations.waive(obligation=obligation, reason="Flood", by=officer, now=NOW)
        path = reverse("outcomes:obligation-waive", args=[obligation.pk])
        page = text(browser(officer).post(path, {"reason": "The hall burnt."}))
        assert "This return is waived already" in page
        assert "The hall burnt.</textarea>" in page

    def test_of_nothing_to_report(self, obligation, partner):
        version = returns.start(obligation=obligation, by=partner, now=NOW)
        nobody = Answers(new_people=0, known_people=0, already_counted_people=0, contacts=0)
        returns.submit(version=version, answers=nobody, by=partner, now=NOW)
        path = reverse("outcomes:return-nil", args=[obligation.pk])
        page = text(browser(partner).post(path, {"reason": "other", "other_reason": "The van broke down."}))
        assert "Asha Patel sent this return at" in page
        assert 'value="The van broke down."' in page

    def test_of_a_correction(self, obligation, partner):
        path = reverse("outcomes:return-correct", args=[obligation.pk])
        page = text(browser(partner).post(path, {"revision_reason": "late_return"}))
        assert "Only an accepted return can be corrected. Fill in this one instead." in page
        assert " checked" in page
