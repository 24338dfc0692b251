"""Settings: templates and measures are built with plain forms and buttons, and read by the rest of the unit."""

from datetime import date

import pytest
from django.contrib.messages import get_messages
from django.core.management import call_command
from django.urls import reverse

from outcomes.actions import template_drafts as drafts
from outcomes.actions import templates
from outcomes.models import (
    Measure,
    MeasureSuccession,
    ProgrammeTemplate,
    ReturnTemplate,
    ReturnVersion,
    Submission,
    TemplateCheck,
    TemplateSection,
    TemplateVersion,
)
from partners.permissions import Role
from tests.factories import MeasureFactory, ProgrammeFactory, asking, noon, published_template, user_with
from vru_portal.core.periods import Month

pytestmark = pytest.mark.django_db
NOW = noon(date(2026, 11, 22))


@pytest.fixture
def manager(client):
    user = user_with(Role.ANALYST)
    client.force_login(user)
    return user


@pytest.fixture
def measure():
    return MeasureFactory(code="walks", name="Walks held", people_label="walks")


@pytest.fixture
def live(measure):
    return published_template("strolls", asking(measure), first_month=Month(2025, 4))


@pytest.fixture
def draft(live, manager):
    return templates.start_version(template=live.template, by=manager, now=NOW)


def url(name, *args) -> str:
    return reverse(f"outcomes:{name}", args=args)


def sentences(response) -> list[str]:
    return [str(message) for message in get_messages(response.wsgi_request)]


def step(client, draft, name, row):
    return client.post(url("template-step", draft.template.code, name, row.pk))


class TestReading:
    @pytest.mark.parametrize("role", [Role.FINANCE_OFFICER, Role.DIRECTOR, Role.AUDITOR])
    def test_others_at_the_unit_read_without_buttons(self, client, live, role):
        client.force_login(user_with(role))
        for name, args in (
            ("template-list", []),
            ("template-detail", ["strolls"]),
            ("template-version", ["strolls", 1]),
            ("template-try", ["strolls", 1]),
            ("measure-list", []),
            ("measure-detail", ["walks"]),
        ):
            page = client.get(url(name, *args))
            assert page.status_code == 200
            assert "Add a " not in page.content.decode()
            assert "Start a new version" not in page.content.decode()
        assert client.post(url("template-start", "strolls")).status_code == 403
        assert client.get(url("measure-add")).status_code == 403

    def test_partners_do_not(self, client, live):
        client.force_login(user_with(Role.PARTNER))
        assert client.get(url("template-list")).status_code == 403

    def test_the_list_tells_who_is_asked_by_what(self, client, manager, draft):
        page = client.get(url("template-list")).content.decode()
        assert "Version 1, from April 2025" in page
        assert url("template-version", "strolls", 2) in page

    def test_a_version_that_is_not_there_is_not_found(self, client, manager, live):
        assert client.get(url("template-version", "strolls", 9)).status_code == 404
        assert client.get(url("template-publish", "strolls")).status_code == 404


class TestBuilding:
    def test_a_template_from_nothing_to_publication(self, client, manager, measure):
        programme = ProgrammeFactory(name="Strolling")
        client.post(url("template-add"), {"name": "City walks"})
        code = ReturnTemplate.objects.get(name="City walks").code
        for title, block in (("Numbers", "people"), ("Who they were", "who"), ("What happened", "")):
            client.post(url("section-add", code), {"title": title, "intro": "", "block": block})
        part = TemplateSection.objects.get(title="What happened")
        assert "Walks held" in client.get(url("question-choose", code, part.pk), {"words": "walks"}).content.decode()
        client.post(url("question-add", code, part.pk, "walks"), {"section": part.pk, "is_required": "on"})
        client.post(
            url("check-add", code),
            {"left": "walks", "rule": "at_most", "right": ["core:contacts"], "severity": "hard", "sentence": ""},
        )
        client.post(url("template-minutes", code), {"minutes": "12"})
        client.post(url("template-assign", code), {"programme": programme.pk})
        page = client.get(url("template-publish", code)).content.decode()
        assert "Strolling" in page
        month = {"first_month_month": "1", "first_month_year": "2027", "what_changed": ""}
        done = client.post(url("template-publish", code), month)
        assert sentences(done) == ["Published: City walks is asked in version 1 from January 2027 on."]
        version = TemplateVersion.objects.get(template__code=code)
        assert (version.state, version.minutes, version.published_by) == ("live", 12, manager)
        assert ProgrammeTemplate.objects.get(programme=programme).template == version.template

    def test_a_second_template_of_a_name_is_refused_beside_it(self, client, manager, live):
        page = client.post(url("template-add"), {"name": live.template.name.upper()})
        assert "Choose another name" in page.content.decode()

    def test_moving_and_taking_out_by_buttons(self, client, draft, measure):
        part = draft.sections.get(key="more")
        other = drafts.add_question(
            section=part, measure=MeasureFactory(name="Runs"), by=user_with(Role.ANALYST), now=NOW
        )
        step(client, draft, "question-up", other)
        assert [question.measure for question in part.questions.order_by("order")] == [other.measure, measure]
        step(client, draft, "question-down", other)
        assert [question.measure for question in part.questions.order_by("order")] == [measure, other.measure]
        assert sentences(step(client, draft, "question-delete", other))[-1] == "“Runs” is taken out."
        step(client, draft, "section-up", part)
        assert [section.key for section in draft.sections.order_by("order")] == ["numbers", "more", "who"]
        step(client, draft, "section-delete", part)
        assert draft.sections.count() == 2

    def test_a_button_pressed_twice_says_that_it_is_gone(self, client, draft):
        part = draft.sections.get(key="more")
        step(client, draft, "section-delete", part)
        assert "Somebody took this out" in sentences(step(client, draft, "section-delete", part))[-1]

    def test_editing_a_part_a_question_and_a_check(self, client, draft, measure):
        part = draft.sections.get(key="more")
        client.post(url("section-edit", "strolls", part.pk), {"title": "Walking", "intro": "On foot.", "block": ""})
        question = part.questions.get()
        client.post(url("question-edit", "strolls", question.pk), {"section": part.pk, "is_prefilled": "on"})
        client.post(url("check-add", "strolls"), {"left": "walks", "rule": "jump", "limit": "3", "severity": "soft"})
        check = TemplateCheck.objects.get(version=draft)
        client.post(
            url("check-edit", "strolls", check.pk),
            {"left": "walks", "rule": "at_most", "limit": "90", "severity": "hard"},
        )
        page = client.get(url("template-version", "strolls", 2)).content.decode()
        assert "Walking" in page
        assert "optional, begins with last month’s" in page
        assert "Walks held is at most 90. If not, it must be mended." in page
        assert "What it asks otherwise than version 1" in page

    def test_each_page_of_a_draft_has_a_title_of_its_own(self, client, draft):
        part, of_draft = draft.sections.get(key="more"), f": {draft.template}, version 2"
        jump = "Walks held is at most 3 times last month’s, and not under that part of it"
        client.post(url("check-add", "strolls"), {"left": "walks", "rule": "jump", "limit": "3", "severity": "soft"})
        check = TemplateCheck.objects.get(version=draft)
        for address, title in [
            (url("check-add", "strolls"), f"Add a check{of_draft}"),
            (url("check-edit", "strolls", check.pk), f"Edit “{jump}”{of_draft}"),
            (url("question-add", "strolls", part.pk, "walks"), f"Ask “Walks held” in “{part}”{of_draft}"),
            (url("template-minutes", "strolls"), f"How long it takes{of_draft}"),
            (url("template-publish", "strolls"), f"Publish {draft.template}, version 2"),
            (url("template-discard", "strolls"), f"Throw version 2 of {draft.template} away?"),
        ]:
            assert f"<title>{title}" in client.get(address).content.decode(), title

    def test_a_check_that_makes_no_sense_comes_back_with_what_was_typed(self, client, draft):
        page = client.post(
            url("check-add", "strolls"),
            {"left": "walks", "rule": "jump", "limit": "3", "severity": "hard", "sentence": "Look again."},
        ).content.decode()
        assert "A jump can only ask for an explanation" in page
        assert "Look again." in page

    def test_the_draft_says_what_stands_in_the_way(self, client, draft):
        draft.sections.filter(block="who").delete()
        for page in (url("template-version", "strolls", 2), url("template-publish", "strolls")):
            assert "Ask who the people were where people are counted" in client.get(page).content.decode()

    def test_publishing_too_early_is_refused_above_the_form(self, client, draft):
        month = {"first_month_month": "4", "first_month_year": "2025", "what_changed": "More."}
        page = client.post(url("template-publish", "strolls"), month).content.decode()
        assert "choose a later month" in page
        assert TemplateVersion.objects.get(pk=draft.pk).state == "draft"

    def test_throwing_a_draft_away(self, client, draft):
        assert url("template-discard", "strolls") in client.get(url("template-version", "strolls", 2)).content.decode()
        page = client.get(url("template-discard", "strolls")).content.decode()
        assert "Throw version 2 of Strolls away?" in page
        assert url("template-version", "strolls", 2) in page  # the way back
        done = client.post(url("template-discard", "strolls"))
        assert sentences(done) == ["The draft is thrown away."]
        assert not TemplateVersion.objects.filter(pk=draft.pk).exists()

    def test_a_programme_goes_back_to_the_standard_one(self, client, manager, live):
        programme = ProgrammeFactory()
        templates.assign(programme=programme, template=live.template, by=manager, now=NOW)
        client.post(url("template-unassign", "strolls", programme.pk))
        assert not ProgrammeTemplate.objects.exists()

    def test_the_template_is_renamed(self, client, manager, live):
        client.post(url("template-rename", "strolls"), {"name": "Long walks", "summary": "On foot."})
        assert ReturnTemplate.objects.get(code="strolls").name == "Long walks"


class TestTryingIt:
    @pytest.fixture
    def answers(self):
        numbers = {"new_people": "2", "known_people": "0", "already_counted_people": "0", "contacts": "2"}
        cells = ("age_band__14-15", "sex__female", "ethnicity__not-known", "district__E08000025")
        numbers |= {f"first_seen__{cell}": "2" for cell in cells}
        return numbers | {"measure__walks__value": "4", "month": "2026-06"}

    @pytest.fixture
    def checked(self):
        call_command("load_reference_tables", "--without-templates", verbosity=0)
        measure = MeasureFactory(code="walks", name="Walks held")
        rule = {"severity": "hard", "left": "walks", "rule": "at_most", "right": ["core:contacts"]}
        soft = {"severity": "soft", "left": "walks", "rule": "at_most", "limit": 1}
        return published_template("strolls", asking(measure), checks=[rule, soft])

    def test_shows_the_form_that_partners_see(self, client, manager, checked):
        page = client.get(url("template-try", "strolls", 1), {"month": "2026-06"}).content.decode()
        assert "June 2026 return" in page
        for name in ("new_people", "already_counted_people", "measure__walks__value", "first_seen__age_band__14-15"):
            assert f'name="{name}"' in page

    def test_asks_no_c_in_april(self, client, manager, checked):
        page = client.get(url("template-try", "strolls", 1), {"month": "2026-04"}).content.decode()
        assert 'name="already_counted_people"' not in page

    def test_says_what_a_partner_would_have_to_mend(self, client, manager, checked, answers):
        page = client.post(url("template-try", "strolls", 1), answers).content.decode()
        assert "A partner could not send this yet" in page
        assert "Walks held is 4: it can be at most Contacts (2)" in page

    def test_says_what_would_have_to_be_explained_and_stores_nothing(self, client, manager, checked, answers):
        page = client.post(url("template-try", "strolls", 1), answers | {"measure__walks__value": "2"}).content.decode()
        assert "A partner could send this" in page
        assert "Walks held is 2: it can be at most 1." in page
        assert not Submission.objects.exists()
        assert not ReturnVersion.objects.exists()

    def test_tries_the_checks_against_a_made_up_last_month(self, client, manager, answers):
        call_command("load_reference_tables", "--without-templates", verbosity=0)
        jumps = [
            {"severity": "soft", "left": left, "rule": "jump", "limit": 3}
            for left in ("walks", "core:first_seen_people")
        ]
        published_template("strolls", asking(MeasureFactory(code="walks", name="Walks held")), checks=jumps)
        address = url("template-try", "strolls", 1)
        asked = answers | {"measure__walks__value": "40"}
        page = client.post(address, asked).content.decode()
        assert "Walks held, last month" in page
        assert "tried only where you make up last month’s number" in page
        page = client.post(
            address, asked | {"before-walks": "5", "before-core_first_seen_people": "2"}
        ).content.decode()
        assert "Walks held: 40, after 5 last month. Is this right?" in page
        assert "first seen this year: 2, after" not in page
        assert "tried only where" not in page
        page = client.post(address, asked | {"before-walks": "five"}).content.decode()
        assert 'href="#id_before-walks"' in page


FACTS = {
    "name": "Runs held",
    "definition": "Runs of at least a mile.",
    "example": "",
    "people_label": "runs",
    "options": "By day\n\nBy night",
    "kind": "number",
    "unit": "count",
    "better": "neither",
    "over_months": "sum",
    "over_places": "sum",
}


class TestMeasures:
    def test_are_added_with_their_lines(self, client, manager):
        client.post(url("measure-add"), FACTS)
        measure = Measure.objects.get(code="runs-held")
        assert [option.name for option in measure.options.all()] == ["By day", "By night"]

    @pytest.mark.parametrize(
        ("facts", "sentence"),
        [
            ({"kind": "median", "unit": "days", "options": ""}, "Averages, medians and shares cannot be summed"),
            ({"unit": "percent"}, "cannot be summed"),
            ({"unit": ""}, "Choose the unit"),
            ({"options": "By day\nby day"}, "Two lines have the same name"),
            (
                {"kind": "median", "unit": "days", "over_months": "median", "over_places": "median"},
                "Only a number can be broken down",
            ),
        ],
    )
    def test_that_make_no_sense_are_refused_beside_the_field(self, client, manager, facts, sentence):
        page = client.post(url("measure-add"), FACTS | facts).content.decode()
        assert sentence in page
        assert "Runs of at least a mile." in page

    def test_words_need_no_unit(self, client, manager):
        client.post(url("measure-add"), FACTS | {"kind": "text", "unit": "", "options": ""})
        assert Measure.objects.get().over_months == "not_additive"

    def test_are_found_by_any_word(self, client, manager, live):
        MeasureFactory(name="Runs", definition="Of a mile.")
        page = client.get(url("measure-list"), {"words": "mile"}).content.decode()
        assert "Runs" in page
        assert "Walks held" not in page

    def test_once_asked_a_new_definition_is_refused_and_a_successor_offered(self, client, manager, live, measure):
        typed = FACTS | {"name": "Walks", "options": "", "unit": "people", "definition": "Other walks."}
        page = client.post(url("measure-edit", "walks"), typed).content.decode()
        assert "Make a successor" in page
        assert "Other walks." in page
        assert url("measure-successor", "walks") in page

    def test_a_successor_takes_over_from_a_month_on(self, client, manager, live):
        client.post(
            url("measure-successor", "walks"),
            {
                "name": "Miles walked", "definition": "Miles.", "unit": "count", "people_label": "miles",
                "month_month": "1", "month_year": "2027", "factor": "2.5", "note": "Miles from January.",
            },
        )  # fmt: skip
        succession = MeasureSuccession.objects.get()
        assert (succession.new.name, str(succession.factor)) == ("Miles walked", "2.5000")
        page = client.get(url("measure-detail", "miles-walked")).content.decode()
        assert "Follows" in page
        assert "Earlier values × 2.5" in page

    def test_one_that_nobody_asks_is_deleted(self, client, manager):
        measure = MeasureFactory()
        client.post(url("measure-delete", measure.code))
        assert not Measure.objects.exists()

    def test_one_that_is_asked_stays(self, client, manager, live):
        assert "so it stays" in sentences(client.post(url("measure-delete", "walks")))[-1]
