"""What the demo region's money did: the grant of 2022 to 2025 that was announced before it was secured, the loan that
bridged it, and a second grant with a cliff edge ahead."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date

from funding.models import BridgeMovement, BridgingFacility
from funding.models.grants import AwardYearState
from programmes.models import Rung

POUND = 100
MILLION = 1_000_000 * POUND
S = AwardYearState


@dataclass(frozen=True)
class YearPlan:
    """One award year's history: (state, day, pence or None), (day, pence), and what is committed of it a year."""

    steps: list[tuple[AwardYearState, date, int | None]]
    receipts: list[tuple[date, int]] = field(default_factory=list)
    core: int = 0  # committed to every delivery for the whole year, with the fund's first awards
    growth: int = 0  # committed from July, once the agreement is signed; with `core` it fits what is planned
    match: int = 0
    ring_fences: list[tuple[str, str, int | None]] = field(default_factory=list)
    evaluation: int = 0  # planned for evaluation, of which the grant asks a tenth


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


EVALUATION = ("Evaluation and learning", "minimum", 120_000 * POUND)

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
            core=2_280_000 * POUND, growth=2_460_000 * POUND, match=150_000 * POUND, evaluation=498_800 * POUND,
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
            core=2_280_000 * POUND, growth=1_170_000 * POUND, match=150_000 * POUND, evaluation=431_000 * POUND,
            ring_fences=[EVALUATION],
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
            core=2_280_000 * POUND, growth=1_165_000 * POUND, match=175_000 * POUND, evaluation=436_000 * POUND,
            ring_fences=[EVALUATION],
        ),
    },
)  # fmt: skip

SECOND = FundPlan(
    name="Violence reduction grant 2025–28",
    purpose="Prevention of serious violence, a part of it for evaluation and learning.",
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
            core=2_400_000 * POUND, growth=1_190_000 * POUND, match=175_000 * POUND, evaluation=398_000 * POUND,
            ring_fences=[EVALUATION],
        ),
        2026: YearPlan(
            steps=_run(
                (date(2025, 2, 24), 440 * MILLION // 100), date(2026, 1, 30),
                (date(2026, 4, 2), 440 * MILLION // 100), date(2026, 4, 24), date(2026, 7, 10),
            ),
            receipts=[(date(2026, 7, 17), 1_100_000 * POUND), (date(2026, 11, 6), 1_100_000 * POUND)],
            core=2_400_000 * POUND, growth=1_140_000 * POUND, match=175_000 * POUND, evaluation=425_000 * POUND,
            ring_fences=[EVALUATION],
        ),
        2027: YearPlan(
            steps=[(S.ANNOUNCED, date(2025, 2, 24), 430 * MILLION // 100)],
            core=2_400_000 * POUND, match=175_000 * POUND,
            ring_fences=[EVALUATION],
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
PLACES = {Rung.ONE_TO_ONE: 1, Rung.BRIEF_CONTACT: 2, Rung.GROUP: 3, Rung.EXPOSURE: 4}
# What a delivery costs beside another one.
WEIGHT = {Rung.ONE_TO_ONE: 5, Rung.GROUP: 3, Rung.BRIEF_CONTACT: 2, Rung.EXPOSURE: 2}
