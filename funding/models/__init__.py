from funding.models.awards import PartnerAward
from funding.models.bridging import BridgeMovement, BridgeProposal, BridgingFacility
from funding.models.budgets import BudgetChange, BudgetEntry, BudgetLine
from funding.models.conditions import Condition
from funding.models.deflators import DeflatorIndex, DeflatorSeries
from funding.models.grants import AwardYear, AwardYearStep, Fund, GrantReceipt, Match, RingFence
from funding.models.priorities import DeliveryPriority

__all__ = [
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
    "GrantReceipt",
    "Match",
    "PartnerAward",
    "RingFence",
]
