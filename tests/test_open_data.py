"""The unit's awards as 360Giving data: valid by the published schema, and nothing of what the unit receives."""

import csv
import io
import json
from datetime import date
from pathlib import Path

import jsonschema_rs
import pytest
from django.urls import reverse

from funding import open_data
from funding.queries.open_data import UnitUnknown, open_grants, publisher
from partners.models import Organisation
from partners.permissions import Role
from tests import factories as make

pytestmark = pytest.mark.django_db

REFERENCE = Path(__file__).parents[2] / "shared/reference"
REQUIRED = {
    "Identifier", "Title", "Description", "Currency", "Amount Awarded", "Award Date", "Recipient Org:Identifier",
    "Recipient Org:Name", "Funding Org:Identifier", "Funding Org:Name",
}  # fmt: skip
TODAY = date(2022, 12, 1)


@pytest.fixture
def unit():
    return make.OrganisationFactory(kind=Organisation.Kind.UNIT, name="The unit", org_id="GB-GOR-UNIT")


@pytest.fixture
def finance():
    return make.user_with(Role.FINANCE_OFFICER)


@pytest.fixture
def award(unit):
    partner = make.OrganisationFactory(name="Riverbank Youth Trust", org_id="GB-CHC-1234567")
    delivery = make.DeliveryFactory(partner=partner)
    return make.PartnerAwardFactory(delivery=delivery, amount_pence=12_000_50, reference="A-7")


class TestGrants:
    def test_are_what_is_committed_with_its_corrections(self, award, finance):
        make.PartnerAwardFactory(
            delivery=award.delivery, award_year=award.award_year, amount_pence=-2_000_00, note="One group fewer"
        )
        (grant,) = open_grants(user=finance, as_at=TODAY)
        assert (grant.identifier, grant.awarded_pence) == ("360G-wmvru-A-7", 10_000_50)
        assert (grant.recipient.identifier, grant.funder.identifier) == ("GB-CHC-1234567", "GB-GOR-UNIT")

    def test_leave_out_what_nobody_approved_and_what_was_taken_back(self, award, finance):
        make.PartnerAwardFactory(award_year=award.award_year, approved_by=None)
        gone = make.PartnerAwardFactory(award_year=award.award_year, amount_pence=100)
        make.PartnerAwardFactory(delivery=gone.delivery, award_year=award.award_year, amount_pence=-100, note="Closed")
        assert [grant.identifier for grant in open_grants(user=finance, as_at=TODAY)] == ["360G-wmvru-A-7"]

    def test_leave_out_the_grant_received_and_the_loan(self, award, finance):
        receipt = make.GrantReceiptFactory(award_year=award.award_year)
        facility = make.BridgingFacilityFactory(fund=award.award_year.fund)
        text = open_data.as_json(open_grants(user=finance, as_at=TODAY), publisher=publisher(), issued=TODAY).decode()
        for name in (receipt.reference, facility.decision_reference, award.award_year.fund.funder.name):
            assert name not in text

    def test_a_partner_without_an_identifier_gets_one_of_the_publisher(self, unit, finance):
        award = make.PartnerAwardFactory(delivery=make.DeliveryFactory(partner=make.OrganisationFactory(org_id="")))
        (grant,) = open_grants(user=finance, as_at=TODAY)
        assert grant.recipient.identifier == f"360G-wmvru-ORG-{award.delivery.partner_id}"

    def test_need_to_know_who_awards(self, finance):
        with pytest.raises(UnitUnknown, match="with its org-id"):
            open_grants(user=finance, as_at=TODAY)


class TestJson:
    @pytest.fixture
    def package(self, award, finance):
        grants = open_grants(user=finance, as_at=TODAY)
        return json.loads(open_data.as_json(grants, publisher=publisher(), issued=TODAY))

    def test_has_what_the_standard_asks_and_more(self, package):
        (grant,) = package["grants"]
        asked = {"id", "title", "description", "currency", "amountAwarded", "awardDate"}
        asked |= {"recipientOrganization", "fundingOrganization", "plannedDates", "beneficiaryLocation", "dateModified"}
        assert asked <= grant.keys()
        assert grant["amountAwarded"] == 12000.5
        assert grant["plannedDates"] == [{"startDate": "2022-04-01", "endDate": "2023-03-31"}]
        assert package["publisher"]["name"] == "The unit"

    @pytest.mark.shared
    @pytest.mark.skipif(not REFERENCE.exists(), reason="the published schema is not here")
    def test_is_valid_by_the_published_schema(self, package):
        grant = json.loads((REFERENCE / "360-giving-schema.json").read_text())
        whole = json.loads((REFERENCE / "360-giving-package-schema.json").read_text())
        whole["properties"]["grants"]["items"] = grant | {"$id": "https://example.org/grant"}
        check = jsonschema_rs.Draft202012Validator(whole, validate_formats=True)
        assert [str(error) for error in check.iter_errors(package)] == []
        package["grants"][0].pop("awardDate")
        assert list(check.iter_errors(package)), "the check finds what is missing"


class TestCsv:
    def test_has_the_ten_fields_and_one_row_a_grant(self, award, finance):
        make.PartnerAwardFactory(award_year=award.award_year)
        data = open_data.as_csv(open_grants(user=finance, as_at=TODAY))
        rows = list(csv.DictReader(io.StringIO(data.decode())))
        assert len(rows) == 2
        assert rows[0].keys() >= REQUIRED
        assert all(row[name] for row in rows for name in REQUIRED)
        assert {row["Amount Awarded"] for row in rows} == {"12000.5", "12000"}


class TestPages:
    def test_offer_both_files_from_the_money_page(self, client, award):
        client.force_login(make.user_with(Role.AUDITOR))
        page = reverse("funding:open-data")
        assert page in client.get(reverse("money")).content.decode()
        assert "1 awards, published by The unit" in client.get(page).content.decode()
        for kind in ("json", "csv"):
            response = client.get(reverse("funding:open-data-file", args=[kind]))
            assert response.status_code == 200
            assert f".{kind}" in response["Content-Disposition"]
            assert b"360G-wmvru-A-7" in response.content

    def test_say_what_to_do_while_the_unit_is_unknown(self, client):
        client.force_login(make.user_with(Role.AUDITOR))
        assert "with its org-id" in client.get(reverse("funding:open-data")).content.decode()
        response = client.get(reverse("funding:open-data-file", args=["csv"]), follow=True)
        assert "with its org-id" in response.content.decode()
