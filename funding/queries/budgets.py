"""Budgets as they stand, and how far each condition of an award year is met. Whole pence."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from django.db.models import Prefetch, Q, QuerySet, Sum

from funding.models import AwardYear, BudgetChange, BudgetEntry, BudgetLine, Condition, RingFence
from funding.models.conditions import ConditionBasis, ConditionKind
from funding.queries.standing import standing_at
from partners.models import User


@dataclass(frozen=True)
class Budget:
    """The lines of an award year with what is planned for each, and what the grant has beyond them."""

    lines: tuple[tuple[BudgetLine, int], ...]
    grant: int | None

    @property
    def total(self) -> int:
        return sum(planned for _, planned in self.lines)

    @property
    def unplanned(self) -> int | None:
        """Below zero where more is planned than there is; None while the size of the grant is not stated."""
        return None if self.grant is None else self.grant - self.total


def budget_of(award_year: AwardYear, *, as_at: date | None = None) -> Budget:
    """As it stands, or as it was approved by a day. Whoever asks has found the award year visible."""
    lines = award_year.budget_lines.select_related("ring_fence").annotate(planned=_planned(as_at))
    return Budget(tuple((line, int(line.planned or 0)) for line in lines), award_year.size_pence)


def changes_of(award_year: AwardYear) -> QuerySet[BudgetChange]:
    """The latest first, each with its entries."""
    entries = Prefetch("entries", BudgetEntry.objects.select_related("line__ring_fence"))
    people = ("proposed_by", "approved_by", "declined_by")
    return award_year.budget_changes.select_related(*people).prefetch_related(entries).order_by("-proposed_at", "-id")


def budget_changes_waiting(*, user: User) -> QuerySet[BudgetChange]:
    """Proposed changes that nobody has decided."""
    return BudgetChange.objects.visible_to(user).open().select_related("award_year__fund", "proposed_by")


def waiting_changes(award_year: AwardYear) -> list[dict[int, int]]:
    """Of each change that nobody has decided, its pence by line id."""
    found: dict[int, dict[int, int]] = defaultdict(dict)
    open_ones = BudgetEntry.objects.filter(change__in=award_year.budget_changes.open())
    for change, line, pence in open_ones.values_list("change", "line", "amount_pence"):
        found[change][line] = pence
    return list(found.values())


def planned_on(lines: Iterable[BudgetLine]) -> dict[int, int]:
    """By line id, what is approved."""
    found = BudgetLine.objects.filter(pk__in=[line.pk for line in lines]).annotate(planned=_planned())
    return {line.pk: int(line.planned or 0) for line in found}


def planned_in(ring_fence: RingFence) -> int:
    approved = BudgetEntry.objects.filter(line__ring_fence=ring_fence, change__approved_by__isnull=False)
    return int(approved.aggregate(pence=Sum("amount_pence"))["pence"] or 0)


def _planned(as_at: date | None = None) -> Sum:
    approved = Q(entries__change__approved_by__isnull=False)
    if as_at:
        approved &= Q(entries__change__approved_at__date__lte=as_at)
    return Sum("entries__amount_pence", filter=approved)


@dataclass(frozen=True)
class Reading:
    """How far a condition is met. `counted` of `basis` count; both None for a duty in words, and `basis` while the
    amount is not stated. `done_on`: when such a duty was done."""

    condition: Condition
    basis: int | None
    counted: int | None
    done_on: date | None = None

    @property
    def needed(self) -> int | None:
        """The least that meets it: a part of a penny is a whole one more."""
        return None if self.basis is None else -(-self.basis * self.condition.threshold // 10_000)

    @property
    def short(self) -> int:
        return 0 if self.needed is None else max(0, self.needed - self.counted)

    @property
    def is_met(self) -> bool | None:
        """None where it cannot be said."""
        if self.condition.kind == ConditionKind.DUTY:
            return self.done_on is not None
        return None if self.basis is None else self.short == 0

    @property
    def share(self) -> str:
        """“8.6 %”, never rounded up to what is not reached."""
        if not self.basis:
            return ""
        tenths = self.counted * 1000 // self.basis
        return f"{tenths // 10}.{tenths % 10} %"

    @property
    def threshold(self) -> str:
        """“10 %”, “12.5 %”"""
        return f"{self.condition.threshold / 100:g} %" if self.condition.threshold else ""


def readings(award_year: AwardYear, *, as_at: date | None = None) -> list[Reading]:
    """Each condition of an award year that the caller has found visible, as it is written now, read from the budget and
    the confirmed match as they stand, or as they were approved by a day."""
    conditions = list(award_year.conditions.all())
    if not conditions:
        return []
    planned: dict[str, int] = {}
    for line, pence in budget_of(award_year, as_at=as_at).lines:
        planned[line.category] = planned.get(line.category, 0) + pence
    confirmed = award_year.matches.confirmed_by(as_at) if as_at else award_year.matches.confirmed()
    match = confirmed.aggregate(pence=Sum("amount_pence"))["pence"]
    stated = {ConditionBasis.AWARDED: award_year.awarded_pence, ConditionBasis.ANNOUNCED: award_year.announced_pence}
    if as_at:
        known = standing_at(award_year.steps.all(), as_at)
        stated = {ConditionBasis.AWARDED: known and known.awarded, ConditionBasis.ANNOUNCED: known and known.announced}
    return [_reading(condition, stated, planned, int(match or 0), as_at) for condition in conditions]


def _reading(
    condition: Condition,
    stated: Mapping[ConditionBasis, int | None],
    planned: Mapping[str, int],
    match: int,
    as_at: date | None,
) -> Reading:
    if condition.kind == ConditionKind.DUTY:
        is_done = condition.met_on and (as_at is None or condition.met_on <= as_at)
        return Reading(condition, None, None, condition.met_on if is_done else None)
    counted = match if condition.kind == ConditionKind.MATCH_SHARE else planned.get(condition.category, 0)
    return Reading(condition, stated[ConditionBasis(condition.basis)], counted)
