"""The read API: what each role sees, what it never shows, and how it answers what it does not understand."""

import csv
import gzip
import json
from datetime import date, timedelta

import pytest
import schemathesis
from django.core.management import call_command
from django.db import transaction
from django.urls import reverse
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from schemathesis import GenerationMode
from schemathesis.specs.openapi.checks import positive_data_acceptance

from outcomes.actions import releases
from outcomes.models import Figure
from partners.actions.accounts import create_token
from partners.models import Network, NetworkMember, NetworkMembership
from partners.permissions import Role
from tests import factories
from tests.factories import user_with
from vru_portal.core.periods import Month
from vru_portal.wsgi import application

pytestmark = pytest.mark.usefixtures("workbooks_once")

JUNE = Month(2021, 6)
NOW = factories.noon(date(2021, 7, 22))


@pytest.fixture(scope="class")
def region_once(fill_once):
    return fill_once(make_region)


@pytest.fixture
def region(region_once, db) -> dict:
    return region_once()


@transaction.atomic
def make_region() -> dict:
    """One delivery with an accepted return, one with a draft; two releases, the first published."""
    factories.PolicyFactory()
    factories.CategoryFactory(dimension="district", code="E08000025")
    factories.CategoryFactory(dimension="age_band", code="14-15")
    programme = factories.ProgrammeFactory(code="mentors")
    own = factories.DeliveryFactory(code="OWN-1", programme=programme)
    other = factories.DeliveryFactory(code="OTHER-1", programme=programme)
    for month in (Month(2021, 4), JUNE):
        factories.accepted_return(own, month, new_people=33, known_people=2)
    factories.ReturnVersionFactory(obligation__delivery=other, typed={"new_people": "secret typing"})
    published = releases.produce(month=JUNE, by=None, now=NOW)
    factories.approve(release=published, by=user_with(Role.ANALYST), now=NOW)
    factories.accepted_return(other, Month(2021, 5), new_people=3)
    unpublished = releases.produce(month=JUNE, by=None, now=NOW + timedelta(days=1))
    factories.GrantReceiptFactory(amount_pence=12_345)
    return {"own": own, "other": other, "published": published, "unpublished": unpublished}


@pytest.fixture
def read(client):
    """`read(role or user, "returns/", month="2021-06")`: the status and what was answered."""

    def read(who, address: str, **parameters):
        client.force_login(user_with(who) if isinstance(who, Role) else who)
        response = client.get(f"/api/v1/{address}", parameters)
        return response.status_code, json.loads(response.content)

    return read


def rows(answer) -> list[dict]:
    status, body = answer
    assert status == 200, body
    return body["results"]


class TestReturns:
    def test_a_partner_reads_its_own_alone(self, region, read):
        partner = user_with(Role.PARTNER, region["own"].partner)
        assert {row["delivery"] for row in rows(read(partner, "returns/"))} == {"OWN-1"}
        hidden = region["other"].obligations.first()
        assert read(partner, f"returns/{hidden.pk}/")[0] == 404

    def test_staff_and_auditors_read_all(self, region, read):
        for role in (Role.ANALYST, Role.AUDITOR):
            assert {row["delivery"] for row in rows(read(role, "returns/"))} == {"OWN-1", "OTHER-1"}

    def test_a_commissioner_reads_none(self, region, read):
        assert read(Role.COMMISSIONER, "returns/")[0] == 403

    def test_have_the_latest_counts_with_their_breakdowns(self, region, read):
        (row,) = rows(read(Role.ANALYST, "returns/", month="2021-06", delivery="OWN-1"))
        assert (row["month"], row["programme"], row["is_waived"]) == ("2021-06", "mentors", False)
        (version,) = row["versions"]
        sent = version["latest_submission"]
        assert (version["state"], sent["new_people"], sent["known_people"]) == ("accepted", 33, 2)
        ages = [count for count in sent["counts"] if count["dimension"] == "age_band"]
        assert ages == [{"seen": "first_seen", "dimension": "age_band", "category": "14-15", "people": 35}]

    def test_never_show_what_is_only_typed(self, region, read):
        answer = read(Role.ANALYST, "returns/", delivery="OTHER-1")
        (draft,) = [v for row in rows(answer) for v in row["versions"] if v["state"] == "draft"]
        assert draft["latest_submission"] is None
        assert "secret typing" not in json.dumps(answer[1])

    def test_come_in_one_order_and_in_pages(self, region, read):
        everything = rows(read(Role.ANALYST, "returns/"))
        paged = [rows(read(Role.ANALYST, "returns/", limit=1, offset=n))[0] for n in range(len(everything))]
        assert [row["id"] for row in paged] == [row["id"] for row in everything]
        assert [row["month"] for row in everything] == sorted((row["month"] for row in everything), reverse=True)

    def test_cost_the_same_number_of_queries_for_one_and_for_many(self, region, client, django_assert_max_num_queries):
        client.force_login(user_with(Role.ANALYST))
        with django_assert_max_num_queries(12):
            client.get("/api/v1/returns/")


class TestReleases:
    def test_a_commissioner_reads_what_is_published(self, region, read):
        assert [row["number"] for row in rows(read(Role.COMMISSIONER, "releases/"))] == [1]
        for part in ("", "figures/", "figures/1/"):
            assert read(Role.COMMISSIONER, f"releases/{region['published'].code}/{part}")[0] == 200
            assert read(Role.COMMISSIONER, f"releases/{region['unpublished'].code}/{part}")[0] == 404

    def test_go_by_their_code_and_not_by_a_number_of_the_database(self, region, read):
        status, body = read(Role.COMMISSIONER, "releases/2021-06.1/")
        assert (status, body["code"], "id" in body) == (200, "2021-06.1", False)
        for address in (region["published"].pk, "2021-06.01", "2021-13.1", "2021-06.9"):
            assert read(Role.ANALYST, f"releases/{address}/")[0] == 404
            assert read(Role.ANALYST, f"releases/{address}/figures/")[0] == 404

    def test_staff_read_what_is_not_yet(self, region, read):
        assert [row["number"] for row in rows(read(Role.FINANCE_OFFICER, "releases/"))] == [2, 1]

    def test_a_partner_reads_none(self, region, read):
        assert read(Role.PARTNER, "releases/")[0] == 403

    @pytest.mark.parametrize("role", [Role.COMMISSIONER, Role.ANALYST, Role.ADMINISTRATOR, Role.AUDITOR])
    def test_nobody_reads_exact_numbers(self, region, read, role):
        figures = rows(read(role, f"releases/{region['published'].code}/figures/", limit=1000))
        assert figures
        assert not {name for row in figures for name in row if "exact" in name}
        hidden = [row for row in figures if row["symbol"]]
        assert all(row["lower"] is None and row["upper"] is None for row in hidden)

    def test_figures_are_chosen_by_period_and_codes(self, region, read):
        address = f"releases/{region['published'].code}/figures/"
        wanted = {"period_type": "year_to_date", "month": "2021-06", "programme": "all", "district": "all"}
        (row,) = rows(read(Role.COMMISSIONER, address, **wanted, age_band="all", measure="people_supported"))
        figure = Figure.objects.get(release=region["published"], order=row["row"])
        assert (row["lower"], row["upper"], row["basis"]) == (figure.lower, figure.upper, figure.basis)
        mentors = rows(read(Role.COMMISSIONER, address, programme="mentors", limit=1000))
        assert {row["programme"] for row in mentors} == {"mentors"}

    def test_figures_are_the_rows_of_the_file_and_lead_to_their_pages(self, region, read, client):
        release = region["published"]
        found = rows(read(Role.COMMISSIONER, f"releases/{release.code}/figures/", limit=1000))
        file = release.files.get(name="reach.csv")
        written = list(csv.DictReader(gzip.decompress(file.compressed).decode().splitlines()))
        names = ("row", "value", "lower", "upper", "symbol", "marker", "returns_received")
        assert [[str("" if row[name] is None else row[name]) for name in names] for row in found] == [
            [row[name] for name in names] for row in written
        ]
        assert client.get(found[0]["page"]).status_code == 200

    def test_figures_keep_the_codes_that_they_were_made_with(self, region, read):
        programme = region["own"].programme
        programme.code = "renamed"
        programme.save()
        address = f"releases/{region['published'].code}/figures/"
        assert rows(read(Role.COMMISSIONER, address, programme="mentors"))
        assert read(Role.COMMISSIONER, address, programme="renamed")[0] == 400


class TestTheRest:
    def test_deliveries_and_organisations_are_a_partners_own(self, region, read):
        partner = user_with(Role.PARTNER_LEAD, region["own"].partner)
        assert [row["code"] for row in rows(read(partner, "deliveries/"))] == ["OWN-1"]
        assert [row["name"] for row in rows(read(partner, "organisations/"))] == [region["own"].partner.name]
        assert read(partner, "deliveries/OTHER-1/")[0] == 404

    def test_deliveries_of_a_month_are_those_that_run_in_it(self, region, read):
        region["other"].ends_on = date(2021, 5, 31)
        region["other"].save()
        found = rows(read(Role.ANALYST, "deliveries/", month="2021-06", programme="mentors"))
        assert [row["code"] for row in found] == ["OWN-1"]

    def test_networks_are_a_stock_on_a_day(self, region, read):
        network = Network.objects.create(name="Faith Alliance", kind="faith_alliance")
        member = NetworkMember.objects.create(name="Amina")
        NetworkMembership.objects.create(network=network, member=member, joined_on=date(2021, 5, 1))
        assert rows(read(Role.ANALYST, "networks/", on="2021-04-30"))[0]["members"] == 0
        assert rows(read(Role.ANALYST, "networks/"))[0]["members"] == 1
        assert "Amina" not in json.dumps(read(Role.ANALYST, f"networks/{network.pk}/")[1])

    def test_award_years_show_what_came_in_beside_what_was_awarded(self, region, read):
        (row,) = rows(read(Role.FINANCE_OFFICER, "award-years/"))
        assert (row["financial_year"], row["received_pence"], row["is_secured"]) == ("2022/23", 12_345, True)
        assert read(Role.PARTNER_LEAD, "award-years/")[0] == 403

    def test_nothing_is_written(self, region, client):
        client.force_login(user_with(Role.ADMINISTRATOR))
        for method in (client.post, client.put, client.patch, client.delete):
            assert method("/api/v1/areas/").status_code == 405

    def test_a_tool_that_begins_at_the_root_finds_each_list(self, region, client):
        found = client.get("/api/v1/").json()
        assert {"schema", "areas", "returns", "releases", "award-years"} <= found.keys()
        client.force_login(user_with(Role.ANALYST))
        assert {client.get(address).status_code for address in found.values()} == {200}

    def test_the_page_for_people_lists_every_door(self, region, client):
        client.force_login(user_with(Role.COMMISSIONER))
        page = client.get(reverse("api-home")).content.decode()
        for name in ("areas", "returns", "releases/{release}/figures", "award-years"):
            assert f"/api/v1/{name}/" in page


class TestWhatIsNotUnderstood:
    @pytest.mark.parametrize(
        ("address", "parameters", "sentence"),
        [
            ("returns/", {"month": "June"}, "Write the month as 2021-12."),
            ("returns/", {"month": "2021-13"}, "Write the month as 2021-12."),
            ("returns/", {"delivery": "NO-1"}, "There is no delivery “NO-1” among those that you see."),
            ("returns/", {"programme": "no"}, "There is no programme “no”."),
            ("returns/", {"programme": "'; --"}, "A code has letters, digits and hyphens only."),
            ("returns/", {"moth": "2021-06"}, "There is no such parameter. There are: "),
            ("returns/", {"limit": "0"}, "Give a whole number from 1 to 1,000."),
            ("returns/", {"offset": "-1"}, "Give a whole number from 0 to 100,000,000."),
            ("networks/", {"on": "yesterday"}, "Write the day as 2021-12-31."),
            ("organisations/", {"kind": "castle"}, "is not a valid choice"),
        ],
    )
    def test_gets_a_400_with_a_sentence(self, region, read, address, parameters, sentence):
        status, body = read(Role.ANALYST, address, **parameters)
        assert status == 400
        assert sentence in json.dumps(body, ensure_ascii=False)

    def test_a_partner_is_not_told_of_anothers_delivery(self, region, read):
        partner = user_with(Role.PARTNER, region["own"].partner)
        (status, of_another), of_none = (read(partner, "returns/", delivery=code) for code in ("OTHER-1", "NO-1"))
        assert "OTHER-1" in json.dumps(of_another)
        assert (status, json.loads(json.dumps(of_another).replace("OTHER-1", "NO-1"))) == of_none
        assert status == 400


class TestTokens:
    @pytest.mark.parametrize("token", ["nonsense", "ÿþ", "a b", ""])
    def test_of_nobody_get_a_401(self, db, client, token):
        assert client.get("/api/v1/areas/", headers={"authorization": f"Token {token}"}).status_code == 401

    def test_that_expired_get_a_401(self, db, client):
        user = user_with(Role.ANALYST)
        secret = create_token(by=user, now=timezone.now())
        user.auth_token_set.update(expiry=timezone.now() - timedelta(seconds=1))
        assert client.get("/api/v1/areas/", headers={"authorization": f"Token {secret}"}).status_code == 401

    def test_see_no_more_than_their_person(self, region, client):
        secret = create_token(by=user_with(Role.COMMISSIONER), now=timezone.now())
        headers = {"authorization": f"Token {secret}"}
        assert client.get("/api/v1/releases/", headers=headers).status_code == 200
        assert client.get("/api/v1/returns/", headers=headers).status_code == 403


class TestSchema:
    def test_is_made_without_a_warning(self, tmp_path):
        call_command("spectacular", "--fail-on-warn", "--validate", "--file", str(tmp_path / "schema.yml"))

    def test_is_read_before_signing_in(self, db, client):
        body = json.loads(client.get(reverse("api-schema"), {"format": "json"}).content)
        assert "/api/v1/releases/{release}/figures/" in body["paths"]
        assert "exact_lower" not in json.dumps(body)


@pytest.mark.django_db(transaction=True)  # the application closes its connections, as it does when it is served
class TestDescription:
    @pytest.mark.parametrize("mode", GenerationMode)
    def test_is_what_the_api_does(self, mode):
        """What it allows is answered as it says; what it forbids is refused; nothing fails."""
        make_region()
        headers = {"Authorization": f"Token {create_token(by=user_with(Role.ANALYST), now=timezone.now())}"}
        api = schemathesis.openapi.from_wsgi("/api/v1/schema/?format=json", application)
        operations = [result.ok() for result in api.get_all_operations()]
        assert len(operations) == 22
        for operation in operations:
            _try_out(operation, mode, headers)


def _try_out(operation, mode: GenerationMode, headers: dict) -> None:
    if mode == GenerationMode.NEGATIVE and not operation.query:
        return  # nothing to get wrong but the address

    @settings(max_examples=8, deadline=None, suppress_health_check=list(HealthCheck), derandomize=True, database=None)
    @given(case=operation.as_strategy(generation_mode=mode))
    def answers(case):
        # A well-formed code that names nothing is a 400, which no description can foresee.
        case.call_and_validate(headers=headers, excluded_checks=[positive_data_acceptance])

    answers()
