"""What the database refuses about instalments, claims, payments, holds, forecasts and write-offs, by name."""

from datetime import date

import pgtrigger
import pytest
from django.db import transaction

from funding.models import (
    Claim,
    ClaimFile,
    ClaimLine,
    ClaimStep,
    Forecast,
    Instalment,
    PartnerAward,
    PartnerPayment,
    PaymentHold,
    WriteOff,
)
from funding.models.claims import MOST_FILE_BYTES, MOST_FILES, TRANSITIONS
from tests import factories as make
from tests.database import refused

pytestmark = pytest.mark.django_db

NOW = make.noon(date(2022, 8, 5))


@pytest.fixture
def award():
    return make.PartnerAwardFactory(amount_pence=1_000_00)


@pytest.fixture
def monthly():
    """£1,000 in twelve instalments, held while a return is missing."""
    return make.InstalmentAwardFactory(amount_pence=1_000_00, holds_for_returns=True)


def correct(award, pence: int, **fields) -> PartnerAward:
    like = {name: getattr(award, name) for name in ("delivery", "award_year", "ring_fence", "paid_by")}
    return make.PartnerAwardFactory(**like, amount_pence=pence, note="Started late", **fields)


class TestInstalments:
    def test_add_up_to_their_award(self):
        with refused("partneraward_instalments_add_up"):
            make.PartnerAwardFactory(paid_by="monthly")

    def test_an_award_that_is_claimed_has_none(self):
        with refused("partneraward_instalments_add_up"), transaction.atomic():
            award = make.PartnerAwardFactory()
            Instalment.objects.create(award=award, number=1, due_on=award.starts_on, amount_pence=1)

    def test_number_counts_once(self, monthly):
        with refused("instalment_number_once"):
            Instalment.objects.create(award=monthly, number=1, due_on=NOW.date(), amount_pence=1)

    def test_is_more_than_nothing(self, monthly):
        with refused("instalment_amount_positive"):
            Instalment.objects.create(award=monthly, number=13, due_on=NOW.date(), amount_pence=0)

    def test_is_never_changed(self, monthly):
        with pytest.raises(Exception, match="append_only"), transaction.atomic():
            monthly.instalments.update(amount_pence=1)

    def test_of_a_way_that_is_known(self):
        with refused("partneraward_paid_by"):
            make.PartnerAwardFactory(paid_by="cash")


class TestClaim:
    def test_once_for_an_award_and_quarter(self, award):
        make.ClaimFactory(award=award)
        with refused("claim_once"):
            make.ClaimFactory(award=award)

    @pytest.mark.parametrize("day", [date(2022, 5, 1), date(2022, 4, 2)])
    def test_begins_with_its_quarter(self, award, day):
        with refused("claim_quarter_begins"):
            make.ClaimFactory(award=award, quarter=day)

    @pytest.mark.parametrize(
        "fields", [{"approved_by": None}, {"ends_on": date(2022, 6, 30), "quarter": date(2022, 7, 1)}]
    )
    def test_is_of_an_approved_award_that_runs_then(self, fields):
        quarter = fields.pop("quarter", date(2022, 4, 1))
        with refused("claim_of_award"):
            make.ClaimFactory(award=make.PartnerAwardFactory(**fields), quarter=quarter)

    def test_is_not_of_instalments(self, monthly):
        with refused("claim_of_award"):
            make.ClaimFactory(award=monthly)

    def test_says_what_its_steps_say(self, award):
        claim = make.ClaimFactory(award=award)
        with refused("claim_agrees_with_steps"):
            Claim.objects.filter(pk=claim.pk).update(state="approved")

    def test_state_is_one_of_the_states(self, award):
        claim = make.ClaimFactory(award=award)
        with refused("claim_state"):
            Claim.objects.filter(pk=claim.pk).update(state="paid")

    def test_never_moves_or_goes(self, award):
        claim = make.ClaimFactory(award=award)
        with pytest.raises(Exception, match="Cannot update"), transaction.atomic():
            Claim.objects.filter(pk=claim.pk).update(quarter=date(2022, 7, 1))
        with pytest.raises(Exception, match="never_deleted"), transaction.atomic():
            Claim.objects.filter(pk=claim.pk)._raw_delete("default")


class TestClaimStep:
    @pytest.mark.parametrize("state", ["draft", "queried", "approved", "declined"])
    def test_follows_the_table(self, award, state):
        claim = make.ClaimFactory(award=award)
        with refused("claimstep_legal"):
            ClaimStep.objects.create(claim=claim, state=state, note="x", by=make.UserFactory(), at=NOW)

    @pytest.mark.parametrize("end", ["approved", "declined"])
    def test_nothing_follows_an_end(self, end):
        assert TRANSITIONS[end] == frozenset()

    @pytest.mark.parametrize("lacking", [{"amounts": {}}, {"files": 0}])
    def test_is_sent_with_evidence(self, award, lacking):
        with refused("claimstep_sent_with_evidence"):
            make.ClaimFactory(award=award, at="sent", **lacking)

    @pytest.mark.parametrize("state", ["queried", "declined"])
    def test_says_why(self, award, state):
        claim = make.ClaimFactory(award=award, at="sent")
        with refused("claimstep_has_note"):
            ClaimStep.objects.create(claim=claim, state=state, by=make.UserFactory(), at=NOW)

    def test_is_approved_by_another(self, award):
        person = make.UserFactory()
        with refused("claimstep_approved_by_another"):
            make.ClaimFactory(award=award, at="approved", sent_by=person, decided_by=person)

    def test_is_within_the_award(self, award):
        make.ClaimFactory(award=award, at="approved", amounts={"staff": 600_00, "travel": 300_00})
        with refused("claimstep_within_award"):
            make.ClaimFactory(award=award, quarter=date(2022, 7, 1), at="approved", amounts={"staff": 100_01})
        make.ClaimFactory(award=award, quarter=date(2022, 10, 1), at="approved", amounts={"staff": 100_00})

    def test_is_within_what_a_correction_leaves(self, award):
        correct(award, -500_00)
        with refused("claimstep_within_award"):
            make.ClaimFactory(award=award, at="approved", amounts={"staff": 500_01})

    def test_is_within_its_own_award_beside_another(self, award):
        correct(award, 5_000_00)
        with refused("claimstep_within_award"):
            make.ClaimFactory(award=award, at="approved", amounts={"staff": 1_000_01})

    def test_a_correction_leaves_what_was_claimed(self, award):
        make.ClaimFactory(award=award, at="approved", amounts={"staff": 800_00})
        with refused("partneraward_covers_claims"):
            correct(award, -200_01)
        assert correct(award, -200_00).pk

    def test_state_is_one_of_the_states(self, award):
        claim = make.ClaimFactory(award=award)
        with refused("claimstep_legal"):
            ClaimStep.objects.create(claim=claim, state="paid", by=make.UserFactory(), at=NOW)
        # The table of steps says no before the constraint is asked.
        with pgtrigger.ignore("funding.ClaimStep:legal"), refused("claimstep_state"):
            ClaimStep.objects.create(claim=claim, state="paid", by=make.UserFactory(), at=NOW)

    def test_keeps_what_the_claim_asked_for_then(self, award):
        claim = make.ClaimFactory(award=award, at="queried", amounts={"staff": 600_00, "travel": 300_00})
        claim.lines.filter(heading="travel").delete()
        ClaimStep.objects.create(claim=claim, state="sent", amount_pence=5, by=make.UserFactory(), at=NOW)
        claim.state = "sent"
        claim.save()
        asked = list(claim.steps.values_list("state", "amount_pence"))
        assert asked == [("draft", 0), ("sent", 900_00), ("queried", 900_00), ("sent", 600_00)]

    def test_is_never_changed(self, award):
        claim = make.ClaimFactory(award=award)
        with pytest.raises(Exception, match="append_only"), transaction.atomic():
            claim.steps.update(note="other")


class TestLinesAndFiles:
    @pytest.mark.parametrize("state", ["sent", "approved", "declined"])
    def test_stay_as_they_were_sent(self, award, state):
        claim = make.ClaimFactory(award=award, at=state)
        with refused("claimline_while_open"):
            ClaimLine.objects.create(claim=claim, heading="travel", amount_pence=1)
        with refused("claimline_while_open"):
            claim.lines.update(amount_pence=1)
        with refused("claimline_while_open"):
            claim.lines.get().delete()
        with refused("claimfile_while_open"):
            make.ClaimFileFactory(claim=claim)
        with refused("claimfile_while_open"):
            claim.files.update(removed_by=make.UserFactory(), removed_at=NOW)

    def test_may_change_when_queried(self, award):
        claim = make.ClaimFactory(award=award, at="queried")
        claim.lines.update(amount_pence=1)
        assert make.ClaimFileFactory(claim=claim).pk

    def test_line_is_of_a_heading_once_and_more_than_nothing(self, award):
        claim = make.ClaimFactory(award=award)
        for rule, fields in {
            "claimline_heading": {"heading": "wine", "amount_pence": 1},
            "claimline_heading_once": {"heading": "staff", "amount_pence": 1},
            "claimline_amount_positive": {"heading": "travel", "amount_pence": 0},
        }.items():
            with refused(rule):
                ClaimLine.objects.create(claim=claim, **fields)

    def test_file_is_of_a_kind_and_size_that_is_taken_and_here_once(self, award):
        claim = make.ClaimFactory(award=award)
        for rule, fields in {
            "claimfile_kind": {"kind": "exe"},
            "claimfile_size": {"size": MOST_FILE_BYTES + 1},
            "claimfile_once": {"sha256": claim.files.get().sha256},
            "claimfile_removed_whole": {"removed_at": NOW},
        }.items():
            with refused(rule):
                make.ClaimFileFactory(claim=claim, **fields)

    def test_files_are_not_too_many(self, award):
        claim = make.ClaimFactory(award=award, files=MOST_FILES)
        with refused("claimfile_not_too_many"):
            make.ClaimFileFactory(claim=claim)

    def test_file_leaves_its_row(self, award):
        file = make.ClaimFactory(award=award).files.get()
        with pytest.raises(Exception, match="never_deleted"), transaction.atomic():
            file.delete()
        with pytest.raises(Exception, match="Cannot update"), transaction.atomic():
            ClaimFile.objects.filter(pk=file.pk).update(name="other")
        ClaimFile.objects.filter(pk=file.pk).update(removed_by=file.added_by, removed_at=NOW)
        with pytest.raises(Exception, match="removed_once"), transaction.atomic():
            ClaimFile.objects.filter(pk=file.pk).update(removed_by=None, removed_at=None)


class TestPayment:
    def test_is_of_an_instalment_or_a_claim(self, monthly):
        with refused("partnerpayment_of_one_thing"):
            PartnerPayment.objects.bulk_create(
                [
                    make.PartnerPaymentFactory.build(
                        instalment=monthly.instalments.first(),
                        claim=make.ClaimFactory(at="approved"),
                        amount_pence=1,
                        proposed_by=make.UserFactory(),
                    )
                ]
            )

    def test_is_approved_by_another(self, monthly):
        payment = make.PartnerPaymentFactory(instalment=monthly.instalments.first(), amount_pence=100)
        payment.approved_by, payment.approved_at = payment.proposed_by, NOW
        with refused("partnerpayment_approved_by_another"):
            payment.save()

    def test_is_declined_with_a_reason(self, monthly):
        payment = make.PartnerPaymentFactory(instalment=monthly.instalments.first(), amount_pence=100)
        payment.declined_by = make.UserFactory()
        with refused("partnerpayment_decided_whole"):
            payment.save()

    @pytest.mark.parametrize("pence", [0, -5])
    def test_below_zero_has_a_note(self, monthly, pence):
        instalment = monthly.instalments.first()
        make.PartnerPaymentFactory(instalment=instalment, amount_pence=100, approved_by=make.UserFactory())
        with refused("partnerpayment_correction_has_note"):
            make.PartnerPaymentFactory(instalment=instalment, amount_pence=pence)

    @pytest.mark.parametrize("state", ["draft", "sent", "queried", "declined"])
    def test_is_of_an_approved_claim(self, award, state):
        with refused("partnerpayment_of_what_is_owed"):
            make.PartnerPaymentFactory(claim=make.ClaimFactory(award=award, at=state), amount_pence=1)

    def test_is_of_an_approved_award(self):
        award = make.InstalmentAwardFactory(approved_by=None)
        with refused("partnerpayment_of_what_is_owed"):
            make.PartnerPaymentFactory(instalment=award.instalments.first(), amount_pence=1)

    def test_is_within_the_claim(self, award):
        claim = make.ClaimFactory(award=award, at="approved", amounts={"staff": 500_00, "travel": 20})
        make.PartnerPaymentFactory(claim=claim, amount_pence=400_00)
        with refused("partnerpayment_within_due"):
            make.PartnerPaymentFactory(claim=claim, amount_pence=100_21)
        make.PartnerPaymentFactory(claim=claim, amount_pence=100_20, approved_by=make.UserFactory())

    def test_is_within_the_instalment(self, monthly):
        instalment = monthly.instalments.first()
        with refused("partnerpayment_within_due"):
            make.PartnerPaymentFactory(instalment=instalment, amount_pence=instalment.amount_pence + 1)

    def test_is_within_what_a_correction_leaves(self, monthly):
        correct(monthly, -950_00)
        with refused("partnerpayment_within_award"):
            make.PartnerPaymentFactory(instalment=monthly.instalments.first(), amount_pence=50_01)

    def test_is_prepared_for_this_month_or_the_next_and_approved_on_its_day(self, monthly):
        instalment = monthly.instalments.first()
        of_it = {"instalment": instalment, "amount_pence": 1, "proposed_at": make.noon(date(2022, 7, 31))}
        with refused("partnerpayment_no_later_than_next_month"):
            make.PartnerPaymentFactory(**of_it, on_date=date(2022, 9, 1))
        payment = make.PartnerPaymentFactory(**of_it, on_date=date(2022, 8, 31))
        payment.approved_by, payment.approved_at = make.UserFactory(), make.noon(date(2022, 8, 30))
        with refused("partnerpayment_of_a_day_that_came"):
            payment.save()
        payment.approved_at = make.noon(date(2022, 8, 31))
        payment.save()

    def test_takes_back_no_more_than_was_paid(self, monthly):
        instalment = monthly.instalments.first()
        make.PartnerPaymentFactory(instalment=instalment, amount_pence=50_00, approved_by=make.UserFactory())
        make.PartnerPaymentFactory(instalment=instalment, amount_pence=30_00)  # not paid yet
        with refused("partnerpayment_not_below_zero"):
            make.PartnerPaymentFactory(instalment=instalment, amount_pence=-50_01, note="Paid twice")

    def test_waits_while_it_is_held(self, monthly):
        instalment = monthly.instalments.first()
        paid = make.PartnerPaymentFactory(instalment=instalment, amount_pence=10_00, approved_by=make.UserFactory())
        waiting = make.PartnerPaymentFactory(instalment=instalment, amount_pence=10_00)
        PaymentHold.objects.create(award=monthly, reason="The June return is missing.", placed_at=NOW)
        with refused("partnerpayment_not_held"):
            make.PartnerPaymentFactory(instalment=instalment, amount_pence=1)
        waiting.approved_by, waiting.approved_at = make.UserFactory(), NOW
        with refused("partnerpayment_not_held"):
            waiting.save()
        assert make.PartnerPaymentFactory(instalment=instalment, amount_pence=-paid.amount_pence, note="Back").pk

    def test_is_never_changed(self, monthly):
        payment = make.PartnerPaymentFactory(instalment=monthly.instalments.first(), amount_pence=1)
        for error, change in {
            "Cannot update": {"amount_pence": 2},
            "only_decided": {"reference": "other"},
        }.items():
            with pytest.raises(Exception, match=f"Cannot update|{error}"), transaction.atomic():
                PartnerPayment.objects.filter(pk=payment.pk).update(**change)
        with pytest.raises(Exception, match="never_deleted"), transaction.atomic():
            payment.delete()
        with pytest.raises(Exception, match="proposed_first"), transaction.atomic():
            PartnerPayment.objects.create(
                instalment=payment.instalment,
                amount_pence=1,
                on_date=NOW,
                reference="x",
                proposed_by=payment.proposed_by,
                proposed_at=NOW,
                approved_by=make.UserFactory(),
                approved_at=NOW,
            )


class TestHold:
    def test_one_is_open_and_says_why(self, monthly):
        hold = PaymentHold.objects.create(award=monthly, reason="Missing.", placed_at=NOW)
        with refused("paymenthold_one_open"):
            PaymentHold.objects.create(award=monthly, reason="Missing too.", placed_at=NOW)
        with refused("paymenthold_lifted_after"):
            PaymentHold.objects.filter(pk=hold.pk).update(lifted_at=make.noon(date(2022, 8, 4)))
        PaymentHold.objects.filter(pk=hold.pk).update(lifted_at=NOW)
        with pytest.raises(Exception, match="lifted_once"), transaction.atomic():
            PaymentHold.objects.filter(pk=hold.pk).update(lifted_at=None)
        with refused("paymenthold_has_reason"):
            PaymentHold.objects.create(award=monthly, reason="", placed_at=NOW)

    def test_only_where_the_award_says_so(self, award):
        with refused("paymenthold_where_agreed"):
            PaymentHold.objects.create(award=award, reason="Missing.", placed_at=NOW)


class TestForecast:
    @pytest.mark.parametrize(
        ("rule", "fields"),
        [
            ("forecast_month_first_day", {"month": date(2022, 5, 2)}),
            ("forecast_not_negative", {"amount_pence": -1}),
            ("forecast_within_award", {"month": date(2023, 4, 1)}),
        ],
    )
    def test_is_of_a_month_of_the_award(self, award, rule, fields):
        with refused(rule):
            Forecast.objects.create(
                **{"award": award, "month": date(2022, 5, 1), "amount_pence": 0, "made_by": make.UserFactory()}
                | fields,
                made_at=NOW,
            )

    def test_is_never_changed(self, award):
        Forecast.objects.create(
            award=award, month=date(2022, 5, 1), amount_pence=0, made_by=make.UserFactory(), made_at=NOW
        )
        with pytest.raises(Exception, match="append_only"), transaction.atomic():
            Forecast.objects.update(amount_pence=1)


class TestWriteOff:
    def write_off(self, award, pence, **fields) -> WriteOff:
        given = {"reason": "The charity has closed", "decision_reference": f"D-{pence}", **fields}
        return WriteOff.objects.create(
            award=award, amount_pence=pence, proposed_by=make.UserFactory(), proposed_at=NOW, **given
        )

    def test_is_of_what_was_overpaid(self, monthly):
        for instalment in monthly.instalments.all():
            make.PartnerPaymentFactory(
                instalment=instalment, amount_pence=instalment.amount_pence, approved_by=make.UserFactory()
            )
        with refused("writeoff_within_overpaid"):
            self.write_off(monthly, 1)
        correct(monthly, -400_00)
        self.write_off(monthly, 300_00)
        with refused("writeoff_within_overpaid"):
            self.write_off(monthly, 100_01)
        with refused("writeoff_amount_positive"):
            self.write_off(monthly, 0)
        with refused("writeoff_has_reason"):
            self.write_off(monthly, 1, reason="")

    def test_of_a_facility_is_of_what_is_owed_and_says_why(self):
        drawn = make.BridgeMovementFactory(amount_pence=1000)
        off = {"facility": drawn.facility, "kind": "write_off", "on_date": date(2022, 9, 1)}
        with refused("bridgemovement_write_off_has_reason"):
            make.BridgeMovementFactory(**off, amount_pence=400)
        make.BridgeMovementFactory(**off, amount_pence=400, reason="Commissioner's decision")
        with refused("bridgemovement_repaid_within_drawn"):
            make.BridgeMovementFactory(facility=drawn.facility, kind="repayment", amount_pence=601, on_date=NOW)
