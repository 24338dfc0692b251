from funding.models.awards import PartnerAward
from funding.models.bridging import BridgeMovement, BridgeProposal, BridgingFacility
from funding.models.grants import AwardYear, AwardYearStep, Fund, GrantReceipt, Match, RingFence

__all__ = [
    "AwardYear",
    "AwardYearStep",
    "BridgeMovement",
    "BridgeProposal",
    "BridgingFacility",
    "Fund",
    "GrantReceipt",
    "Match",
    "PartnerAward",
    "RingFence",
]
