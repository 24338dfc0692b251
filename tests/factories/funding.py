"""Money promised, bridged and committed."""

from datetime import date

import factory
from django.db import transaction
from factory.django import DjangoModelFactory

from funding.actions.awards import instalments_of
from funding.models import (
    AwardYear,
    AwardYearStep,
    BridgeMovement,
    BridgingFacility,
    BudgetChange,
    BudgetEntry,
    BudgetLine,
    Claim,
    ClaimFile,
    ClaimLine,
    ClaimStep,
    Condition,
    Fund,
    GrantClaim,
    GrantReceipt,
    Instalment,
    Match,
    MatchConfirmation,
    PartnerAward,
    PartnerPayment,
    RingFence,
    UnitSpend,
)
from funding.models.awards import PaidBy
from funding.models.claims import DUE_AFTER
from funding.models.grants import STATED_AMOUNT
from partners.models import Organisation
from tests.factories.people import OrganisationFactory, UserFactory, noon
from vru_portal.core.periods import Month


class FundFactory(DjangoModelFactory):
    class Meta:
        model = Fund

    funder = factory.SubFactory(OrganisationFactory, kind=Organisation.Kind.GOVERNMENT)
    name = factory.Sequence(lambda n: f"Violence reduction grant {n}")
    purpose = "Prevention of serious violence."


# The usual way of an award year, for `AwardYearFactory(at=…)`.
WAY = ["announced", "applied", "approved", "agreement_signed", "part_claimed", "fully_claimed", "reconciled", "closed"]


class AwardYearFactory(DjangoModelFactory):
    """With its steps, a month apart, up to `at`; each that states an amount states `pence`."""

    class Meta:
        model = AwardYear

    fund = factory.SubFactory(FundFactory)
    financial_year = 2022

    @classmethod
    def _create(cls, model_class, *args, at="announced", announced_on=date(2022, 4, 5), pence=100_000_00, **fields):
        states = WAY[: WAY.index(at) + 1]
        stated = {STATED_AMOUNT[state]: pence for state in states if state in STATED_AMOUNT}
        with transaction.atomic():
            award_year = model_class.objects.create(state=at, **stated, **fields)
            for number, state in enumerate(states):
                day = Month.of(announced_on).plus(number).first.replace(day=announced_on.day)
                step = AwardYearStep.objects.create(
                    award_year=award_year,
                    state=state,
                    on_date=day,
                    amount_pence=pence if state in STATED_AMOUNT else None,
                    proposed_by=UserFactory(),
                    proposed_at=noon(day),
                )
                _then_approved(step, UserFactory())
        return award_year


class GrantReceiptFactory(DjangoModelFactory):
    """Approved unless `approved_by` is None."""

    class Meta:
        model = GrantReceipt

    award_year = factory.SubFactory(AwardYearFactory, at="agreement_signed")
    amount_pence = 25_000_00
    on_date = date(2022, 7, 8)
    reference = factory.Sequence(lambda n: f"HO-{n}")
    proposed_by = factory.SubFactory(UserFactory)
    proposed_at = factory.LazyAttribute(lambda receipt: noon(receipt.on_date))
    approved_by = factory.SubFactory(UserFactory)

    @classmethod
    def _create(cls, model_class, *args, approved_by=None, **fields):
        return _then_approved(model_class.objects.create(**fields), approved_by)


def _then_approved(proposed, approved_by):
    """Proposed first, as the database has it."""
    if approved_by:
        proposed.approved_by, proposed.approved_at = approved_by, proposed.proposed_at
        proposed.save()
    return proposed


class GrantClaimFactory(DjangoModelFactory):
    """Approved where `approved_by` says by whom."""

    class Meta:
        model = GrantClaim

    award_year = factory.SubFactory(AwardYearFactory, at="agreement_signed")
    quarter = factory.LazyAttribute(lambda claim: claim.award_year.year.first)
    amount_pence = 250_00
    reference = factory.Sequence(lambda n: f"C-{n}")
    proposed_by = factory.SubFactory(UserFactory)
    proposed_at = noon(date(2022, 7, 5))

    @classmethod
    def _create(cls, model_class, *args, approved_by=None, **fields):
        return _then_approved(model_class.objects.create(**fields), approved_by)


class RingFenceFactory(DjangoModelFactory):
    class Meta:
        model = RingFence

    award_year = factory.SubFactory(AwardYearFactory)
    purpose = factory.Sequence(lambda n: f"Purpose {n}")
    amount_kind = RingFence.AmountKind.FIXED
    amount_pence = 10_000_00


class MatchFactory(DjangoModelFactory):
    """Confirmed by its giver and two people here where `confirmed_on` says when."""

    class Meta:
        model = Match

    award_year = factory.SubFactory(AwardYearFactory)
    organisation = factory.SubFactory(OrganisationFactory)
    kind = Match.Kind.CASH
    amount_pence = 5_000_00
    evidence = factory.Sequence(lambda n: f"Letter {n}")

    @classmethod
    def _create(cls, model_class, *args, confirmed_on=None, **fields):
        match = model_class.objects.create(**fields)
        if confirmed_on:
            MatchConfirmationFactory(match=match, confirmed_on=confirmed_on)
        return match


class MatchConfirmationFactory(DjangoModelFactory):
    """Approved unless `approved_by` is None."""

    class Meta:
        model = MatchConfirmation

    match = factory.SubFactory(MatchFactory)
    confirmed_on = date(2022, 5, 1)
    proposed_by = factory.SubFactory(UserFactory)
    proposed_at = factory.LazyAttribute(lambda confirmation: noon(confirmation.confirmed_on))
    approved_by = factory.SubFactory(UserFactory)

    @classmethod
    def _create(cls, model_class, *args, approved_by=None, **fields):
        return _then_approved(model_class.objects.create(**fields), approved_by)


class BudgetLineFactory(DjangoModelFactory):
    class Meta:
        model = BudgetLine

    award_year = factory.SubFactory(AwardYearFactory)
    name = factory.Sequence(lambda n: f"Line {n}")
    category = BudgetLine.Category.DELIVERY


class BudgetChangeFactory(DjangoModelFactory):
    """With its `entries`, pence by line, and approved where `approved_by` says by whom."""

    class Meta:
        model = BudgetChange

    kind = BudgetChange.Kind.PLAN
    reference = factory.Sequence(lambda n: f"B-{n}")
    reason = "Board of May"
    proposed_by = factory.SubFactory(UserFactory)
    proposed_at = noon(date(2022, 5, 4))

    @classmethod
    def _create(cls, model_class, *args, entries, approved_by=None, **fields):
        with transaction.atomic():
            if entries:
                fields.setdefault("award_year", next(iter(entries)).award_year)
            change = model_class.objects.create(**fields)
            for line, pence in entries.items():
                BudgetEntry.objects.create(change=change, line=line, amount_pence=pence)
        return _then_approved(change, approved_by)


class UnitSpendFactory(DjangoModelFactory):
    """Approved where `approved_by` says by whom."""

    class Meta:
        model = UnitSpend

    on_date = date(2022, 6, 30)
    amount_pence = 100_00
    payee = "Lighthouse Evaluation"
    reference = factory.Sequence(lambda n: f"UNIT-{n:04d}")
    proposed_by = factory.SubFactory(UserFactory)
    proposed_at = factory.LazyAttribute(lambda spend: noon(spend.on_date))

    @classmethod
    def _create(cls, model_class, *args, approved_by=None, **fields):
        return _then_approved(model_class.objects.create(**fields), approved_by)


class ConditionFactory(DjangoModelFactory):
    class Meta:
        model = Condition

    award_year = factory.SubFactory(AwardYearFactory)
    kind = Condition.Kind.CATEGORY_SHARE
    category = "evaluation"
    basis = Condition.Basis.ANNOUNCED
    threshold = 1000
    wording = "At least a tenth of the budget is spent on evaluation."
    evidence = "Grant agreement, clause 7"


class PartnerAwardFactory(DjangoModelFactory):
    """For the whole of its award year when not said."""

    class Meta:
        model = PartnerAward

    delivery = factory.SubFactory("tests.factories.DeliveryFactory")
    award_year = factory.SubFactory(AwardYearFactory)
    amount_pence = 12_000_00
    starts_on = factory.LazyAttribute(lambda award: award.award_year.year.first)
    ends_on = factory.LazyAttribute(lambda award: award.award_year.year.last)
    reference = factory.Sequence(lambda n: f"A-{n:04d}")
    agreed_on = date(2022, 3, 25)
    proposed_by = factory.SubFactory(UserFactory)
    proposed_at = factory.LazyAttribute(lambda award: noon(award.agreed_on))
    approved_by = factory.SubFactory(UserFactory)

    @classmethod
    def _create(cls, model_class, *args, approved_by=None, **fields):
        return _then_approved(model_class.objects.create(**fields), approved_by)


class InstalmentAwardFactory(PartnerAwardFactory):
    """Paid each month, with its instalments."""

    paid_by = PaidBy.MONTHLY

    @classmethod
    def _create(cls, model_class, *args, **fields):
        with transaction.atomic():
            award = super()._create(model_class, *args, **fields)
            Instalment.objects.bulk_create(instalments_of(award))
        return award


class ClaimFactory(DjangoModelFactory):
    """Of the first quarter of its award, with £1,000 for staff and a file unless said, on its way up to `at`."""

    class Meta:
        model = Claim

    award = factory.SubFactory(PartnerAwardFactory)
    quarter = factory.LazyAttribute(lambda claim: claim.award.award_year.year.first)

    @classmethod
    def _create(cls, model_class, *args, at="draft", amounts=None, files=1, sent_by=None, decided_by=None, **fields):
        ways = {"declined": ["sent", "declined"], "approved": ["sent", "approved"], "queried": ["sent", "queried"]}
        with transaction.atomic():
            claim = model_class.objects.create(**fields)
            day = noon(claim.period.months[-1].last + DUE_AFTER)
            cls.step(claim, "draft", by=sent_by or UserFactory(), at=day)
            for heading, pence in ({"staff": 1_000_00} if amounts is None else amounts).items():
                ClaimLine.objects.create(claim=claim, heading=heading, amount_pence=pence)
            for _ in range(files):
                ClaimFileFactory(claim=claim)
            for state in ways.get(at, [at] if at == "sent" else []):
                by = sent_by if state == "sent" else decided_by
                cls.step(claim, state, by=by or UserFactory(), at=day)
        return claim

    @staticmethod
    def step(claim, state, *, by, at):
        note = "Why so much?" if state in ("queried", "declined") else ""
        ClaimStep.objects.create(claim=claim, state=state, note=note, by=by, at=at)
        claim.state = state
        claim.save()


class ClaimFileFactory(DjangoModelFactory):
    """A row alone, without the file that it speaks of."""

    class Meta:
        model = ClaimFile

    name = "Invoices.pdf"
    kind = "pdf"
    size = 2_000
    sha256 = factory.Sequence(lambda n: f"{n:064x}")
    stored_as = factory.Sequence(lambda n: f"claims/{n:032x}")
    added_by = factory.SubFactory(UserFactory)
    added_at = noon(date(2022, 7, 20))


class PartnerPaymentFactory(DjangoModelFactory):
    """Of an instalment or a claim; approved where `approved_by` says by whom."""

    class Meta:
        model = PartnerPayment

    amount_pence = 1_000_00
    on_date = date(2022, 8, 5)
    reference = factory.Sequence(lambda n: f"PAY-{n:04d}")
    proposed_by = factory.SubFactory(UserFactory)
    proposed_at = factory.LazyAttribute(lambda payment: noon(payment.on_date))

    @classmethod
    def _create(cls, model_class, *args, approved_by=None, **fields):
        return _then_approved(model_class.objects.create(**fields), approved_by)


class BridgingFacilityFactory(DjangoModelFactory):
    class Meta:
        model = BridgingFacility

    fund = factory.SubFactory(FundFactory)
    lender = factory.SubFactory(OrganisationFactory, kind=Organisation.Kind.COMMISSIONER)
    kind = BridgingFacility.Kind.LOAN
    limit_pence = 600_000_00
    decision_reference = factory.Sequence(lambda n: f"PCC-{n}")
    agreed_on = date(2022, 4, 1)
    starts_on = date(2022, 4, 1)
    expires_on = date(2022, 7, 31)
    purposes = "Keeps services open until the grant comes through."


class BridgeMovementFactory(DjangoModelFactory):
    """Approved unless `approved_by` is None."""

    class Meta:
        model = BridgeMovement

    facility = factory.SubFactory(BridgingFacilityFactory)
    kind = BridgeMovement.Kind.DRAWDOWN
    amount_pence = 100_000_00
    on_date = date(2022, 5, 6)
    reference = factory.Sequence(lambda n: f"M-{n}")
    proposed_by = factory.SubFactory(UserFactory)
    proposed_at = factory.LazyAttribute(lambda movement: noon(movement.on_date))
    approved_by = factory.SubFactory(UserFactory)

    @classmethod
    def _create(cls, model_class, *args, approved_by=None, **fields):
        return _then_approved(model_class.objects.create(**fields), approved_by)
