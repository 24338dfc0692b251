"""Whatever people do with money, in whatever order: it is done, or refused in a sentence before the database has to;
no rule is broken, and every total is the sum of its movements."""

from collections import Counter
from datetime import date

import pytest
from django.db import connection, transaction
from hypothesis import Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test

from funding import queries
from funding.actions import awards, bridging, budgets, claims, payments, receipts, spending, yearly_round
from funding.models import (
    BridgeMovement,
    BudgetChange,
    Claim,
    ClaimLine,
    GrantClaim,
    GrantReceipt,
    PartnerAward,
    PartnerPayment,
    UnitSpend,
    WriteOff,
)
from partners.permissions import Role
from tests import factories as make
from tests.money_totals import AS_AT, YEAR, approved, check_totals, planned_and_spent, sum_of
from tests.test_paying import PDF
from vru_portal.core.refusals import Refusal

pytestmark = pytest.mark.django_db

DAY = date(2022, 10, 14)
NOW = make.noon(date(2022, 10, 20))

# What one proposes and another decides: how it is approved, how declined, and what it is called there.
DECIDED = {
    PartnerAward: (awards.approve_award, awards.decline_award, "award"),
    PartnerPayment: (payments.approve_payment, payments.decline_payment, "payment"),
    WriteOff: (payments.approve_write_off, payments.decline_write_off, "write_off"),
    UnitSpend: (spending.approve_spend, spending.decline_spend, "spend"),
    BudgetChange: (budgets.approve_change, budgets.decline_change, "change"),
    BridgeMovement: (bridging.approve_movement, bridging.decline_movement, "movement"),
    GrantClaim: (yearly_round.approve_claim, yearly_round.decline_claim, "claim"),
    GrantReceipt: (receipts.approve_receipt, receipts.decline_receipt, "receipt"),
}
# What becomes of a proposal at once; what waits is decided later, or never.
THEN = st.sampled_from(["wait", "approve", "approve", "approve", "decline"])
POUNDS = st.integers(1, 12).map(lambda hundreds: hundreds * 100)
WHICH = st.integers(0, 30)  # of the rows that there are
PHASES = [Phase.generate]  # a walk that fails is printed as it was: making it shorter takes minutes


def make_region() -> dict:
    """£5,000 signed, £2,000 of it for evaluation alone; two partners with a delivery each, a loan of £1,000."""
    year = make.AwardYearFactory(at="agreement_signed", pence=5_000_00)
    fence = make.RingFenceFactory(award_year=year, category="evaluation", amount_pence=2_000_00)
    inside = make.BudgetLineFactory(award_year=year, category="evaluation", ring_fence=fence)
    lines = [inside, *(make.BudgetLineFactory(award_year=year, category=each) for each in ("team", "delivery"))]
    make.BudgetChangeFactory(entries=dict.fromkeys(lines, 1_000_00), approved_by=make.UserFactory())
    deliveries = [make.DeliveryFactory(), make.DeliveryFactory()]
    for number, delivery in enumerate(deliveries):
        delivery.areas.set(make.AreaFactory.create_batch(number + 1))
    return {
        "year": year,
        "fence": fence,
        "lines": lines,
        "deliveries": deliveries,
        "leads": {each.pk: make.user_with(Role.PARTNER_LEAD, each.partner) for each in deliveries},
        "facility": make.BridgingFacilityFactory(fund=year.fund, limit_pence=1_000_00, expires_on=date(2023, 3, 31)),
        "finance": make.user_with(Role.FINANCE_OFFICER),
        "director": make.user_with(Role.DIRECTOR),
    }


class Walk(RuleBasedStateMachine):
    region: dict

    def __init__(self) -> None:
        super().__init__()
        self.begun = transaction.atomic()
        self.begun.__enter__()
        self.number = 0
        self.funding_total = self._funding_total()

    def teardown(self) -> None:
        try:
            check_totals(self.region)
        finally:
            transaction.set_rollback(True)
            self.begun.__exit__(None, None, None)

    # ---- What people do ----
    @initialize()
    def begin_with_two_awards_of_which_one_is_partly_paid(self):
        for delivery, paid_by in zip(self.region["deliveries"], ["claims", "monthly"], strict=True):
            self._award("approve", delivery, 600_00, False, paid_by)
        for number in range(3):
            self.pay("approve", number, 100)

    @rule(then=THEN, which=WHICH, pounds=POUNDS, inside=st.booleans(), paid_by=st.sampled_from(["claims", "monthly"]))
    def award(self, then, which, pounds, inside, paid_by):
        self._award(then, self.region["deliveries"][which % 2], pounds * 100, inside, paid_by)

    @rule(then=THEN, which=WHICH, percent=st.sampled_from([100, 90, 50, 101]))
    def correct_an_award(self, then, which, percent):
        if award := self._one(PartnerAward, which):
            pence = -abs(award.amount_pence) * percent // 100
            self._award(then, award.delivery, pence, award.ring_fence_id is not None, award.paid_by)

    def _award(self, then, delivery, pence, inside, paid_by):
        self._propose(
            then,
            awards.propose_award,
            award_year=self.region["year"],
            delivery=delivery,
            ring_fence=self.region["fence"] if inside else None,
            category="evaluation" if inside else "delivery",
            amount_pence=pence,
            starts_on=YEAR.first,
            ends_on=YEAR.last,
            agreed_on=date(2022, 4, 1),
            paid_by=paid_by,
            holds_for_returns=paid_by == "monthly",
            note="The board of May decided so.",
            reference=self._reference(),
        )

    @rule(which=WHICH, spent=st.integers(1, 500), quarter=st.integers(0, 1))
    def claim(self, which, spent, quarter):
        if award := self._one(PartnerAward, which):
            lead = self.region["leads"][award.delivery_id]
            claim = self._try(claims.start, award=award, quarter=YEAR.quarters[quarter], by=lead)
            if claim and claim.is_open:
                self._try(claims.add_file, claim=claim, name="Paid.pdf", content=PDF, by=lead)
                self._try(claims.send, claim=claim, amounts={"staff": spent * 1_00}, note="Here it is", by=lead)

    @rule(which=WHICH, how=st.sampled_from(["approve", "approve", "query", "decline"]))
    def decide_a_claim(self, which, how):
        if claim := self._of(list(Claim.objects.filter(state="sent").order_by("pk")), which):
            more = {"query": {"question": "Which?"}, "decline": {"reason": "Not ours"}}.get(how, {})
            self._try(getattr(claims, how), claim=claim, by=self.region["director"], **more)

    @rule(then=THEN, which=WHICH, percent=st.sampled_from([100, 100, 60, -30, -100]))
    def pay(self, then, which, percent):
        payable = self._of(queries.payables(PartnerAward.objects.all()), which)
        if payable:
            self._propose(
                then,
                payments.propose_payment,
                subject=payable.subject,
                amount_pence=payable.amount * percent // 100,
                on_date=DAY,
                note="Sent twice" if percent < 0 else "",
                reference=self._reference(),
            )

    @rule(which=WHICH, lift=st.booleans())
    def hold_or_lift(self, which, lift):
        award = self._one(PartnerAward, which)
        if (
            award and award.holds_for_returns and award.approved_by_id and award.amount_pence > 0
        ):  # as the clock chooses
            self._try(payments.lift, award=award) if lift else self._try(
                payments.hold, award=award, reason="Waits for June."
            )

    @rule(then=THEN, which=WHICH, percent=st.sampled_from([100, 40, 101]))
    def write_off(self, then, which, percent):
        if award := self._one(PartnerAward, which):
            self._propose(
                then,
                payments.propose_write_off,
                award=award,
                amount_pence=queries.overpaid(award) * percent // 100,
                reason="Asking costs more",
                decision_reference=self._reference(),
            )

    @rule(then=THEN, which=WHICH, pounds=POUNDS, back=st.booleans())
    def spend(self, then, which, pounds, back):
        self._propose(
            then,
            spending.propose_spend,
            line=self.region["lines"][which % 3],
            on_date=DAY,
            amount_pence=pounds * (-100 if back else 100),
            payee="Lighthouse",
            note="Paid twice" if back else "",
            reference=self._reference(),
        )

    @rule(
        then=THEN, to=WHICH, of=WHICH, pounds=POUNDS, kind=st.sampled_from(["plan", "virement"]), consent=st.booleans()
    )
    def change_the_budget(self, then, to, of, pounds, kind, consent):
        lines = self.region["lines"]
        entries = Counter({lines[to % 3]: pounds * 100})
        if kind == "virement":
            entries[lines[of % 3]] -= pounds * 100
        self._propose(
            then,
            budgets.propose_change,
            award_year=self.region["year"],
            kind=kind,
            entries=entries,
            reason="The board of May decided so.",
            consent_reference="HO-4" if consent else "",
            reference=self._reference(),
        )

    @rule(
        then=THEN, pounds=POUNDS, kind=st.sampled_from(["drawdown", "repayment", "write_off"]), day=st.integers(1, 14)
    )
    def move_the_loan(self, then, pounds, kind, day):
        self._propose(
            then,
            bridging.propose_movement,
            facility=self.region["facility"],
            kind=kind,
            amount_pence=pounds * 100,
            on_date=DAY.replace(day=day),
            reason="The grant is late.",
            reference=self._reference(),
        )

    @rule(then=THEN, which=WHICH, pounds=POUNDS)
    def claim_from_the_funder(self, then, which, pounds):
        self._propose(
            then,
            yearly_round.propose_claim,
            award_year=self.region["year"],
            quarter=YEAR.quarters[which % 2],
            amount_pence=pounds * 100,
            reference=self._reference(),
        )

    @rule(then=THEN, which=WHICH, pounds=st.integers(-12, 12), day=st.integers(1, 14))
    def receive(self, then, which, pounds, day):
        approved = GrantClaim.objects.approved().order_by("pk")
        self._propose(
            then,
            receipts.propose_receipt,
            award_year=self.region["year"],
            amount_pence=pounds * 100_00,
            on_date=DAY.replace(day=day),
            claim=self._of(list(approved), which) if which % 2 and pounds > 0 else None,
            note="The bank’s error" if pounds < 0 else "",
            reference=self._reference(),
        )

    @rule(which=WHICH, approve=st.sampled_from([True, True, True, False]))
    def decide(self, which, approve):
        waiting = [row for model in DECIDED for row in model.objects.open().order_by("pk")]
        if asked := self._of(waiting, which):
            self._decide(asked, approve)

    # ---- What holds after each ----
    @invariant()
    def is_within_what_it_comes_out_of(self):
        taken = sum(award.amount_pence for award in approved(PartnerAward) if award.ring_fence_id)
        taken += sum(spend.amount_pence for spend in approved(UnitSpend) if spend.line.ring_fence_id)
        assert taken <= 2_000_00
        planned, spent = planned_and_spent()
        assert all(0 <= spent[line.pk] <= planned[line.pk] for line in self.region["lines"])
        for change in approved(BudgetChange):
            if change.kind == "virement":
                assert sum(entry.amount_pence for entry in change.entries.all()) == 0
        assert sum(claim.amount_pence for claim in approved(GrantClaim)) <= 5_000_00

    @invariant()
    def owes_what_was_drawn_on_every_day(self):
        owed = 0
        for _day, movements in _by_day(BridgeMovement.objects.approved().order_by("on_date")):
            owed += sum(movement.signed_pence for movement in movements)
            assert 0 <= owed <= 1_000_00
        received = 0
        for _day, came in _by_day(GrantReceipt.objects.approved().order_by("on_date")):
            received += sum(receipt.amount_pence for receipt in came)
            assert received >= 0
        assert received <= 5_000_00
        for claim in GrantClaim.objects.filter(receipts__isnull=False).distinct():
            assert sum_of(claim.receipts.approved()) <= claim.amount_pence
        assert self._funding_total() == self.funding_total

    @invariant()
    def pays_what_is_owed_and_no_more(self):
        awarded, owed, paid, _ = _accounts()
        assert all(owed[account] <= awarded[account] for account in awarded)
        assert all(0 <= paid[account] <= owed[account] for account in awarded if account[-1] == "claims")
        assert all(pence >= 0 for pence in paid.values())

    def _holds_when_approved(self, row):
        """What later awards and corrections may change again."""
        awarded, _, paid, off = _accounts()
        account = _account(row.award)
        if isinstance(row, WriteOff):
            assert off[account] <= paid[account] - awarded[account]
        elif row.amount_pence > 0:
            assert paid[account] <= awarded[account] + off[account]

    @invariant()
    def was_never_approved_by_who_proposed_it(self):
        for model in DECIDED:
            assert not [row for row in approved(model) if row.approved_by_id == row.proposed_by_id]

    # ---- How ----
    def _propose(self, then, act, **given):
        proposed = self._try(act, **given, by=self.region["finance"])
        if proposed and then != "wait":
            self._decide(proposed, then == "approve")

    def _decide(self, asked, approve):
        how_approved, how_declined, name = DECIDED[type(asked)]
        if approve:
            approved = self._try(how_approved, **{name: asked}, by=self.region["director"])
            if isinstance(approved, (PartnerPayment, WriteOff)):
                self._holds_when_approved(approved)
        else:
            self._try(how_declined, **{name: asked}, reason="No", by=self.region["director"])

    def _try(self, act, **given):
        """Done, or refused in a sentence: anything else, the database's own refusal too, fails the walk."""
        try:
            with transaction.atomic():
                done = act(**given, now=NOW)
                connection.check_constraints()
                return done
        except Refusal as refusal:
            sentence = str(refusal)
        assert sentence.endswith(".")
        return None

    def _one(self, model, which):
        return self._of(list(model.objects.order_by("pk")), which)

    def _of(self, rows, which):
        return rows[which % len(rows)] if rows else None

    def _reference(self) -> str:
        self.number += 1
        return f"W-{self.number}"

    def _funding_total(self) -> list[tuple]:
        lines = queries.fund_lines(user=self.region["director"], as_at=AS_AT)
        return [(year.standing.size, fund.announced_parts) for fund in lines for year in fund.years]


def _accounts() -> tuple[Counter, Counter, Counter, Counter]:
    """Approved: what is awarded, what is claimed, what is paid and what is written off."""
    awarded, owed, paid, off = Counter(), Counter(), Counter(), Counter()
    for award in approved(PartnerAward):
        awarded[_account(award)] += award.amount_pence
    for line in ClaimLine.objects.filter(claim__state="approved").select_related("claim__award"):
        owed[_account(line.claim.award)] += line.amount_pence
    for payment in approved(PartnerPayment):
        paid[_account(payment.award)] += payment.amount_pence
    for each in approved(WriteOff):
        off[_account(each.award)] += each.amount_pence
    return awarded, owed, paid, off


def _account(award) -> tuple:
    """What corrections and claims share."""
    return award.delivery_id, award.ring_fence_id, award.paid_by


def _by_day(rows):
    found = {}
    for row in rows:
        found.setdefault(row.on_date, []).append(row)
    return found.items()


def test_no_order_of_movements_breaks_a_rule_or_a_total():
    Walk.region = make_region()
    run_state_machine_as_test(Walk, settings=settings(max_examples=15, stateful_step_count=30, phases=PHASES))
