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
from funding.views.budgets import (
    AddBudgetLine,
    AddCondition,
    ApproveBudgetChange,
    DeclineBudgetChange,
    EditCondition,
    ProposeBudgetChange,
    ShowBudget,
)
from funding.views.deflators import LoadDeflators, ShowDeflators
from funding.views.facilities import (
    AddFacility,
    ApproveMovement,
    DeclineMovement,
    EditFacility,
    ProposeMovement,
    ShowFacility,
)
from funding.views.funds import AddFund, EditFund, ShowFund
from funding.views.open_data import DownloadOpenData, ShowOpenData
from funding.views.our_money import ShowOurMoney
from funding.views.priorities import SetPriorities
from funding.views.yearly_round import (
    ApproveGrantClaim,
    DeclineGrantClaim,
    KeepApplication,
    ProposeGrantClaim,
    ShowApplication,
    ShowApplicationVersion,
)

__all__ = [
    "AddAwardYear",
    "AddBudgetLine",
    "AddCondition",
    "AddFacility",
    "AddFund",
    "AddMatch",
    "AddRingFence",
    "ApproveAward",
    "ApproveBudgetChange",
    "ApproveGrantClaim",
    "ApproveMovement",
    "DeclineAward",
    "DeclineBudgetChange",
    "DeclineGrantClaim",
    "DeclineMovement",
    "DownloadOpenData",
    "EditCondition",
    "EditFacility",
    "EditFund",
    "EditMatch",
    "EditRingFence",
    "KeepApplication",
    "LoadDeflators",
    "ProposeAward",
    "ProposeBudgetChange",
    "ProposeGrantClaim",
    "ProposeMovement",
    "RecordReceipt",
    "RecordStep",
    "SetPriorities",
    "ShowApplication",
    "ShowApplicationVersion",
    "ShowAwardYear",
    "ShowBudget",
    "ShowDeflators",
    "ShowFacility",
    "ShowFund",
    "ShowOpenData",
    "ShowOurMoney",
]
