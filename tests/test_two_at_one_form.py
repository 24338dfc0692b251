"""Two people who open the same form: the second to save is told what the first has changed, and loses no typing."""

from datetime import date
from html import unescape

import pytest
from django.test import Client
from django.urls import reverse

from outcomes.actions import template_drafts as drafts
from outcomes.actions import templates
from partners.permissions import Role
from tests.factories import (
    AreaFactory,
    DeliveryFactory,
    MeasureFactory,
    OrganisationFactory,
    asking,
    noon,
    published_template,
    user_with,
)
from vru_portal.core.periods import Month

NOW = noon(date(2026, 11, 22))
TITLES = ["Numbers", "Who they were", "More"]


@pytest.fixture
def two(db) -> tuple[Client, Client]:
    clients = Client(), Client()
    for client, name in zip(clients, ("First Person", "Second Person"), strict=True):
        client.force_login(user_with(Role.PROGRAMME_MANAGER, name=name))
    return clients


def opened(client: Client, address: str) -> dict[str, object]:
    """What the browser would send back unchanged."""
    form = client.get(address).context["form"]
    fields = {}
    for bound in form:
        value = bound.value()
        if isinstance(value, date):
            fields |= {f"{bound.name}_{part}": getattr(value, part) for part in ("day", "month", "year")}
        elif isinstance(value, list):
            fields[bound.name] = [getattr(item, "pk", item) for item in value]
        elif value is not None:
            fields[bound.name] = getattr(value, "pk", value)
    return fields


class TestOrganisation:
    @pytest.fixture
    def club(self, db):
        return OrganisationFactory(name="Old Oak Club", telephone="0121 496 0000")

    def test_keeps_what_another_saved_meanwhile(self, two, club):
        address = reverse("partners:organisation-edit", args=[club.pk])
        first, second = opened(two[0], address), opened(two[1], address)
        two[0].post(address, first | {"telephone": "0121 496 0999"} | _april("closed_on"))
        answer = two[1].post(address, second | {"name": "Old Oak Boxing Club"})
        page = answer.content.decode()
        assert "Old Oak Club was changed after you opened this page." in page
        assert "telephone: 0121 496 0999; closed on: 1 April 2026." in page
        assert 'value="Old Oak Boxing Club"' in page
        club.refresh_from_db()
        assert (club.name, club.telephone) == ("Old Oak Club", "0121 496 0999")

    def test_is_saved_once_that_was_seen(self, two, club):
        address = reverse("partners:organisation-edit", args=[club.pk])
        second = opened(two[1], address)
        two[0].post(address, opened(two[0], address) | {"telephone": "0121 496 0999"})
        typed = second | {"name": "Old Oak Boxing Club", "telephone": "0121 496 0999"}
        again = two[1].post(address, typed).context["form"]["revision"].value()
        two[1].post(address, typed | {"revision": again})
        club.refresh_from_db()
        assert (club.name, club.telephone) == ("Old Oak Boxing Club", "0121 496 0999")

    def test_is_saved_at_once_by_one_alone(self, two, club):
        address = reverse("partners:organisation-edit", args=[club.pk])
        assert two[0].post(address, opened(two[0], address) | {"name": "Old Oak Gym"}).status_code == 302


class TestDelivery:
    def test_keeps_what_another_saved_meanwhile(self, two):
        delivery = DeliveryFactory(name="Boxing", areas=["E08000030"])
        address = reverse("programmes:delivery-edit", args=[delivery.pk])
        first, second = opened(two[0], address), opened(two[1], address)
        coventry = AreaFactory(gss_code="E08000026")
        two[0].post(address, first | {"areas": [*first["areas"], coventry.pk]} | _april("ends_on"))
        page = two[1].post(address, second | {"name": "Boxing on Mondays"}).content.decode()
        assert "Boxing was changed after you opened this page." in page
        assert "where: Coventry, Walsall" in page
        assert "last day: 1 April 2026" in page
        assert 'value="Boxing on Mondays"' in page
        delivery.refresh_from_db()
        assert (delivery.name, delivery.ends_on) == ("Boxing", date(2026, 4, 1))
        assert delivery.areas.count() == 2

    def test_is_saved_at_once_by_one_alone(self, two):
        delivery = DeliveryFactory(name="Boxing")
        address = reverse("programmes:delivery-edit", args=[delivery.pk])
        assert two[0].post(address, opened(two[0], address) | {"name": "Boxing club"}).status_code == 302


class TestTemplatesAndMeasures:
    def test_a_template_keeps_the_name_that_another_gave_it_meanwhile(self, two):
        template = published_template("strolls", asking(MeasureFactory())).template
        address = reverse("outcomes:template-rename", args=["strolls"])
        first, second = opened(two[0], address), opened(two[1], address)
        assert two[0].post(address, first | {"name": "Long walks"}).status_code == 302
        answer = two[1].post(address, second | {"summary": "On foot."})
        page = unescape(answer.content.decode())
        assert "The template was changed after you opened this page. Now it has name: Long walks; summary: noth" in page
        assert "On foot." in page
        again = answer.context["form"]["revision"].value()
        assert two[1].post(address, second | {"name": "Long walks", "revision": again}).status_code == 302
        template.refresh_from_db()
        assert template.name == "Long walks"

    def test_a_measure_keeps_what_another_saved_meanwhile(self, two):
        measure = MeasureFactory(code="walks", name="Walks held", definition="Walks.")
        address = reverse("outcomes:measure-edit", args=["walks"])
        first, second = opened(two[0], address) | {"options": ""}, opened(two[1], address) | {"options": ""}
        assert two[0].post(address, first | {"unit": "hours", "options": "By day"}).status_code == 302
        answer = two[1].post(address, second | {"definition": "Walks of an hour."})
        page = unescape(answer.content.decode())
        assert "“Walks held” was changed after you opened this page." in page
        assert "definition: Walks.; unit: hours; lines: By day." in page
        assert "Walks of an hour." in page
        measure.refresh_from_db()
        assert (measure.definition, measure.unit) == ("Walks.", "hours")


class TestDraftOfATemplate:
    """A part, a question, a check and the minutes of a draft that two people build."""

    @pytest.fixture
    def draft(self, db):
        measure = MeasureFactory(code="walks", name="Walks held")
        live = published_template("strolls", asking(measure))
        return templates.start_version(template=live.template, by=user_with(Role.ANALYST), now=NOW)

    @pytest.fixture
    def check(self, draft):
        manager = user_with(Role.ANALYST)
        rule = {"severity": "soft", "left": "walks", "rule": "jump", "limit": 3}
        return drafts.put_check(version=draft, **rule, by=manager, now=NOW)

    def both(self, two, address: str, theirs: dict, mine: dict) -> str:
        """What the second is told; then, having read it, theirs is saved over the first's."""
        first, second = opened(two[0], address), opened(two[1], address)
        assert two[0].post(address, first | theirs).status_code == 302
        answer = two[1].post(address, second | mine)
        page = unescape(answer.content.decode())
        again = answer.context["form"]["revision"].value()
        assert two[1].post(address, second | mine | {"revision": again}).status_code == 302
        return page

    def test_a_part(self, two, draft):
        part = draft.sections.get(key="more")
        address = reverse("outcomes:section-edit", args=["strolls", part.pk])
        page = self.both(two, address, {"title": "On foot"}, {"title": "Walking", "intro": "Every walk."})
        assert "“On foot” was changed by First Person after you opened this page." in page
        assert "the title: On foot; above the questions: nothing." in page
        assert 'value="Walking"' in page
        assert "Every walk." in page
        part.refresh_from_db()
        assert (part.title, part.intro) == ("Walking", "Every walk.")

    def test_a_question(self, two, draft):
        question = draft.sections.get(key="more").questions.get()
        address = reverse("outcomes:question-edit", args=["strolls", question.pk])
        page = self.both(two, address, {"is_prefilled": "on"}, {"is_required": ""})
        assert "“Walks held” was changed by First Person" in page
        assert "begins with last month’s answer: yes." in page
        question.refresh_from_db()
        assert (question.is_required, question.is_prefilled) == (False, False)

    def test_a_check(self, two, draft, check):
        address = reverse("outcomes:check-edit", args=["strolls", check.pk])
        page = self.both(two, address, {"limit": "4"}, {"sentence": "Look again."})
        assert "The check was changed by First Person" in page
        assert "the rule: Walks held is at most 4 times last month’s" in page
        assert "Look again." in page

    def test_the_minutes(self, two, draft):
        page = self.both(two, reverse("outcomes:template-minutes", args=["strolls"]), {"minutes": 12}, {"minutes": 15})
        assert "minutes: 12." in page

    def test_the_same_change_by_both_is_no_dispute(self, two, draft):
        address = reverse("outcomes:template-minutes", args=["strolls"])
        first, second = opened(two[0], address), opened(two[1], address)
        for client, seen in zip(two, (first, second), strict=True):
            assert client.post(address, seen | {"minutes": 12}).status_code == 302

    def test_moving_it_is_no_change_of_it(self, two, draft):
        part = draft.sections.get(key="more")
        address = reverse("outcomes:section-edit", args=["strolls", part.pk])
        second = opened(two[1], address)
        drafts.move_section(section=part, places=-1, by=user_with(Role.ANALYST), now=NOW)
        assert two[1].post(address, second | {"title": "Walking"}).status_code == 302

    def test_keeps_what_was_typed_of_what_somebody_took_out(self, two, draft, check):
        part = draft.sections.get(key="more")
        for name, row, typed in (
            ("check-edit", check, {"sentence": "Look again."}),
            ("question-edit", part.questions.get(), {}),
            ("section-edit", part, {"title": "Walking"}),
        ):
            address = reverse(f"outcomes:{name}", args=["strolls", row.pk])
            second = opened(two[1], address)
            row.delete()
            page = two[1].post(address, second | typed).content.decode()
            assert "Somebody took this out of the draft in the meantime." in page
            assert all(text in page for text in typed.values())
            assert two[1].get(address).status_code == 404

    TYPED = (
        ("section-add", {"title": "Walking", "intro": "Every walk."}, ()),
        ("section-edit", {"title": "Walking", "intro": "Every walk."}, ("part",)),
        ("question-edit", {}, ("question",)),
        ("question-add", {}, ("part", "runs")),
        ("check-add", {"sentence": "Look again.", "limit": "41"}, ()),
        ("check-edit", {"sentence": "Look again.", "limit": "41"}, ("check",)),
        ("template-minutes", {"minutes": "41"}, ()),
        ("template-publish", {"what_changed": "Walks are longer."}, ()),
    )

    @pytest.fixture
    def addresses(self, draft, check):
        MeasureFactory(code="runs")
        part = draft.sections.get(key="more")
        rows = {"part": part.pk, "question": part.questions.get().pk, "check": check.pk, "runs": "runs"}
        return [
            (reverse(f"outcomes:{name}", args=["strolls", *(rows[row] for row in more)]), typed)
            for name, typed, more in self.TYPED
        ]

    def test_keeps_what_was_typed_for_a_draft_that_somebody_published(self, two, draft, addresses):
        seen = [opened(two[1], address) | {"draft": draft.pk} for address, _ in addresses]
        first = user_with(Role.ANALYST, name="First Person")
        templates.publish(version=draft, first_month=Month(2027, 1), what_changed="More.", by=first, now=NOW)
        templates.start_version(template=draft.template, by=first, now=NOW)  # which must stay as it is
        for (address, typed), before in zip(addresses, seen, strict=True):
            page = unescape(two[1].post(address, before | typed).content.decode())
            assert "First Person has published this version, so it stays as it is." in page
            assert all(text in page for text in typed.values())
        next_one = draft.template.versions.get(state="draft")
        assert [section.title for section in next_one.sections.order_by("order")] == TITLES
        two[1].post(reverse("outcomes:template-discard", args=["strolls"]), {"draft": draft.pk})
        assert draft.template.versions.get(state="draft") == next_one

    def test_keeps_what_was_typed_for_a_draft_that_somebody_threw_away(self, two, draft, addresses):
        seen = [opened(two[1], address) | {"draft": draft.pk} for address, _ in addresses]
        templates.discard(version=draft, by=user_with(Role.ANALYST), now=NOW)
        for (address, typed), before in zip(addresses, seen, strict=True):
            page = unescape(two[1].post(address, before | typed).content.decode())
            assert "Somebody threw this draft away in the meantime." in page
            assert all(text in page for text in typed.values())

    def test_keeps_it_too_where_the_template_went_with_the_draft(self, two):
        only = templates.create(code="runs", name="Runs", by=None, now=NOW)
        address = reverse("outcomes:section-add", args=["runs"])
        seen = opened(two[1], address) | {"draft": only.pk, "title": "Running"}
        templates.discard(version=only, by=None, now=NOW)
        page = two[1].post(address, seen).content.decode()
        assert "Somebody threw this draft away in the meantime." in page
        assert "Running" in page
        again = two[1].post(reverse("outcomes:template-discard", args=["runs"]), {"draft": only.pk}, follow=True)
        assert "Somebody threw this draft away in the meantime." in again.content.decode()

    def test_its_page_says_which_draft_it_is_of(self, two, draft):
        hidden = f'name="draft" value="{draft.pk}"'
        pages = [("section-add", []), ("template-publish", []), ("template-discard", [])]
        for name, more in pages:
            assert hidden in two[0].get(reverse(f"outcomes:{name}", args=["strolls", *more])).content.decode()


def _april(name: str) -> dict[str, int]:
    return {f"{name}_day": 1, f"{name}_month": 4, f"{name}_year": 2026}
