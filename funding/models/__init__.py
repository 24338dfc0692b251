from funding.models.awards import PartnerAward
from funding.models.bridging import BridgeMovement, BridgingFacility
from funding.models.budgets import BudgetChange, BudgetEntry, BudgetLine
from funding.models.claims import Claim, ClaimFile, ClaimLine, ClaimStep
from funding.models.conditions import Condition
from funding.models.deflators import DeflatorIndex, DeflatorSeries
from funding.models.grants import AwardYear, AwardYearStep, Fund
from funding.models.match import Match, MatchConfirmation
from funding.models.payments import Forecast, Instalment, PartnerPayment, PaymentHold, WriteOff
from funding.models.priorities import DeliveryPriority
from funding.models.receipts import GrantReceipt
from funding.models.ring_fences import RingFence
from funding.models.spending import UnitSpend
from funding.models.yearly_round import Application, GrantClaim

__all__ = [
    "Application",
    "AwardYear",
    "AwardYearStep",
    "BridgeMovement",
    "BridgingFacility",
    "BudgetChange",
    "BudgetEntry",
    "BudgetLine",
    "Claim",
    "ClaimFile",
    "ClaimLine",
    "ClaimStep",
    "Condition",
    "DeflatorIndex",
    "DeflatorSeries",
    "DeliveryPriority",
    "Forecast",
    "Fund",
    "GrantClaim",
    "GrantReceipt",
    "Instalment",
    "Match",
    "MatchConfirmation",
    "PartnerAward",
    "PartnerPayment",
    "PaymentHold",
    "RingFence",
    "UnitSpend",
    "WriteOff",
]
