"""Pages about money."""

from funding.views.award_years import (
    AddAwardYear,
    AddMatch,
    AddRingFence,
    EditMatch,
    EditRingFence,
    RecordReceipt,
    RecordStep,
    ShowAwardYear,
)
from funding.views.awards import ApproveAward, DeclineAward, ProposeAward
from funding.views.facilities import (
    AddFacility,
    ApproveMovement,
    DeclineMovement,
    EditFacility,
    ProposeMovement,
    ShowFacility,
)
from funding.views.funds import AddFund, EditFund, ShowFund
from funding.views.our_money import ShowOurMoney
from funding.views.priorities import SetPriorities

__all__ = [
    "AddAwardYear",
    "AddFacility",
    "AddFund",
    "AddMatch",
    "AddRingFence",
    "ApproveAward",
    "ApproveMovement",
    "DeclineAward",
    "DeclineMovement",
    "EditFacility",
    "EditFund",
    "EditMatch",
    "EditRingFence",
    "ProposeAward",
    "ProposeMovement",
    "RecordReceipt",
    "RecordStep",
    "SetPriorities",
    "ShowAwardYear",
    "ShowFacility",
    "ShowFund",
    "ShowOurMoney",
]
