"""Awards and payments from a spreadsheet: seen before they are proposed, all or nothing, twice the same is once."""

import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import date, datetime

import pytest
import tablib
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.urls import reverse

from funding.actions import awards, imports, payments
from funding.models import PartnerAward, PartnerPayment
from funding.models.grants import SpendCategory
from funding.resources import MOST_ROWS, AwardResource, PaymentResource
from partners.actions.reference_tables import FileRefused
from partners.models import Event
from partners.permissions import Role
from partners.resources import problems
from tests import factories as make
from tests.test_tables_in import open_cell, open_document, table
from vru_portal.core.refusals import NotAllowed
from vru_portal.core.spreadsheets import read_table

NOW = make.noon(date(2022, 7, 20))
AWARD = {
    "reference": "A-1",
    "delivery": "BOX",
    "fund": "Violence grant",
    "year": "2022/23",
    "ring-fence": "",
    "for": "",
    "amount": "£1,250.50",
    "paid by": "quarterly",
    "waits for returns": "yes",
    "first day": "01/04/2022",
    "last day": "31/03/2023",
    "agreed on": "25/03/2022",
    "note": "",
}
PAYMENT = {
    "reference": "BACS-1",
    "award": "A-1",
    "instalment": "1",
    "quarter": "",
    "amount": "312.62",
    "paid on": "01/04/2022",
    "note": "",
}


def text_of(*rows: dict) -> str:
    return tablib.Dataset(*(list(row.values()) for row in rows), headers=list(rows[0])).export("csv")


def workbook_of(row: dict) -> bytes:
    return tablib.Dataset(list(row.values()), headers=list(row)).export("xlsx")


def open_document_of(row: dict) -> bytes:
    def cell(value) -> str:
        if isinstance(value, datetime):
            return open_cell("", f"office:value-type='date' office:date-value='{value.date()}'")
        if isinstance(value, int | float):
            return open_cell("", f"office:value-type='float' office:value='{value}'")
        return open_cell(value)

    lines = ("".join(map(cell, cells)) for cells in (row, row.values()))
    return open_document(table("".join(f"<table:table-row>{line}</table:table-row>" for line in lines)))


def given(resource, text: str):
    return {"table": resource(), "dataset": read_table(text.encode(), "table.csv"), "now": NOW}


def propose(resource, text: str, by):
    return imports.propose_all(**given(resource, text), file_name="table.csv", by=by)


def wrong(resource, text: str, by) -> list[tuple[int | None, str]]:
    """The sentences, of the preview and of the import alike."""
    seen = problems(imports.preview(**given(resource, text), by=by))
    with pytest.raises(FileRefused) as refused:
        propose(resource, text, by)
    assert problems(refused.value.result) == seen
    return seen


@pytest.fixture
def finance(db):
    return make.user_with(Role.FINANCE_OFFICER)


@pytest.fixture
def award_year(db):
    make.DeliveryFactory(code="BOX", name="Evening boxing")
    return make.AwardYearFactory(fund=make.FundFactory(name="Violence grant"))


@pytest.fixture
def award(award_year):
    """Approved, and paid in four instalments."""
    who = {"by": make.user_with(Role.FINANCE_OFFICER), "now": NOW}
    propose(AwardResource, text_of(AWARD), who["by"])
    return awards.approve_award(award=PartnerAward.objects.get(), by=make.user_with(Role.DIRECTOR), now=NOW)


class TestAwards:
    def test_are_proposed_with_all_that_the_row_says(self, finance, award_year):
        propose(AwardResource, text_of(AWARD), finance)
        award = PartnerAward.objects.get()
        assert (award.amount_pence, award.paid_by, award.holds_for_returns) == (1_250_50, "quarterly", True)
        assert (award.starts_on, award.agreed_on) == (date(2022, 4, 1), date(2022, 3, 25))
        assert (award.category, award.proposed_by, award.approved_by) == (SpendCategory.DELIVERY, finance, None)
        assert sum(each.amount_pence for each in award.instalments.all()) == award.amount_pence

    def test_a_dash_in_the_name_of_a_fund_is_typed_as_a_hyphen(self, finance):
        make.DeliveryFactory(code="BOX", name="Evening boxing")
        year = make.AwardYearFactory(fund=make.FundFactory(name="Violence grant 2022–25"))
        propose(AwardResource, text_of(AWARD | {"fund": "violence grant 2022-25"}), finance)
        assert PartnerAward.objects.get().award_year == year

    def test_are_recorded_with_the_file_they_came_from(self, finance, award_year):
        propose(AwardResource, text_of(AWARD), finance)
        told = Event.objects.filter(subject="A-1").order_by("id").values_list("name", "by", "reason")
        assert list(told) == [
            ("funding.award.proposed", finance.pk, ""),
            ("funding.file.imported", finance.pk, "From the file table.csv"),
        ]

    def test_change_nothing_the_second_time(self, finance, award_year):
        text = text_of(AWARD, AWARD | {"reference": "A-2"})
        assert propose(AwardResource, text, finance).totals["new"] == 2
        events = Event.objects.count()
        assert propose(AwardResource, text, finance).totals["skip"] == 2
        assert (PartnerAward.objects.count(), Event.objects.count()) == (2, events)

    def test_stay_as_they_are_once_decided(self, finance, award):
        resource = AwardResource()
        dataset = read_table(text_of(AWARD).encode(), "a.csv")
        (seen,) = resource.rows_seen(imports.preview(table=resource, dataset=dataset, by=finance, now=NOW))
        assert (seen.number, seen.standing) == (2, "approved")

    def test_never_change_what_is_recorded(self, finance, award):
        [(row, sentence)] = wrong(AwardResource, text_of(AWARD | {"amount": "1250.51"}), finance)
        assert row == 2
        assert "A-1 is recorded already, with another amount: £1,250.50." in sentence

    def test_come_by_columns_in_any_order_and_spelling_without_those_that_may_be_left_out(self, finance, award_year):
        needed = {name.upper().replace(" ", "_"): cell for name, cell in AWARD.items() if name not in {"for", "note"}}
        propose(AwardResource, text_of(dict(reversed(needed.items()))), finance)
        assert PartnerAward.objects.get().note == ""

    @pytest.mark.parametrize("ending", ["xlsx", "ods"])
    def test_come_as_workbooks_with_dates_and_numbers(self, finance, award_year, ending):
        row = AWARD | {"amount": 1250.5, "first day": NOW.replace(day=1, month=4, tzinfo=None), "reference": 17}
        data = open_document_of(row) if ending == "ods" else workbook_of(row)
        dataset = read_table(data, f"a.{ending}")
        imports.propose_all(table=AwardResource(), dataset=dataset, file_name="a", by=finance, now=NOW)
        award = PartnerAward.objects.get()
        assert (award.reference, award.amount_pence, award.starts_on) == ("17", 1_250_50, date(2022, 4, 1))

    def test_keep_a_ring_fence_together(self, finance, award_year):
        make.RingFenceFactory(award_year=award_year, purpose="Schools", amount_pence=2_000_00)
        rows = [AWARD | {"reference": f"A-{n}", "ring-fence": "schools"} for n in (1, 2)]
        [(row, sentence)] = wrong(AwardResource, text_of(*rows), finance)
        assert (row, "Only £749.50 is left for “Schools”" in sentence) == (3, True)
        assert not PartnerAward.objects.exists()

    @pytest.mark.parametrize(
        ("cells", "sentence"),
        [
            ({"reference": ""}, "reference: The cell is empty"),
            ({"reference": "x" * 41}, "reference: The reference is longer than 40 characters"),
            ({"delivery": "NONE"}, "delivery: There is no delivery “NONE”"),
            ({"fund": "Other"}, "year: There is no grant of “Other” for 2022/23"),
            ({"fund": ""}, "fund: The cell is empty"),
            ({"year": "2022"}, "year: write the financial year as 2022/23"),
            ({"year": "2031/32"}, "year: There is no grant of “Violence grant” for 2031/32"),
            ({"ring-fence": "Moon"}, "has no ring-fence “Moon”"),
            ({"for": "cakes"}, "for: “cakes” is none of: delivery, evaluation"),
            ({"amount": "12.505"}, "amount: “12.505” is not an amount. Give pounds and pence"),
            ({"amount": "much"}, "amount: “much” is not an amount. Enter an amount in pounds"),
            ({"amount": ""}, "amount: The cell is empty"),
            ({"amount": "0"}, "Enter the amount of the award"),
            ({"amount": "-5"}, "Say in the note what this amount below zero corrects"),
            ({"amount": "100,000.01"}, "This grant is £100,000 in all"),
            ({"amount": "0.03"}, "too little to be paid in instalments"),
            ({"paid by": "cheque"}, "paid by: “cheque” is none of: claims, monthly, quarterly"),
            ({"waits for returns": "perhaps"}, "waits for returns: “perhaps” is neither yes nor no"),
            ({"first day": "04/13/2022"}, "first day: “04/13/2022” is not a date: write it as 10/06/2026, the day"),
            ({"last day": "01/04/2023"}, "The award year 2022/23 runs from 1 April 2022 to 31 March 2023"),
            ({"agreed on": "21/07/2022"}, "This date has not come yet"),
        ],
    )
    def test_say_in_which_row_what_is_wrong_and_what_to_do(self, finance, award_year, cells, sentence):
        [(row, told)] = wrong(AwardResource, text_of(AWARD | {"reference": "A-9"}, AWARD | cells), finance)
        assert row == 3
        assert sentence in told
        assert not PartnerAward.objects.exists()

    def test_say_all_that_is_wrong_at_once_past_empty_rows(self, finance, award_year):
        rows = [{"amount": "x", "delivery": "y"}, dict.fromkeys(AWARD, ""), {"reference": "A-2", "paid by": "z"}]
        assert [row for row, _ in wrong(AwardResource, text_of(*(AWARD | row for row in rows)), finance)] == [2, 2, 4]

    def test_have_a_reference_each(self, finance, award_year):
        [(row, sentence)] = wrong(AwardResource, text_of(AWARD, AWARD), finance)
        assert (row, "“A-1” stands in row 2 too" in sentence) == (3, True)

    @pytest.mark.parametrize(
        ("text", "sentence"),
        [
            ("reference,colour\nA-1,blue\n", "a column “colour” that this table does not have"),
            ("reference\nA-1\n", "The file lacks the column “delivery”"),
            (text_of(AWARD).splitlines()[0] + "\n", "The table has no rows. Give a row for each award."),
            (text_of(*[AWARD] * (MOST_ROWS + 1)), "The table has 501 rows. Split it: 500 are taken at a time."),
            ("Note,note\n1,2\n", "The column “note” is there twice"),
        ],
    )
    def test_say_what_is_wrong_with_the_whole_file(self, finance, award_year, text, sentence):
        [(row, told)] = wrong(AwardResource, text, finance)
        assert (row, sentence in told) == (None, True), told

    def test_keep_signs_that_no_database_takes_out(self, finance, award_year):
        propose(AwardResource, text_of(AWARD | {"note": "Board\x00 of\nMay"}), finance)
        assert PartnerAward.objects.get().note == "Board of May"

    def test_are_proposed_by_those_alone_who_manage_money(self, award_year):
        for act in (imports.preview, lambda **given: imports.propose_all(**given, file_name="a.csv")):
            with pytest.raises(NotAllowed):
                act(**given(AwardResource, text_of(AWARD)), by=make.user_with(Role.DIRECTOR))

    def test_let_a_fault_of_ours_out(self, finance, award_year, monkeypatch):
        monkeypatch.setattr(AwardResource, "propose", lambda *_, **__: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            imports.preview(**given(AwardResource, text_of(AWARD)), by=finance)


class TestPayments:
    def test_are_proposed_of_an_instalment(self, finance, award):
        propose(PaymentResource, text_of(PAYMENT), finance)
        payment = PartnerPayment.objects.get()
        assert (payment.instalment, payment.amount_pence) == (award.instalments.first(), 312_62)
        assert (payment.proposed_by, payment.approved_by) == (finance, None)

    def test_are_proposed_of_an_approved_claim(self, finance, award_year):
        claim = make.ClaimFactory(award=make.PartnerAwardFactory(award_year=award_year), at="approved")
        row = PAYMENT | {"award": claim.award.reference, "instalment": "", "quarter": "1", "amount": "10"}
        propose(PaymentResource, text_of(row), finance)
        assert PartnerPayment.objects.get().claim == claim

    def test_change_nothing_the_second_time(self, finance, award):
        for key in ("new", "skip"):
            assert propose(PaymentResource, text_of(PAYMENT), finance).totals[key] == 1

    def test_are_proposed_again_once_they_are_declined(self, finance, award):
        propose(PaymentResource, text_of(PAYMENT), finance)
        payments.decline_payment(
            payment=PartnerPayment.objects.get(), reason="Wrong day", by=make.user_with(Role.DIRECTOR), now=NOW
        )
        assert propose(PaymentResource, text_of(PAYMENT), finance).totals["new"] == 1
        assert PartnerPayment.objects.filter(reference="BACS-1", declined_by=None).count() == 1

    def test_never_pay_more_than_is_due_however_many_rows_ask(self, finance, award):
        rows = [PAYMENT | {"reference": f"B-{n}", "amount": "200"} for n in (1, 2)]
        [(row, sentence)] = wrong(PaymentResource, text_of(*rows), finance)
        assert (row, "Only £112.62 of it is not paid or proposed" in sentence) == (3, True)

    @pytest.mark.parametrize(
        ("cells", "sentence"),
        [
            ({"award": "A-7"}, "award: There is no award “A-7”"),
            ({"instalment": ""}, "instalment: Give the number of the instalment, or the quarter of the claim"),
            ({"quarter": "1"}, "quarter: Nothing is claimed of A-1 for quarter 1"),
            ({"instalment": "", "quarter": "5"}, "quarter: The quarter is 1, 2, 3 or 4"),
            ({"instalment": "5"}, "instalment: A-1 has no instalment 5"),
            ({"instalment": "first"}, "instalment: “first” is not a whole number"),
            ({"amount": "312.63"}, "Only £312.62 of it is not paid or proposed. Pay that or less."),
            ({"amount": "-1"}, "Say in the note why this money came back."),
            ({"paid on": ""}, "paid on: The cell is empty"),
        ],
    )
    def test_say_in_which_row_what_is_wrong_and_what_to_do(self, finance, award, cells, sentence):
        found = wrong(PaymentResource, text_of(PAYMENT | cells), finance)
        assert {row for row, _ in found} == {2}
        assert any(sentence in told for _, told in found), found

    def test_wait_for_what_is_held(self, finance, award):
        award.holds.create(reason="Waits for the June return.", placed_at=NOW)
        [(_, sentence)] = wrong(PaymentResource, text_of(PAYMENT), finance)
        assert "Payments of this award are held. Waits for the June return." in sentence

    def test_wait_until_the_award_is_approved(self, finance, award_year):
        propose(AwardResource, text_of(AWARD), finance)
        [(_, sentence)] = wrong(PaymentResource, text_of(PAYMENT), finance)
        assert "This is not approved yet" in sentence


# ---- Pages ----


def page(kind: str) -> str:
    return reverse("funding:import", args=[kind])


def choose(client, text: str, kind="awards", name="table.csv"):
    return client.post(page(kind), {"file": SimpleUploadedFile(name, text.encode())})


class TestPage:
    def test_shows_each_row_as_it_will_be_and_proposes_nothing_yet(self, client, finance, award):
        client.force_login(finance)
        text = text_of(AWARD, AWARD | {"reference": "A-2", "note": "<b>"})
        seen = choose(client, text).text
        assert "table.csv: 1 new" in seen
        assert "There already: approved" in seen
        assert "<strong>New</strong>" in seen
        assert "&lt;b&gt;" in seen
        assert "Evening boxing" in seen
        assert PartnerAward.objects.count() == 1

    def test_proposes_what_was_seen(self, client, finance, award):
        client.force_login(finance)
        key = choose(client, text_of(PAYMENT), "payments").context["key"]
        done = client.post(page("payments"), {"confirm": key}, follow=True)
        assert "1 payment is proposed from table.csv. A colleague now has to approve." in done.text
        assert done.request["PATH_INFO"] == reverse("funding:payment-list")
        assert "No file is kept" not in done.text
        again = client.post(page("payments"), {"confirm": key}, follow=True)
        assert "The file is no longer kept here." in again.text
        assert PartnerPayment.objects.count() == 1

    def test_offers_nothing_to_propose_of_a_file_that_is_recorded(self, client, finance, award):
        client.force_login(finance)
        seen = choose(client, text_of(AWARD))
        assert "Every row is recorded already" in seen.text
        assert "Propose 0" not in seen.text

    def test_lists_what_to_correct_by_row(self, client, finance, award_year):
        client.force_login(finance)
        seen = choose(client, text_of(AWARD | {"delivery": "NONE"})).text
        assert "table.csv: 1 thing to correct" in seen
        assert "<td>2</td><td>delivery: There is no delivery “NONE”" in seen

    def test_says_why_a_file_is_no_table(self, client, finance):
        client.force_login(finance)
        assert "not an Excel workbook" in choose(client, "x", name="a.xlsx").text
        assert "Choose a file that ends in" in choose(client, "x", name="a.pdf").text
        assert "Choose a file" in client.post(page("awards"), {}).text

    def test_meets_what_changed_after_the_preview(self, client, finance, award_year):
        client.force_login(finance)
        key = choose(client, text_of(AWARD)).context["key"]
        make.PartnerAwardFactory(award_year=award_year, reference="A-1")
        assert "A-1 is recorded already" in client.post(page("awards"), {"confirm": key}).text

    def test_says_once_what_every_row_says(self, client, finance, award_year):
        client.force_login(finance)
        one = choose(client, text_of(AWARD)).context
        assert (one["alike"], "fund" in one["columns"]) == ({}, True)
        both = choose(client, text_of(AWARD, AWARD | {"reference": "A-2", "amount": "5"}))
        assert both.context["columns"] == ["reference", "amount"]
        assert "The same in every row: delivery BOX, fund Violence grant, year 2022/23, for delivery" in both.text

    def test_takes_only_ones_own_file(self, client, finance, award_year):
        client.force_login(finance)
        key = choose(client, text_of(AWARD)).context["key"]
        client.force_login(make.user_with(Role.FINANCE_OFFICER))
        assert "no longer kept" in client.post(page("awards"), {"confirm": key}, follow=True).text
        assert not PartnerAward.objects.exists()

    @pytest.mark.parametrize("kind", ["awards", "payments"])
    @pytest.mark.parametrize("ending", ["csv", "xlsx"])
    def test_gives_the_columns_to_begin_from(self, client, finance, kind, ending):
        client.force_login(finance)
        answer = client.get(reverse("funding:import-columns", args=[kind, ending]))
        resource = AwardResource if kind == "awards" else PaymentResource
        assert read_table(answer.content, f"a.{ending}").headers == resource.columns()
        assert answer["Content-Disposition"] == f'attachment; filename="{kind}.{ending}"'

    def test_is_reached_from_awards_and_payments(self, client, finance, award_year):
        client.force_login(finance)
        assert page("awards") in client.get(reverse("funding:award-year-detail", args=[award_year.pk])).text
        assert page("payments") in client.get(reverse("funding:payment-list")).text
        client.force_login(make.user_with(Role.DIRECTOR))
        assert page("payments") not in client.get(reverse("funding:payment-list")).text


@pytest.mark.django_db(transaction=True)
class TestTwoAtOnce:
    def test_propose_the_same_file_once(self, finance, award_year):
        """One person confirms twice, by a button pressed twice: the second finds it recorded."""
        client = Client()
        client.force_login(finance)
        key = choose(client, text_of(*(AWARD | {"reference": f"A-{n}"} for n in range(8)))).context["key"]
        together = threading.Barrier(2)

        def confirm(_) -> str:
            try:
                own = Client()
                own.cookies = client.cookies
                together.wait(10)
                return own.post(page("awards"), {"confirm": key}).url
            finally:
                connection.close()

        with ThreadPoolExecutor(2) as pool:
            led_to = list(pool.map(confirm, range(2)))
        assert set(led_to) <= {reverse("money"), page("awards")}
        assert PartnerAward.objects.count() == 8
        assert Event.objects.filter(name="funding.file.imported").count() == 8

    def test_propose_the_same_rows_of_two_people_once(self, finance, award_year):
        people, text = [finance, make.user_with(Role.FINANCE_OFFICER)], text_of(AWARD)
        together = threading.Barrier(2)

        def attempt(person) -> int:
            try:
                together.wait(10)
                return propose(AwardResource, text, person).totals["new"]
            finally:
                connection.close()

        with ThreadPoolExecutor(2) as pool:
            assert sorted(pool.map(attempt, people)) == [0, 1]
        assert PartnerAward.objects.count() == 1
