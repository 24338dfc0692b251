"""The demo region's money: the grant of 2022 to 2025 that was announced before it was secured and the loan that bridged
it, then a second grant with a cliff edge ahead. Plain arithmetic, so that each loading gives the same rows."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta

from django.utils import timezone

from funding.models import (
    AwardYear,
    AwardYearStep,
    BridgeMovement,
    BridgeProposal,
    BridgingFacility,
    DeliveryPriority,
    Fund,
    GrantReceipt,
    Match,
    PartnerAward,
    RingFence,
)
from funding.models.grants import STATED_AMOUNT, AwardYearState
from partners.actions.events import acting
from partners.models import Organisation, User
from programmes.models import Delivery, Rung
from vru_portal.core.periods import Month, months_between

POUND = 100
MILLION = 1_000_000 * POUND
S = AwardYearState


@dataclass(frozen=True)
class YearPlan:
    """One award year's history: (state, day, pence or None), (day, pence), and what is committed of it a year."""

    steps: list[tuple[AwardYearState, date, int | None]]
    receipts: list[tuple[date, int]] = field(default_factory=list)
    core: int = 0  # committed to every delivery for the whole year, with the fund's first awards
    growth: int = 0  # committed from July, once the agreement is signed
    match: int = 0
    ring_fences: list[tuple[str, str, int | None]] = field(default_factory=list)


@dataclass(frozen=True)
class FundPlan:
    name: str
    purpose: str
    wording: str
    announced_on: date
    total: int
    awards_agreed_on: date
    years: dict[int, YearPlan]


def _run(announced: tuple[date, int], applied: date, approved: tuple[date, int], signed: date, *later: date):
    """The usual way of an award year; as many of the later steps as there are days for."""
    pence = announced[1]
    after = [S.PART_CLAIMED, S.FULLY_CLAIMED, S.RECONCILED, S.CLOSED]
    return [
        (S.ANNOUNCED, announced[0], pence),
        (S.APPLIED, applied, pence),
        (S.APPROVED, *approved),
        (S.AGREEMENT_SIGNED, signed, approved[1]),
        *((state, day, None) for state, day in zip(after, later, strict=False)),
    ]


_EVALUATION = ("Evaluation and learning", "minimum", 120_000 * POUND)

FIRST = FundPlan(
    name="Violence reduction grant 2022–25",
    purpose="Prevention of serious violence among children and young people by partners working together.",
    wording=(
        "£14.5 million has been allocated to the unit, spread over the next three years. £5.8 million has been "
        "allocated this year, with £4.3 million allocated in the following two years. Some of this funding is "
        "ringfenced."
    ),
    announced_on=date(2022, 4, 5),
    total=1450 * MILLION // 100,
    awards_agreed_on=date(2022, 3, 25),
    years={
        2022: YearPlan(
            steps=_run(
                (date(2022, 4, 5), 580 * MILLION // 100), date(2022, 4, 29),
                (date(2022, 6, 17), 580 * MILLION // 100), date(2022, 6, 28),
                date(2022, 10, 14), date(2023, 4, 21), date(2023, 7, 31), date(2023, 9, 29),
            ),
            receipts=[
                (date(2022, 7, 8), 1_450_000 * POUND), (date(2022, 10, 21), 1_450_000 * POUND),
                (date(2023, 1, 20), 1_450_000 * POUND), (date(2023, 5, 12), 1_402_318 * POUND + 46),
            ],
            core=2_280_000 * POUND, growth=3_290_000 * POUND, match=150_000 * POUND,
            ring_fences=[("Local authorities, health agencies and police working together", "unknown", None)],
        ),
        2023: YearPlan(
            steps=_run(
                (date(2022, 4, 5), 430 * MILLION // 100), date(2023, 2, 24),
                (date(2023, 5, 19), 430 * MILLION // 100), date(2023, 6, 14),
                date(2023, 10, 13), date(2024, 4, 19), date(2024, 7, 31), date(2024, 9, 27),
            ),
            receipts=[
                (date(2023, 7, 7), 1_075_000 * POUND), (date(2023, 10, 20), 1_075_000 * POUND),
                (date(2024, 1, 19), 1_075_000 * POUND), (date(2024, 5, 10), 1_061_904 * POUND + 12),
            ],
            core=2_280_000 * POUND, growth=1_760_000 * POUND, match=150_000 * POUND,
            ring_fences=[_EVALUATION],
        ),
        2024: YearPlan(
            steps=_run(
                (date(2022, 4, 5), 430 * MILLION // 100), date(2024, 1, 26),
                (date(2024, 3, 8), 430 * MILLION // 100), date(2024, 3, 22),
                date(2024, 7, 12), date(2025, 4, 25), date(2025, 7, 31), date(2025, 9, 26),
            ),
            receipts=[
                (date(2024, 7, 19), 1_075_000 * POUND), (date(2024, 10, 18), 1_075_000 * POUND),
                (date(2025, 1, 17), 1_075_000 * POUND), (date(2025, 5, 9), 1_048_772 * POUND + 80),
            ],
            core=2_280_000 * POUND, growth=1_810_000 * POUND, match=175_000 * POUND,
            ring_fences=[_EVALUATION],
        ),
    },
)  # fmt: skip

SECOND = FundPlan(
    name="Violence reduction grant 2025–28",
    purpose="Prevention of serious violence, with at least a tenth of the grant for evaluation by its last year.",
    wording="£13.2 million over three years: £4.5 million, £4.4 million and £4.3 million.",
    announced_on=date(2025, 2, 24),
    total=1320 * MILLION // 100,
    awards_agreed_on=date(2025, 3, 20),
    years={
        2025: YearPlan(
            steps=_run(
                (date(2025, 2, 24), 450 * MILLION // 100), date(2025, 3, 28),
                (date(2025, 5, 23), 442 * MILLION // 100), date(2025, 6, 12),
                date(2025, 10, 10), date(2026, 4, 24), date(2026, 7, 31),
            ),
            receipts=[
                (date(2025, 7, 11), 1_105_000 * POUND), (date(2025, 10, 17), 1_105_000 * POUND),
                (date(2026, 1, 16), 1_105_000 * POUND), (date(2026, 5, 15), 1_083_640 * POUND + 55),
            ],
            core=2_400_000 * POUND, growth=1_750_000 * POUND, match=175_000 * POUND,
            ring_fences=[_EVALUATION],
        ),
        2026: YearPlan(
            steps=_run(
                (date(2025, 2, 24), 440 * MILLION // 100), date(2026, 1, 30),
                (date(2026, 4, 2), 440 * MILLION // 100), date(2026, 4, 24), date(2026, 7, 10),
            ),
            receipts=[(date(2026, 7, 17), 1_100_000 * POUND), (date(2026, 11, 6), 1_100_000 * POUND)],
            core=2_400_000 * POUND, growth=1_690_000 * POUND, match=175_000 * POUND,
            ring_fences=[_EVALUATION],
        ),
        2027: YearPlan(
            steps=[(S.ANNOUNCED, date(2025, 2, 24), 430 * MILLION // 100)],
            core=2_400_000 * POUND, match=175_000 * POUND,
            ring_fences=[_EVALUATION],
        ),
    },
)  # fmt: skip

# What finance proposed on this day, nobody has decided yet.
WAITING_SINCE = date(2026, 11, 19)

D, R = BridgeMovement.Kind.DRAWDOWN, BridgeMovement.Kind.REPAYMENT

# Fund, kind, limit, decision, agreed, starts, expires, what for, movements.
FACILITIES = [
    (
        FIRST.name, BridgingFacility.Kind.LOAN, 600_000 * POUND, "PCC-2022-014",
        date(2022, 4, 4), date(2022, 4, 4), date(2022, 7, 31),
        "Keeps services open until the government grant comes through; underwrites them to the same limit.",
        [
            (D, date(2022, 4, 8), 200_000), (D, date(2022, 5, 6), 200_000), (D, date(2022, 6, 7), 200_000),
            (R, date(2022, 7, 15), 600_000),
        ],
    ),
    (
        FIRST.name, BridgingFacility.Kind.RESERVE, 500_000 * POUND, "PCC-2023-009",
        date(2023, 3, 17), date(2023, 4, 1), date(2023, 7, 31),
        "Partner payments from April until the grant agreement for 2023/24 is signed.",
        [(D, date(2023, 4, 14), 180_000), (D, date(2023, 5, 15), 120_000), (R, date(2023, 7, 14), 300_000)],
    ),
    (
        SECOND.name, BridgingFacility.Kind.RESERVE, 450_000 * POUND, "PCC-2025-011",
        date(2025, 3, 14), date(2025, 4, 1), date(2025, 7, 31),
        "Partner payments from April until the grant agreement for 2025/26 is signed.",
        [(D, date(2025, 4, 11), 200_000), (D, date(2025, 5, 16), 150_000), (R, date(2025, 7, 18), 350_000)],
    ),
    (
        SECOND.name, BridgingFacility.Kind.LOAN, 250_000 * POUND, "PCC-2026-020",
        date(2026, 9, 11), date(2026, 10, 1), date(2027, 3, 31),
        "Quarterly claims are paid in arrears: pays partners between a claim and its receipt.",
        [(D, date(2026, 10, 2), 150_000), (R, date(2026, 11, 12), 100_000), (D, WAITING_SINCE, 40_000)],
    ),
    (
        SECOND.name, BridgingFacility.Kind.UNDERWRITING, 60_000 * POUND, "PCC-2026-027",
        date(2026, 11, 13), date(2027, 4, 1), date(2027, 7, 31),
        "A promise towards partner payments from April until the grant agreement for 2027/28 is signed.",
        [],
    ),
]  # fmt: skip

# Where harm is nearest is kept longest.
_PLACES = {Rung.ONE_TO_ONE: 1, Rung.BRIEF_CONTACT: 2, Rung.GROUP: 3, Rung.EXPOSURE: 4}
# What a delivery costs beside another one.
_WEIGHT = {Rung.ONE_TO_ONE: 5, Rung.GROUP: 3, Rung.BRIEF_CONTACT: 2, Rung.EXPOSURE: 2}


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
    """Two funds, their award years, receipts, bridging and awards to the deliveries, as far as `now`. A second loading
    changes nothing. Finance proposes and records, the director approves."""
    if Fund.objects.filter(name=FIRST.name).exists():
        return
    with acting("funding.fund.loaded", by=by_finance, now=now, reason="Demo region") as act:
        loader = _Loader(by_finance, by_director, timezone.localdate(now))
        for plan in [FIRST, SECOND]:
            if fund := loader.load_fund(plan, home_office, pcc, deliveries):
                act.on(fund, organisation=unit)
        loader.load_facilities(pcc)
    with acting("funding.priorities.set", by=by_director, now=now, reason="Board of the unit, demo region"):
        DeliveryPriority.objects.bulk_create(
            DeliveryPriority(delivery=delivery, rank=_PLACES[delivery.programme.rung]) for delivery in deliveries
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
        for start, year in plan.years.items():
            award_year = self._award_year(fund, start, year)
            self._receipts(award_year, year)
            self._match(award_year, year, giver)
            RingFence.objects.bulk_create(
                RingFence(award_year=award_year, purpose=purpose, amount_kind=kind, amount_pence=pence)
                for purpose, kind, pence in year.ring_fences
            )
            PartnerAward.objects.bulk_create(self._partner_awards(plan, award_year, year, deliveries))
            if not year.growth and self.today >= WAITING_SINCE:
                self._propose_award(award_year, deliveries[1])
        return fund

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
        )

    def _award_year(self, fund: Fund, start: int, plan: YearPlan) -> AwardYear:
        taken = [step for step in plan.steps if step[1] <= self.today]
        stated = {STATED_AMOUNT[state]: pence for state, _, pence in taken if pence is not None}
        award_year = AwardYear.objects.create(fund=fund, financial_year=start, state=taken[-1][0], **stated)
        for state, day, pence in taken:
            AwardYearStep.objects.create(
                award_year=award_year,
                state=state,
                on_date=day,
                amount_pence=pence,
                by=self.finance,
                recorded_at=_midday(day),
            )
        return award_year

    def _receipts(self, award_year: AwardYear, plan: YearPlan) -> None:
        GrantReceipt.objects.bulk_create(
            GrantReceipt(
                award_year=award_year,
                amount_pence=pence,
                on_date=day,
                reference=f"HO-{award_year.financial_year}-{number}",
                recorded_by=self.finance,
                recorded_at=_midday(day),
            )
            for number, (day, pence) in enumerate(plan.receipts, start=1)
            if day <= self.today
        )

    def _match(self, award_year: AwardYear, plan: YearPlan, giver: Organisation) -> None:
        first = award_year.year.first
        confirmed_on = first + timedelta(days=91)
        if plan.match and first - timedelta(days=180) <= self.today:
            Match.objects.create(
                award_year=award_year,
                organisation=giver,
                kind=Match.Kind.CASH,
                amount_pence=plan.match,
                evidence=f"Commissioner's letter on match funding for {award_year.year}",
                confirmed_on=confirmed_on if confirmed_on <= self.today else None,
            )

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
                parts.append((delivery, starts, ends, months, _WEIGHT[delivery.programme.rung] * months))
        total = sum(weight for *_, weight in parts)
        return [
            (delivery, starts, ends, pence * weight // total // (10 * POUND * months) * (10 * POUND * months))
            for delivery, starts, ends, months, weight in parts
        ]

    def _awards(
        self, award_year: AwardYear, parts: list[tuple[Delivery, date, date, int]], agreed_on: date, kind: str
    ) -> list[PartnerAward]:
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
                        agreed_on=agreed,
                        proposed_by=self.finance,
                        approved_by=self.director,
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
        proposals = [
            BridgeProposal(
                facility=facility,
                kind=kind,
                amount_pence=amount * POUND,
                on_date=day,
                reference=f"{facility.decision_reference}/{number}",
                proposed_by=self.finance,
                proposed_at=_midday(day),
            )
            for number, (kind, day, amount) in enumerate(planned, start=1)
            if day <= self.today
        ]
        approved = [proposal for proposal in proposals if proposal.on_date != WAITING_SINCE]
        movements = BridgeMovement.objects.bulk_create(
            BridgeMovement(
                facility=facility,
                kind=proposal.kind,
                amount_pence=proposal.amount_pence,
                on_date=proposal.on_date,
                reference=proposal.reference,
                proposed_by=self.finance,
                approved_by=self.director,
                recorded_at=proposal.proposed_at,
            )
            for proposal in approved
        )
        for proposal, movement in zip(approved, movements, strict=True):
            proposal.movement = movement
        BridgeProposal.objects.bulk_create(proposals)


def _midday(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time(12)))
