"""Coverage: of what is owed, how much came and how much of it in time; by partner, programme and funder."""

import csv
import io
from datetime import date
from decimal import Decimal

import pytest
from django.urls import reverse

from funding.queries import funders_of_deliveries
from outcomes import coverage_csv
from outcomes.actions import obligations
from outcomes.queries.coverage import NO_AWARD, coverage
from partners.permissions import Role
from tests.factories import (
    AwardYearFactory,
    DeliveryFactory,
    ObligationFactory,
    OrganisationFactory,
    PartnerAwardFactory,
    ReturnVersionFactory,
    SubmissionFactory,
    accepted_return,
    noon,
    sent_return,
    user_with,
)
from vru_portal.core.periods import FinancialYear, Month

pytestmark = pytest.mark.django_db

YEAR = FinancialYear(2021)
TODAY = date(2021, 12, 1)


@pytest.fixture
def analyst():
    return user_with(Role.ANALYST)


@pytest.fixture
def delivery():
    return DeliveryFactory(partner__name="Anchor Project", partner__org_id="GB-CHC-1234567")


def rates(analyst, today=TODAY):
    return coverage(analyst, YEAR, today)


def sent_on(obligation, day, **version):
    version = ReturnVersionFactory(obligation=obligation, state="submitted", **version)
    return SubmissionFactory(version=version, submitted_at=noon(day))


class TestCompleteness:
    def test_is_accepted_of_due_nil_returns_among_them(self, analyst, delivery):
        accepted_return(delivery, Month(2021, 4))
        accepted_return(delivery, Month(2021, 5), nil=True)
        sent_return(obligation=ObligationFactory(delivery=delivery, month=date(2021, 6, 1)))
        sent_return(obligation=ObligationFactory(delivery=delivery, month=date(2021, 7, 1)), sent_back=True)
        ReturnVersionFactory(obligation=ObligationFactory(delivery=delivery, month=date(2021, 8, 1)))  # a draft
        ObligationFactory(delivery=delivery, month=date(2021, 9, 1))
        total = rates(analyst).total
        assert (total.due, total.accepted, total.nil, total.to_read, total.missing) == (6, 2, 1, 1, 3)
        assert total.completeness == Decimal("33.3")

    def test_leaves_out_what_is_not_due_waived_or_not_owed(self, analyst, delivery):
        ObligationFactory(delivery=delivery, month=date(2021, 11, 1))  # due on 14 December
        waiver = {"waived_at": noon(TODAY), "waived_by": analyst, "waived_reason": "Flooded."}
        ObligationFactory(delivery=delivery, month=date(2021, 6, 1), **waiver)
        ended = DeliveryFactory(starts_on=date(2021, 4, 1), ends_on=date(2021, 4, 30))
        ObligationFactory(delivery=ended, month=date(2021, 5, 1))
        ObligationFactory(delivery=delivery, month=date(2021, 3, 1))  # of the year before
        found = rates(analyst)
        assert (found.total.due, found.total.completeness, found.partners) == (0, None, ())

    def test_counts_an_accepted_return_while_it_is_corrected(self, analyst, delivery):
        version = accepted_return(delivery, Month(2021, 4))
        ReturnVersionFactory(obligation=version.obligation, number=2, revision_reason="correction")
        assert rates(analyst).total.accepted == 1


class TestTimeliness:
    def test_is_first_sent_by_the_due_date(self, analyst, delivery):
        for month, day in [(4, date(2021, 5, 18)), (5, date(2021, 6, 14)), (6, date(2021, 7, 14))]:
            obligation = ObligationFactory(delivery=delivery, month=date(2021, month, 1))
            sent_on(obligation, day)
        ObligationFactory(delivery=delivery, month=date(2021, 7, 1))
        total = rates(analyst).total
        assert (total.due, total.on_time, total.timeliness) == (4, 2, Decimal("50.0"))  # April: due on the 17th

    def test_stays_with_what_was_returned_and_sent_again(self, analyst, delivery):
        obligation = ObligationFactory(delivery=delivery, month=date(2021, 6, 1))
        first = sent_on(obligation, date(2021, 7, 1))
        SubmissionFactory(version=first.version, sequence=2, submitted_at=noon(date(2021, 8, 1)))
        assert rates(analyst).total.on_time == 1

    def test_goes_by_the_extended_date_and_says_so(self, analyst, delivery):
        obligation = ObligationFactory(delivery=delivery, month=date(2021, 6, 1))
        obligations.extend(
            obligation=obligation, due_date=date(2021, 7, 23), reason="Ill.", by=analyst, now=noon(date(2021, 7, 10))
        )
        sent_on(obligation, date(2021, 7, 20))
        total = rates(analyst).total
        assert (total.on_time, total.extended) == (1, 1)


class TestGroups:
    def test_are_partners_programmes_and_funders(self, analyst, delivery):
        other = DeliveryFactory(partner__name="Zest", programme=delivery.programme)
        accepted_return(delivery, Month(2021, 4))
        ObligationFactory(delivery=other, month=date(2021, 4, 1))
        found = rates(analyst)
        assert [(r.name, r.code, r.due, r.accepted) for r in found.partners] == [
            ("Anchor Project", "GB-CHC-1234567", 1, 1),
            ("Zest", "", 1, 0),
        ]
        (programme,) = found.programmes
        assert (programme.code, programme.completeness) == (delivery.programme.code, Decimal("50.0"))
        assert [(r.name, r.due) for r in found.funders] == [(NO_AWARD, 2)]

    def test_a_return_counts_for_each_funder_that_pays_in_its_month(self, analyst, delivery):
        council, ministry = OrganisationFactory(name="Council"), OrganisationFactory(name="Ministry")
        for funder, months in [(council, (4, 6)), (ministry, (6, 9))]:
            PartnerAwardFactory(
                delivery=delivery,
                award_year=AwardYearFactory(fund__funder=funder, financial_year=2021),
                starts_on=date(2021, months[0], 1),
                ends_on=date(2021, months[1], 30),
            )
        for month in (4, 6, 7, 10):
            ObligationFactory(delivery=delivery, month=date(2021, month, 1))
        assert [(r.name, r.due) for r in rates(analyst).funders] == [("Council", 2), ("Ministry", 2), (NO_AWARD, 1)]


class TestBurden:
    def test_is_the_minutes_of_the_templates_in_a_month(self, analyst, delivery):
        """Ten minutes a return, the factory's template: two returns in April, one in May."""
        ObligationFactory(delivery=delivery, month=date(2021, 4, 1))
        accepted_return(DeliveryFactory(partner=delivery.partner), Month(2021, 4))
        ObligationFactory(delivery=delivery, month=date(2021, 5, 1))
        (partner,) = rates(analyst).partners
        assert partner.minutes == 15

    def test_asks_once_for_the_templates_of_a_programme(self, analyst, delivery, django_assert_max_num_queries):
        for month in range(4, 12):
            ObligationFactory(delivery=delivery, month=date(2021, month, 1))
        with django_assert_max_num_queries(7):
            assert rates(analyst).total.minutes == 10


class TestFundersOfDeliveries:
    def spans(self, user, delivery):
        return funders_of_deliveries(user=user, first=YEAR.first, last=YEAR.last).get(delivery.pk, [])

    def test_leaves_out_what_is_proposed_or_taken_back(self, analyst, delivery):
        year = AwardYearFactory(financial_year=2021)
        PartnerAwardFactory(delivery=delivery, award_year=year, approved_by=None)
        assert self.spans(analyst, delivery) == []
        PartnerAwardFactory(delivery=delivery, award_year=year)
        assert [span.funder for span in self.spans(analyst, delivery)] == [year.fund.funder]
        PartnerAwardFactory(delivery=delivery, award_year=year, amount_pence=-12_000_00, note="Never began.")
        assert self.spans(analyst, delivery) == []


class TestTheFile:
    def test_is_tidy_and_runs_no_formula(self, analyst, delivery):
        accepted_return(delivery, Month(2021, 4))
        accepted_return(DeliveryFactory(partner__name="=1+1"), Month(2021, 4))
        rows = list(csv.DictReader(io.StringIO(coverage_csv.content(rates(analyst), "2021-12-01"))))
        assert [(row["grouping"], row["name"]) for row in rows[:3]] == [
            ("all", "All returns"),
            ("partner", "'=1+1"),
            ("partner", "Anchor Project"),
        ]
        assert {row["financial_year"] for row in rows} == {"2021/22"}
        assert rows[2] | {"returns_due": "1", "completeness_percent": "100.0", "code": "GB-CHC-1234567"} == rows[2]

    def test_has_empty_cells_where_nothing_is_due(self, analyst):
        (row,) = csv.DictReader(io.StringIO(coverage_csv.content(rates(analyst), "2021-12-01")))
        assert (row["returns_due"], row["completeness_percent"], row["timeliness_percent"]) == ("0", "", "")


class TestThePage:
    def test_says_the_rates_and_gives_the_file(self, analyst, delivery, client):
        accepted_return(delivery, Month(2021, 4))
        ObligationFactory(delivery=delivery, month=date(2021, 6, 1))
        client.force_login(analyst)
        assert reverse("outcomes:coverage") in client.get(reverse("outcomes:returns")).content.decode()
        shown = client.get(reverse("outcomes:coverage"), {"year": "2021"}).content.decode()
        assert "Coverage 2021/22: 50.0 % complete" in shown
        assert "Anchor Project" in shown
        file = client.get(reverse("outcomes:coverage-csv", args=[2021]))
        assert file["Content-Disposition"] == 'attachment; filename="coverage_2021-22.csv"'
        assert b"Anchor Project" in file.content
        assert client.get(reverse("outcomes:coverage-csv", args=[1999])).status_code == 404

    def test_says_so_where_nothing_is_due(self, analyst, client):
        client.force_login(analyst)
        assert "No return was due in this year yet" in client.get(reverse("outcomes:coverage")).content.decode()
