"""What the money looks like on a day. `cover` is the timeline; the rest are tables and lists."""

from funding.queries.funds import (
    AwardTotals,
    FacilityLine,
    FundLine,
    RepaymentPrompt,
    YearLine,
    award_year_line,
    awards_by_year,
    facility_line,
    facility_lines,
    fund_lines,
    partner_awards,
    repayment_prompts,
)
from funding.queries.timeline import Cover, DeliveryCover, FundCover, MonthCover, cover

__all__ = [
    "AwardTotals",
    "Cover",
    "DeliveryCover",
    "FacilityLine",
    "FundCover",
    "FundLine",
    "MonthCover",
    "RepaymentPrompt",
    "YearLine",
    "award_year_line",
    "awards_by_year",
    "cover",
    "facility_line",
    "facility_lines",
    "fund_lines",
    "partner_awards",
    "repayment_prompts",
]
