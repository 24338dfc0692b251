"""What a funder asks in return."""

from __future__ import annotations

from datetime import date, datetime

from funding.actions.amounts import AmountWrong
from funding.actions.days import refuse_future
from funding.models import AwardYear, Condition
from funding.models.conditions import ConditionKind
from partners.actions.events import acting, require
from partners.models import User
from partners.permissions import Permission


def save_condition(
    *,
    award_year: AwardYear,
    condition: Condition | None = None,
    kind: str,
    category: str = "",
    basis: str = "",
    threshold: int | None = None,
    wording: str,
    evidence: str,
    met_on: date | None = None,
    by: User,
    now: datetime,
) -> Condition:
    """A condition of the award year; a new one, or `condition` changed. `threshold` in hundredths of a per cent."""
    with acting(f"funding.condition.{'changed' if condition else 'added'}", by=by, now=now) as act:
        require(by, Permission.MANAGE_MONEY)
        kept = (
            Condition.objects.select_for_update().get(pk=condition.pk)
            if condition
            else Condition(award_year=award_year)
        )
        kind = ConditionKind(kind)
        if kind == ConditionKind.DUTY:
            category, basis, threshold = "", "", None
        elif not basis or not threshold or (kind == ConditionKind.CATEGORY_SHARE and not category):
            raise AmountWrong("Say how large a share, of which amount and, for a budget, for what.")
        if kind == ConditionKind.MATCH_SHARE:
            category = ""
        if met_on and kind != ConditionKind.DUTY:
            raise AmountWrong("A share is read from the budget or the match. Leave the day empty.")
        refuse_future(met_on, now)
        kept.kind, kept.category, kept.basis, kept.threshold = kind, category, basis, threshold
        kept.wording, kept.evidence, kept.met_on = wording, evidence, met_on
        kept.save()
        act.on(kept)
    return kept
