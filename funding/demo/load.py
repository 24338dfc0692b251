"""The demo region's money as rows. Plain arithmetic, so that each loading gives the same ones."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db.models import F
from django.utils import timezone

from funding.demo import prices, spending
from funding.demo.days import midday
from funding.demo.paying import Paying
from funding.demo.plans import (
    EVALUATION,
    FACILITIES,
    FIRST,
    PLACES,
    POUND,
    SECOND,
    WAITING_SINCE,
    WEIGHT,
    FundPlan,
    YearPlan,
)
from funding.models import (
    Application,
    AwardYear,
    AwardYearStep,
    BridgeMovement,
    BridgingFacility,
    BudgetChange,
    BudgetEntry,
    BudgetLine,
    Condition,
    DeliveryPriority,
    Fund,
    GrantClaim,
    GrantReceipt,
    Match,
    MatchConfirmation,
    PartnerAward,
    RingFence,
)
from funding.models.awards import PaidBy
from funding.models.deciding import DecidedByTwo
from funding.models.grants import STATED_AMOUNT, AwardYearState, SpendCategory
from funding.queries import contents_of
from partners.actions.events import acting
from partners.models import Organisation, User
from programmes.models import Delivery
from vru_portal.core.periods import FinancialYear, Month, months_between

# Before this year payments were kept elsewhere.
PAID_HERE_SINCE = 2025


def load(
    *,
    by_finance: User,
    by_director: User,
    unit: Organisation,
    home_office: Organisation,
    pcc: Organisation,
    deliveries: list[Delivery],
    now: datetime,
) -> None:
    """Two funds, their award years, receipts, bridging, awards to the deliveries and prices, as far as `now`. A second
    loading changes nothing. Finance proposes and records, the director approves."""
    if Fund.objects.filter(name=FIRST.name).exists():
        return
    with acting("funding.fund.loaded", by=by_finance, now=now, reason="Demo region") as act:
        loader = _Loader(by_finance, by_director, timezone.localdate(now))
        for plan in [FIRST, SECOND]:
            if fund := loader.load_fund(plan, home_office, pcc, deliveries):
                act.on(fund, organisation=unit)
        loader.load_facilities(pcc)
    prices.load(by=by_finance, now=now)
    with acting("funding.priorities.set", by=by_director, now=now, reason="Board of the unit, demo region"):
        DeliveryPriority.objects.bulk_create(
            DeliveryPriority(delivery=delivery, rank=PLACES[delivery.programme.rung]) for delivery in deliveries
        )


@dataclass
class _Loader:
    finance: User
    director: User
    today: date

    def load_fund(
        self, plan: FundPlan, funder: Organisation, giver: Organisation, deliveries: list[Delivery]
    ) -> Fund | None:
        if plan.announced_on > self.today:
            return None
        fund = Fund.objects.create(
            funder=funder,
            name=plan.name,
            purpose=plan.purpose,
            announced_wording=plan.wording,
            announced_on=plan.announced_on,
            announced_total_pence=plan.total,
        )
        this_year = FinancialYear.of(self.today).start
        for start, year in plan.years.items():
            award_year = self._award_year(fund, start, year)
            self._claims_and_receipts(award_year, year)
            self._match(award_year, year, giver)
            RingFence.objects.bulk_create(
                RingFence(
                    award_year=award_year,
                    purpose=purpose,
                    amount_kind=kind,
                    amount_pence=pence,
                    category=SpendCategory.EVALUATION if (purpose, kind, pence) == EVALUATION else "",
                )
                for purpose, kind, pence in year.ring_fences
            )
            self._budget(award_year, year)
            spending.load(award_year, finance=self.finance, director=self.director, today=self.today)
            self._conditions(award_year)
            self._application(award_year)
            awards = PartnerAward.objects.bulk_create(self._partner_awards(plan, award_year, year, deliveries))
            self._approve(awards)
            if start >= PAID_HERE_SINCE:
                Paying(self.finance, self.director, self.today, is_current=start == this_year).load(awards)
            if not year.growth and self.today >= WAITING_SINCE:
                self._propose_award(award_year, deliveries[1])
        return fund

    def _approve(self, awards: list[PartnerAward]) -> None:
        """On the day on which each was agreed."""
        proposed = PartnerAward.objects.filter(pk__in=[award.pk for award in awards])
        proposed.update(approved_by=self.director, approved_at=F("proposed_at"))

    def _propose_award(self, award_year: AwardYear, delivery: Delivery) -> None:
        """To somebody who has not been promised the year ahead; it waits for a second person."""
        PartnerAward.objects.create(
            delivery=delivery,
            award_year=award_year,
            amount_pence=96_000 * POUND,
            starts_on=award_year.year.first,
            ends_on=award_year.year.last,
            reference=f"{delivery.code}-{award_year.financial_year}-core",
            agreed_on=WAITING_SINCE,
            proposed_by=self.finance,
            proposed_at=midday(WAITING_SINCE),
        )

    def _award_year(self, fund: Fund, start: int, plan: YearPlan) -> AwardYear:
        taken = [step for step in plan.steps if step[1] <= self.today]
        stated = {STATED_AMOUNT[state]: pence for state, _, pence in taken if pence is not None}
        award_year = AwardYear.objects.create(fund=fund, financial_year=start, state=taken[-1][0], **stated)
        for state, day, pence in taken:
            step = AwardYearStep(award_year=award_year, state=state, on_date=day, amount_pence=pence)
            self._by_two(step, day)
        if award_year.state == AwardYearState.RECONCILED and self.today >= WAITING_SINCE:
            self._ask(AwardYearStep(award_year=award_year, state=AwardYearState.CLOSED, on_date=WAITING_SINCE))
        return award_year

    def _ask(self, row: DecidedByTwo) -> None:
        """What waits for a second person."""
        row.proposed_by, row.proposed_at = self.finance, midday(WAITING_SINCE)
        row.save()

    def _by_two(self, row: DecidedByTwo, day: date, approved_on: date | None = None) -> None:
        """Finance proposes it on a day, and the director approves."""
        row.proposed_by, row.proposed_at = self.finance, midday(day)
        row.save()
        row.approved_by, row.approved_at = self.director, midday(approved_on or day)
        row.save()

    def _claims_and_receipts(self, award_year: AwardYear, plan: YearPlan) -> None:
        """Each quarter was claimed two weeks before it came in."""
        for number, (day, pence) in enumerate(plan.receipts, start=1):
            if day > self.today:
                break
            claimed_on = day - timedelta(days=14)
            claim = GrantClaim(
                award_year=award_year,
                quarter=award_year.year.quarters[number - 1].months[0].first,
                amount_pence=pence,
                reference=f"Q{number}-{award_year.financial_year}",
            )
            self._by_two(claim, claimed_on, claimed_on + timedelta(days=1))
            receipt = GrantReceipt(
                award_year=award_year,
                amount_pence=pence,
                on_date=day,
                reference=f"HO-{award_year.financial_year}-{number}",
                claim=claim,
            )
            self._by_two(receipt, day)
        if award_year.year == FinancialYear.of(WAITING_SINCE) and self.today >= WAITING_SINCE:
            self._ask(
                GrantReceipt(
                    award_year=award_year,
                    amount_pence=25_000 * POUND,
                    on_date=WAITING_SINCE,
                    reference=f"HO-{award_year.financial_year}-letter",
                    note="In advance, for the evaluation of the exploitation hubs",
                )
            )

    def _budget(self, award_year: AwardYear, plan: YearPlan) -> None:
        """Planned a week before the year begins; what the team, networks and running cost take is small."""
        planned_on = award_year.year.first - timedelta(days=7)
        size = award_year.size_pence
        if not plan.evaluation or planned_on > self.today or size is None:
            return
        fence = award_year.ring_fences.filter(category=SpendCategory.EVALUATION).first()
        amounts = {
            ("The unit’s team", "team"): size * 7 // 100,
            ("Community networks and Faith Alliance", "engagement"): size // 100,
            ("Offices, data and audit", "running"): size // 100,
            ("Evaluation and learning", SpendCategory.EVALUATION): plan.evaluation,
        }
        amounts["Services by partners", "delivery"] = size - sum(amounts.values())
        change = BudgetChange.objects.create(
            award_year=award_year,
            kind=BudgetChange.Kind.PLAN,
            reference=f"BUD-{award_year.financial_year}-1",
            reason=f"Budget of {award_year.year}, agreed by the board",
            proposed_by=self.finance,
            proposed_at=midday(planned_on),
        )
        for (name, category), pence in amounts.items():
            line = BudgetLine.objects.create(
                award_year=award_year,
                name=name,
                category=category,
                ring_fence=fence if category == SpendCategory.EVALUATION else None,
            )
            BudgetEntry.objects.create(change=change, line=line, amount_pence=pence)
        change.approved_by, change.approved_at = self.director, midday(planned_on + timedelta(days=2))
        change.save()
        if award_year.year == FinancialYear.of(WAITING_SINCE) and self.today >= WAITING_SINCE:
            self._propose_virement(award_year)

    def _propose_virement(self, award_year: AwardYear) -> None:
        """Towards the tenth that evaluation is to have; it waits for a second person."""
        change = BudgetChange.objects.create(
            award_year=award_year,
            kind=BudgetChange.Kind.VIREMENT,
            reference=f"BUD-{award_year.financial_year}-2",
            consent_reference="HO letter of 12 November 2026",
            reason="Evaluation of the exploitation hubs, so that a tenth of the budget goes to evaluation",
            proposed_by=self.finance,
            proposed_at=midday(WAITING_SINCE),
        )
        for category, pence in (("delivery", -15_000 * POUND), (SpendCategory.EVALUATION, 15_000 * POUND)):
            line = award_year.budget_lines.get(category=category)
            BudgetEntry.objects.create(change=change, line=line, amount_pence=pence)

    def _conditions(self, award_year: AwardYear) -> None:
        asked = [
            ("category_share", SpendCategory.EVALUATION, 1000, "At least 10 % of the budget is spent on evaluation."),
            ("match_share", "", 250 + 50 * max(0, award_year.financial_year - 2023), "Match rises year by year."),
        ]
        Condition.objects.bulk_create(
            Condition(
                award_year=award_year,
                kind=kind,
                category=category,
                basis=Condition.Basis.ANNOUNCED,
                threshold=threshold,
                wording=wording,
                evidence=f"Guidance to applicants for {award_year.year}",
            )
            for kind, category, threshold, wording in asked
        )

    def _application(self, award_year: AwardYear) -> None:
        """Kept on the day on which the records say that it was sent."""
        sent = award_year.steps.filter(state=AwardYearState.APPLIED).first()
        contents = contents_of(award_year)
        if sent and contents.asked_pence:
            Application.objects.create(
                award_year=award_year,
                version=1,
                asked_pence=contents.asked_pence,
                note="Sent to the Home Office",
                contents=contents.as_json(),
                kept_by=self.finance,
                kept_at=midday(sent.on_date),
            )

    def _match(self, award_year: AwardYear, plan: YearPlan, giver: Organisation) -> None:
        first = award_year.year.first
        confirmed_on = first + timedelta(days=91)
        if plan.match and first - timedelta(days=180) <= self.today:
            match = Match.objects.create(
                award_year=award_year,
                organisation=giver,
                kind=Match.Kind.CASH,
                amount_pence=plan.match,
                evidence=f"Commissioner's letter on match funding for {award_year.year}",
            )
            if confirmed_on <= self.today:
                self._by_two(MatchConfirmation(match=match, confirmed_on=confirmed_on), confirmed_on)
            elif self.today >= WAITING_SINCE:
                self._ask(MatchConfirmation(match=match, confirmed_on=WAITING_SINCE))

    def _partner_awards(
        self, plan: FundPlan, award_year: AwardYear, year: YearPlan, deliveries: list[Delivery]
    ) -> list[PartnerAward]:
        whole = award_year.year
        going_on = deliveries if year.growth else deliveries[::2]  # not everybody has been promised the year ahead
        core = self._shared(year.core, going_on, whole.first, whole.last)
        growth = self._shared(year.growth, deliveries, date(whole.start, 7, 1), whole.last)
        return [
            *self._awards(award_year, core, plan.awards_agreed_on, "core"),
            *self._awards(award_year, growth, date(whole.start, 7, 1), "growth"),
        ]

    def _shared(
        self, pence: int, deliveries: list[Delivery], first: date, last: date
    ) -> list[tuple[Delivery, date, date, int]]:
        """Each delivery's part: by its weight and its months between the two days, in tens of pounds a month."""
        parts = []
        for delivery in deliveries:
            starts, ends = max(delivery.starts_on, first), min(delivery.ends_on or last, last)
            if starts <= ends:
                months = len(months_between(Month.of(starts), Month.of(ends)))
                parts.append((delivery, starts, ends, months, WEIGHT[delivery.programme.rung] * months))
        total = sum(weight for *_, weight in parts)
        return [
            (delivery, starts, ends, pence * weight // total // (10 * POUND * months) * (10 * POUND * months))
            for delivery, starts, ends, months, weight in parts
        ]

    def _awards(
        self, award_year: AwardYear, parts: list[tuple[Delivery, date, date, int]], agreed_on: date, kind: str
    ) -> list[PartnerAward]:
        in_parts = kind == "core" and award_year.financial_year >= PAID_HERE_SINCE
        awards = []
        for delivery, starts, ends, pence in parts:
            agreed = max(agreed_on, delivery.starts_on - timedelta(days=21))
            if pence and agreed <= self.today:
                awards.append(
                    PartnerAward(
                        delivery=delivery,
                        award_year=award_year,
                        amount_pence=pence,
                        starts_on=starts,
                        ends_on=ends,
                        reference=f"{delivery.code}-{award_year.financial_year}-{kind}",
                        paid_by=PaidBy.QUARTERLY if in_parts else PaidBy.CLAIMS,
                        holds_for_returns=in_parts,
                        agreed_on=agreed,
                        proposed_by=self.finance,
                        proposed_at=midday(agreed),
                    )
                )
        return awards

    def load_facilities(self, lender: Organisation) -> None:
        for name, kind, limit, decision, agreed_on, starts_on, expires_on, purposes, movements in FACILITIES:
            fund = Fund.objects.filter(name=name).first()
            if fund is None or agreed_on > self.today:
                continue
            facility = BridgingFacility.objects.create(
                fund=fund,
                lender=lender,
                kind=kind,
                limit_pence=limit,
                decision_reference=decision,
                agreed_on=agreed_on,
                starts_on=starts_on,
                expires_on=expires_on,
                purposes=purposes,
            )
            self._movements(facility, movements)

    def _movements(self, facility: BridgingFacility, planned: list[tuple[str, date, int]]) -> None:
        """Each was proposed on its day and approved, but for the drawdown that still waits."""
        movements = [
            BridgeMovement(
                facility=facility,
                kind=kind,
                amount_pence=amount * POUND,
                on_date=day,
                reference=f"{facility.decision_reference}/{number}",
                proposed_by=self.finance,
                proposed_at=midday(day),
            )
            for number, (kind, day, amount) in enumerate(planned, start=1)
            if day <= self.today
        ]
        for movement in movements:
            movement.save()
            if movement.on_date != WAITING_SINCE:
                movement.approved_by, movement.approved_at = self.director, movement.proposed_at
                movement.save()
