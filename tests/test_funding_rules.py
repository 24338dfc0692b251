"""What the database refuses about grants and awards, each rule by its name."""

from datetime import date

import pgtrigger
import pytest
from django.db import ProgrammingError, transaction

from funding.models import AwardYear, AwardYearStep, GrantReceipt, PartnerAward
from funding.models.grants import TRANSITIONS
from tests import factories as make
from tests.database import refused
from vru_portal.core.periods import Month

pytestmark = pytest.mark.django_db

NOON = make.noon(date(2022, 6, 1))
LATER = make.noon(date(2022, 10, 31))


def step(award_year: AwardYear, state: str, on_date: date = date(2022, 6, 1), **fields) -> AwardYearStep:
    fields = {"proposed_by": make.UserFactory(), "proposed_at": LATER} | fields
    return AwardYearStep.objects.create(award_year=award_year, state=state, on_date=on_date, **fields)


class TestAwardYear:
    def test_one_for_a_fund_and_year(self):
        first = make.AwardYearFactory()
        with refused("awardyear_once"):
            make.AwardYearFactory(fund=first.fund, financial_year=first.financial_year)

    @pytest.mark.parametrize("amount", ["announced_pence", "applied_pence", "awarded_pence"])
    def test_amounts_are_not_negative(self, amount):
        award_year = make.AwardYearFactory()
        with refused("awardyear_amounts_not_negative"):
            AwardYear.objects.filter(pk=award_year.pk).update(**{amount: -1})

    def test_state_is_one_of_the_states(self):
        award_year = make.AwardYearFactory()
        with refused("awardyear_state"):
            AwardYear.objects.filter(pk=award_year.pk).update(state="secured")

    @pytest.mark.parametrize(
        "change", [{"state": "approved"}, {"announced_pence": 1}, {"applied_pence": 1}, {"awarded_pence": 1}]
    )
    def test_says_what_its_steps_say(self, change):
        award_year = make.AwardYearFactory()
        with refused("awardyear_agrees_with_steps"):
            AwardYear.objects.filter(pk=award_year.pk).update(**change)

    def test_never_moves_to_another_year(self):
        award_year = make.AwardYearFactory()
        with pytest.raises(Exception, match="Cannot update"), transaction.atomic():
            AwardYear.objects.filter(pk=award_year.pk).update(financial_year=1999)


class TestAwardYearStep:
    def test_follows_the_table(self):
        award_year = make.AwardYearFactory()
        with refused("awardyearstep_legal"):
            step(award_year, "agreement_signed")

    def test_begins_with_the_beginning(self):
        award_year = make.AwardYearFactory(at="agreement_signed")
        with refused("awardyearstep_legal"):
            step(award_year, "announced")

    @pytest.mark.parametrize("end", ["closed", "withdrawn", "lapsed"])
    def test_nothing_follows_an_end(self, end):
        assert TRANSITIONS[end] == frozenset()

    def test_days_are_in_order(self):
        award_year = make.AwardYearFactory(announced_on=date(2022, 4, 5))
        with refused("awardyearstep_in_order"):
            step(award_year, "applied", date(2022, 4, 4))

    def test_correction_has_a_note(self):
        award_year = make.AwardYearFactory()
        with refused("awardyearstep_correction_has_note"):
            step(award_year, "announced", amount_pence=1)

    def test_amount_only_where_one_is_stated(self):
        award_year = make.AwardYearFactory(at="agreement_signed")
        with refused("awardyearstep_amount_where_stated"):
            step(award_year, "part_claimed", date(2022, 10, 14), amount_pence=1)

    def test_state_is_one_of_the_states(self):
        award_year = make.AwardYearFactory()
        with refused("awardyearstep_legal"):
            step(award_year, "secured")
        # The table of steps says no before the constraint is asked.
        with pgtrigger.ignore("funding.AwardYearStep:legal"), refused("awardyearstep_state"):
            step(award_year, "secured")

    def test_is_never_changed(self):
        found = make.AwardYearFactory().steps.get()
        with pytest.raises(ProgrammingError, match="decided_once"), transaction.atomic():
            AwardYearStep.objects.filter(pk=found.pk).update(note="other")
        with pytest.raises(ProgrammingError, match="decided_once"), transaction.atomic():
            AwardYearStep.objects.filter(pk=found.pk).update(approved_by=make.UserFactory())
        with pytest.raises(ProgrammingError, match="never_deleted"), transaction.atomic():
            found.delete()

    def test_one_waits_at_a_time(self):
        award_year = make.AwardYearFactory()
        step(award_year, "applied")
        with refused("awardyearstep_one_waits"):
            step(award_year, "withdrawn")

    def test_takes_two_people(self):
        waiting = step(make.AwardYearFactory(), "applied")
        with refused("awardyearstep_approved_by_another"):
            AwardYearStep.objects.filter(pk=waiting.pk).update(approved_by=waiting.proposed_by, approved_at=LATER)
        with refused("awardyearstep_decided_whole"):
            AwardYearStep.objects.filter(pk=waiting.pk).update(approved_at=LATER)
        with refused("awardyear_agrees_with_steps"):
            AwardYearStep.objects.filter(pk=waiting.pk).update(approved_by=make.UserFactory(), approved_at=LATER)
        with refused("awardyearstep_of_a_day_that_came"):
            step(make.AwardYearFactory(), "applied", date(2022, 11, 1))

    def test_awards_no_less_than_is_claimed_or_came_in(self):
        award_year = make.AwardYearFactory(at="agreement_signed", pence=1000)
        make.GrantClaimFactory(award_year=award_year, amount_pence=600)
        with refused("awardyearstep_covers_claims"):
            step(award_year, "reduced", date(2022, 8, 1), amount_pence=599)
        make.GrantReceiptFactory(award_year=award_year, amount_pence=700)
        with refused("awardyearstep_covers_receipts"):
            step(award_year, "reduced", date(2022, 8, 1), amount_pence=699)
        assert step(award_year, "reduced", date(2022, 8, 1), amount_pence=700).pk


class TestReceiptRingFenceMatch:
    def test_receipt_takes_two_people(self):
        waiting = make.GrantReceiptFactory(approved_by=None)
        with refused("grantreceipt_approved_by_another"):
            GrantReceipt.objects.filter(pk=waiting.pk).update(approved_by=waiting.proposed_by, approved_at=LATER)
        with refused("grantreceipt_decided_whole"):
            GrantReceipt.objects.filter(pk=waiting.pk).update(approved_at=LATER)
        with refused("grantreceipt_of_a_day_that_came"):
            make.GrantReceiptFactory(on_date=date(2022, 11, 1), proposed_at=LATER)

    @pytest.mark.parametrize("approved_by", [None, "somebody"])
    def test_receipts_stay_within_the_grant_and_their_claim(self, approved_by):
        by = make.UserFactory() if approved_by else None
        award_year = make.AwardYearFactory(at="agreement_signed", pence=1000)
        claim = make.GrantClaimFactory(award_year=award_year, amount_pence=500, approved_by=make.UserFactory())
        make.GrantReceiptFactory(award_year=award_year, claim=claim, amount_pence=400, approved_by=by)
        with refused("grantreceipt_within_claim"):
            make.GrantReceiptFactory(award_year=award_year, claim=claim, amount_pence=101)
        make.GrantReceiptFactory(award_year=award_year, amount_pence=600, approved_by=by)
        with refused("grantreceipt_within_award"):
            make.GrantReceiptFactory(award_year=award_year, amount_pence=1)

    def test_receipt_reference_counts_once(self):
        receipt = make.GrantReceiptFactory()
        with refused("grantreceipt_reference_once"):
            make.GrantReceiptFactory(award_year=receipt.award_year, reference=receipt.reference)

    @pytest.mark.parametrize("pence", [0, -5])
    def test_receipt_below_zero_has_a_note(self, pence):
        receipt = make.GrantReceiptFactory()
        with refused("grantreceipt_correction_has_note"):
            make.GrantReceiptFactory(award_year=receipt.award_year, amount_pence=pence)

    def test_receipts_never_come_to_less_than_nothing(self):
        receipt = make.GrantReceiptFactory(amount_pence=1000, on_date=date(2022, 7, 8))
        back = {"award_year": receipt.award_year, "note": "Bank error"}
        with refused("grantreceipt_not_below_zero"):
            make.GrantReceiptFactory(**back, amount_pence=-1001)
        with refused("grantreceipt_not_below_zero"):
            make.GrantReceiptFactory(**back, amount_pence=-1, on_date=date(2022, 7, 7))
        make.GrantReceiptFactory(**back, amount_pence=-1000, on_date=date(2022, 7, 8))

    def test_receipt_corrects_an_approved_one_of_its_award_year_and_no_more_than_that(self):
        receipt = make.GrantReceiptFactory(amount_pence=1000)
        year = {"award_year": receipt.award_year, "note": "Bank error"}
        waiting = make.GrantReceiptFactory(award_year=receipt.award_year, amount_pence=500, approved_by=None)
        with refused("grantreceipt_corrects_a_receipt"):
            make.GrantReceiptFactory(**year, amount_pence=-1, corrects=waiting)
        with refused("grantreceipt_corrects_a_receipt"):
            make.GrantReceiptFactory(amount_pence=-1, note="Bank error", corrects=receipt)
        with refused("grantreceipt_within_corrected"):
            make.GrantReceiptFactory(**year, amount_pence=1, corrects=receipt)
        back = make.GrantReceiptFactory(**year, amount_pence=-400, corrects=receipt, approved_by=None)
        with refused("grantreceipt_within_corrected"):
            make.GrantReceiptFactory(**year, amount_pence=-601, corrects=receipt)
        with refused("grantreceipt_within_corrected"):
            make.GrantReceiptFactory(**year, amount_pence=1, corrects=receipt)
        back.approved_by, back.approved_at = make.UserFactory(), LATER
        back.save()
        with refused("grantreceipt_corrects_a_receipt"):
            make.GrantReceiptFactory(**year, amount_pence=-1, corrects=back)
        with refused("grantreceipt_within_corrected"):
            make.GrantReceiptFactory(**year, amount_pence=401, corrects=receipt)
        again = make.GrantReceiptFactory(**year, amount_pence=400, corrects=receipt)
        with pytest.raises(ProgrammingError, match="Cannot update rows"), transaction.atomic():
            GrantReceipt.objects.filter(pk=again.pk).update(corrects=None)

    def test_receipt_is_never_changed(self):
        receipt = make.GrantReceiptFactory()
        with pytest.raises(ProgrammingError, match="decided_once"), transaction.atomic():
            GrantReceipt.objects.update(amount_pence=1)
        with pytest.raises(ProgrammingError, match="never_deleted"), transaction.atomic():
            receipt.delete()

    @pytest.mark.parametrize(("kind", "pence"), [("fixed", None), ("unknown", 5), ("minimum", -1)])
    def test_ring_fence_amount_unless_unknown(self, kind, pence):
        with refused("ringfence_amount_unless_unknown"):
            make.RingFenceFactory(amount_kind=kind, amount_pence=pence)

    def test_ring_fence_kind(self):
        with refused("ringfence_amount_kind"):
            make.RingFenceFactory(amount_kind="about")

    def test_ring_fence_purpose_once(self):
        fence = make.RingFenceFactory()
        with refused("ringfence_purpose_once"):
            make.RingFenceFactory(award_year=fence.award_year, purpose=fence.purpose)

    def test_match_evidence_counts_once(self):
        match = make.MatchFactory()
        with refused("match_evidence_once"):
            make.MatchFactory(organisation=match.organisation, evidence=match.evidence)

    @pytest.mark.parametrize(
        ("fields", "name"),
        [
            ({"kind": "goodwill"}, "match_kind"),
            ({"amount_pence": 0}, "match_amount_positive"),
            ({"evidence": ""}, "match_has_evidence"),
        ],
    )
    def test_match_is_whole(self, fields, name):
        with refused(name):
            make.MatchFactory(**fields)

    def test_fund_total_is_not_negative(self):
        with refused("fund_announced_total_not_negative"):
            make.FundFactory(announced_total_pence=-1)


class TestPartnerAward:
    def test_two_people(self):
        person = make.UserFactory()
        with refused("partneraward_approved_by_another"):
            make.PartnerAwardFactory(proposed_by=person, approved_by=person)

    @pytest.mark.parametrize(
        ("fields", "name"),
        [
            ({"amount_pence": 0}, "partneraward_correction_has_note"),
            ({"declined_reason": "No"}, "partneraward_decided_whole"),
            ({"approved_by": None, "approved_at": NOON}, "partneraward_decided_whole"),
            ({"starts_on": date(2022, 9, 1), "ends_on": date(2022, 8, 31)}, "partneraward_dates_in_order"),
            ({"starts_on": date(2022, 3, 31)}, "partneraward_within_award_year"),
            ({"ends_on": date(2023, 4, 1)}, "partneraward_within_award_year"),
        ],
    )
    def test_is_sound(self, fields, name):
        with refused(name):
            make.PartnerAwardFactory(**fields)

    def test_ring_fence_is_of_its_award_year(self):
        fence = make.RingFenceFactory(award_year=make.AwardYearFactory(financial_year=2023))
        with refused("partneraward_ring_fence_of_award_year"):
            make.PartnerAwardFactory(ring_fence=fence)

    @pytest.mark.parametrize("kind", ["fixed", "maximum"])
    def test_stays_within_the_ring_fence(self, kind):
        fence = make.RingFenceFactory(amount_kind=kind, amount_pence=1000)
        make.PartnerAwardFactory(award_year=fence.award_year, ring_fence=fence, amount_pence=600)
        make.PartnerAwardFactory(award_year=fence.award_year, ring_fence=fence, amount_pence=400)
        with refused("partneraward_within_ring_fence"):
            make.PartnerAwardFactory(award_year=fence.award_year, ring_fence=fence, amount_pence=1)

    def test_may_pass_a_minimum(self):
        fence = make.RingFenceFactory(amount_kind="minimum", amount_pence=1000)
        make.PartnerAwardFactory(award_year=fence.award_year, ring_fence=fence, amount_pence=1001)

    def test_a_declined_one_takes_nothing_of_the_ring_fence(self):
        fence = make.RingFenceFactory(amount_pence=1000)
        of_it = {"award_year": fence.award_year, "ring_fence": fence, "amount_pence": 1000}
        declined = make.PartnerAwardFactory(**of_it, approved_by=None)
        declined.declined_by, declined.declined_reason = make.UserFactory(), "No"
        declined.save()
        make.PartnerAwardFactory(**of_it)

    @pytest.mark.parametrize(
        ("field", "value"),
        [
            ("amount_pence", 5),
            ("starts_on", date(2022, 5, 1)),
            ("ends_on", date(2022, 5, 1)),
            ("agreed_on", date(2022, 5, 1)),
            ("reference", "B"),
            ("note", "Other"),
        ],
    )
    def test_never_changes(self, field, value):
        award = make.PartnerAwardFactory(approved_by=None)
        with pytest.raises(ProgrammingError, match="only_decided"), transaction.atomic():
            PartnerAward.objects.filter(pk=award.pk).update(**{field: value})
        PartnerAward.objects.update(approved_by=make.UserFactory(), approved_at=NOON)
        with pytest.raises(ProgrammingError, match="decided_once"), transaction.atomic():
            PartnerAward.objects.filter(pk=award.pk).update(**{field: value})

    @pytest.mark.parametrize("field", ["proposed_by", "approved_by", "declined_by"])
    def test_people_never_change_once_it_is_decided(self, field):
        award = make.PartnerAwardFactory()
        with pytest.raises(ProgrammingError, match="decided_once"), transaction.atomic():
            PartnerAward.objects.filter(pk=award.pk).update(**{field: make.UserFactory()})

    def test_is_never_deleted(self):
        for fields in ({}, {"approved_by": None}):
            award = make.PartnerAwardFactory(**fields)
            with pytest.raises(ProgrammingError, match="never_deleted"), transaction.atomic():
                award.delete()

    @pytest.mark.parametrize("at", ["announced", "agreement_signed"])
    def test_is_no_larger_than_the_whole_grant(self, at):
        award_year = make.AwardYearFactory(at=at, pence=1000)
        with refused("partneraward_within_grant"):
            make.PartnerAwardFactory(award_year=award_year, amount_pence=1001)
        for _ in range(2):  # together they may be: the cover shows it
            make.PartnerAwardFactory(award_year=award_year, amount_pence=1000)

    def test_a_correction_has_a_note(self):
        award = make.PartnerAwardFactory()
        with refused("partneraward_correction_has_note"):
            make.PartnerAwardFactory(award_year=award.award_year, delivery=award.delivery, amount_pence=-1)

    def test_a_correction_takes_back_no_more_than_was_awarded(self):
        award = make.PartnerAwardFactory(amount_pence=1000)
        of_it = {"award_year": award.award_year, "delivery": award.delivery, "note": "A nought too many"}
        make.PartnerAwardFactory(**of_it, amount_pence=-900, approved_by=None)
        with refused("partneraward_not_below_zero"):
            make.PartnerAwardFactory(**of_it, amount_pence=-101, approved_by=None)
        with refused("partneraward_not_below_zero"):
            make.PartnerAwardFactory(**of_it | {"delivery": make.DeliveryFactory()}, amount_pence=-1)
        make.PartnerAwardFactory(**of_it, amount_pence=-100)

    def test_ring_fence_stays_as_large_as_its_awards(self):
        fence = make.RingFenceFactory(amount_kind="minimum", amount_pence=1000)
        make.PartnerAwardFactory(award_year=fence.award_year, ring_fence=fence, amount_pence=1001)
        with refused("ringfence_covers_awards"):
            type(fence).objects.filter(pk=fence.pk).update(amount_kind="fixed")
        with pytest.raises(ProgrammingError, match="never_moves"), transaction.atomic():
            type(fence).objects.filter(pk=fence.pk).update(award_year=make.AwardYearFactory())

    def test_falls_evenly_and_the_rest_on_the_last_month(self):
        award = PartnerAward(amount_pence=1000, starts_on=date(2022, 4, 11), ends_on=date(2022, 6, 30))
        assert award.by_month == {Month(2022, 4): 333, Month(2022, 5): 333, Month(2022, 6): 334}
