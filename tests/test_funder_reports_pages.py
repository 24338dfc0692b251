"""The pages of reports to funders: mapped, begun, written, signed by two people, corrected."""

import pytest
from django.urls import reverse

from outcomes.actions import quarter_reports as actions
from outcomes.actions import report_mappings
from outcomes.models import FunderReport, QuarterReport
from partners.permissions import Role
from tests import factories
from tests.factories.funding import FundFactory
from tests.test_funder_reports import NOW, ROWS
from tests.test_funder_reports import analyst as analyst
from tests.test_funder_reports import authored as authored
from tests.test_funder_reports import director as director
from tests.test_funder_reports import draft as draft
from tests.test_funder_reports import people as people
from tests.test_funder_reports import released as released
from tests.test_funder_reports import report as report
from tests.test_funder_reports import signed as signed
from tests.test_other_reports import told as told

pytestmark = pytest.mark.usefixtures("workbooks_once")


def page(client, name: str, /, *args):
    return client.get(reverse(f"outcomes:{name}", args=args))


def post(client, name: str, /, *args, **typed):
    return client.post(reverse(f"outcomes:{name}", args=args), typed, follow=True)


class TestMapping:
    def test_is_built_with_forms_and_put_in_force(self, db, analyst, client):
        client.force_login(analyst)
        post(client, "funder-report-add", name="Quarterly return", fund=FundFactory().pk)
        report = FunderReport.objects.get()
        for row in ROWS[:1] + ROWS[-1:]:
            typed = {"over": "quarter", **row}
            post(client, "mapping-row-add", report.code, 1, row["source"], **typed)
        rows = {row.code: row for row in report.mappings.get().rows.all()}
        assert rows.keys() == {"1.1", "4.1"}
        post(client, "mapping-row-edit", report.code, 1, rows["1.1"].pk, **ROWS[0] | {"over": "year_to_date"})
        post(client, "mapping-row-step", report.code, 1, rows["4.1"].pk, "up")
        answer = post(client, "report-mapping-publish", report.code, 1, first_quarter="2026.1")
        assert "Mapping 1, from Quarter 1 of 2026/27" in " ".join(answer.content.decode().split()).replace("</a>", "")
        assert [(row.code, row.over) for row in report.mappings.get().rows.all()] == [
            ("4.1", "quarter"),
            ("1.1", "year_to_date"),
        ]

    def test_a_row_may_add_up_programmes(self, told, report, analyst, client):
        client.force_login(analyst)
        report_mappings.start(report=report, by=analyst, now=NOW)
        factories.ProgrammeFactory(code="hub", name="Hub", order=1)
        factories.ProgrammeFactory(code="club", name="Club", order=2)
        typed = {"section": "1", "code": "9", "label": "Both", "programmes": ["hub", "club"], "over": "quarter"}
        answer = post(client, "mapping-row-add", report.code, 2, "measure", measure="walks", **typed)
        assert "Walks, Hub + Club" in answer.content.decode()
        row = report.mappings.get(number=2).rows.get(code="9")
        assert (row.programme.code, row.with_programmes) == ("hub", ["club"])
        form = page(client, "mapping-row-edit", report.code, 2, row.pk).content.decode()
        assert form.count(" checked") >= 2
        answer = post(client, "mapping-row-edit", report.code, 2, row.pk, measure="walkers", **typed)
        assert "people are never added up" in answer.content.decode()
        money = typed | {"code": "10", "money": "awarded", "ring_fence": ""}
        answer = post(client, "mapping-row-add", report.code, 2, "money", **money)
        assert "Only what goes to partners is known by programme" in answer.content.decode()

    def test_says_beside_the_field_what_is_missing(self, report, analyst, client):
        client.force_login(analyst)
        report_mappings.start(report=report, by=analyst, now=NOW)
        answer = post(client, "mapping-row-add", report.code, 2, "measure", section="1", code="9", label="Hours")
        assert answer.context["form"].errors.keys() == {"measure", "over"}
        answer = post(client, "report-mapping-publish", report.code, 2, first_quarter="2026.1")
        assert "Say what is asked otherwise than before." in answer.content.decode()

    def test_is_shown_and_not_changed_by_who_may_only_read(self, report, client):
        client.force_login(factories.user_with(Role.AUDITOR))
        assert page(client, "report-mapping", report.code, 1).status_code == 200
        assert "Add a row" not in page(client, "report-mapping", report.code, 1).content.decode()
        assert post(client, "report-mapping-start", report.code).status_code == 403


class TestQuarter:
    def test_is_begun_on_the_report_s_page(self, report, released, analyst, client):
        client.force_login(analyst)
        post(client, "quarter-report-begin", report.code, quarter="2021.1")
        one = QuarterReport.objects.get()
        waits = page(client, "quarter-report", one.pk).content.decode()
        assert "No worker is running. This goes on by itself once one is" in waits
        QuarterReport.objects.update(stage="Reading the release")
        stopped = page(client, "quarter-report", one.pk).content.decode()
        assert "No worker is running. This goes on by itself once one is" in stopped
        actions.fill(quarter_report_id=one.pk, clock=lambda: NOW)
        content = page(client, "quarter-report", one.pk).content.decode()
        assert "between 10 and 40" in content
        assert "To be written before it can be signed" in content

    def test_asks_for_the_bar_alone_while_it_is_filled(self, draft, analyst, client):
        client.force_login(analyst)
        answer = client.get(reverse("outcomes:quarter-report", args=[draft.pk]), headers={"HX-Request": "true"})
        assert answer["HX-Refresh"] == "true"
        assert "<h1" not in answer.content.decode()

    def test_is_written_signed_certified_and_downloaded(self, draft, analyst, director, client):
        client.force_login(analyst)
        post(client, "quarter-report-row", draft.pk, draft.rows.get(code="4.1").pk, answer="Walking.", comment="")
        post(client, "quarter-report-row", draft.pk, draft.rows.get(code="2.2").pk, comment="Asked from July.")
        answer = post(client, "quarter-report-sign", draft.pk)
        assert "You signed it as its author, so somebody else has to certify it." in answer.content.decode()
        client.force_login(director)
        assert "waits for a second signature" in client.get(reverse("home")).content.decode()
        answer = post(client, "quarter-report-certify", draft.pk)
        assert "certified by" in answer.content.decode()
        file = page(client, "quarter-report-file", draft.pk, "report.csv")
        content = b"".join(file.streaming_content)
        assert b"Walking." in content
        assert b"Asked from July." in content
        assert file["Content-Length"] == str(len(content))

    def test_its_author_is_not_offered_to_certify_it_and_is_refused(self, draft, people, client):
        manager = people[Role.PROGRAMME_MANAGER]
        actions.write(row=draft.rows.get(code="4.1"), answer="Walking.", by=manager, now=NOW)
        actions.sign(quarter_report=draft, by=manager, now=NOW)
        client.force_login(manager)
        assert "Certify…" not in page(client, "quarter-report", draft.pk).content.decode()
        answer = post(client, "quarter-report-certify", draft.pk)
        assert "You signed it as its author, so a colleague has to certify it." in answer.content.decode()

    def test_is_sent_back_with_a_reason(self, authored, director, analyst, client):
        client.force_login(director)
        post(client, "quarter-report-send-back", authored.pk, reason="Say why 2.1 fell.")
        client.force_login(analyst)
        assert "Sent back: Say why 2.1 fell." in page(client, "quarter-report", authored.pk).content.decode()

    def test_is_corrected_by_a_further_one(self, signed, analyst, client):
        client.force_login(analyst)
        post(client, "quarter-report-correct", signed.pk, reason="A return came late.")
        assert QuarterReport.objects.get(number=2).reason == "A return came late."
        assert "is being prepared to correct it" in page(client, "quarter-report", signed.pk).content.decode()

    def test_is_nothing_for_commissioners_and_partners(self, signed, client):
        for role in (Role.COMMISSIONER, Role.PARTNER_LEAD):
            client.force_login(factories.user_with(role))
            for name, args in (
                ("quarter-report", [signed.pk]),
                ("quarter-report-file", [signed.pk, "report.csv"]),
                ("funder-report", [signed.report.code]),
            ):
                assert page(client, name, *args).status_code == 403

    def test_a_quarter_that_cannot_be_filled_is_refused(self, report, analyst, client):
        client.force_login(analyst)
        answer = post(client, "quarter-report-begin", report.code, quarter="2021.1")
        assert "Choose a quarter that can be filled." in answer.content.decode()
        assert not QuarterReport.objects.exists()


def test_staff_find_them_from_releases(report, client):
    client.force_login(factories.user_with(Role.FINANCE_OFFICER))
    assert reverse("outcomes:funder-report-list") in page(client, "release-list").content.decode()
    assert "Quarterly return" in page(client, "funder-report-list").content.decode()
