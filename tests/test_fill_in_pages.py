"""Filling in a return, page by page: nothing typed is lost, and each mistake gets a sentence."""

import json
from datetime import date
from html import unescape

import pytest
from django.test import Client
from django.urls import reverse

from outcomes.actions import returns, templates
from outcomes.models import ProgrammeTemplate, ReturnTemplate, ReturnVersion, Submission
from partners.models import Area
from partners.permissions import Role
from programmes.models import Rung
from tests.factories import (
    COUNTS,
    PASSWORD,
    ObligationFactory,
    ProgrammeFactory,
    SubmissionFactory,
    accepted_return,
    noon,
    published_template,
    typed_by,
    user_with,
)
from vru_portal.core import rescue
from vru_portal.core.periods import Month

State = ReturnVersion.State
NOW = noon(date(2021, 7, 5))

# A return that may be sent: 16 first seen, 2 already counted.
NUMBERS = {"new_people": "12", "known_people": "4", "already_counted_people": "2", "contacts": "1,030"}
WHO = {
    "first_seen__age_band__14-15": "14",
    "first_seen__age_band__not-known": "2",
    "first_seen__sex__female": "16",
    "first_seen__ethnicity__white-irish": "16",
    "first_seen__district__E08000030": "16",
    "already_counted__age_band__14-15": "2",
    "already_counted__sex__male": "2",
    "already_counted__ethnicity__not-known": "2",
    "already_counted__district__outside": "2",
}


pytestmark = [pytest.mark.usefixtures("reference_tables"), pytest.mark.django_db]


@pytest.fixture
def obligation(db):
    return ObligationFactory(month=date(2021, 6, 1))


@pytest.fixture
def partner(obligation):
    return user_with(Role.PARTNER, obligation.delivery.partner, name="Asha Patel")


@pytest.fixture
def colleague(obligation):
    return user_with(Role.PARTNER_LEAD, obligation.delivery.partner, name="Bo Lin")


@pytest.fixture
def client(partner):
    return browser(partner)


def browser(user) -> Client:
    client = Client()
    client.force_login(user)
    return client


def text(response) -> str:
    return unescape(response.content.decode())


def address(name: str, obligation, *more) -> str:
    return reverse(f"outcomes:{name}", args=[obligation.pk, *more])


def fill(client, obligation, section: str, given: dict, *, action: str = "next", opened: dict | None = None, **kwargs):
    """What the section's page posts; `opened`: what stood in it before."""
    data = given | {"opened": json.dumps(opened or {}), "action": action}
    return client.post(address("return-section", obligation, section), data, **kwargs)


def fill_and_read(client, obligation, section: str, given: dict, **kwargs) -> str:
    """The page that its writer comes to."""
    return text(fill(client, obligation, section, given, follow=True, **kwargs))


def fill_all(client, obligation, **changes) -> None:
    """A return that may be sent, but for the changes."""
    fill(client, obligation, "numbers", NUMBERS | {n: t for n, t in changes.items() if n in NUMBERS})
    fill(client, obligation, "who", WHO | {n: t for n, t in changes.items() if n not in NUMBERS})


def send(client, obligation, **changes):
    page = client.get(address("return-check", obligation), follow=True)
    form = page.context["form"]
    given = {
        "revision": str(obligation.versions.get().revision),
        "provided_by": str(form["provided_by"].value()),
        "signs_off": "on",
        "comment": "Read twice.",
        "opened": page.context["opened"],
    }
    return client.post(address("return-check", obligation), given | changes, follow=True)


def kept(obligation) -> dict[str, str]:
    return obligation.versions.get().typed


class TestTheTaskList:
    def test_says_what_is_left_to_do(self, client, obligation):
        page = text(client.get(address("return-fill-in", obligation)))
        assert "0 of 3 parts done" in page
        assert "Cannot start yet" in page
        fill(client, obligation, "numbers", NUMBERS)
        fill(client, obligation, "who", WHO | {"first_seen__sex__female": "11"}, action="list")
        page = text(client.get(address("return-fill-in", obligation)))
        assert "1 of 3 parts done" in page
        assert "1 to mend" in page

    def test_counts_all_that_it_lists_as_its_pages_do(self, client, obligation):
        page = text(client.get(address("return-fill-in", obligation)))
        assert page.count('class="govuk-task-list__item') == 3
        assert "part 1 of 3" in text(client.get(address("return-section", obligation, "numbers")))
        assert "part 2 of 3" in text(client.get(address("return-section", obligation, "who")))
        fill_all(client, obligation)
        assert "part 3 of 3" in text(client.get(address("return-check", obligation)))

    @pytest.mark.parametrize("given", [{}, {"new_people": "5"}, {"new_people": "5", "known_people": "some"}])
    def test_asks_who_they_were_until_all_are_counted(self, client, obligation, given):
        fill(client, obligation, "numbers", given, action="list")
        fill(client, obligation, "who", {"first_seen__sex__female": "5"}, action="list")
        assert self.states(client, obligation)["Who they were"] == "To do"

    def test_needs_nothing_of_nobody(self, client, obligation):
        fill(client, obligation, "numbers", dict.fromkeys(NUMBERS, "0"), action="list")
        assert self.states(client, obligation)["Who they were"] == "Nothing needed"
        assert "2 of 3 parts done" in text(client.get(address("return-fill-in", obligation)))

    def test_tells_what_may_be_left_out_from_what_is_not_needed(self, client, obligation):
        people = {"key": "numbers", "title": "Numbers", "block": "people"}
        who = {"key": "who", "title": "Who they were", "block": "who"}
        more = {"key": "more", "title": "More", "questions": [{"measure": "staff-briefed", "is_required": False}]}
        published_template("more", [people, who, more])
        give(obligation, "more")
        assert self.states(client, obligation)["More"] == "Optional"

    @staticmethod
    def states(client, obligation) -> dict[str, str]:
        tasks = client.get(address("return-fill-in", obligation)).context["tasks"]
        return {task.section.title: task.words for task in tasks}

    def test_opening_it_writes_nothing(self, client, obligation):
        client.get(address("return-fill-in", obligation))
        client.get(address("return-section", obligation, "numbers"))
        assert not ReturnVersion.objects.exists()

    def test_leads_to_sending_when_all_is_right(self, client, obligation):
        fill_all(client, obligation)
        assert f'href="{address("return-check", obligation)}"' in text(
            client.get(address("return-fill-in", obligation))
        )


class TestASection:
    def test_asks_by_name_and_shows_last_month(self, client, obligation):
        accepted_return(obligation.delivery, Month(2021, 5), new_people=37, already_counted_people=0)
        assert "Last month: 37." in text(client.get(address("return-section", obligation, "numbers")))
        page = text(client.get(address("return-section", obligation, "who")))
        assert "first_seen__ethnicity__mixed-white-and-asian" in page
        assert "37<span class=" in page
        assert "not the place to report a safeguarding concern" in page

    def test_asks_no_c_in_april(self, client, obligation):
        april = ObligationFactory(delivery=obligation.delivery, month=date(2021, 4, 1))
        page = text(client.get(address("return-section", april, "numbers")))
        assert "C is 0 and is not asked" in page
        assert "already_counted" not in page

    def test_asks_for_an_estimate_on_the_exposure_rung(self):
        obligation = ObligationFactory(delivery__programme=ProgrammeFactory(rung=Rung.EXPOSURE))
        client = browser(user_with(Role.PARTNER, obligation.delivery.partner))
        page = text(client.get(address("return-section", obligation, "numbers")))
        assert "Pupils who pass youth workers (estimate)" in page
        assert "new_people" not in page
        page = fill_and_read(client, obligation, "numbers", {"exposed_people": "900"})
        assert "Say how you made the estimate" in page

    def test_is_not_found_if_the_template_has_no_such_section(self, client, obligation):
        assert client.get(address("return-section", obligation, "nowhere")).status_code == 404

    def test_leads_to_the_next_one(self, client, obligation):
        response = fill(client, obligation, "numbers", NUMBERS)
        assert response.url == address("return-section", obligation, "who")
        assert fill(client, obligation, "who", WHO).url == address("return-check", obligation)

    @pytest.mark.parametrize(
        ("field", "value", "sentence"),
        [
            ("contacts", "lots", "Contacts: enter a whole number, like 12"),
            ("contacts", "12.5", "Contacts: enter a whole number, like 12"),
            ("contacts", "-3", "Contacts: enter 0 or more"),
            ("contacts", "1000001", "Contacts: enter 1,000,000 or less"),
            ("contacts", "9" * 5000, "Contacts: enter a whole number"),
            ("contacts", "", "Enter the contacts. Enter 0 if there were none."),
            ("contacts", "3", "Contacts must be 18 or more"),
            ("new_people", "", "Enter A, the people new to this delivery"),
            ("new_people", "many", "A: new: enter a whole number, like 12"),
            ("first_seen__sex__male", "x", "Sex Male, first seen this year: enter a whole number, like 12"),
            (
                "first_seen__age_band__14-15",
                "12",
                "Age of the 16 people first seen this year adds up to 14. Add 2, or put them under Not known.",
            ),
            (
                "already_counted__district__outside",
                "5",
                "District of the 2 people already counted this year adds up to 5. Take 3 away",
            ),
        ],
    )
    def test_gives_bad_input_a_sentence_and_loses_nothing(self, client, obligation, field, value, sentence):
        section, right = ("numbers", NUMBERS) if field in NUMBERS else ("who", WHO)
        if section == "who":
            fill(client, obligation, "numbers", NUMBERS)
        page = fill_and_read(client, obligation, section, right | {field: value})
        assert sentence in page
        assert page.count("Error:") >= 2  # beside the field, and in the title
        assert kept(obligation).get(field, "") == value
        for other, answer in right.items():
            if other != field:
                assert kept(obligation)[other] == answer

    @pytest.mark.parametrize("section", ["numbers", "who"])
    def test_reads_it_in_few_queries(self, client, obligation, section, django_assert_max_num_queries):
        accepted_return(obligation.delivery, Month(2021, 5))
        fill(client, obligation, "numbers", NUMBERS)
        with django_assert_max_num_queries(14):
            client.get(address("return-section", obligation, section))

    def test_links_each_error_to_its_field(self, client, obligation):
        fill(client, obligation, "numbers", NUMBERS)
        page = fill_and_read(client, obligation, "who", WHO | {"first_seen__sex__female": "15"})
        assert 'href="#id_first_seen__sex__not-known"' in page
        assert 'id="id_first_seen__sex__not-known_error"' in page

    def test_says_nothing_of_other_sections(self, client, obligation):
        page = fill_and_read(client, obligation, "numbers", NUMBERS | {"contacts": "1"})
        assert "adds up to" not in page

    def test_keeps_a_null_character_out(self, client, obligation):
        fill(client, obligation, "numbers", {"contacts": "1\0 2"}, action="list")
        assert kept(obligation)["contacts"] == "1 2"

    def test_keeps_typing_on_the_page_after_another_tab_sent_it(self, client, partner, obligation):
        version = returns.start(obligation=obligation, by=partner, now=NOW)
        SubmissionFactory(version=version, submitted_by=partner)
        ReturnVersion.objects.filter(pk=version.pk).update(state=State.SUBMITTED)
        page = fill_and_read(client, obligation, "numbers", {"contacts": "77"})
        assert "Asha Patel sent this return at" in page
        assert 'value="77"' in page

    def test_is_not_found_by_another_organisation(self, obligation):
        client = browser(user_with(Role.PARTNER_LEAD))
        for name in ("return-fill-in", "return-check", "return-nil", "return-correct", "return-detail", "return-print"):
            assert client.get(address(name, obligation)).status_code == 404
        assert client.get(address("return-section", obligation, "numbers")).status_code == 404
        for name in ("return-check", "return-nil", "return-correct", "return-save", "return-take-back"):
            assert client.post(address(name, obligation), {}).status_code == 404
        refused = fill(client, obligation, "numbers", {"contacts": "77", "exposure_method": "Ask <Sam>"})
        assert refused.status_code == 404
        assert not ReturnVersion.objects.exists()
        page = text(refused)
        assert "Nothing is kept at this address, or it is not yours to see." in page
        assert "Nothing was saved or changed. Copy what you need from here" in page
        for typed in ("77", "Ask <Sam>"):
            assert f'<dd class="govuk-summary-list__value">{typed}</dd>' in page
        assert str(obligation.delivery) not in page
        assert "Ask <Sam>" not in refused.content.decode(), "it is escaped"

    @pytest.mark.parametrize("role", [Role.COMMISSIONER, Role.AUDITOR, Role.FINANCE_OFFICER])
    def test_is_closed_to_those_who_only_read(self, obligation, role):
        client = browser(user_with(role))
        assert client.get(address("return-fill-in", obligation)).status_code == 403
        assert client.get(address("return-section", obligation, "numbers")).status_code == 403


class TestTwoPeopleAtOnce:
    def test_each_field_is_kept_for_who_changed_it(self, client, colleague, obligation):
        fill(browser(colleague), obligation, "numbers", {"new_people": "12"}, action="list")
        fill(client, obligation, "numbers", {"contacts": "30"}, action="list")
        assert kept(obligation) == {"new_people": "12", "contacts": "30"}

    def test_both_texts_are_shown_where_both_changed_the_same(self, client, colleague, obligation):
        fill(browser(colleague), obligation, "numbers", {"new_people": "12", "contacts": "20"}, action="list")
        page = fill_and_read(client, obligation, "numbers", {"new_people": "13", "contacts": "20"})
        assert "Bo Lin changed this at" in page
        assert "<td>12</td><td>13</td>" in page
        assert 'value="13"' in page
        assert kept(obligation)["new_people"] == "12"

    def test_saving_again_puts_ones_own_in_its_place(self, client, colleague, obligation):
        fill(browser(colleague), obligation, "numbers", {"new_people": "12"}, action="list")
        again = fill(client, obligation, "numbers", {"new_people": "13"})
        opened = json.loads(again.context["opened"])
        fill(client, obligation, "numbers", {"new_people": "13"}, opened=opened, action="list")
        assert kept(obligation) == {"new_people": "13"}


class TestSavingByItself:
    def save(self, client, obligation, typed: dict, opened: dict | None = None):
        body = json.dumps({"typed": typed, "opened": opened or {}})
        return client.post(address("return-save", obligation), body, content_type="application/json")

    def test_keeps_what_changed(self, client, obligation):
        answer = self.save(client, obligation, {"new_people": "about ten"})
        assert answer.json() == {"revision": 1, "differing": {}, "by_whom": "", "held": {}}
        self.save(client, obligation, {"contacts": "4"})
        assert kept(obligation) == {"new_people": "about ten", "contacts": "4"}

    def test_takes_the_place_of_what_was_kept_while_signed_out(self, client, partner, obligation):
        address_of_numbers = address("return-section", obligation, "numbers")
        client.logout()
        client.post(address_of_numbers, typed_by(partner, new_people="13"))
        client.force_login(partner)
        assert 'value="13"' in text(client.get(address_of_numbers))
        self.save(client, obligation, {"new_people": "12"})
        page = text(client.get(address_of_numbers))
        assert 'value="12"' in page
        assert rescue.SENTENCE not in page

    def test_costs_few_queries(self, client, obligation, django_assert_max_num_queries):
        fill(client, obligation, "numbers", NUMBERS)
        with django_assert_max_num_queries(11):
            self.save(client, obligation, {"contacts": "18"}, {"contacts": "1,030"})

    def test_tells_what_somebody_else_has_typed(self, client, colleague, obligation):
        self.save(browser(colleague), obligation, {"new_people": "12"})
        answer = self.save(client, obligation, {"new_people": "13", "contacts": "40"}).json()
        assert answer["differing"] == {"new_people": "12"}
        assert answer["by_whom"].startswith("Bo Lin changed this at")
        assert kept(obligation) == {"new_people": "12", "contacts": "40"}

    @pytest.mark.parametrize(
        "personal", ["Ring 07700 900123", "NHS 943 476 5919", "lives at B4 6GA", "Sam Hill, born 3 May 2008"]
    )
    def test_writes_nowhere_what_somebody_could_be_known_by(self, client, obligation, personal):
        answer = self.save(client, obligation, {"comment": personal, "contacts": "4"}).json()
        assert "seems to hold" in answer["held"]["comment"]
        assert kept(obligation) == {"contacts": "4"}

    def test_keeps_no_more_than_a_return_holds(self, client, obligation):
        answer = self.save(client, obligation, {f"field_{n}": "x" * 1000 for n in range(100)})
        assert (answer.status_code, "more than a return holds" in answer.json()["problem"]) == (409, True)

    def test_answers_a_return_that_is_sent(self, client, partner, obligation):
        returns.send_nil(obligation=obligation, reason="Holidays", by=partner, now=NOW)
        answer = self.save(client, obligation, {"contacts": "4"})
        assert (answer.status_code, "Nothing was sent twice" in answer.json()["problem"]) == (409, True)

    @pytest.mark.parametrize("body", ["", "[]", "{}", '{"typed": 3, "opened": {}}', "null"])
    def test_answers_what_it_cannot_read(self, client, obligation, body):
        answer = client.post(address("return-save", obligation), body, content_type="application/json")
        assert (answer.status_code, answer.json()["problem"]) == (400, "This page is out of date. Load it again.")
        assert not ReturnVersion.objects.exists()

    def test_leaves_no_trace_in_the_history(self, client, obligation):
        self.save(client, obligation, {"contacts": "4"})
        self.save(client, obligation, {"contacts": "5"}, {"contacts": "4"})
        events = obligation.versions.get().events
        assert [event.pgh_label for event in events.all()] == ["insert"]


class TestMeasures:
    """A template with a section of measures and checks between them."""

    @pytest.fixture
    def obligation(self, obligation):
        change = {"key": "change", "title": "What changed", "questions": [{"measure": "school-attendance"}]}
        published_template("attendance", [*COUNTS, change])
        give(obligation, "attendance")
        return obligation

    def test_are_asked_and_sent(self, client, obligation):
        fill_all(client, obligation)
        values = {
            "measure__school-attendance__people": "6",
            "measure__school-attendance__before": "81.5",
            "measure__school-attendance__after": "88",
        }
        fill(client, obligation, "change", values)
        page = text(client.get(address("return-check", obligation)))
        assert "6 pupils, average before 81.5 %" in page
        send(client, obligation)
        answer = Submission.objects.get().measure_answers.get()
        assert (answer.people, str(answer.before), answer.median) == (6, "81.50", None)

    @pytest.mark.parametrize(
        ("values", "sentence"),
        [
            (("", "", ""), "School attendance: enter how many pupils were measured"),
            (("6", "", "90"), "School attendance: enter the average before"),
            (("6", "140", "90"), "School attendance: average before: enter 100 or less"),
            (("6", "NaN", "90"), "School attendance: average before: enter a number, like 87.5"),
            (("0", "80", ""), "nobody was measured"),
        ],
    )
    def test_give_bad_input_a_sentence(self, client, obligation, values, sentence):
        parts = zip(("people", "before", "after"), values, strict=True)
        given = {f"measure__school-attendance__{part}": value for part, value in parts}
        assert sentence in fill_and_read(client, obligation, "change", given)


def give(obligation, code: str) -> None:
    """The delivery's programme is asked by the template of this code from now on."""
    template = ReturnTemplate.objects.get(code=code)
    templates.assign(programme=obligation.delivery.programme, template=template, by=None, now=NOW)
    assert ProgrammeTemplate.objects.get().template == template


class TestSafeguarding:
    @pytest.mark.parametrize("page", ["return-fill-in", "return-nil", "return-print", "return-workbook"])
    def test_every_form_says_whom_to_call_where_the_delivery_is(self, client, obligation, page):
        Area.objects.filter(name="Coventry").update(safeguarding="Children’s services: 01632 960301")
        obligation.delivery.areas.set(Area.objects.filter(name__in=["Coventry", "Walsall"]))
        found = text(client.get(address(page, obligation)))
        assert "not the place to report a safeguarding concern" in found
        assert "<li>Coventry: Children’s services: 01632 960301." in found

    def test_and_the_council_where_nobody_has_said(self, client, obligation):
        obligation.delivery.areas.set(Area.objects.filter(name="Walsall"))
        found = text(client.get(address("return-section", obligation, "numbers")))
        assert "the council where they live, today.</p>" in found


class TestOnPaper:
    def test_shows_what_is_typed_or_nothing(self, client, obligation):
        fill(client, obligation, "numbers", NUMBERS)
        assert "1,030" in text(client.get(address("return-print", obligation)))
        page = text(client.get(address("return-print", obligation), {"blank": "1"}))
        assert "1,030" not in page
        assert "Signed off by" in page


class TestSignedOutWhileTyping:
    def test_shows_everything_after_signing_in(self, partner, obligation):
        client = Client()
        path = address("return-section", obligation, "numbers")
        response = fill(client, obligation, "numbers", typed_by(partner, contacts="77"))
        assert response.url == f"{reverse('account_login')}?next={path}"
        assert not ReturnVersion.objects.exists()
        page = text(client.post(response.url, {"login": partner.email, "password": PASSWORD}, follow=True))
        assert "You were signed out while typing. Everything you typed is below; save it again." in page
        assert 'value="77"' in page
        fill(client, obligation, "numbers", NUMBERS)
        assert "You were signed out" not in text(client.get(path, follow=True))

    def test_keeps_no_personal_details_meanwhile(self, partner):
        obligation = ObligationFactory(
            delivery__partner=partner.memberships.get().organisation,
            delivery__programme=ProgrammeFactory(rung=Rung.EXPOSURE),
        )
        client = Client()
        given = {"exposed_people": "900", "exposure_method": "Ask Sam Hill, born 3 May 2008"}
        response = fill(client, obligation, "numbers", typed_by(partner, **given))
        assert "Sam Hill" not in json.dumps(dict(client.session.items()))
        page = text(client.post(response.url, {"login": partner.email, "password": PASSWORD}, follow=True))
        assert 'value="900"' in page

    def test_shows_it_to_nobody_who_may_not_see_the_return(self, partner, obligation):
        client = Client()
        path = address("return-section", obligation, "numbers")
        stranger = user_with(Role.PARTNER)
        fill(client, obligation, "numbers", typed_by(stranger, contacts="77"))
        response = client.post(
            f"{reverse('account_login')}?next={path}", {"login": stranger.email, "password": PASSWORD}
        )
        assert client.get(response.url).status_code == 404

    def test_covers_a_token_from_before_signing_in_again(self, partner, obligation):
        client = Client(enforce_csrf_checks=True)
        client.force_login(partner)
        given = typed_by(partner, contacts="77", csrfmiddlewaretoken="old")
        assert 'value="77"' in fill_and_read(client, obligation, "numbers", given)
        assert not ReturnVersion.objects.exists()

    def test_takes_nothing_from_another_site(self, partner, obligation):
        client = Client(enforce_csrf_checks=True)
        client.force_login(partner)
        elsewhere = {"Origin": "https://elsewhere.example"}
        response = fill(client, obligation, "numbers", typed_by(partner, contacts="77"), headers=elsewhere)
        assert response.status_code == 403
        assert 'value="77"' not in text(client.get(address("return-section", obligation, "numbers")))

    def test_keeps_no_more_than_anybody_types(self, partner, obligation):
        client = Client()
        response = fill(client, obligation, "numbers", typed_by(partner, contacts="x" * 40_000))
        assert response.status_code == 302
        assert "typing" not in client.session
