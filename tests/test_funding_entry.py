"""Entering money in a new installation: funds, award years, ring-fences, match, bridging, and awards by two people."""

from datetime import date

import pytest
from django.urls import reverse

from funding.actions import award_years, awards, bridging, days, funds
from funding.actions.deciding import DecidedAlready, OwnProposal, ReferenceTaken
from funding.models import AwardYear, BridgingFacility, Fund, Match, PartnerAward, RingFence
from partners.models import Event, Organisation
from partners.permissions import Role
from tests import factories as make
from vru_portal.core.refusals import NotAllowed

pytestmark = pytest.mark.django_db

NOW = make.noon(date(2022, 7, 20))


@pytest.fixture
def finance():
    return make.user_with(Role.FINANCE_OFFICER)


@pytest.fixture
def director():
    return make.user_with(Role.DIRECTOR)


@pytest.fixture
def sign_in(client):
    def sign_in(user):
        client.force_login(user, backend="allauth.account.auth_backends.AuthenticationBackend")

    return sign_in


def on(name: str, day: date) -> dict:
    """The three boxes of a date."""
    return {f"{name}_day": day.day, f"{name}_month": day.month, f"{name}_year": day.year}


def send(client, page: str, /, *args, **typed) -> str:
    """The page that is shown in the end."""
    response = client.post(reverse(f"funding:{page}", args=args), typed, follow=True)
    assert response.status_code == 200
    return response.content.decode()


class TestFromNothing:
    """A new installation: every page in the order in which somebody meets them."""

    def test_enters_everything_that_the_money_page_shows(self, client, sign_in, finance, director):
        home_office = make.OrganisationFactory(kind=Organisation.Kind.GOVERNMENT)
        delivery = make.DeliveryFactory()
        sign_in(finance)
        assert reverse("funding:fund-add") in client.get(reverse("money")).content.decode()
        found = send(
            client,
            "fund-add",
            funder=home_office.pk,
            name="Violence reduction grant",
            purpose="Prevention",
            announced_wording="£14.5 million over three years",
            announced_total_pence="14,500,000",
            **on("announced_on", date(2022, 4, 5)),
        )
        assert "Violence reduction grant is added. Now add its award years." in found
        fund = Fund.objects.get()
        assert reverse("funding:fund-detail", args=[fund.pk]) in client.get(reverse("money")).content.decode()

        typed = {
            "financial_year": "2022",
            "state": "announced",
            "amount_pence": "£5.8",
            **on("on_date", date(2022, 4, 5)),
        }
        assert "Violence reduction grant, 2022/23 is added." in send(client, "award-year-add", fund.pk, **typed)
        year = AwardYear.objects.get()
        detail = reverse("funding:award-year-detail", args=[year.pk])
        assert detail in client.get(reverse("funding:fund-detail", args=[fund.pk])).content.decode()
        assert reverse("funding:fund-detail", args=[fund.pk]) in client.get(reverse("money")).content.decode()
        assert "Nothing of this grant is known yet" in client.get(detail).content.decode()
        assert "You proposed this yourself" in send(client, "step-approve", year.steps.get().pk)

        def approve_step():
            sign_in(director)
            assert "Approved: " in send(client, "step-approve", year.steps.open().get().pk)
            sign_in(finance)

        approve_step()
        year.refresh_from_db()
        assert (year.announced_pence, year.applied_pence, year.awarded_pence) == (5_80, None, None)
        signed = {"step-amount_pence": "5,800,000", **on("step-on_date", date(2022, 7, 5))}
        for state in ("applied", "approved", "agreement_signed"):
            send(client, "award-year-step", year.pk, **signed, **{"step-state": state})
            approve_step()

        fence = {"purpose": "Evaluation", "amount_kind": "minimum", "amount_pence": "120,000"}
        assert "Ring-fence “Evaluation” is added." in send(client, "ring-fence-add", year.pk, **fence)
        fence = RingFence.objects.get()
        send(client, "ring-fence-edit", fence.pk, purpose="Evaluation", amount_kind="maximum", amount_pence="200,000")

        match = {"organisation": home_office.pk, "kind": "cash", "amount_pence": "150,000", "evidence": "Letter of May"}
        send(client, "match-add", year.pk, **match)
        match |= on("confirmed_on", date(2022, 7, 1))
        found = send(client, "match-edit", Match.objects.get().pk, **match)
        assert "its confirmation waits for a second person" in found
        sign_in(director)
        approved = send(client, "confirmation-approve", Match.objects.get().confirmations.get().pk)
        assert "confirmed on 1 July 2022" in approved
        sign_in(finance)

        facility = {
            "lender": home_office.pk,
            "kind": "loan",
            "limit_pence": "600,000",
            "decision_reference": "PCC-1",
            "purposes": "Until the grant comes",
            **on("agreed_on", date(2022, 4, 4)),
            **on("starts_on", date(2022, 4, 4)),
            **on("expires_on", date(2022, 7, 31)),
        }
        assert "Loan PCC-1 is added." in send(client, "facility-add", fund.pk, **facility)
        send(client, "facility-edit", BridgingFacility.objects.get().pk, **facility | {"limit_pence": "650,000"})
        assert BridgingFacility.objects.get().limit_pence == 650_000_00

        award = {
            "delivery": delivery.pk,
            "ring_fence": fence.pk,
            "category": "delivery",
            "amount_pence": "120,000",
            "paid_by": "claims",
            "reference": "A-1",
            **on("starts_on", date(2022, 4, 1)),
            **on("ends_on", date(2023, 3, 31)),
            **on("agreed_on", date(2022, 7, 5)),
        }
        assert "A colleague now has to approve it" in send(client, "award-propose", year.pk, **award)
        proposed = PartnerAward.objects.get()
        assert "You proposed this yourself" in send(client, "award-approve", proposed.pk)
        assert "Award of £120,000" in client.get(reverse("money")).content.decode()
        earlier = on("as_at", date(2022, 7, 4))
        assert "Award of £120,000" not in client.get(reverse("money"), earlier).content.decode()
        sign_in(director)
        assert "Approved: award A-1 of £120,000." in send(client, "award-approve", proposed.pk)
        proposed.refresh_from_db()
        assert (proposed.proposed_by, proposed.approved_by) == (finance, director)

    def test_a_refusal_keeps_what_was_typed(self, client, sign_in, finance):
        sign_in(finance)
        fund = make.FundFactory()
        typed = {"funder": fund.funder.pk, "name": fund.name, "purpose": "Kept", "announced_total_pence": "lots"}
        found = send(client, "fund-add", **typed)
        assert "Enter an amount in pounds" in found
        assert 'value="lots"' in found
        found = send(client, "fund-add", **typed | {"announced_total_pence": "12"})
        assert "There is a fund named" in found
        assert "Kept" in found
        assert Fund.objects.count() == 1

    @pytest.mark.parametrize(
        ("name", "subject"),
        [
            ("fund-edit", make.FundFactory),
            ("ring-fence-edit", make.RingFenceFactory),
            ("match-edit", make.MatchFactory),
            ("facility-edit", make.BridgingFacilityFactory),
        ],
    )
    def test_a_form_begins_with_what_is_recorded_and_saves_it_unchanged(self, client, sign_in, finance, name, subject):
        sign_in(finance)
        made = subject()
        form = client.get(reverse(f"funding:{name}", args=[made.pk])).context["form"]
        typed = {}
        for field in form:
            shown = field.field.widget.get_context(field.html_name, field.value(), {})["widget"]
            parts = shown.get("subwidgets") or [shown]
            typed |= {part["name"]: part["value"] or "" for part in parts}
            if isinstance(shown["value"], list):
                typed[field.html_name] = shown["value"][0] if shown["value"] else ""
        before = type(made).objects.values().get(pk=made.pk)
        client.post(reverse(f"funding:{name}", args=[made.pk]), typed)
        assert type(made).objects.values().get(pk=made.pk) == before

    def test_only_those_who_manage_money_find_a_way_in(self, client, sign_in, director):
        sign_in(director)
        year = make.AwardYearFactory()
        for page, pk in (("award-year-detail", year.pk), ("fund-detail", year.fund_id)):
            found = client.get(reverse(f"funding:{page}", args=[pk])).content.decode()
            assert "/add/" not in found
            assert "/propose/" not in found
        for name, args in (("fund-add", []), ("award-propose", [year.pk]), ("match-add", [year.pk])):
            assert client.get(reverse(f"funding:{name}", args=args)).status_code == 403

    def test_warns_of_more_committed_than_granted(self, client, sign_in, director):
        sign_in(director)
        year = make.AwardYearFactory(at="agreement_signed", pence=1000_00)
        for _ in range(2):
            make.PartnerAwardFactory(award_year=year, amount_pence=600_00)
        found = client.get(reverse("funding:award-year-detail", args=[year.pk])).content.decode()
        assert "£1,200 is committed to partners: £200 more than this grant" in found


class TestAwardYear:
    def add(self, fund, by, **fields):
        fields = {"financial_year": 2022, "state": "announced", "on_date": date(2022, 4, 5)} | fields
        return award_years.add_award_year(fund=fund, **fields, by=by, now=NOW)

    def test_has_its_first_step(self, finance):
        year = self.add(make.FundFactory(), finance, state="applied", amount_pence=5)
        assert (year.state, year.applied_pence, year.steps.get().amount_pence) == ("", None, 5)
        award_years.approve_step(step=year.steps.get(), by=make.user_with(Role.DIRECTOR), now=NOW)
        year.refresh_from_db()
        assert (year.state, year.applied_pence, year.announced_pence) == ("applied", 5, None)

    def test_is_added_once(self, finance):
        year = make.AwardYearFactory()
        with pytest.raises(award_years.RecordedAlready, match="2022/23 is recorded already"):
            self.add(year.fund, finance)

    @pytest.mark.parametrize(
        ("fields", "refusal"),
        [
            ({"state": "approved"}, award_years.IllegalStep),
            ({"on_date": date(2022, 7, 21)}, days.InTheFuture),
            ({"amount_pence": 1_000_000_000_01}, award_years.AmountWrong),
        ],
    )
    def test_refuses(self, finance, fields, refusal):
        with pytest.raises(refusal):
            self.add(make.FundFactory(), finance, **fields)
        assert not AwardYear.objects.exists()

    def test_is_for_those_who_manage_money(self, director):
        with pytest.raises(NotAllowed):
            self.add(make.FundFactory(), director)


class TestRingFenceMatchFacility:
    def fence(self, year, by, ring_fence=None, **fields):
        fields = {"purpose": "Evaluation", "amount_kind": "fixed", "amount_pence": 1000} | fields
        return funds.save_ring_fence(award_year=year, ring_fence=ring_fence, **fields, by=by, now=NOW)

    def test_ring_fence_has_an_amount_unless_it_is_unknown(self, finance):
        year = make.AwardYearFactory()
        for fields in ({"amount_pence": None}, {"amount_kind": "unknown"}):
            with pytest.raises(funds.AmountWrong):
                self.fence(year, finance, **fields)
        assert self.fence(year, finance, amount_kind="unknown", amount_pence=None).pk

    def test_ring_fence_of_a_purpose_once(self, finance):
        year = make.AwardYearFactory()
        self.fence(year, finance)
        with pytest.raises(funds.NamedAlready):
            self.fence(year, finance, purpose="evaluation")

    def test_ring_fence_stays_as_large_as_its_awards(self, finance):
        year = make.AwardYearFactory()
        fence = self.fence(year, finance)
        make.PartnerAwardFactory(award_year=year, ring_fence=fence, amount_pence=600, approved_by=None)
        with pytest.raises(funds.LessThanAwarded, match="£6 of it"):
            self.fence(year, finance, fence, amount_pence=599)
        assert self.fence(year, finance, fence, amount_pence=600).amount_pence == 600

    def match(self, year, by, match=None, **fields):
        fields = {"organisation": year.fund.funder, "kind": "cash", "amount_pence": 5, "evidence": "Letter"} | fields
        return funds.save_match(award_year=year, match=match, **fields, by=by, now=NOW)

    def test_match_counts_once(self, finance):
        year = make.AwardYearFactory()
        self.match(year, finance)
        other = make.AwardYearFactory(fund=year.fund, financial_year=2023)
        with pytest.raises(funds.NamedAlready, match="counts once"):
            self.match(other, finance)

    def test_match_stays_once_it_is_confirmed(self, finance):
        year = make.AwardYearFactory()
        match = self.match(year, finance)
        with pytest.raises(days.InTheFuture):
            self.match(year, finance, match, confirmed_on=date(2022, 7, 21))
        match = self.match(year, finance, match, confirmed_on=date(2022, 7, 20))
        with pytest.raises(funds.ConfirmedAlready):
            self.match(year, finance, match, amount_pence=6)
        confirmation, director = match.confirmations.get(), make.user_with(Role.DIRECTOR)
        with pytest.raises(OwnProposal):
            funds.approve_confirmation(confirmation=confirmation, by=finance, now=NOW)
        assert not Match.objects.confirmed().exists()
        funds.decline_confirmation(confirmation=confirmation, reason="Another letter", by=director, now=NOW)
        match = self.match(year, finance, match, amount_pence=6, confirmed_on=date(2022, 7, 20))
        funds.approve_confirmation(confirmation=match.confirmations.open().get(), by=director, now=NOW)
        assert Match.objects.confirmed_by(date(2022, 7, 20)).get().amount_pence == 6
        assert not Match.objects.confirmed_by(date(2022, 7, 19)).exists()
        with pytest.raises(funds.ConfirmedAlready):
            self.match(year, finance, match, amount_pence=7)

    def facility(self, fund, by, facility=None, **fields):
        days = {"agreed_on": date(2022, 4, 1), "starts_on": date(2022, 4, 1), "expires_on": date(2022, 7, 31)}
        fields = {"kind": "loan", "limit_pence": 5, "decision_reference": "P", "purposes": "Bridge"} | days | fields
        return funds.save_facility(fund=fund, facility=facility, lender=fund.funder, **fields, by=by, now=NOW)

    def test_facility_stays_once_money_is_proposed(self, finance):
        fund = make.FundFactory()
        facility = self.facility(fund, finance)
        assert self.facility(fund, finance, facility, limit_pence=6).limit_pence == 6
        movement = {"kind": "drawdown", "amount_pence": 1, "on_date": date(2022, 7, 19), "reference": "D"}
        bridging.propose_movement(facility=facility, **movement, by=finance, now=NOW)
        with pytest.raises(funds.InUse):
            self.facility(fund, finance, facility)

    def test_facility_is_refused_a_second_time_and_backwards(self, finance):
        fund = make.FundFactory()
        self.facility(fund, finance)
        with pytest.raises(funds.NamedAlready):
            self.facility(fund, finance)
        with pytest.raises(funds.DatesOutOfOrder):
            self.facility(fund, finance, decision_reference="Q", expires_on=date(2022, 3, 31))

    def test_all_are_for_those_who_manage_money(self, director):
        year = make.AwardYearFactory()
        fund = {"funder": year.fund.funder, "name": "Other", "purpose": "Prevention", "by": director, "now": NOW}
        for act in (
            lambda: self.fence(year, director),
            lambda: self.match(year, director),
            lambda: self.facility(year.fund, director),
            lambda: funds.save_fund(**fund),
        ):
            with pytest.raises(NotAllowed):
                act()


class TestAward:
    @pytest.fixture
    def year(self):
        return make.AwardYearFactory(at="agreement_signed", pence=1000_00)

    def propose(self, year, by, **fields):
        fields = {
            "delivery": fields.pop("delivery", None) or make.DeliveryFactory(),
            "amount_pence": 600_00,
            "starts_on": date(2022, 4, 1),
            "ends_on": date(2023, 3, 31),
            "agreed_on": date(2022, 7, 1),
            "reference": "A-1",
        } | fields
        return awards.propose_award(award_year=year, **fields, by=by, now=NOW)

    def test_commits_nothing_until_another_approves(self, year, finance, director):
        award = self.propose(year, finance)
        assert not PartnerAward.objects.agreed_by(date(2022, 7, 20)).exists()
        with pytest.raises(OwnProposal):
            awards.approve_award(award=award, by=finance, now=NOW)
        awards.approve_award(award=award, by=director, now=NOW)
        assert PartnerAward.objects.agreed_by(date(2022, 7, 20)).get() == award
        names = [event.name for event in Event.objects.about(award).order_by("id")]
        assert names == ["funding.award.proposed", "funding.award.approved"]

    def test_is_not_seen_by_the_partner_before(self, year, finance, client, sign_in):
        award = self.propose(year, finance)
        sign_in(make.user_with(Role.PARTNER_LEAD, award.delivery.partner))
        assert "You have no awards yet" in client.get(reverse("funding:our-money")).content.decode()

    def test_refuses_to_decide_twice(self, year, finance, director):
        award = self.propose(year, finance)
        awards.decline_award(award=award, reason="Too early", by=director, now=NOW)
        for act in (
            lambda: awards.approve_award(award=award, by=director, now=NOW),
            lambda: awards.decline_award(award=award, reason="No", by=director, now=NOW),
        ):
            with pytest.raises(DecidedAlready):
                act()
        assert not PartnerAward.objects.agreed_by(date(2022, 7, 20)).exists()

    @pytest.mark.parametrize(
        ("fields", "refusal", "sentence"),
        [
            ({"amount_pence": 0}, awards.AmountWrong, "Enter the amount"),
            ({"amount_pence": 1000_01}, awards.LargerThanGrant, "This grant is £1,000 in all"),
            ({"amount_pence": -1}, awards.NoteMissing, "what this amount below zero corrects"),
            ({"amount_pence": -1, "note": "Slip"}, awards.MoreThanAwarded, "Only £0 is awarded"),
            ({"starts_on": date(2022, 3, 31)}, awards.OutsideAwardYear, "1 April 2022 to 31 March 2023"),
            ({"ends_on": date(2022, 3, 1)}, awards.OutsideAwardYear, "not before it"),
            ({"agreed_on": date(2022, 7, 21)}, days.InTheFuture, "has not come yet"),
        ],
    )
    def test_refuses(self, year, finance, fields, refusal, sentence):
        with pytest.raises(refusal, match=sentence):
            self.propose(year, finance, **fields)
        assert not PartnerAward.objects.exists()

    def test_refuses_to_spend_outside_a_ring_fence(self, year, finance):
        fence = make.RingFenceFactory(award_year=year, amount_kind="maximum", amount_pence=700_00)
        self.propose(year, finance, ring_fence=fence)
        with pytest.raises(awards.OutsidePurpose, match="Only £100 is left"):
            self.propose(year, finance, ring_fence=fence, reference="A-2")
        with pytest.raises(awards.OutsidePurpose, match="another award year"):
            self.propose(year, finance, ring_fence=make.RingFenceFactory(), reference="A-2")

    def test_refuses_a_reference_twice(self, year, finance):
        self.propose(year, finance)
        with pytest.raises(ReferenceTaken):
            self.propose(year, finance)

    def test_a_correction_is_a_further_award(self, year, finance, director):
        first = awards.approve_award(award=self.propose(year, finance), by=director, now=NOW)
        back = {"delivery": first.delivery, "reference": "A-2", "note": "A nought too many"}
        with pytest.raises(awards.MoreThanAwarded, match="Only £600"):
            self.propose(year, finance, amount_pence=-600_01, **back)
        awards.approve_award(award=self.propose(year, finance, amount_pence=-540_00, **back), by=director, now=NOW)
        assert sum(award.amount_pence for award in PartnerAward.objects.agreed_by(date(2022, 7, 20))) == 60_00

    def test_who_proposed_may_take_it_back(self, year, finance):
        award = awards.decline_award(award=self.propose(year, finance), reason="Mistake", by=finance, now=NOW)
        assert (award.declined_by, award.is_open) == (finance, False)

    def test_declines_with_a_reason(self, year, finance, director, client, sign_in):
        award = self.propose(year, finance)
        sign_in(director)
        assert "Enter the reason" in send(client, "award-decline", award.pk, reason="")
        assert "Not before the committee" in send(client, "award-decline", award.pk, reason="Not before the committee")

    def test_roles(self, year, finance, director):
        with pytest.raises(NotAllowed):
            self.propose(year, director)
        award = self.propose(year, finance)
        auditor = make.user_with(Role.AUDITOR)
        with pytest.raises(NotAllowed):
            awards.approve_award(award=award, by=auditor, now=NOW)
        with pytest.raises(NotAllowed):
            awards.decline_award(award=award, reason="No", by=auditor, now=NOW)
