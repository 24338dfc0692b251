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
from funding.views.cover import ShowCover, ShowOurMoney
from funding.views.facilities import (
    AddFacility,
    ApproveMovement,
    DeclineMovement,
    EditFacility,
    ProposeMovement,
    ShowFacility,
)
from funding.views.funds import AddFund, EditFund, ShowFund

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
    "ShowAwardYear",
    "ShowCover",
    "ShowFacility",
    "ShowFund",
    "ShowOurMoney",
]
