"""What a rule says no to stands at the top of the page, with a link, and beside the field that it is about."""

import html
import re
from datetime import date

import pytest
from django.urls import reverse

from partners.permissions import Role
from tests import factories as make
from tests.test_funding_pages import on
from vru_portal.core.refusals import Refusal

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def finance(client):
    user = make.user_with(Role.FINANCE_OFFICER)
    client.force_login(user)
    return user


@pytest.fixture
def year():
    return make.AwardYearFactory(at="agreement_signed", pence=1_000_00)


@pytest.fixture
def line(year):
    line = make.BudgetLineFactory(award_year=year, name="Evaluation", category="evaluation")
    make.BudgetChangeFactory(entries={line: 100_00}, approved_by=make.UserFactory())
    return line


JULY = date(2022, 7, 20)
RECEIPT = {"amount_pence": "10", **on("on_date", JULY), "reference": "HO-1", "note": ""}
SPEND = {"amount_pence": "10", **on("on_date", JULY), "payee": "A", "reference": "U-1", "note": ""}
CLAIM = {"quarter": "2", "amount_pence": "10", "reference": "C-9", "note": ""}
AWARD = {
    "category": "delivery", "amount_pence": "10", "paid_by": "claims", **on("starts_on", date(2022, 7, 1)),
    **on("ends_on", date(2022, 12, 31)), **on("agreed_on", JULY), "reference": "A-1", "note": "",
}  # fmt: skip
MOVEMENT = {"kind": "drawdown", "amount_pence": "10", **on("on_date", JULY), "reference": "D-1", "reason": "Pay"}


def asked(client, name: str, pk: int, typed: dict) -> str:
    return client.post(reverse(f"funding:{name}", args=[pk]), typed).text


def stands_beside(page: str, field: str, sentence: str) -> None:
    linked = re.search(rf'<a href="#([^"]+)">{re.escape(html.escape(sentence, quote=True))}</a>', page)
    assert linked, re.findall(r"error-summary__list.*?</ul>", page, re.DOTALL)
    control = re.search(rf'<(input|textarea|select)[^>]*\bid="{linked[1]}"[^>]*>', page)
    assert control, "what it leads to is there"
    assert f'name="{field}' in control[0]
    assert re.search(rf'govuk-error-message"[^>]*>.*{re.escape(html.escape(sentence, quote=True))}', page, re.DOTALL)


class TestRefusals:
    @pytest.mark.parametrize(
        ("changed", "field", "sentence"),
        [
            ({"amount_pence": "-5"}, "note", "Say in the note what this amount below zero corrects"),
            ({"amount_pence": "-5", "note": "x"}, "amount_pence", "Only £0 is recorded as received by 20 July 2022. "
             "Take back that or less."),
            (on("on_date", date(2098, 1, 1)), "on_date", "This date has not come yet. Record it on the day or later."),
        ],
    )  # fmt: skip
    def test_of_a_receipt(self, client, year, changed, field, sentence):
        typed = {f"receipt-{name}": value for name, value in (RECEIPT | changed).items()}
        page = asked(client, "award-year-receipt", year.pk, typed)
        stands_beside(page, f"receipt-{field}", sentence)
        assert 'value="HO-1"' in page, "nothing that was typed is lost"

    @pytest.mark.parametrize(
        ("changed", "field", "sentence"),
        [
            ({"amount_pence": "101"}, "amount_pence", "Only £100 is left on “Evaluation”. Give that or less, or move "
             "money to it first."),
            (on("on_date", date(2022, 3, 1)), "on_date", "This budget is of 2022/23. Give a day from 1 April 2022 to "
             "31 March 2023."),
            ({"amount_pence": "-1"}, "note", "An amount below zero corrects what was spent. Say why in the note."),
        ],
    )  # fmt: skip
    def test_of_spending(self, client, year, line, changed, field, sentence):
        page = asked(client, "spend-propose", year.pk, SPEND | {"line": line.pk} | changed)
        stands_beside(page, field, sentence)

    def test_of_a_reference_that_is_taken(self, client, year):
        make.GrantClaimFactory(award_year=year, reference="C-9", amount_pence=1_00)
        page = asked(client, "grant-claim-propose", year.pk, CLAIM)
        stands_beside(page, "reference", "The reference C-9 is used already. Give another one.")

    def test_of_an_award_that_is_larger_than_the_grant(self, client, year):
        typed = AWARD | {"delivery": make.DeliveryFactory().pk, "amount_pence": "2000"}
        page = asked(client, "award-propose", year.pk, typed)
        sentence = "This grant is £1,000 in all. Give that or less, or correct the grant first."
        stands_beside(page, "amount_pence", sentence)

    def test_of_more_than_can_be_drawn(self, client, year):
        facility = make.BridgingFacilityFactory(fund=year.fund, limit_pence=5_00)
        page = asked(client, "facility-propose", facility.pk, MOVEMENT)
        stands_beside(page, "amount_pence", "Only £5 can still be drawn. Give that or less.")

    def test_of_a_day_to_come(self, client, year):
        facility = make.BridgingFacilityFactory(fund=year.fund)
        page = asked(client, "facility-propose", facility.pk, MOVEMENT | on("on_date", date(2098, 1, 1)))
        stands_beside(page, "on_date", "This date has not come yet. Record it on the day or later.")

    def test_of_more_than_the_grant_has_left(self, client, year):
        typed = {f"receipt-{name}": value for name, value in (RECEIPT | {"amount_pence": "1001"}).items()}
        sentence = (
            "Only £1,000 of this grant is left to come in, after what waits for approval. Check the amount, or correct "
            "the grant or the claim first."
        )
        stands_beside(asked(client, "award-year-receipt", year.pk, typed), "receipt-amount_pence", sentence)

    def test_of_a_change_of_the_budget_stand_beside_the_line_or_the_consent(self, client, year, line):
        typed = {"kind": "variation", f"line_{line.pk}": "-200", "reference": "B-9", "reason": "x"}
        page = asked(client, "budget-change-propose", year.pk, typed | {"consent_reference": "HO-1"})
        stands_beside(page, f"line_{line.pk}", "Only £100 is on “Evaluation”. Take away that or less.")
        page = asked(client, "budget-change-propose", year.pk, typed)
        sentence = "A variation needs the funder. Give the reference of the letter that agrees to it."
        stands_beside(page, "consent_reference", sentence)

    def test_about_the_whole_stay_above_the_form(self, client, year, line):
        other = make.BudgetLineFactory(award_year=year, name="Cars", category="running")
        typed = {
            "kind": "virement",
            f"line_{line.pk}": "-2",
            f"line_{other.pk}": "3",
            "reference": "B-9",
            "reason": "x",
        }
        page = asked(client, "budget-change-propose", year.pk, typed)
        sentence = "A virement adds up to nothing, and £1 more is added than taken away. Mend one of the amounts."
        assert f'<span class="app-error-line">{sentence}</span>' in page


class TestFieldAmong:
    def test_is_the_first_that_is_asked_for(self):
        class Wrong(Refusal):
            about = ("name", "purpose")

        assert Wrong("No.").field_among(["purpose", "name"]) == "name"
        assert Wrong("No.").field_among(["purpose"]) == "purpose"
        assert Wrong("No.").field_among(["other"]) is None
        assert Wrong("No.", about="other").field_among(["other", "name"]) == "other"
        assert Refusal("No.").field_among(["name"]) is None
