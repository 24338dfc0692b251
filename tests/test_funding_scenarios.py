"""What if the agreement is signed in June, or at 90 %, or never; what stops first; and what ring-fences have left."""

from dataclasses import replace
from datetime import date

import pytest
from django.urls import reverse
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from funding import gap_words, pictures, queries
from funding.actions import priorities
from funding.models import DeliveryPriority
from funding.queries import AS_IT_STANDS, Scenario
from partners.models import Event
from partners.permissions import Role
from tests import factories as make
from tests.database import refused
from tests.test_funding_pages import on
from vru_portal.core.periods import FinancialYear, Month
from vru_portal.core.refusals import NotAllowed

pytestmark = pytest.mark.django_db

NOW = make.noon(date(2022, 4, 10))
APRIL = date(2022, 4, 30)
JUNE, MARCH = 2, 11


@pytest.fixture
def director():
    return make.user_with(Role.DIRECTOR)


@pytest.fixture
def year():
    """£5.8 million announced and not signed, of which £400,000 a month are committed; a loan of £600,000."""
    year = make.AwardYearFactory(pence=5_800_000_00)
    make.PartnerAwardFactory(award_year=year, amount_pence=4_800_000_00)
    make.BridgingFacilityFactory(fund=year.fund)
    return year


def months_of(cover):
    return {each.month: each for each in cover.months}


class TestScenario:
    def test_never_is_how_things_stand(self, year, director):
        never = queries.cover(user=director, as_at=APRIL)
        assert never == queries.cover(user=director, as_at=APRIL, scenario=AS_IT_STANDS)
        assert never == queries.cover(user=director, as_at=APRIL, scenario=Scenario(None, 90))
        assert never.first_uncovered == Month(2022, 5)

    def test_a_signature_in_june_covers_from_june(self, year, director):
        cover = queries.cover(user=director, as_at=APRIL, scenario=Scenario(JUNE))
        may, june = months_of(cover)[Month(2022, 5)], months_of(cover)[Month(2022, 6)]
        assert (may.supposed, may.announced, may.exposure) == (0, 5_800_000_00, 200_000_00)
        assert (june.supposed, june.announced, june.exposure) == (5_800_000_00, 0, 0)
        assert june.secured == 0, "what is supposed is never said to be secured"
        assert cover.first_uncovered == Month(2022, 5)

    def test_before_april_nothing_is_uncovered(self, year, director):
        assert queries.cover(user=director, as_at=APRIL, scenario=Scenario(0)).first_uncovered is None

    def test_at_a_part_of_it_the_money_ends_earlier(self, year, director):
        cover = queries.cover(user=director, as_at=APRIL, scenario=Scenario(0, 50))
        found = months_of(cover)
        assert found[Month(2022, 4)].supposed == 2_900_000_00
        assert found[Month(2022, 4)].announced == 2_900_000_00
        assert cover.first_uncovered == Month(2022, 11), "7 months of £400,000, and the loan is gone by August"

    def test_does_not_touch_what_is_signed_or_gone(self, director):
        signed = make.AwardYearFactory(at="agreement_signed", pence=1_000_00)
        cover = queries.cover(user=director, as_at=date(2022, 8, 1), scenario=Scenario(0, 50))
        assert (cover.months[0].secured, cover.months[0].supposed) == (1_000_00, 0)
        assert signed.is_secured

    def test_holds_for_each_award_year_in_its_own_year(self, year, director):
        make.AwardYearFactory(fund=year.fund, financial_year=2023, pence=4_300_000_00)
        found = months_of(queries.cover(user=director, as_at=APRIL, scenario=Scenario(JUNE)))
        assert [found[Month(2023, n)].supposed for n in (3, 4, 5, 6)] == [5_800_000_00, 0, 0, 4_300_000_00]

    @settings(max_examples=30, suppress_health_check=[HealthCheck.function_scoped_fixture])
    @given(signed_in=st.integers(0, 11), percent=st.integers(1, 100))
    def test_money_is_only_moved_from_announced_to_supposed(self, year, director, signed_in, percent):
        before = queries.cover(user=director, as_at=APRIL)
        after = queries.cover(user=director, as_at=APRIL, scenario=Scenario(signed_in, percent))
        for was, now in zip(before.months, after.months, strict=True):
            assert now.supposed + now.announced == was.announced
            assert now.exposure == max(0, was.needed - was.secured - was.bridge - now.supposed)
            assert (now.secured, now.bridge, now.match, now.needed) == (was.secured, was.bridge, was.match, was.needed)


class TestNothingMore:
    def test_counts_of_what_is_signed_what_came_in_and_of_others_nothing(self, director):
        signed = make.AwardYearFactory(at="agreement_signed", pence=2_400_00)
        make.RingFenceFactory(award_year=signed, amount_kind="minimum", amount_pence=1_000_00)
        make.GrantReceiptFactory(award_year=signed, amount_pence=900_00, on_date=date(2022, 7, 8))
        approved = make.AwardYearFactory(fund=signed.fund, financial_year=2023, at="approved", pence=100_00)
        make.GrantReceiptFactory(award_year=approved, amount_pence=50_00, on_date=date(2022, 7, 8))
        day, nothing_more = date(2022, 7, 31), Scenario(nothing_more=True)
        stands, supposed = (
            queries.cover(user=director, as_at=day, scenario=each) for each in (AS_IT_STANDS, nothing_more)
        )
        assert (stands.months[0].secured, stands.months[0].ring_fenced_idle) == (2_400_00, 1_000_00)
        assert (supposed.months[0].secured, supposed.months[0].ring_fenced_idle) == (900_00, 900_00)
        assert supposed.funds[0].ring_fences[0].counts == 900_00
        assert (months_of(supposed)[Month(2023, 4)].secured, months_of(supposed)[Month(2023, 4)].supposed) == (0, 0)


class TestGaps:
    def cover(self, director, signed_in=JUNE, percent=100):
        return queries.cover(user=director, as_at=APRIL, scenario=Scenario(signed_in, percent))

    def test_end_where_the_scenario_brings_cover(self, year, director):
        (line,) = self.cover(director).stopping
        (gap,) = line.gaps
        assert (str(gap.span), gap.span.covered_again, gap.pence) == ("in May 2022", Month(2022, 6), 400_000_00)
        (line,) = self.cover(director, signed_in=4).stopping
        assert [(str(gap.span), gap.pence) for gap in line.gaps] == [("from May to July 2022", 1_200_000_00)]

    def test_are_none_where_it_comes_in_time(self, year, director):
        cover = self.cover(director, signed_in=0)
        assert (cover.stopping, cover.gaps, cover.stopping_in_words) == ((), (), "No delivery stops by then.")

    def test_stay_open_where_nobody_signs(self, year, director):
        (line,) = self.cover(director, signed_in=None).stopping
        (gap,) = line.gaps
        assert (str(gap.span), gap.span.is_open, gap.pence) == ("from May 2022", True, 4_400_000_00)

    def test_open_again_where_a_part_is_not_enough(self, year, director):
        (line,) = self.cover(director, percent=50).stopping
        assert [str(gap.span) for gap in line.gaps] == ["in May 2022", "from November 2022"]
        cover = self.cover(director, percent=50)
        assert pictures.finding(cover, Scenario(JUNE, 50)).endswith(
            "not covered in May 2022, and again from November 2022"
        )

    def test_say_how_long_in_the_sentence_about_what_stops(self, year, director):
        assert (
            self.cover(director).stopping_in_words == "1 delivery stops in May 2022, until June 2022 when cover comes."
        )

    def test_tell_what_is_missing_and_which_bridge_would_cover_it(self, year, director):
        (gap,) = self.cover(director).gaps
        assert (gap.pence, gap.undrawn, gap.rest, gap.deliveries) == (
            200_000_00,
            600_000_00,
            200_000_00,
            frozenset(year.partner_awards.values_list("delivery", flat=True)),
        )
        assert gap_words.missing(gap) == "£200,000 is missing in May 2022, until it is covered in June 2022."
        over_two = replace(gap, by_year={FinancialYear(2022): 200_000_00, FinancialYear(2023): 50_000_00})
        assert gap_words.missing(over_two).startswith("£250,000 is missing in May 2022")
        assert gap_words.missing(over_two).endswith(" That is £200,000 in 2022/23 and £50,000 in 2023/24.")
        assert gap_words.remedies(gap) == [
            "The £600,000 of the bridge that is not drawn is counted as cover already.",
            "A further bridge of £200,000 from May 2022 until June 2022 would cover it.",
        ]

    def test_of_which_a_bridge_that_is_kept_open_would_cover_a_part(self, year, director):
        year.fund.facilities.update(expires_on=date(2022, 4, 30))
        (gap,) = self.cover(director).gaps
        (kept,) = gap.extensions
        assert (gap.pence, gap.undrawn, kept.pence, gap.rest) == (800_000_00, 0, 600_000_00, 200_000_00)
        assert (
            "kept open after 30 April 2022 until 31 May 2022, would cover £600,000 of it: what is not drawn of it, and"
            in gap_words.remedies(gap)[0]
        )

    def test_ask_once_for_a_loan_that_was_due_in_the_year_before(self, year, director):
        """£250,000 drawn and due by August stand in what is missing by March; April still owes them."""
        make.BridgeMovementFactory(facility=year.fund.facilities.get(), amount_pence=250_000_00, on_date=APRIL)
        cover = self.cover(director, signed_in=None)
        assert months_of(cover)[Month(2023, 4)].exposure == 250_000_00
        (gap,) = cover.gaps
        assert gap.by_year == {FinancialYear(2022): 4_800_000_00, FinancialYear(2023): 0}
        assert gap_words.missing(gap) == "Up to £4,800,000 is missing from May 2022."

    def test_ask_in_april_for_a_loan_that_falls_due_then(self, year, director):
        year.fund.facilities.update(expires_on=date(2023, 4, 15))
        make.BridgeMovementFactory(facility=year.fund.facilities.get(), amount_pence=600_000_00, on_date=APRIL)
        (gap,) = self.cover(director, signed_in=None).gaps
        assert gap.by_year == {FinancialYear(2022): 4_200_000_00, FinancialYear(2023): 600_000_00}

    def test_ask_for_a_loan_again_that_was_covered_in_march(self, director):
        """£1,200 are lent and due in March, when another facility covers £1,000 of it; that ends."""
        year = make.AwardYearFactory(pence=5_000_00)
        make.PartnerAwardFactory(award_year=year, amount_pence=1_200_00)
        lent = make.BridgingFacilityFactory(fund=year.fund, limit_pence=1_200_00, expires_on=date(2023, 2, 28))
        make.BridgeMovementFactory(facility=lent, amount_pence=1_200_00, on_date=APRIL)
        make.BridgingFacilityFactory(fund=year.fund, limit_pence=1_000_00, expires_on=date(2023, 3, 31))
        cover = self.cover(director, signed_in=None)
        assert [months_of(cover)[Month(2023, each)].exposure for each in (3, 4)] == [200_00, 1_200_00]
        (gap,) = cover.gaps
        assert gap.by_year == {FinancialYear(2022): 200_00, FinancialYear(2023): 1_000_00}

    def test_say_how_they_stand_beside_what_stops(self, year, director):
        (gap,) = self.cover(director, signed_in=4).gaps
        (line,) = self.cover(director, signed_in=4).stopping
        assert (gap.pence, line.stops_costing) == (1_000_000_00, 1_200_000_00)
        words = gap_words.beside(gap.pence, line.stops_costing)
        assert words.startswith("Together they cost £1,200,000 then. The £1,000,000 that is missing is reckoned from")
        assert gap_words.beside(200_00, 200_00) == "Together they cost £200 then, which is what is missing."

    def test_is_covered_to_the_penny_by_the_bridge_that_is_named(self, year, director):
        (gap,) = self.cover(director).gaps
        year.fund.facilities.update(limit_pence=600_000_00 + gap.rest)
        assert self.cover(director).gaps == ()

    def test_are_put_off_by_a_bridge_where_no_grant_comes(self, year, director):
        (gap,) = self.cover(director, signed_in=None).gaps
        assert gap_words.remedies(gap)[-1] == (
            "Announced and not signed: £5,800,000 for 2022/23. "
            "Cover does not come back in the months shown: a bridge would only put it off."
        )


class TestRingFence:
    def fences(self, director, scenario=AS_IT_STANDS):
        return queries.cover(user=director, as_at=APRIL, scenario=scenario).funds[0].ring_fences

    def test_is_not_covered_before_the_signature(self, year, director):
        fence = make.RingFenceFactory(award_year=year, amount_pence=120_000_00)
        make.PartnerAwardFactory(award_year=year, ring_fence=fence, amount_pence=60_000_00)
        (stands,) = self.fences(director)
        assert (stands.counts, stands.committed, stands.first_uncovered) == (0, 60_000_00, Month(2022, 4))
        (supposed,) = self.fences(director, Scenario(JUNE))
        assert (supposed.counts, supposed.first_uncovered) == (120_000_00, Month(2022, 4))
        (supposed,) = self.fences(director, Scenario(0))
        assert supposed.first_uncovered is None

    def test_of_an_unknown_amount_may_use_the_whole_grant(self, year, director):
        make.RingFenceFactory(award_year=year, amount_kind="unknown", amount_pence=None)
        (fence,) = self.fences(director, Scenario(0))
        assert fence.counts == 5_800_000_00


class TestPriorities:
    @pytest.fixture
    def two(self, year):
        """Two more deliveries, the first of which was agreed with earlier."""
        first = make.PartnerAwardFactory(award_year=year, amount_pence=120_000_00, agreed_on=date(2022, 3, 1))
        second = make.PartnerAwardFactory(award_year=year, amount_pence=120_000_00, agreed_on=date(2022, 3, 20))
        return first.delivery, second.delivery

    def stops(self, director):
        return {line.delivery.pk: line.stops for line in queries.cover(user=director, as_at=APRIL).deliveries}

    def test_of_equals_the_first_agreed_is_paid(self, two, director):
        stops = self.stops(director)
        large = two[0].awards.get().award_year.partner_awards.order_by("-amount_pence").first().delivery
        assert (stops[two[0].pk], stops[two[1].pk], stops[large.pk]) == (*[Month(2022, 6)] * 2, Month(2022, 5))

    def test_what_is_kept_longest_stops_last(self, two, director):
        year = two[0].awards.get().award_year
        large = year.partner_awards.order_by("-amount_pence").first().delivery
        priorities.set_priorities(ranks={large: 3, two[0]: 2, two[1]: 1}, reason="Board", by=director, now=NOW)
        stops = self.stops(director)
        assert stops[large.pk] == Month(2022, 5), "the large one has the last place"
        assert stops[two[1].pk] == Month(2022, 6) == stops[two[0].pk]
        lines = queries.cover(user=director, as_at=APRIL).stopping
        assert [line.delivery for line in lines] == [large, two[0], two[1]], "the first to stop stands first"

    def test_records_who_placed_what_and_why(self, two, director):
        changed = priorities.set_priorities(
            ranks={two[0]: 1, two[1]: None}, reason="Board of May", by=director, now=NOW
        )
        assert changed == [two[0]]
        event = Event.objects.get(name="funding.priorities.set")
        assert (event.by, event.reason, event.subject_id) == (director, "Board of May", two[0].pk)
        assert priorities.set_priorities(ranks={two[0]: 1}, reason="Again", by=director, now=NOW) == []
        assert priorities.set_priorities(ranks={two[0]: None}, reason="No more", by=director, now=NOW) == [two[0]]
        assert not DeliveryPriority.objects.exists()

    def test_is_not_for_those_who_only_read(self, two):
        with pytest.raises(NotAllowed):
            priorities.set_priorities(ranks={two[0]: 1}, reason="x", by=make.user_with(Role.ANALYST), now=NOW)

    @pytest.mark.parametrize("rank", [0, 100])
    def test_a_place_is_between_1_and_99(self, two, rank):
        with refused("deliverypriority_rank_in_range"):
            DeliveryPriority.objects.create(delivery=two[0], rank=rank)


class TestPages:
    @pytest.fixture
    def signed_in(self, client):
        def sign_in(role: Role):
            user = make.user_with(role)
            client.force_login(user, backend="allauth.account.auth_backends.AuthenticationBackend")
            return user

        return sign_in

    def page(self, client, **query) -> str:
        response = client.get(reverse("money"), query)
        assert response.status_code == 200
        return response.content.decode()

    def test_says_what_is_supposed_and_that_nothing_is_recorded(self, client, signed_in, year):
        signed_in(Role.DIRECTOR)
        found = self.page(client, **on("as_at", APRIL), signed_in="2", percent="90")
        assert "<h1>If the rest is signed in June 2022 at 90 %: commitments are not covered in May 2022</h1>" in found
        assert "signed in June 2022, and that 90 % of what was announced for it comes" in found
        assert "Supposed grant" in found
        assert "£5,220,000" in found

    def test_names_the_year_beside_each_month(self, client, signed_in, year):
        signed_in(Role.DIRECTOR)
        assert '<option value="2">The rest is signed in June 2022</option>' in self.page(client, **on("as_at", APRIL))
        make.AwardYearFactory(fund=year.fund, financial_year=2023, pence=4_300_000_00)
        assert '<option value="9">The rest is signed in January 2023 and 2024</option>' in self.page(
            client, **on("as_at", APRIL)
        )

    def test_follows_the_scenario_in_what_stops_and_what_is_missing(self, client, signed_in, year):
        signed_in(Role.DIRECTOR)
        found = self.page(client, **on("as_at", APRIL), signed_in="2")
        assert 'data-label="Not paid for">in May 2022<' in found
        assert "£200,000 is missing in May 2022, until it is covered in June 2022." in found
        found = self.page(client, **on("as_at", APRIL), signed_in="0")
        assert "What stops first" not in found
        assert "What is missing" not in found

    def test_says_what_stops_if_nothing_more_comes_than_came_in(self, client, signed_in):
        signed_in(Role.DIRECTOR)
        paid = make.AwardYearFactory(at="agreement_signed", pence=2_400_00)
        make.PartnerAwardFactory(award_year=paid, amount_pence=2_400_00)
        make.GrantReceiptFactory(award_year=paid, amount_pence=900_00, on_date=date(2022, 7, 8))
        day = on("as_at", date(2022, 7, 31))
        assert "<h1>Every commitment is covered to December 2023</h1>" in self.page(client, **day)
        found = self.page(client, **day, signed_in="nothing-more", percent="50")
        told = "<h1>If nothing more comes than came in: commitments are not covered from August 2022</h1>"
        assert told in found
        assert "This supposes that of signed grants nothing more comes than came in by then" in found
        assert "What came in of signed grants for 2022/23." in found
        assert "If that is so, its commitments" in found
        assert "£900" in found.split("What came in of signed grants")[0]
        assert "&amp;signed_in=nothing-more" in found
        assert 'data-label="Not paid for">from August 2022<' in found

    def test_gives_its_address_to_be_copied(self, client, signed_in, year):
        signed_in(Role.DIRECTOR)
        found = self.page(client, **on("as_at", APRIL), signed_in="2", percent="90")
        asked = "as_at_day=30&amp;as_at_month=4&amp;as_at_year=2022&amp;signed_in=2&amp;percent=90"
        assert f'id="address">http://testserver/money/?{asked}</p>' in found
        assert 'data-copy="address" hidden>Copy link</button>' in found

    def test_as_things_stand_it_supposes_nothing(self, client, signed_in, year):
        signed_in(Role.DIRECTOR)
        found = self.page(client, **on("as_at", APRIL), signed_in="", percent="90")
        assert "<h1>Commitments are not covered from May 2022</h1>" in found
        assert "upposed" not in found

    @pytest.mark.parametrize(
        ("typed", "sentence"),
        [
            ({"percent": "120"}, "Enter a share from 1 to 100 per cent"),
            ({"percent": "half"}, "Enter a whole number, like 12"),
            ({"signed_in": "13"}, "from the list"),
        ],
    )
    def test_what_cannot_be_read_comes_back_with_a_sentence(self, client, signed_in, year, typed, sentence):
        signed_in(Role.DIRECTOR)
        found = self.page(client, signed_in="2", **on("as_at", APRIL)) if not typed else self.page(client, **typed)
        assert sentence in found
        assert "upposed" not in found

    def test_says_from_which_day_and_for_how_many(self, client, signed_in, year):
        signed_in(Role.DIRECTOR)
        found = self.page(client, **on("as_at", APRIL))
        assert "from May 2022" in found
        assert "no return was due" in found

    def test_ranks_are_set_on_a_page(self, client, signed_in, year):
        signed_in(Role.FINANCE_OFFICER)
        award = make.PartnerAwardFactory(
            award_year=make.AwardYearFactory(financial_year=2099), agreed_on=date(2022, 4, 1)
        )
        url = reverse("funding:priorities")
        assert url in self.page(client, **on("as_at", APRIL))
        assert award.delivery.name in client.get(url).content.decode()
        field = f"rank_{award.delivery_id}"
        found = client.post(url, {field: "0", "reason": ""}).content.decode()
        assert "must be 1 or more" in found
        assert "Enter why these ranks" in found
        done = client.post(url, {field: "4", "reason": "Board of May"}, follow=True).content.decode()
        assert "1 rank is changed." in done
        assert DeliveryPriority.objects.get().rank == 4

    def test_says_so_where_those_that_stop_support_no_young_people(self, client, signed_in, year):
        signed_in(Role.DIRECTOR)
        found = self.page(client, **on("as_at", APRIL))
        assert "No young people were supported from January 2022 to March 2022 by the one delivery that stops" in found
        assert ">1 delivery<" in found, "and not “which supported 0 young people lately”"

    def test_leads_from_what_stops_to_the_delivery(self, client, signed_in, year):
        signed_in(Role.DIRECTOR)
        (award,) = year.partner_awards.all()
        assert reverse("programmes:delivery-detail", args=[award.delivery_id]) in self.page(
            client, **on("as_at", APRIL)
        )


class TestCorrection:
    def test_begins_with_what_it_shares_with_the_award(self, client):
        award = make.PartnerAwardFactory(starts_on=date(2022, 7, 1), ends_on=date(2022, 9, 30), paid_by="claims")
        client.force_login(make.user_with(Role.FINANCE_OFFICER))
        page = client.get(reverse("funding:award-detail", args=[award.pk])).content.decode()
        link = f"{reverse('funding:award-propose', args=[award.award_year_id])}?corrects={award.pk}"
        assert link in page
        form = client.get(link).context["form"]
        given = {name: form[name].value() for name in ("delivery", "starts_on", "ends_on", "paid_by")}
        assert given["delivery"] == award.delivery_id
        assert (given["paid_by"], given["starts_on"], given["ends_on"]) == ("claims", award.starts_on, award.ends_on)
