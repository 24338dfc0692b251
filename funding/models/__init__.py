from funding.models.awards import PartnerAward
from funding.models.bridging import BridgeMovement, BridgeProposal, BridgingFacility
from funding.models.budgets import BudgetChange, BudgetEntry, BudgetLine
from funding.models.conditions import Condition
from funding.models.deflators import DeflatorIndex, DeflatorSeries
from funding.models.grants import AwardYear, AwardYearStep, Fund, GrantReceipt, Match, RingFence
from funding.models.priorities import DeliveryPriority
from funding.models.yearly_round import Application, GrantClaim

__all__ = [
    "Application",
    "AwardYear",
    "AwardYearStep",
    "BridgeMovement",
    "BridgeProposal",
    "BridgingFacility",
    "BudgetChange",
    "BudgetEntry",
    "BudgetLine",
    "Condition",
    "DeflatorIndex",
    "DeflatorSeries",
    "DeliveryPriority",
    "Fund",
    "GrantClaim",
    "GrantReceipt",
    "Match",
    "PartnerAward",
    "RingFence",
]
