"""Two people at one draft, on a real PostgreSQL: one is first, the other meets what the first has left."""

from datetime import date
from decimal import Decimal

import pytest

from outcomes.actions import measures, templates
from outcomes.actions import template_drafts as drafts
from outcomes.models import Measure, MeasureSuccession, TemplateSection, TemplateVersion
from partners.permissions import Role
from tests.factories import (
    COUNTS,
    NUMBERS_EXPOSED,
    MeasureFactory,
    ProgrammeFactory,
    asking,
    noon,
    published_template,
    user_with,
)
from tests.test_returns_concurrency import at_once
from vru_portal.core.periods import Month

pytestmark = pytest.mark.django_db(transaction=True)
NOW = noon(date(2026, 11, 22))


@pytest.fixture
def manager():
    return user_with(Role.ANALYST)


@pytest.fixture
def draft(manager):
    version = templates.create(code="walks", name="Walks", by=manager, now=NOW)
    return templates.fill(version=version, content={"sections": COUNTS}, by=manager, now=NOW)


class TestAtOnce:
    def test_measures_of_one_name_are_all_added(self, manager):
        facts = {"name": "Days lost", "definition": "To exclusion.", "kind": "number", "unit": "days"}
        assert at_once(6, lambda _: measures.add(facts=facts, options=["Boys"], by=manager, now=NOW)) == {"Measure": 6}
        codes = set(Measure.objects.values_list("code", flat=True))
        assert codes == {"days-lost", *(f"days-lost-{number}" for number in range(2, 7))}

    def test_publishing_and_editing_leave_nothing_changed_after_publication(self, draft, manager):
        section = draft.sections.first()
        acts = [
            lambda: templates.publish(version=draft, first_month=Month(2026, 12), by=manager, now=NOW),
            lambda: drafts.edit_section(section=section, title="Other", block="people", by=manager, now=NOW),
        ]
        outcome = at_once(2, lambda n: acts[n]())
        title = TemplateSection.objects.get(pk=section.pk).title
        assert TemplateVersion.objects.get().state == "live"
        # Either the edit came first and was published, or it was refused.
        edited = {"TemplateVersion": 1, "TemplateSection": 1}, {"TemplateVersion": 1, "NotADraft": 1}
        assert outcome == edited[0 if title == "Other" else 1]

    def test_a_measure_is_not_changed_while_it_is_published(self, manager):
        measure = MeasureFactory()
        version = templates.create(code="walks", name="Walks", by=manager, now=NOW)
        templates.fill(version=version, content={"sections": asking(measure)}, by=manager, now=NOW)
        facts = {name: getattr(measure, name) for name in ("name", "kind", "unit", "over_months", "over_places")}
        acts = [
            lambda: templates.publish(version=version, first_month=Month(2026, 12), by=manager, now=NOW),
            lambda: measures.edit(measure=measure, facts=facts | {"definition": "X"}, by=manager, now=NOW),
        ]
        outcome = at_once(2, lambda n: acts[n]())
        was_changed = Measure.objects.get().definition == "X"
        assert outcome == {"TemplateVersion": 1, "Measure" if was_changed else "AskedAlready": 1}

    def test_ten_people_start_one_draft(self, manager):
        live = published_template("walks", COUNTS)
        outcome = at_once(10, lambda n: templates.start_version(template=live.template, by=manager, now=NOW))
        assert outcome == {"TemplateVersion": 10}
        assert live.template.versions.count() == 2

    def test_ten_people_publish_it_once(self, draft, manager):
        outcome = at_once(
            10, lambda n: templates.publish(version=draft, first_month=Month(2026, 12), by=manager, now=NOW)
        )
        assert outcome == {"TemplateVersion": 1, "NotADraft": 9}

    def test_everybody_adds_and_moves_and_the_order_stays_whole(self, draft, manager):
        last = draft.sections.order_by("order").last()
        acts = [
            *(lambda n=n: drafts.add_section(version=draft, title=f"Part {n}", by=manager, now=NOW) for n in range(4)),
            *(lambda: drafts.move_section(section=last, places=-1, by=manager, now=NOW) for _ in range(2)),
            lambda: drafts.put_check(
                version=draft, severity="soft", left="core:people", rule="jump", limit=Decimal(3), by=manager, now=NOW
            ),
        ]
        outcome = at_once(7, lambda n: acts[n]())
        assert outcome == {"TemplateSection": 4, "NoneType": 2, "TemplateCheck": 1}
        assert sorted(draft.sections.values_list("order", flat=True)) == [1, 2, 3, 4, 5, 6]

    def test_ten_people_add_a_template_of_one_name(self, manager):
        outcome = at_once(10, lambda n: templates.create(code=f"walks-{n}", name="Walks", by=manager, now=NOW))
        assert outcome == {"TemplateVersion": 1, "Refusal": 9}

    def test_a_programme_is_given_no_version_that_does_not_suit_it(self, manager):
        version = templates.create(code="walks", name="Walks", by=manager, now=NOW)
        templates.fill(version=version, content={"sections": [NUMBERS_EXPOSED]}, by=manager, now=NOW)
        programme = ProgrammeFactory()  # counts people
        acts = [
            lambda: templates.publish(version=version, first_month=Month(2026, 12), by=manager, now=NOW),
            lambda: templates.assign(programme=programme, template=version.template, by=manager, now=NOW),
        ]
        outcome = at_once(2, lambda n: acts[n]())
        assert outcome in ({"TemplateVersion": 1, "Refusal": 1}, {"NotPublishable": 1, "ProgrammeTemplate": 1})

    def test_two_successions_close_no_circle(self, manager):
        pair = MeasureFactory(), MeasureFactory()
        acts = {"month": Month(2026, 1), "note": "X", "by": manager, "now": NOW}
        outcome = at_once(2, lambda n: measures.succeed(old=pair[n], new=pair[1 - n], **acts))
        assert outcome == {"MeasureSuccession": 1, "CannotSucceed": 1}

    def test_nor_do_they_past_the_actions(self):
        pair = MeasureFactory(), MeasureFactory()
        facts = {"month": date(2026, 1, 1), "note": "X"}
        outcome = at_once(2, lambda n: MeasureSuccession.objects.create(old=pair[n], new=pair[1 - n], **facts))
        assert outcome == {"MeasureSuccession": 1, "IntegrityError": 1}

    def test_two_successors_at_once_are_one(self, manager):
        old = MeasureFactory()
        outcome = at_once(
            2,
            lambda n: measures.make_successor(
                old=old, name=f"New {n}", definition="X", month=Month(2026, 1), note="X", by=manager, now=NOW
            ),
        )
        assert outcome == {"Measure": 1, "CannotSucceed": 1}
