"""Building return templates and measures: who may, what a draft takes, what a published version refuses."""

from datetime import date
from decimal import Decimal

import pytest
from django.core.management import call_command

from outcomes.actions import measures, ready_templates, templates
from outcomes.actions import template_drafts as drafts
from outcomes.models import Measure, MeasureSuccession, ReturnTemplate, TemplateCheck, TemplateQuestion
from outcomes.queries import templates as queries
from outcomes.queries.questions import template_for
from partners.models import Event
from partners.permissions import Role
from programmes.models import Rung
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
from vru_portal.core.periods import Month
from vru_portal.core.refusals import NotAllowed, Refusal
from vru_portal.core.revisions import ChangedMeanwhile

pytestmark = pytest.mark.django_db
NOW = noon(date(2026, 11, 22))
FACTS = {
    "name": "Walks held",
    "definition": "Walks of at least an hour.",
    "example": "",
    "people_label": "walks",
    "kind": "number",
    "unit": "count",
    "better": "neither",
    "over_months": "sum",
    "over_places": "sum",
}


@pytest.fixture
def manager():
    return user_with(Role.PROGRAMME_MANAGER)


@pytest.fixture
def draft(manager):
    return templates.create(code="walks", name="Walks", by=manager, now=NOW)


@pytest.fixture
def part(draft, manager):
    return drafts.add_section(version=draft, title="What happened", by=manager, now=NOW)


def asked(draft) -> list[str]:
    return [
        q.measure.code
        for q in TemplateQuestion.objects.filter(section__version=draft).order_by("section__order", "order")
    ]


class TestADraft:
    def test_takes_sections_in_an_order_that_can_be_changed(self, draft, part, manager):
        second = drafts.add_section(version=draft, title="What happened", block="people", by=manager, now=NOW)
        assert (part.key, second.key) == ("what-happened", "what-happened-2")
        drafts.move_section(section=second, places=-1, by=manager, now=NOW)
        assert list(draft.sections.order_by("order")) == [second, part]

    def test_stays_as_it_is_when_something_is_moved_beyond_the_end(self, draft, part, manager):
        before = Event.objects.count()
        drafts.move_section(section=part, places=-1, by=manager, now=NOW)
        assert Event.objects.count() == before

    def test_asks_for_people_in_one_section_only(self, draft, manager):
        drafts.add_section(version=draft, title="Numbers", block="people", by=manager, now=NOW)
        with pytest.raises(drafts.AskedTwice, match="People: A, B, C and contacts"):
            drafts.add_section(version=draft, title="More numbers", block="people", by=manager, now=NOW)

    def test_asks_a_measure_once(self, draft, part, manager):
        measure = MeasureFactory(name="Walks held")
        drafts.add_question(section=part, measure=measure, by=manager, now=NOW)
        with pytest.raises(drafts.AskedTwice, match="asks “Walks held” already"):
            drafts.add_question(section=part, measure=measure, by=manager, now=NOW)

    def test_moves_questions_within_a_section_and_to_another(self, draft, part, manager):
        _, second = (
            drafts.add_question(section=part, measure=MeasureFactory(code=code), by=manager, now=NOW) for code in "ab"
        )
        drafts.move_question(question=second, places=-1, by=manager, now=NOW)
        assert asked(draft) == ["b", "a"]
        other = drafts.add_section(version=draft, title="What changed", by=manager, now=NOW)
        drafts.edit_question(question=second, section=other, is_required=False, is_prefilled=True, by=manager, now=NOW)
        assert asked(draft) == ["a", "b"]

    def test_takes_out_what_it_asked(self, draft, part, manager):
        question = drafts.add_question(section=part, measure=MeasureFactory(), by=manager, now=NOW)
        drafts.delete_question(question=question, by=manager, now=NOW)
        drafts.delete_section(section=part, by=manager, now=NOW)
        assert (asked(draft), draft.sections.count()) == ([], 0)

    def test_says_when_somebody_took_it_out_meanwhile(self, draft, part, manager):
        drafts.delete_section(section=part, by=manager, now=NOW)
        with pytest.raises(drafts.TakenOut):
            drafts.edit_section(section=part, title="X", by=manager, now=NOW)

    def test_is_thrown_away_with_a_template_that_never_had_another(self, draft, manager):
        templates.discard(version=draft, by=manager, now=NOW)
        assert not ReturnTemplate.objects.exists()

    def test_begins_anew_where_the_first_was_thrown_away(self, draft, manager):
        templates.assign(programme=ProgrammeFactory(), template=draft.template, by=manager, now=NOW)
        templates.discard(version=draft, by=manager, now=NOW)
        again = templates.start_version(template=draft.template, by=manager, now=NOW)
        assert (again.number, again.sections.count()) == (1, 0)

    def test_leaves_the_published_versions_when_it_is_thrown_away(self, manager):
        live = published_template("walks", COUNTS)
        again = templates.start_version(template=live.template, by=manager, now=NOW)
        templates.discard(version=again, by=manager, now=NOW)
        assert list(live.template.versions.all()) == [live]

    def test_holds_its_minutes(self, draft, manager):
        assert drafts.set_minutes(version=draft, minutes=25, by=manager, now=NOW).minutes == 25


class TestChecks:
    @pytest.mark.parametrize(
        ("rule", "sentence"),
        [
            ({"left": "a", "rule": "at_most"}, "either with other answers or with a number"),
            ({"left": "a", "rule": "at_most", "right": ["b"], "limit": Decimal(3)}, "either with"),
            ({"left": "a", "rule": "at_most", "right": ["a"]}, "cannot be compared with itself"),
            ({"left": "a", "rule": "jump", "limit": Decimal(1)}, "a number above 1"),
            ({"left": "a", "rule": "jump", "limit": Decimal(3)}, "only ask for an explanation"),
        ],
    )
    def test_that_make_no_sense_are_refused(self, draft, manager, rule, sentence):
        with pytest.raises(drafts.NotACheck, match=sentence):
            drafts.put_check(version=draft, severity="hard", **rule, by=manager, now=NOW)

    def test_are_put_otherwise_and_taken_out(self, draft, manager):
        rule = {"left": "a", "rule": "at_most", "limit": Decimal(3), "by": manager, "now": NOW}
        check = drafts.put_check(version=draft, severity="hard", **rule)
        drafts.put_check(version=draft, check=check, severity="soft", **rule)
        assert TemplateCheck.objects.get().severity == "soft"
        drafts.delete_check(check=check, by=manager, now=NOW)
        assert not TemplateCheck.objects.exists()


class TestAPublishedVersion:
    def test_is_no_longer_changed(self, manager):
        live = published_template("walks", COUNTS)
        section = live.sections.first()
        changes = [
            lambda: drafts.set_minutes(version=live, minutes=9, by=manager, now=NOW),
            lambda: drafts.add_section(version=live, title="X", by=manager, now=NOW),
            lambda: drafts.edit_section(section=section, title="X", by=manager, now=NOW),
            lambda: drafts.move_section(section=section, places=1, by=manager, now=NOW),
            lambda: drafts.delete_section(section=section, by=manager, now=NOW),
            lambda: drafts.add_question(section=section, measure=MeasureFactory(), by=manager, now=NOW),
            lambda: drafts.put_check(
                version=live, severity="soft", left="core:people", rule="jump", limit=Decimal(3), by=manager, now=NOW
            ),
            lambda: templates.discard(version=live, by=manager, now=NOW),
        ]
        for change in changes:
            with pytest.raises(templates.NotADraft, match="start a new version"):
                change()


class TestPublish:
    def test_says_everything_that_is_wrong(self, draft, part, manager):
        drafts.put_check(
            version=draft, severity="hard", left="gone", rule="at_most", limit=Decimal(3), by=manager, now=NOW
        )
        with pytest.raises(templates.NotPublishable) as refusal:
            templates.publish(version=draft, first_month=Month(2026, 12), by=manager, now=NOW)
        for sentence in ("Ask either for people", "“What happened” asks nothing", "compares gone"):
            assert sentence in refusal.value.message

    def test_refuses_a_standard_that_asks_otherwise(self, manager):
        live = published_template("standard", COUNTS, standard_for="people")
        again = templates.start_version(template=live.template, by=manager, now=NOW)
        templates.fill(version=again, content={"sections": [NUMBERS_EXPOSED]}, by=manager, now=NOW)
        with pytest.raises(templates.NotPublishable, match="the template of all programmes that count people"):
            templates.publish(version=again, first_month=Month(2026, 12), what_changed="X", by=manager, now=NOW)

    def test_refuses_a_draft_that_changed_since_it_was_read(self, manager):
        version = templates.create(code="walks", name="Walks", by=manager, now=NOW)
        templates.fill(version=version, content={"sections": COUNTS}, by=manager, now=NOW)
        read = queries.revision_of_draft(version)
        drafts.move_section(section=version.sections.get(key="who"), places=-1, by=manager, now=NOW)
        with pytest.raises(ChangedMeanwhile, match="The draft was changed"):
            templates.publish(version=version, first_month=Month(2026, 12), by=manager, now=NOW, revision=read)
        read = queries.revision_of_draft(version)
        templates.publish(version=version, first_month=Month(2026, 12), by=manager, now=NOW, revision=read)

    def test_asks_what_changed_and_a_later_month(self, manager):
        live = published_template("walks", COUNTS, first_month=Month(2026, 10))
        again = templates.start_version(template=live.template, by=manager, now=NOW)
        with pytest.raises(templates.NotPublishable, match=r"from October 2026.*Say what changed"):
            templates.publish(version=again, first_month=Month(2026, 10), by=manager, now=NOW)

    def test_refuses_what_its_programmes_do_not_count(self, manager):
        programme = ProgrammeFactory(name="Walks to school")
        template = templates.create(code="routes", name="Routes", by=manager, now=NOW)
        templates.assign(programme=programme, template=template.template, by=manager, now=NOW)
        templates.fill(version=template, content={"sections": [NUMBERS_EXPOSED]}, by=manager, now=NOW)
        with pytest.raises(templates.NotPublishable, match="“Walks to school” counts people"):
            templates.publish(version=template, first_month=Month(2026, 12), by=manager, now=NOW)


class TestAssign:
    def test_gives_and_takes(self, manager):
        programme = ProgrammeFactory()
        live = published_template("walks", COUNTS)
        templates.assign(programme=programme, template=live.template, by=manager, now=NOW)
        assert template_for(programme, Month(2026, 12)) == live
        templates.unassign(programme=programme, by=manager, now=NOW)
        assert template_for(programme, Month(2026, 12)) != live

    def test_refuses_a_template_that_asks_for_something_else(self, manager):
        exposure = published_template("routes", [NUMBERS_EXPOSED])
        with pytest.raises(Refusal, match="counts people and this template asks for an estimate"):
            templates.assign(programme=ProgrammeFactory(), template=exposure.template, by=manager, now=NOW)
        routes = ProgrammeFactory(rung=Rung.EXPOSURE)
        assert templates.assign(programme=routes, template=exposure.template, by=manager, now=NOW)


class TestMeasures:
    def test_get_a_code_from_their_name_and_lines_from_theirs(self, manager):
        first, second = (
            measures.add(facts=FACTS, options=["In the dark", "By day"], by=manager, now=NOW) for _ in range(2)
        )
        assert (first.code, second.code) == ("walks-held", "walks-held-2")
        assert list(first.options.values_list("code", "order")) == [("in-the-dark", 1), ("by-day", 2)]

    def test_lines_that_keep_their_name_keep_their_code(self, manager):
        measure = measures.add(facts=FACTS, options=["In the dark", "By day"], by=manager, now=NOW)
        kept = measure.options.get(code="by-day")
        measures.edit(measure=measure, facts=FACTS, options=["By day", "At dawn"], by=manager, now=NOW)
        assert list(measure.options.values_list("code", flat=True)) == ["by-day", "at-dawn"]
        assert measure.options.get(code="by-day").pk == kept.pk

    @pytest.mark.parametrize("change", [{"definition": "Otherwise."}, {"unit": "people"}, {"over_months": "latest"}])
    def test_keep_their_meaning_once_they_are_asked(self, manager, change):
        measure = measures.add(facts=FACTS, by=manager, now=NOW)
        published_template(
            "walks", [*COUNTS, {"key": "more", "title": "More", "questions": [{"measure": measure.code}]}]
        )
        with pytest.raises(measures.AskedAlready, match="Make a successor"):
            measures.edit(measure=measure, facts=FACTS | change, by=manager, now=NOW)
        with pytest.raises(measures.AskedAlready):
            measures.edit(measure=measure, facts=FACTS, options=["New line"], by=manager, now=NOW)
        assert measures.edit(measure=measure, facts=FACTS | {"name": "Walks"}, by=manager, now=NOW).name == "Walks"

    def test_are_deleted_while_nobody_asks_them(self, manager):
        measure = measures.add(facts=FACTS, by=manager, now=NOW)
        measures.delete(measure=measure, by=manager, now=NOW)
        kept = measures.add(facts=FACTS, by=manager, now=NOW)
        published_template("walks", asking(kept))
        with pytest.raises(Refusal, match="so it stays"):
            measures.delete(measure=kept, by=manager, now=NOW)

    def test_have_one_successor(self, manager):
        old = measures.add(facts=FACTS, by=manager, now=NOW)
        new = measures.make_successor(
            old=old, name="Hours walked", definition="Hours.", month=Month(2026, 1), factor=Decimal("1.5"),
            note="Hours from January.", unit="hours", by=manager, now=NOW,
        )  # fmt: skip
        assert (new.unit, new.over_months) == ("hours", "sum")
        assert MeasureSuccession.objects.get().factor == Decimal("1.5")
        with pytest.raises(measures.CannotSucceed, match="has a successor already"):
            measures.succeed(old=old, new=MeasureFactory(), month=Month(2026, 2), note="X", by=manager, now=NOW)

    def test_never_follow_in_a_circle_or_a_different_shape(self, manager):
        one, two, median = MeasureFactory(), MeasureFactory(), MeasureFactory(kind="median", unit="days")
        measures.succeed(old=one, new=two, month=Month(2026, 1), note="X", by=manager, now=NOW)
        with pytest.raises(measures.CannotSucceed, match="follows"):
            measures.succeed(old=two, new=one, month=Month(2026, 2), note="X", by=manager, now=NOW)
        with pytest.raises(measures.CannotSucceed, match="medians to medians"):
            measures.succeed(old=two, new=median, month=Month(2026, 2), note="X", by=manager, now=NOW)


class TestWhoMay:
    @pytest.mark.parametrize("role", [Role.DIRECTOR, Role.FINANCE_OFFICER, Role.PARTNER_LEAD, Role.AUDITOR])
    def test_others_may_not(self, draft, part, role):
        other = user_with(role)
        for attempt in (
            lambda: templates.create(code="x", name="X", by=other, now=NOW),
            lambda: drafts.add_section(version=draft, title="X", by=other, now=NOW),
            lambda: measures.add(facts=FACTS, by=other, now=NOW),
            lambda: templates.discard(version=draft, by=other, now=NOW),
        ):
            with pytest.raises(NotAllowed):
                attempt()


class TestReadyTemplates:
    def test_are_all_published_with_their_measures(self):
        call_command("load_reference_tables", verbosity=0)
        contents = ready_templates.contents()
        assert len(contents) == ReturnTemplate.objects.count() >= 12
        for template in ReturnTemplate.objects.all():
            version = template.versions.get()
            assert list(templates.wrong_with(version)) == []
            assert 8 <= version.minutes <= 25
        asked_somewhere = TemplateQuestion.objects.values("measure").distinct().count()
        assert asked_somewhere == Measure.objects.count()

    def test_every_measure_has_a_definition_and_an_example_or_lines(self):
        call_command("load_reference_tables", verbosity=0)
        for measure in Measure.objects.all():
            assert measure.definition
            assert measure.example or measure.options.exists()


class TestWhatChanged:
    def test_is_told_in_words(self, manager):
        old, new = MeasureFactory(name="Walks held"), MeasureFactory(name="Hours walked")
        live = published_template("walks", asking(old))
        draft = templates.start_version(template=live.template, by=manager, now=NOW)
        assert queries.changes(live, draft) == []
        part = draft.sections.get(key="more")
        drafts.delete_question(question=part.questions.get(), by=manager, now=NOW)
        drafts.add_question(section=part, measure=new, is_required=False, by=manager, now=NOW)
        drafts.move_section(section=part, places=-1, by=manager, now=NOW)
        drafts.put_check(
            version=draft, severity="hard", left=new.code, rule="at_most", limit=Decimal(90), by=manager, now=NOW
        )
        drafts.set_minutes(version=draft, minutes=12, by=manager, now=NOW)
        draft.refresh_from_db()
        assert queries.changes(live, draft) == [
            "The parts stand in another order: Numbers, More, Who they were.",
            "Added to “More”: Hours walked (optional).",
            "Taken out of “More”: Walks held.",
            "New check. Hours walked is at most 90. If not, it must be mended.",
            "It takes about 12 minutes, not 10.",
        ]
