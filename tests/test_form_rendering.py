"""Any Django form comes out as GOV.UK components; what was typed comes back; errors say what to do. Also the frame
and the components that pages are made of. No database is needed."""

import re
from datetime import date
from types import SimpleNamespace

import pytest
from django import forms
from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.http import HttpResponse, QueryDict
from django.template import Context, Template
from django.template.loader import render_to_string
from django.test import RequestFactory
from django.urls import path

from vru_portal import context
from vru_portal.core import charts, colours
from vru_portal.core.forms import (
    Affix,
    Checkboxes,
    CountField,
    GovukDateField,
    MoneyField,
    MonthField,
    Radios,
)
from vru_portal.core.periods import Month
from vru_portal.core.templatetags import portal
from vru_portal.core.views import unit_css

# The frame's own addresses, so that these tests do not wait for every page of the portal.
urlpatterns = [
    path("", HttpResponse, name="home"),
    path("returns/", HttpResponse, name="returns"),
    path("returns/queue/", HttpResponse, name="queue"),
    path("out/", HttpResponse, name="account_logout"),
    path("unit.css", unit_css, name="unit-css"),
]
pytestmark = pytest.mark.urls(__name__)


@pytest.fixture(autouse=True)
def plain_static_files(settings):
    """Names without fingerprints: these tests need no `collectstatic`."""
    settings.STORAGES = settings.STORAGES | {
        "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
    }


class Everything(forms.Form):
    name = forms.CharField(label="Name of the session", help_text="As on the poster.", max_length=20)
    people = CountField(label="People")
    contacts = forms.IntegerField(label="Contacts", min_value=1, max_value=1000)
    share = forms.CharField(label="Share", widget=Affix(suffix="%"))
    amount = MoneyField(label="Amount")
    reason = forms.CharField(label="Reason", widget=forms.Textarea)
    area = forms.ChoiceField(label="District", choices=[("", "Choose"), ("b", "Birmingham")])
    basis = forms.ChoiceField(
        label="How do you count?",
        help_text="Ask the unit.",
        choices=[("register", "Register"), ("aggregate", "Counts")],
        widget=Radios(hints={"register": "One row for each contact."}),
    )
    settings = forms.MultipleChoiceField(label="Settings", choices=[("s", "School")], widget=Checkboxes)
    agreed = forms.BooleanField(label="These numbers are right")
    started = GovukDateField(label="Start date")
    month = MonthField(label="First month")
    email = forms.EmailField(label="Email address")
    password = forms.CharField(label="Password", widget=forms.PasswordInput)
    sheet = forms.FileField(label="Spreadsheet")
    version = forms.CharField(widget=forms.HiddenInput, initial="1")


def posted(**data) -> Everything:
    query = QueryDict(mutable=True)
    query.update(data)
    return Everything(query)


def error_of(field: str, **data) -> str:
    (sentence,) = posted(**data)[field].error_sentences
    return sentence


def drawn(template: str, **values) -> str:
    return Template("{% load portal %}" + template).render(Context(values))


class TestControls:
    html = property(lambda self: str(Everything()))

    @pytest.mark.parametrize(
        ("name", "name_of_class"),
        [
            ("name", "govuk-input"),
            ("people", "govuk-input govuk-input--width-5"),
            ("contacts", "govuk-input govuk-input--width-5"),
            ("amount", "govuk-input govuk-input--width-10"),
            ("reason", "govuk-textarea"),
            ("area", "govuk-select"),
            ("agreed", "govuk-checkboxes__input"),
            ("sheet", "govuk-file-upload"),
        ],
    )
    def test_wears_its_class(self, name, name_of_class):
        assert f'class="{name_of_class}"' in str(Everything()[name])

    def test_labels_every_control(self):
        ids = set(re.findall(r'<(?:input|select|textarea)(?![^>]*type="hidden")[^>]* id="([^"]+)"', self.html))
        labelled = set(re.findall(r'<label[^>]* for="([^"]+)"', self.html))
        assert ids == labelled

    def test_gives_no_id_twice(self):
        ids = re.findall(r' id="([^"]+)"', self.html)
        assert len(ids) == len(set(ids))

    def test_draws_numbers_as_text_boxes_with_a_number_pad(self):
        box = str(Everything()["contacts"])
        assert 'type="text"' in box
        assert 'inputmode="numeric"' in box
        assert "min=" not in box
        assert 'type="number"' not in self.html

    def test_puts_a_group_in_a_fieldset_described_by_its_hint(self):
        group = Everything()["basis"].as_field_group()
        assert '<fieldset class="govuk-fieldset" aria-describedby="id_basis_helptext">' in group
        assert "One row for each contact." in group

    def test_draws_a_date_as_three_boxes(self):
        boxes = str(Everything(initial={"started": date(2026, 6, 10)})["started"])
        assert re.findall(r'name="(\w+)" value="(\d+)"', boxes) == [
            ("started_day", "10"),
            ("started_month", "6"),
            ("started_year", "2026"),
        ]

    def test_draws_money_from_whole_pence(self):
        assert 'value="600,000"' in str(Everything(initial={"amount": 60_000_000})["amount"])
        assert 'value="12.50"' in str(Everything(initial={"amount": 1250})["amount"])

    def test_shows_no_placeholder_and_no_attribute_of_ours(self):
        class Placeheld(forms.Form):
            name = forms.CharField(widget=forms.TextInput({"placeholder": "Name", "legend_size": "l"}))

        html = str(Placeheld())
        assert "placeholder" not in html
        assert "legend_size" not in html

    def test_makes_a_label_the_heading_of_the_page(self):
        html = drawn('{% field form.name heading="l" %}', form=Everything())
        assert '<h1 class="govuk-label-wrapper">' in html

    def test_hides_the_label_inside_a_table(self):
        html = drawn('{% cell form.people "Age 10 to 13, new" %}', form=Everything())
        assert '<label class="govuk-visually-hidden" for="id_people">Age 10 to 13, new</label>' in html

    def test_does_not_change_the_form_it_draws(self):
        form = Everything()
        assert str(form) == str(form)
        assert form.fields["contacts"].widget.input_type == "number"

    def test_needs_no_inline_style(self):
        assert not re.search(r"\sstyle=|<style|<script|\son\w+=", self.html)


class TestErrors:
    def test_ties_the_error_to_its_control(self):
        html = posted(name="")["name"].as_field_group()
        assert 'aria-describedby="id_name_helptext id_name_error"' in html
        assert 'aria-invalid="true"' in html
        assert "govuk-input--error" in html
        assert '<span class="govuk-visually-hidden">Error:</span> Enter the name of the session' in html

    @pytest.mark.parametrize("typed", ["twelve", "-1", "1.5", "<b>", "12 people"])
    def test_keeps_what_was_typed_in_a_number_box(self, typed):
        for name in ("people", "contacts"):
            form = posted(**{name: typed})
            assert form[name].errors
            assert f'value="{forms.utils.escape(typed)}"' in str(form[name])

    def test_keeps_what_was_typed_in_a_date(self):
        form = posted(started_day="31", started_month="June", started_year="26")
        assert re.findall(r'value="(\w+)"', str(form["started"])) == ["31", "June", "26"]
        assert str(form["started"]).count("govuk-input--error") == 3

    @pytest.mark.parametrize(
        ("field", "data", "sentence"),
        [
            ("name", {"name": ""}, "Enter the name of the session"),
            ("name", {"name": "x" * 21}, "Shorten name of the session to 20 characters or fewer"),
            ("people", {"people": "twelve"}, "Enter a whole number, like 12"),
            ("people", {"people": "-1"}, "People must be 0 or more"),
            ("people", {"people": "9" * 30}, "People must be 99,999,999 or less"),
            ("contacts", {"contacts": "2000"}, "Contacts must be 1,000 or less"),
            ("area", {"area": ""}, "Choose the district"),
            ("area", {"area": "elsewhere"}, "Choose district from the list"),
            ("basis", {}, "Answer “How do you count?”"),
            ("agreed", {}, "Tick “These numbers are right”"),
            ("sheet", {}, "Choose a file for spreadsheet"),
        ],
    )
    def test_says_what_to_do(self, field, data, sentence):
        assert error_of(field, **data) == sentence

    def test_leaves_a_sentence_of_the_forms_own(self):
        class Own(forms.Form):
            name = forms.CharField(error_messages={"required": "Say who it was."})

        assert Own({})["name"].error_sentences == ["Say who it was"]

    def test_lists_every_error_at_the_top_with_a_link_to_its_control(self):
        form = posted(hidden="")
        form.add_error(None, "The parts add up to 12, but you said 14.")
        html = drawn("{% error_summary %}", form=form)
        targets = re.findall(r'href="#([^"]+)"', html)
        assert {"id_name", "id_basis_0", "id_settings_0", "id_started_0", "id_agreed"} <= set(targets)
        for target in targets:
            assert f'id="{target}"' in str(form)
        assert "The parts add up to 12, but you said 14." in html

    def test_says_nothing_at_the_top_before_anything_was_sent(self):
        assert "govuk-error-summary" not in drawn("{% error_summary %}", form=Everything())

    def test_shows_the_error_of_a_hidden_field_without_a_link(self):
        html = drawn("{% error_summary %}", form=posted(version=""))
        assert re.search(r'<span class="app-error-line">Enter the version</span>', html)

    def test_lists_the_errors_of_a_formset(self):
        formset = forms.formset_factory(Everything, min_num=1)(
            {"form-TOTAL_FORMS": "1", "form-INITIAL_FORMS": "0", "form-0-people": "x"}
        )
        assert 'href="#id_form-0-people"' in drawn("{% error_summary %}", formset=formset)


class TestFields:
    @pytest.mark.parametrize(("typed", "count"), [("12", 12), (" 1,234 ", 1234), ("10 500", 10500), ("0", 0)])
    def test_count_reads_what_people_write(self, typed, count):
        assert CountField().clean(typed) == count

    @pytest.mark.parametrize("typed", ["1,4", "12,34", "1,2345", ",5"])
    def test_count_asks_again_where_a_comma_may_be_a_point(self, typed):
        with pytest.raises(ValidationError, match="Enter a whole number"):
            CountField().clean(typed)

    def test_empty_is_not_zero(self):
        assert CountField(required=False).clean("") is None
        assert MoneyField(required=False).clean("") is None

    @pytest.mark.parametrize(
        ("typed", "pence"),
        [("£600,000", 60_000_000), ("12.50", 1250), ("12.5", 1250), ("0.1", 10), (".29", 29), ("1 000", 100_000)],
    )
    def test_money_reads_what_people_write(self, typed, pence):
        assert MoneyField().clean(typed) == pence

    @pytest.mark.parametrize(
        "typed", ["1e5", "NaN", "twelve", "£", "12.345", "-1", "9" * 20, "1.2.3", "١٢.٣٤٥", "1,4", "12,5"]
    )
    def test_money_refuses_the_rest(self, typed):
        with pytest.raises(ValidationError):
            MoneyField().clean(typed)

    def test_date_is_read(self):
        assert GovukDateField().clean(["10", "6", "2026"]) == date(2026, 6, 10)

    @pytest.mark.parametrize(
        ("typed", "sentence"),
        [
            (["31", "6", "2026"], "There is no day 31 in that month. Check the day and the month."),
            (["10", "13", "2026"], "The month must be a number from 1 to 12."),
            (["10", "6", "26"], "Write the year with four figures, like 2026."),
            (["10", "", "2026"], "Add a month."),
            (["", "", "2026"], "Add a day and a month."),
            (["ten", "6", "2026"], "Write the date in numbers, like 10 6 2026."),
        ],
    )
    def test_date_says_what_is_wrong(self, typed, sentence):
        with pytest.raises(ValidationError) as error:
            GovukDateField().clean(typed)
        assert error.value.messages == [sentence]

    def test_month_is_read(self):
        assert MonthField().clean(["6", "2026"]) == Month(2026, 6)
        assert MonthField(required=False).clean(["", ""]) is None

    def test_knows_whether_something_changed(self):
        assert not GovukDateField().has_changed(date(2026, 6, 10), ["10", "6", "2026"])
        assert GovukDateField().has_changed(date(2026, 6, 10), ["11", "6", "2026"])
        assert not MoneyField().has_changed(60_000_000, "£600,000")


class TestErrorSummary:
    def test_says_of_each_date_that_is_wrong_in_the_same_way_which_it_is(self):
        class Dates(forms.Form):
            starts_on = GovukDateField(label="First day")
            ends_on = GovukDateField(label="When does it end?")

        form = Dates({f"{name}_{part}": "x" for name in ("starts_on", "ends_on") for part in ("day", "month", "year")})
        lines = portal.error_summary({}, form)["lines"]
        assert [sentence.split(":")[0] for sentence, _ in lines] == ["First day", "When does it end"]
        assert [target for _, target in lines] == ["id_starts_on_0", "id_ends_on_0"]


class TestWords:
    @pytest.mark.parametrize(
        ("filtered", "words"),
        [
            (portal.money(60_000_000), "£600,000"),
            (portal.money(1250), "£12.50"),
            (portal.money(-5), "−£0.05"),
            (portal.money(None), "not available"),
            (portal.millions(1_450_000_000), "£14.5 million"),
            (portal.millions(1_000_000_000), "£10 million"),
            (portal.millions(60_000_000), "£600,000"),
            (portal.number(10500), "10,500"),
            (portal.number(0), "0"),
            (portal.number(None), "not available"),
            (portal.day(date(2026, 6, 10)), "10 June 2026"),
            (portal.month(Month(2026, 6)), "June 2026"),
            (portal.month("2026-06"), "June 2026"),
            (portal.month_short(date(2026, 6, 10)), "Jun 2026"),
            (portal.between(410, 455), "between 410 and 455"),
            (portal.between(410, 410), "410"),
            (portal.between(None, None), "not available"),
            (portal.status_words("c"), "fewer than 5 or hidden to protect them"),
            (portal.value(None, "z"), "not applicable"),
            (portal.value(0, ""), "0"),
            (portal.value("", ""), "not available"),
        ],
    )
    def test_reads_as_people_write(self, filtered, words):
        assert filtered == words


class TestComponents:
    def test_every_state_says_its_word(self):
        for state, (words, _) in portal.TAGS.items():
            assert words in portal.tag(state)
        assert "Something else" in portal.tag("something_else")
        assert "6 days late" in portal.tag("overdue", "6 days late")

    def test_every_square_is_readable_without_colour(self):
        letters = [letter for letter, _ in portal.SQUARES.values()]
        assert len(letters) == len(set(letters))
        assert "Heal Hub, June 2026: accepted" in portal.square("accepted", "/x", "Heal Hub, June 2026: accepted")

    def test_tile_map_names_all_seven_districts(self):
        html = drawn('{% tile_map tiles label="Supported" %}', tiles=[charts.Tile("E08000025", "4,210", level=4)])
        assert all(name in html for name in charts.AREAS.values())
        assert html.count("not available") == 6

    def test_progress_stops_asking_when_it_has_finished(self):
        running = drawn('{% progress "/job/" 3 12 "Adding up" %}')
        assert 'hx-get="/job/"' in running
        assert "25 %" in running
        assert "Refresh" in running
        finished = drawn('{% progress "/job/" 12 12 "Done" finished=True %}')
        assert "hx-get" not in finished

    def test_pagination_keeps_the_rest_of_the_address(self):
        request = RequestFactory().get("/returns/?state=late&page=2")
        html = drawn("{% pagination page %}", request=request, page=Paginator(range(100), 10).page(2))
        assert "?state=late&amp;page=3" in html

    def test_summary_list_names_what_a_link_changes(self):
        html = drawn("{% summary_list rows %}", rows=[("Month", "June"), ("Reason", "<b>", "/x", "Change")])
        assert 'Change<span class="govuk-visually-hidden"> Reason</span>' in html
        assert "&lt;b&gt;" in html

    def test_data_region_can_be_reached_and_named(self):
        html = drawn("{% data_region label %}<table></table>{% enddata_region %}", label="Returns & months")
        assert 'role="region" aria-label="Returns &amp; months" tabindex="0"><table></table>' in html

    def test_chart_stands_with_its_table(self):
        svg = charts.sparkline([410], id="s", title="People")
        table = charts.Table(["Month", "People"], [["April", 410]])
        html = drawn("{% chart figure %}", figure=charts.Figure("Up since April", "People", svg, "Release 1", table))
        assert svg in html
        assert "Source: Release 1" in html
        assert re.search(r'<th scope="row">April</th>\s*<td class="num">410</td>', html)


class TestFrame:
    def page(self, values=None, path="/", **user):
        request = RequestFactory().get(path)
        request.user = (
            SimpleNamespace(pk=1, is_authenticated=True, open_memberships=[], **user) if user else AnonymousUser()
        )
        return render_to_string("base.html", values or {}, request=request)

    def test_title_says_that_there_are_errors(self):
        assert "<title>Error: " in self.page({"form": posted()})
        assert "Error: " not in self.page({"form": Everything()})

    def test_leads_past_the_menu_and_names_the_language(self):
        html = self.page()
        assert '<html lang="en-GB"' in html
        assert 'href="#main-content"' in html
        assert 'id="main-content"' in html

    def test_signs_out_by_a_form(self, monkeypatch):
        monkeypatch.setattr(context, "sections_for", lambda user: [("Returns", "returns")])
        html = self.page(name="Priya Sandhu")
        assert re.search(r'<form method="post" action="/out/">.*?csrfmiddlewaretoken', html, re.S)
        assert "Priya Sandhu" in html

    def test_marks_the_section_we_are_in(self, monkeypatch):
        names = [("Today", "home"), ("Returns", "returns"), ("Queue", "queue"), ("Later", "not-built")]
        monkeypatch.setattr(context, "sections_for", lambda user: names)
        request = RequestFactory().get("/returns/queue/7/")
        request.user = SimpleNamespace(pk=1, is_authenticated=True)
        assert context.sections(request) == [
            ("Today", "/", False),
            ("Returns", "/returns/", False),
            ("Queue", "/returns/queue/", True),
        ]

    def test_says_that_it_is_no_channel_for_safeguarding(self):
        assert "call 999" in self.page()

    def test_needs_no_inline_style_or_script(self, monkeypatch):
        monkeypatch.setattr(context, "sections_for", lambda user: [("Returns", "returns")])
        html = self.page(name="Priya Sandhu")
        assert not re.search(r"\sstyle=|<style|\son\w+=|<script>", html)

    @pytest.mark.parametrize("name", ["400.html", "500.html"])
    def test_the_page_of_a_failure_stands_alone(self, name):
        assert "<h1>" in render_to_string(name)


class TestUnitColour:
    @pytest.mark.parametrize("colour", ["#5b2a86", "#ff0", "#ffffff", "#0b0c0c", "#00a3a6"])
    def test_text_in_it_can_be_read(self, colour):
        properties = colours.custom_properties(colour)
        ink = colours.parse(properties["--unit-ink"])
        for ground in ("--unit-tint", "--unit-pale"):
            assert colours.contrast(colours.parse(properties["--unit-dark"]), colours.parse(properties[ground])) >= 4.5
        assert colours.contrast(ink, colours.WHITE) >= 4.5
        assert colours.contrast(ink, colours.parse(properties["--unit-tint"])) >= 4.5

    def test_refuses_what_is_no_colour(self):
        with pytest.raises(ValueError, match="#5b2a86"):
            colours.parse("red; } body { display: none")

    def test_is_served_as_a_style_sheet(self, settings):
        settings.UNIT_COLOUR = "#123456"
        response = unit_css(RequestFactory().get("/unit.css"))
        assert response["Content-Type"].startswith("text/css")
        assert "--unit-colour: #123456;" in response.content.decode()
