from funding.models.awards import PartnerAward
from funding.models.bridging import BridgeMovement, BridgeProposal, BridgingFacility
from funding.models.grants import AwardYear, AwardYearStep, Fund, GrantReceipt, Match, RingFence
from funding.models.priorities import DeliveryPriority

__all__ = [
    "AwardYear",
    "AwardYearStep",
    "BridgeMovement",
    "BridgeProposal",
    "BridgingFacility",
    "DeliveryPriority",
    "Fund",
    "GrantReceipt",
    "Match",
    "PartnerAward",
    "RingFence",
]
