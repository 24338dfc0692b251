"""What the database itself refuses of templates and measures, rule by rule, by its name."""

from contextlib import contextmanager
from datetime import date
from decimal import Decimal

import pytest
from django.db import IntegrityError, connection, transaction

from outcomes.actions import templates
from outcomes.models import (
    Measure,
    MeasureAnswer,
    MeasureAnswerPart,
    MeasureOption,
    MeasureSuccession,
    ProgrammeTemplate,
    ReturnTemplate,
    ReturnVersion,
    TemplateCheck,
    TemplateQuestion,
    TemplateSection,
    TemplateVersion,
)
from tests.factories import (
    MeasureFactory,
    ObligationFactory,
    ProgrammeFactory,
    SubmissionFactory,
    asking,
    noon,
    published_template,
)
from vru_portal.core.periods import Month

pytestmark = pytest.mark.django_db
NOW = noon(date(2026, 11, 22))


@contextmanager
def refused(rule: str):
    """The database says no, by this name; also what it only says at the commit."""
    with pytest.raises(IntegrityError, match=rule), transaction.atomic():  # noqa: PT012 - the body is the caller's
        yield
        with connection.cursor() as cursor:
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")


def change(row, **values) -> None:
    type(row).objects.filter(pk=row.pk).update(**values)


@pytest.fixture
def measure():
    return MeasureFactory()


@pytest.fixture
def live(measure):
    version = published_template("walks", asking(measure), checks=[JUMP])
    return TemplateVersion.objects.get(pk=version.pk)


@pytest.fixture
def draft():
    return templates.create(code="draft", name="Draft", by=None, now=NOW)


@pytest.fixture
def section(draft):
    return TemplateSection.objects.create(version=draft, key="one", order=1, title="One")


JUMP = {"severity": "soft", "left": "core:people", "rule": "jump", "limit": 3}


class TestReturnTemplate:
    def test_standard_for(self):
        with refused("returntemplate_standard_for"):
            ReturnTemplate.objects.create(code="x", name="X", standard_for="nobody")

    def test_one_standard(self):
        ReturnTemplate.objects.create(code="x", name="X", standard_for="people")
        with refused("returntemplate_one_standard"):
            ReturnTemplate.objects.create(code="y", name="Y", standard_for="people")

    def test_a_programme_has_one(self, live, draft):
        programme = ProgrammeFactory()
        ProgrammeTemplate.objects.create(programme=programme, template=live.template)
        with refused("outcomes_programmetemplate_programme_id"):
            ProgrammeTemplate.objects.create(programme=programme, template=draft.template)


class TestTemplateVersion:
    @pytest.mark.parametrize(
        ("rule", "values"),
        [
            ("templateversion_(state|live_is_whole)", {"state": "gone"}),
            ("templateversion_effective_from_first_day", {"effective_from": date(2026, 1, 2)}),
            ("templateversion_live_is_whole", {"published_at": NOW}),
            ("templateversion_live_is_whole", {"state": "live", "published_at": NOW}),
            ("templateversion_live_is_whole", {"state": "live", "effective_from": date(2026, 1, 1)}),
            ("templateversion_minutes", {"minutes": 0}),
            (
                "templateversion_says_what_changed",
                {"state": "live", "published_at": NOW, "effective_from": date(2026, 1, 1), "number": 2},
            ),
        ],
    )
    def test_is_whole(self, draft, rule, values):
        with refused(rule):
            change(draft, **values)

    def test_number_once(self, live):
        with refused("templateversion_number_once"):
            TemplateVersion.objects.create(template=live.template, number=1, created_at=NOW)

    def test_one_draft(self, draft):
        with refused("templateversion_one_draft"):
            TemplateVersion.objects.create(template=draft.template, number=2, created_at=NOW)

    def test_one_from_a_month(self, live):
        again = TemplateVersion.objects.create(template=live.template, number=2, created_at=NOW, what_changed="X")
        with refused("templateversion_one_from_a_month"):
            change(again, state="live", effective_from=live.effective_from, published_at=NOW)

    def test_fixed_once_live(self, live):
        for attempt in (lambda: change(live, minutes=99), lambda: live.delete()):
            with refused("fixed_once_live"):
                attempt()


class TestPartsOfAVersion:
    @pytest.mark.parametrize("what", ["sections", "checks"])
    def test_fixed_once_live(self, live, what):
        row = getattr(live, what).first()
        for attempt in (lambda: change(row, order=9), lambda: row.delete(), lambda: _again(row)):
            with refused(f"{row._meta.model_name}_fixed_once_live"):
                attempt()

    def test_questions_fixed_once_live(self, live):
        question = TemplateQuestion.objects.get()
        for attempt in (
            lambda: change(question, is_required=False),
            lambda: question.delete(),
            lambda: TemplateQuestion.objects.create(section=question.section, measure=MeasureFactory(), order=9),
        ):
            with refused("templatequestion_fixed_once_live"):
                attempt()

    def test_nothing_moves_into_a_live_version(self, live, section):
        with refused("templatesection_fixed_once_live"):
            change(section, version=live)

    @pytest.mark.parametrize(
        ("rule", "values"),
        [
            ("templatesection_block", {"key": "two", "order": 2, "block": "nothing"}),
            ("templatesection_key_once", {"key": "one", "order": 2}),
            ("templatesection_order_once", {"key": "two", "order": 1}),
        ],
    )
    def test_sections(self, draft, section, rule, values):
        with refused(rule):
            TemplateSection.objects.create(version=draft, title="Two", **values)

    def test_block_once(self, draft, section):
        change(section, block="people")
        with refused("templatesection_block_once"):
            TemplateSection.objects.create(version=draft, title="Two", key="two", order=2, block="people")

    def test_question_once(self, section, measure):
        TemplateQuestion.objects.create(section=section, measure=measure, order=1)
        with refused("templatequestion_once"):
            TemplateQuestion.objects.create(section=section, measure=measure, order=2)

    def test_question_order_once(self, section, measure):
        TemplateQuestion.objects.create(section=section, measure=measure, order=1)
        with refused("templatequestion_order_once"):
            TemplateQuestion.objects.create(section=section, measure=MeasureFactory(), order=1)


def _again(row) -> None:
    row.pk = None
    row.save(force_insert=True)


class TestTemplateCheck:
    @pytest.mark.parametrize(
        ("rule", "values"),
        [
            ("templatecheck_severity", {"severity": "mild", "rule": "at_most"}),
            ("templatecheck_rule", {"rule": "unlike"}),
            ("templatecheck_against_items_or_a_limit", {"limit": None}),
            ("templatecheck_against_items_or_a_limit", {"right": ["core:contacts"]}),
            ("templatecheck_jump_is_soft", {"severity": "hard"}),
            ("templatecheck_jump_is_soft", {"limit": 1}),
        ],
    )
    def test_makes_sense(self, draft, rule, values):
        with refused(rule):
            TemplateCheck.objects.create(version=draft, order=1, **JUMP | values)

    def test_order_once(self, draft):
        TemplateCheck.objects.create(version=draft, order=1, **JUMP)
        with refused("templatecheck_order_once"):
            TemplateCheck.objects.create(version=draft, order=1, **JUMP)


class TestMeasure:
    @pytest.mark.parametrize(
        ("rule", "values"),
        [
            ("measure_kind", {"kind": "guess"}),
            ("measure_unit", {"unit": "stones"}),
            ("measure_better", {"better": "sideways"}),
            ("measure_over_months", {"over_months": "multiply"}),
            ("measure_over_places", {"over_places": "multiply"}),
            ("measure_words_have_no_unit", {"unit": ""}),
            ("measure_words_have_no_unit", {"kind": "text", "over_months": "latest", "over_places": "latest"}),
            ("measure_sums_numbers_only", {"unit": "percent"}),
            ("measure_sums_numbers_only", {"kind": "median"}),
        ],
    )
    def test_makes_sense(self, measure, rule, values):
        with refused(rule):
            change(measure, **values)

    @pytest.mark.parametrize(
        "values",
        [{"code": "x"}, {"definition": "X"}, {"unit": "hours"}, {"over_months": "latest"}, {"over_places": "latest"}],
    )
    def test_fixed_once_asked(self, live, measure, values):
        with refused("measure_fixed_once_asked"):
            change(measure, **values)

    def test_is_put_in_other_words_though_it_is_asked(self, live, measure):
        change(measure, name="Another name", example="For example: 4.")
        assert Measure.objects.get().name == "Another name"

    def test_options_fixed_once_asked(self, measure):
        line = MeasureOption.objects.create(measure=measure, code="a", name="A")
        published_template("walks", asking(measure))
        for attempt in (
            lambda: change(line, name="B"),
            lambda: line.delete(),
            lambda: MeasureOption.objects.create(measure=measure, code="b", name="B"),
            lambda: change(line, measure=MeasureFactory()),
        ):
            with refused("measureoption_fixed_once_asked"):
                attempt()

    def test_option_once(self, measure):
        MeasureOption.objects.create(measure=measure, code="a", name="A")
        with refused("measureoption_once"):
            MeasureOption.objects.create(measure=measure, code="a", name="B")


class TestMeasureSuccession:
    @pytest.mark.parametrize(
        ("rule", "values"),
        [
            ("measuresuccession_month_is_first_day", {"month": date(2026, 1, 2)}),
            ("measuresuccession_factor", {"factor": 0}),
            ("measuresuccession_says_what_changes", {"note": ""}),
        ],
    )
    def test_makes_sense(self, measure, rule, values):
        facts = {"month": date(2026, 1, 1), "factor": 1, "note": "Otherwise."} | values
        with refused(rule):
            MeasureSuccession.objects.create(old=measure, new=MeasureFactory(), **facts)

    def test_of_another(self, measure):
        with refused("measuresuccession_(of_another|no_circle)"):
            MeasureSuccession.objects.create(old=measure, new=measure, month=date(2026, 1, 1), note="X")

    def test_no_circle(self):
        one, two, three = MeasureFactory(), MeasureFactory(), MeasureFactory()
        facts = {"month": date(2026, 1, 1), "note": "X"}
        MeasureSuccession.objects.create(old=one, new=two, **facts)
        last = MeasureSuccession.objects.create(old=two, new=three, **facts)
        with refused("measuresuccession_no_circle"):
            MeasureSuccession.objects.create(old=three, new=one, **facts)
        with refused("measuresuccession_no_circle"):
            change(last, new=one)

    def test_of_one_kind(self, measure):
        median = MeasureFactory(kind="median", unit="days")
        with refused("measuresuccession_of_one_kind"):
            MeasureSuccession.objects.create(old=measure, new=median, month=date(2026, 1, 1), note="X")


class TestAnswers:
    @pytest.fixture
    def submission(self):
        return SubmissionFactory()

    @pytest.mark.parametrize(
        ("facts", "values"),
        [
            ({}, {"people": 0}),
            ({"kind": "median", "unit": "days"}, {"value": 3}),
            ({"kind": "median", "unit": "days"}, {"people": 2, "before": 1, "after": 2}),
            ({"kind": "before_after", "unit": "points"}, {"people": 2, "median": 3}),
            ({"kind": "text", "unit": ""}, {"value": 3}),
        ],
    )
    def test_fits_its_measure(self, submission, facts, values):
        with refused("measureanswer_fits_its_measure"):
            MeasureAnswer.objects.create(submission=submission, measure=MeasureFactory(**facts), **values)

    @pytest.mark.parametrize(("unit", "value"), [("people", "2.5"), ("percent", "101")])
    def test_fits_its_unit(self, submission, unit, value):
        with refused("measureanswer_fits_its_unit"):
            MeasureAnswer.objects.create(submission=submission, measure=MeasureFactory(unit=unit), value=Decimal(value))

    def test_options_add_up(self, submission, measure):
        line = MeasureOption.objects.create(measure=measure, code="a", name="A")
        with refused("measureanswer_options_add_up"):
            answer = MeasureAnswer.objects.create(submission=submission, measure=measure, value=3)
            MeasureAnswerPart.objects.create(answer=answer, option=line, value=2)

    def test_part_of_its_measure(self, submission, measure):
        other = MeasureOption.objects.create(measure=MeasureFactory(), code="a", name="A")
        answer = MeasureAnswer.objects.create(submission=submission, measure=measure, value=3)
        with refused("measureanswerpart_of_its_measure"):
            MeasureAnswerPart.objects.create(answer=answer, option=other, value=3)

    def test_part_once_and_not_zero(self, submission, measure):
        line = MeasureOption.objects.create(measure=measure, code="a", name="A")
        answer = MeasureAnswer.objects.create(submission=submission, measure=measure, value=3)
        MeasureAnswerPart.objects.create(answer=answer, option=line, value=3)
        with refused("measureanswerpart_once"):
            MeasureAnswerPart.objects.create(answer=answer, option=line, value=1)
        other = MeasureOption.objects.create(measure=measure, code="b", name="B")
        with refused("measureanswerpart_not_zero"):
            MeasureAnswerPart.objects.create(answer=answer, option=other, value=0)


class TestReturns:
    def test_are_begun_from_a_live_template(self, draft):
        with refused("returnversion_of_a_live_template"):
            ReturnVersion.objects.create(obligation=ObligationFactory(), number=1, template=draft, created_at=NOW)

    def test_month_of_a_version_is_known(self, live):
        assert live.first_month == Month(2000, 1)
