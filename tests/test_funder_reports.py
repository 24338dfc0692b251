"""A funder's report of a quarter: mapped once, filled from what is public, signed by two people, kept as sent."""

import csv
import gzip
import io
import json
import threading
from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.db import DatabaseError, connections, transaction
from openpyxl import load_workbook

from outcomes.actions import quarter_reports as actions
from outcomes.actions import releases, report_mappings
from outcomes.models import MappingRow, QuarterReport, QuarterReportFile, QuarterRow
from outcomes.queries.quarter_reports import NothingPublished, in_words, told_before
from partners.permissions import Role
from tests import factories
from tests.database import refused
from tests.factories.funding import AwardYearFactory, GrantReceiptFactory, PartnerAwardFactory, RingFenceFactory
from tests.test_other_reports import JUNE, answered
from tests.test_other_reports import told as told
from tests.test_releases_worker import wait_for
from vru_portal.core.periods import FinancialYear, Month
from vru_portal.core.refusals import NotAllowed

pytestmark = pytest.mark.usefixtures("workbooks_once")

Q1 = FinancialYear(2021).quarters[0]
RELEASED = factories.noon(date(2021, 7, 22))
NOW = factories.noon(date(2021, 7, 30))
ROWS = (
    {"section": "1 People", "code": "1.1", "label": "Young people supported", "source": "reach"},
    {"section": "1 People", "code": "1.2", "label": "People walked with", "source": "measure", "measure": "walkers"},
    {"section": "2 Work", "code": "2.1", "label": "Hours walked", "source": "measure", "measure": "walks"},
    {"section": "1 People", "code": "1.3", "label": "Supported since April", "source": "reach", "over": "year_to_date"},
    {"section": "2 Work", "code": "2.2", "label": "Nights", "source": "measure", "measure": "nights"},
    {"section": "3 Money", "code": "3.1", "label": "Grant awarded", "source": "money", "money": "awarded"},
    {"section": "3 Money", "code": "3.2", "label": "Grant received", "source": "money", "money": "received"},
    {"section": "3 Money", "code": "3.3", "label": "For evaluation", "source": "money", "money": "awarded",
     "ring_fence": "Evaluation"},
    {"section": "4 In words", "code": "4.1", "label": "What worked", "source": "text"},
)  # fmt: skip


@pytest.fixture
def people(db):
    return {role: factories.user_with(role) for role in (Role.ANALYST, Role.PROGRAMME_MANAGER, Role.DIRECTOR)}


@pytest.fixture
def analyst(people):
    return people[Role.ANALYST]


@pytest.fixture
def director(people):
    return people[Role.DIRECTOR]


@pytest.fixture
def report(analyst):
    award_year = AwardYearFactory(
        financial_year=2021, at="agreement_signed", announced_on=date(2021, 3, 5), pence=580_000_00
    )
    GrantReceiptFactory(award_year=award_year, on_date=date(2021, 5, 3), amount_pence=145_000_50)
    GrantReceiptFactory(award_year=award_year, on_date=date(2021, 7, 3), amount_pence=145_000_00)
    RingFenceFactory(award_year=award_year, purpose="Evaluation", amount_kind="fixed", amount_pence=58_000_00)
    report = report_mappings.add_report(name="Quarterly return", fund=award_year.fund, by=analyst, now=NOW)
    mapping = report.mappings.get()
    for facts in ROWS:
        report_mappings.put_row(mapping=mapping, facts=facts, by=analyst, now=NOW)
    report_mappings.publish(mapping=mapping, first_quarter=Q1, by=analyst, now=NOW)
    return report


@pytest.fixture
def released(told, director):
    release = releases.produce(month=JUNE, by=None, now=RELEASED)
    return factories.approve(release=release, by=director, now=RELEASED)


def filled(report, by, *, quarter=Q1, now=NOW, reason="") -> QuarterReport:
    asked = actions.ask(report=report, quarter=quarter, reason=reason, by=by, now=now)
    return actions.fill(quarter_report_id=asked.pk, clock=lambda: now)


@pytest.fixture
def draft(report, released, analyst):
    return filled(report, analyst)


@pytest.fixture
def several(told, report, analyst, director):
    """Filled from a mapping with rows that add up two programmes: hours, commitments, what one never answered, and
    referrals that one had few of."""
    walking = told[0].programme
    factories.MeasureFactory(code="calls", name="Calls", unit="count", is_about_people=True)
    other = factories.DeliveryFactory(programme=factories.ProgrammeFactory(code="other", name="Other"))
    answered(other, Month(2021, 4), walks=5, calls=2)
    answered(told[1], Month(2021, 6), calls=30)
    award_year = report.fund.award_years.get()
    for delivery, pence in ((told[0], 40_000_00), (other, 30_000_00), (factories.DeliveryFactory(), 9_000_00)):
        PartnerAwardFactory(award_year=award_year, delivery=delivery, amount_pence=pence, agreed_on=date(2021, 5, 1))
    another = report_mappings.add_report(name="Another", fund=report.fund, by=analyst, now=NOW)
    mapping = another.mappings.get()
    both = {"section": "9", "label": "Both", "programme": walking, "with_programmes": ["other"]}
    for code, facts in (
        ("9.1", {"source": "measure", "measure": "walks"}),
        ("9.2", {"source": "money", "money": "committed", "over": "year_to_date"}),
        ("9.3", {"source": "measure", "measure": "nights"}),
        ("9.4", {"source": "measure", "measure": "calls"}),
    ):
        report_mappings.put_row(mapping=mapping, facts=both | {"code": code} | facts, by=analyst, now=NOW)
    report_mappings.publish(mapping=mapping, first_quarter=Q1, by=analyst, now=NOW)
    release = releases.produce(month=JUNE, by=None, now=RELEASED)
    releases.approve(release=release, by=director, now=RELEASED)
    return filled(another, analyst)


@pytest.fixture
def authored(draft, analyst):
    actions.write(row=draft.rows.get(code="4.1"), answer="Walking.", by=analyst, now=NOW)
    actions.write(row=draft.rows.get(code="2.1"), comment="–", by=analyst, now=NOW)
    return actions.sign(quarter_report=draft, by=analyst, now=NOW)


@pytest.fixture
def signed(authored, director):
    return actions.certify(quarter_report=authored, by=director, now=NOW)


def pay_and_claim(award_year, delivery) -> None:
    """By September: £250 of the funder, and of an approved claim of £1,000 £400; in October, more of both."""
    director = factories.user_with(Role.DIRECTOR)
    given = {"award_year": award_year, "approved_by": director}
    factories.GrantClaimFactory(**given, amount_pence=250_00, proposed_at=factories.noon(date(2021, 7, 5)))
    factories.GrantClaimFactory(**given, amount_pence=99_00, proposed_at=factories.noon(date(2021, 10, 5)))
    award = PartnerAwardFactory(award_year=award_year, delivery=delivery, agreed_on=date(2021, 4, 1))
    claim = factories.ClaimFactory(award=award, at="approved")
    for pence, day in ((400_00, date(2021, 9, 30)), (600_00, date(2021, 10, 1))):
        factories.PartnerPaymentFactory(claim=claim, amount_pence=pence, on_date=day, approved_by=director)


def told_by(quarter_report: QuarterReport) -> dict[str, str]:
    return {row.code: row.answer or in_words(row) for row in quarter_report.rows.all()}


class TestFill:
    def test_takes_each_row_from_where_it_is_mapped(self, draft, released):
        assert told_by(draft) == {
            "1.1": "between 10 and 40",
            "1.2": "65",
            "1.3": "between 10 and 40",
            "2.1": "8",
            "2.2": "not available",
            "3.1": "£580,000",
            "3.2": "£145,000.50",
            "3.3": "£58,000",
            "4.1": "",
        }
        row = draft.rows.get(code="1.1")
        figure = released.figures.get(order=row.release_row)
        assert (figure.lower, figure.upper, figure.period_type) == (row.lower, row.upper, "quarter")
        assert row.came_from == f"{released}: all programmes, April 2021 to June 2021"
        assert (row.returns_received, row.returns_due) == (3, 4)
        assert draft.rows.get(code="3.2").came_from.endswith("2021/22, April 2021 to June 2021")

    def test_tells_what_was_claimed_and_paid_as_it_was_recorded_by_the_end_of_the_quarter(
        self, told, report, released, analyst
    ):
        pay_and_claim(report.fund.award_years.get(), told[0])
        mapping = report_mappings.start(report=report, by=analyst, now=NOW)
        walking = {"programme": told[0].programme}
        for code, facts in (
            ("5.1", {"money": "claimed"}),
            ("5.2", {"money": "approved"}),
            ("5.3", {"money": "paid"}),
            ("5.4", {"money": "paid"} | walking),
            ("5.5", {"money": "paid", "programme": factories.ProgrammeFactory(code="other")}),
            ("5.6", {"money": "claimed", "ring_fence": "Evaluation"}),
        ):
            facts = {"section": "5", "code": code, "label": code, "source": "money", "over": "year_to_date"} | facts
            report_mappings.put_row(mapping=mapping, facts=facts, by=analyst, now=NOW)
        q2 = FinancialYear(2021).quarters[1]
        report_mappings.publish(mapping=mapping, first_quarter=q2, what_changed="Money.", by=analyst, now=NOW)
        at = factories.noon(date(2021, 10, 25))
        release = releases.produce(month=Month(2021, 9), by=None, now=at)
        factories.approve(release=release, by=factories.user_with(Role.DIRECTOR), now=at)
        found = told_by(filled(report, analyst, quarter=q2, now=at))
        assert {code: found[code] for code in found if code.startswith("5")} == {
            "5.1": "£250",
            "5.2": "£1,000",
            "5.3": "£400",
            "5.4": "£400",
            "5.5": "£0",
            "5.6": "not available",
        }

    def test_what_is_missing_is_not_available_and_never_zero(self, draft):
        nights = draft.rows.get(code="2.2")
        assert (nights.lower, nights.upper, nights.symbol) == (None, None, "x")

    def test_what_is_hidden_from_everybody_goes_to_the_funder_hidden(self, told, report, analyst, director):
        programme = factories.ProgrammeFactory(code="other")
        answered(factories.DeliveryFactory(programme=programme), JUNE, walkers=2)
        mapping = report_mappings.start(report=report, by=analyst, now=NOW)
        facts = {"section": "1", "code": "1.9", "label": "Others", "source": "measure", "measure": "walkers"}
        report_mappings.put_row(mapping=mapping, facts=facts | {"programme": programme}, by=analyst, now=NOW)
        q2 = FinancialYear(2021).quarters[1]
        report_mappings.publish(mapping=mapping, first_quarter=q2, what_changed="More.", by=analyst, now=NOW)
        at, september = factories.noon(date(2021, 10, 25)), Month(2021, 9)
        answered(told[0], september, walkers=40)
        answered(programme.deliveries.get(), september, walkers=3)
        factories.approve(release=releases.produce(month=september, by=None, now=at), by=director, now=at)
        row = filled(report, analyst, quarter=q2, now=at).rows.get(code="1.9")
        assert (row.lower, row.upper, row.symbol, in_words(row)) == (None, None, "c", "hidden")

    def test_adds_up_programmes_where_that_is_right(self, several, report, analyst):
        told = told_by(several)
        assert told["9.1"] == "13"
        row = several.rows.get(code="9.1")
        assert row.came_from.startswith("Walks, Reach to June 2021, release 1: Walking + Other, April 2021")
        assert (row.returns_received, row.returns_due) == (4, 6)
        assert told["9.2"] == "£70,000"

    def test_a_sum_is_missing_where_a_part_is(self, several):
        assert told_by(several)["9.3"] == "not available"

    def test_a_sum_is_hidden_where_a_part_is(self, several):
        row = several.rows.get(code="9.4")
        assert (row.lower, row.symbol) == (None, "c")

    def test_people_are_never_added_up(self, told, report, analyst):
        programme, other = factories.ProgrammeFactory.create_batch(2)
        mapping = report_mappings.start(report=report, by=analyst, now=NOW)
        facts = {"section": "9", "code": "9.1", "label": "Sum", "source": "measure", "programme": programme}
        with pytest.raises(report_mappings.PeopleAreNotAddedUp, match="people are never added up"):
            report_mappings.put_row(
                mapping=mapping,
                facts=facts | {"measure": "walkers", "with_programmes": [other.code]},
                by=analyst,
                now=NOW,
            )
        report_mappings.put_row(mapping=mapping, facts=facts | {"measure": "walkers"}, by=analyst, now=NOW)

    @pytest.mark.parametrize(
        ("rule", "facts"),
        [
            ("mappingrow_says_what_fills_it", {"source": "reach"}),
            ("mappingrow_says_what_fills_it", {"source": "money", "money": "awarded"}),
            ("mappingrow_adds_to_a_programme", {"source": "measure", "measure": "walks", "programme": None}),
        ],
    )
    def test_the_database_adds_up_nothing_else(self, report, analyst, rule, facts):
        mapping = report_mappings.start(report=report, by=analyst, now=NOW)
        given = {"section": "9", "code": "9.1", "label": "Sum", "order": 99, "with_programmes": ["other"]}
        with refused(rule):
            MappingRow.objects.create(mapping=mapping, **given | {"programme": factories.ProgrammeFactory()} | facts)

    def test_asks_for_a_release_that_is_public(self, report, told, analyst):
        with pytest.raises(NothingPublished, match="No release of April to June 2021 is public yet"):
            actions.ask(report=report, quarter=Q1, by=analyst, now=NOW)

    def test_twice_gives_one_report(self, draft, report, analyst):
        again = actions.ask(report=report, quarter=Q1, by=analyst, now=NOW)
        assert again == draft
        assert actions.fill(quarter_report_id=draft.pk, clock=lambda: NOW) is None
        assert QuarterReport.objects.count() == 1

    def test_again_keeps_what_was_written(self, draft, analyst):
        actions.write(row=draft.rows.get(code="4.1"), answer="Walking.", by=analyst, now=NOW)
        actions.write(row=draft.rows.get(code="2.1"), comment="A cold spring.", by=analyst, now=NOW)
        actions.fill_again(quarter_report=draft, by=analyst, now=NOW)
        again = actions.fill(quarter_report_id=draft.pk, clock=lambda: NOW)
        assert again.rows.get(code="4.1").answer == "Walking."
        assert again.rows.get(code="2.1").comment == "A cold spring."
        assert again.rows.count() == len(ROWS)

    def test_a_job_that_kills_its_worker_is_not_tried_for_ever(self, report, released, analyst):
        asked = actions.ask(report=report, quarter=Q1, by=analyst, now=NOW)
        QuarterReport.objects.update(attempts=actions.MOST_ATTEMPTS)
        assert actions.fill(quarter_report_id=asked.pk, clock=lambda: NOW) is None
        asked.refresh_from_db()
        assert (asked.state, asked.problem[:17]) == ("failed", "The job was begun")
        actions.fill_again(quarter_report=asked, by=analyst, now=NOW)
        assert actions.fill(quarter_report_id=asked.pk, clock=lambda: NOW).state == "draft"

    def test_is_resumed_once_nothing_was_heard_of_it(self, report, released, analyst):
        asked = actions.ask(report=report, quarter=Q1, by=analyst, now=NOW)
        assert actions.resume(now=NOW) == []
        assert actions.resume(now=NOW + timedelta(minutes=3)) == [asked.pk]


class TestSign:
    def test_asks_for_every_row_of_words_first(self, draft, analyst):
        with pytest.raises(actions.NotAnswered, match=r"4\.1"):
            actions.sign(quarter_report=draft, by=analyst, now=NOW)

    def test_nothing_is_written_any_more(self, authored, analyst):
        with pytest.raises(actions.NotNow):
            actions.write(row=authored.rows.first(), comment="Late.", by=analyst, now=NOW)

    def test_the_second_person_sends_it_back_with_a_reason(self, authored, director, analyst):
        back = actions.send_back(quarter_report=authored, reason="Say why 2.1 fell.", by=director, now=NOW)
        assert (back.state, back.authored_by, back.sent_back_reason) == ("draft", None, "Say why 2.1 fell.")
        again = actions.sign(quarter_report=back, by=analyst, now=NOW)
        assert (again.state, again.sent_back_reason) == ("authored", "")


class TestCertify:
    def test_never_by_its_author(self, draft, people):
        manager = people[Role.PROGRAMME_MANAGER]
        actions.write(row=draft.rows.get(code="4.1"), answer="Walking.", by=manager, now=NOW)
        authored = actions.sign(quarter_report=draft, by=manager, now=NOW)
        with pytest.raises(actions.SignedByTheSame):
            actions.certify(quarter_report=authored, by=manager, now=NOW)

    def test_takes_somebody_who_may(self, authored, analyst):
        with pytest.raises(NotAllowed):
            actions.certify(quarter_report=authored, by=factories.user_with(Role.ANALYST), now=NOW)

    def test_keeps_its_files_as_sent(self, signed, analyst, director):
        kept = {file.name: gzip.decompress(file.compressed) for file in signed.files.all()}
        assert kept.keys() == {"report.csv", "report.xlsx", "csv-metadata.json"}
        rows = {row["code"]: row for row in csv.DictReader(io.StringIO(kept["report.csv"].decode(), newline=""))}
        assert (rows["1.1"]["value"], rows["1.1"]["lower"], rows["1.1"]["upper"]) == ("", "10", "40")
        assert (rows["2.2"]["value"], rows["2.2"]["symbol"]) == ("", "x")
        assert (rows["3.2"]["value"], rows["4.1"]["in_words"]) == ("145000.50", "Walking.")
        book = load_workbook(io.BytesIO(kept["report.xlsx"]))
        cover = [cell.value for cell in book["Cover"]["A"]]
        assert f"Prepared by {analyst} on 30 July 2021." in cover
        assert f"Certified by {director} on 30 July 2021." in cover
        [table] = json.loads(kept["csv-metadata.json"])["tables"]
        assert [column["name"] for column in table["tableSchema"]["columns"]] == list(rows["1.1"])
        assert signed.fingerprint == signed.files.get(name="report.csv").sha256

    def test_nothing_that_changes_afterwards_changes_it(self, signed, told, director):
        before = {file.name: bytes(file.compressed) for file in signed.files.all()}
        one, *_ = told
        answered(one, JUNE, walks=90, walkers=90)
        late = releases.produce(month=JUNE, by=None, now=NOW)
        factories.approve(release=late, by=director, now=NOW)
        assert {file.name: bytes(file.compressed) for file in QuarterReportFile.objects.all()} == before


class TestCorrect:
    def test_takes_a_reason(self, signed, report, analyst):
        with pytest.raises(actions.NoReason):
            actions.ask(report=report, quarter=Q1, by=analyst, now=NOW)

    def test_is_a_further_numbered_one_that_begins_with_what_was_written(self, signed, report, told, analyst, director):
        one, *_ = told
        answered(one, JUNE, walks=90, walkers=90)
        factories.approve(release=releases.produce(month=JUNE, by=None, now=NOW), by=director, now=NOW)
        second = filled(report, analyst, reason="A return came late.")
        assert (second.number, second.reason, second.state) == (2, "A return came late.", "draft")
        assert (told_by(second)["2.1"], told_by(second)["4.1"]) == ("98", "Walking.")
        assert told_by(signed)["2.1"] == "8"


class TestLastQuarter:
    def test_stands_beside_each_row_as_it_was_told(self, signed, report, told, analyst, director):
        q2, september = FinancialYear(2021).quarters[1], Month(2021, 9)
        for month in q2.months:
            for delivery in told:
                answered(delivery, month, walks=5, walkers=10)
        at = factories.noon(date(2021, 10, 25))
        factories.approve(release=releases.produce(month=september, by=None, now=at), by=director, now=at)
        second = filled(report, analyst, quarter=q2, now=at)
        assert told_before(second) == signed
        of_june = told_by(signed)
        to_date = f"{of_june['1.3']}, April 2021 to June 2021"
        assert {row.code: row.told_before for row in second.rows.all()} == of_june | {"1.3": to_date, "4.1": ""}
        assert told_by(second)["2.1"] == "45"


class TestMapping:
    def test_is_never_edited_once_it_is_in_force(self, report, analyst):
        row = report.mappings.get().rows.first()
        with pytest.raises(report_mappings.NotADraft):
            report_mappings.put_row(mapping=row.mapping, row=row, facts={"label": "Other"}, by=analyst, now=NOW)

    def test_a_new_version_begins_with_the_rows_of_the_last(self, report, analyst):
        draft = report_mappings.start(report=report, by=analyst, now=NOW)
        assert (draft.number, draft.rows.count()) == (2, len(ROWS))
        assert report_mappings.start(report=report, by=analyst, now=NOW) == draft
        with pytest.raises(report_mappings.CannotPublish, match="otherwise"):
            report_mappings.publish(mapping=draft, first_quarter=Q1, by=analyst, now=NOW)
        with pytest.raises(report_mappings.CannotPublish, match="Another mapping begins"):
            report_mappings.publish(mapping=draft, first_quarter=Q1, what_changed="More.", by=analyst, now=NOW)

    def test_moves_and_removes_rows_of_a_draft(self, report, analyst):
        draft = report_mappings.start(report=report, by=analyst, now=NOW)
        report_mappings.move_row(row=draft.rows.get(code="1.2"), places=-1, by=analyst, now=NOW)
        report_mappings.remove_row(row=draft.rows.get(code="1.1"), by=analyst, now=NOW)
        assert [row.code for row in draft.rows.all()][:2] == ["1.2", "2.1"]
        with pytest.raises(report_mappings.CodeTaken):
            report_mappings.put_row(mapping=draft, facts=ROWS[1], by=analyst, now=NOW)


class TestDatabase:
    """Each rule by its name."""

    def refuses(self, name, change):
        with pytest.raises(DatabaseError, match=name), transaction.atomic():
            change()

    def update(self, quarter_report, **values):
        return lambda: QuarterReport.objects.filter(pk=quarter_report.pk).update(**values)

    def test_quarterreport_signed_by_two(self, authored, analyst):
        change = self.update(authored, certified_by=analyst, certified_at=NOW, state="signed", fingerprint="0" * 64)
        self.refuses("quarterreport_signed_by_two", change)

    def test_quarterreport_signed_in_order(self, draft, analyst, director):
        both = {"authored_by": analyst, "authored_at": NOW, "certified_by": director, "certified_at": NOW}
        self.refuses("quarterreport_signed_in_order", self.update(draft, state="signed", fingerprint="0" * 64, **both))

    def test_the_author_is_not_changed_as_it_is_certified(self, authored, people, director):
        other = {"authored_by": people[Role.PROGRAMME_MANAGER], "certified_by": director, "certified_at": NOW}
        change = self.update(authored, state="signed", fingerprint="0" * 64, **other)
        self.refuses("quarterreport_signed_in_order", change)

    def test_quarterreport_never_edited(self, signed):
        self.refuses("quarterreport_never_edited", self.update(signed, sent_back_reason="No."))
        self.refuses("Cannot delete", lambda: QuarterReport.objects.filter(pk=signed.pk)._raw_delete("default"))

    def test_quarterreport_state_as_signed(self, draft, authored):
        self.refuses("quarterreport_state_as_signed", self.update(authored, state="draft"))

    def test_quarterreport_one_open(self, draft):
        values = {"mapping": draft.mapping, "requested_by": draft.requested_by, "requested_at": NOW, "beat_at": NOW}
        another = {"report": draft.report, "first_day": draft.first_day, "number": 2, "reason": "Twice.", **values}
        self.refuses("quarterreport_one_open", lambda: QuarterReport.objects.create(**another))
        unexplained = another | {"reason": "", "first_day": date(2021, 7, 1)}
        self.refuses("quarterreport_correction_has_reason", lambda: QuarterReport.objects.create(**unexplained))
        no_quarter = another | {"first_day": date(2021, 5, 1)}
        self.refuses("quarterreport_of_a_quarter", lambda: QuarterReport.objects.create(**no_quarter))

    def test_quarterrow_fixed_once_signed(self, authored):
        rows = QuarterRow.objects.filter(quarter_report=authored)
        self.refuses("quarterrow_fixed_once_signed", lambda: rows.update(lower=Decimal(1), upper=Decimal(1), symbol=""))
        self.refuses("quarterrow_fixed_once_signed", lambda: rows.delete())

    def test_quarterrow_number_or_symbol(self, draft):
        rows = QuarterRow.objects.filter(quarter_report=draft, code="2.1")
        self.refuses("quarterrow_number_or_symbol", lambda: rows.update(lower=None, upper=None))
        self.refuses("quarterrow_number_or_symbol", lambda: rows.update(answer="Words."))

    def test_quarterreportfile_with_its_signature(self, draft):
        values = {"name": "more.csv", "size": 1, "sha256": "0" * 64, "compressed": b"0"}
        rule = "quarterreportfile_with_its_signature"
        self.refuses(rule, lambda: QuarterReportFile.objects.create(quarter_report=draft, **values))

    def test_reportmapping_fixed_once_live(self, report):
        mapping = report.mappings.get()
        self.refuses("reportmapping_fixed_once_live", lambda: report.mappings.update(what_changed="Less."))
        self.refuses("mappingrow_fixed_once_live", lambda: mapping.rows.update(label="Other"))
        self.refuses("mappingrow_fixed_once_live", lambda: mapping.rows.filter(code="1.1").delete())

    def test_mappingrow_says_what_fills_it(self, report, analyst):
        draft = report_mappings.start(report=report, by=analyst, now=NOW)
        for code, values in (("1.1", {"money": "awarded"}), ("2.1", {"measure": ""}), ("3.1", {"measure": "walks"})):
            rows = draft.rows.filter(code=code)
            self.refuses("mappingrow_says_what_fills_it", lambda rows=rows, values=values: rows.update(**values))


@pytest.mark.django_db(transaction=True)
class TestTwoAtOnce:
    @pytest.fixture(autouse=True)
    def policy(self, db):
        return factories.PolicyFactory()

    def test_certify_gives_one_report_and_one_set_of_files(self, authored, director):
        second = factories.user_with(Role.DIRECTOR)
        found = []

        def certify(by):
            try:
                found.append(actions.certify(quarter_report=authored, by=by, now=NOW))
            except actions.NotNow as refusal:
                found.append(refusal)
            finally:
                connections.close_all()

        threads = [threading.Thread(target=certify, args=[by]) for by in (director, second)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert sorted(type(each).__name__ for each in found) == ["NotNow", "QuarterReport"]
        assert QuarterReportFile.objects.count() == 3

    def test_a_worker_fills_what_was_asked_for(self, celery_worker_process, report, released, analyst):
        asked = actions.ask(report=report, quarter=Q1, by=analyst, now=NOW)

        def is_filled():
            asked.refresh_from_db()
            return asked.state == "draft"

        wait_for(is_filled, "the report to be filled")
        assert (asked.percent, asked.rows.count()) == (100, len(ROWS))
