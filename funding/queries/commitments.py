"""A budget beside what has become of it: planned, committed and waiting for a second person, line by line. Whole pence.

The unit's spending names its line. An award to a partner does not: it stands with the one line that is for the same
kind of spending out of the same ring-fence, and apart where there is none or more than one.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace

from funding.models import AwardYear, BudgetChange, BudgetEntry, BudgetLine, PartnerAward, UnitSpend
from funding.queries.budgets import budget_of
from funding.queries.funds import YearLine
from vru_portal.core.money import pounds


@dataclass(frozen=True)
class LineMoney:
    """`line` None: awards that no one line is for. What would give back counts once it is approved."""

    line: BudgetLine | None
    planned: int
    entries: tuple[BudgetEntry, ...]
    awards: tuple[PartnerAward, ...]
    spending: tuple[UnitSpend, ...]

    @property
    def approved(self) -> LineMoney:
        return self._those(lambda each: each.approved_by_id is not None)

    @property
    def open(self) -> LineMoney:
        return self._those(lambda each: each.approved_by_id is None)

    @property
    def awarded(self) -> int:
        return sum(award.amount_pence for award in self.approved.awards)

    @property
    def spent(self) -> int:
        return sum(spend.amount_pence for spend in self.approved.spending)

    @property
    def committed(self) -> int:
        return self.awarded + self.spent

    @property
    def waiting(self) -> int:
        return sum(max(0, each.amount_pence) for each in (*self.open.awards, *self.open.spending))

    @property
    def left(self) -> int:
        return self.planned - self.committed - self.waiting

    def _those(self, wanted: Callable[[PartnerAward | UnitSpend], bool]) -> LineMoney:
        return replace(self, awards=tuple(filter(wanted, self.awards)), spending=tuple(filter(wanted, self.spending)))


@dataclass(frozen=True)
class Commitments:
    """Each line of an award year, and the awards that no one line is for."""

    lines: tuple[LineMoney, ...]

    @property
    def total(self) -> LineMoney:
        parts = [(each.entries, each.awards, each.spending) for each in self.lines]
        entries, awards, spending = (tuple(row for part in parts for row in part[n]) for n in range(3))
        return LineMoney(None, sum(each.planned for each in self.lines), entries, awards, spending)

    def of(self, line: int | None) -> LineMoney | None:
        return next((each for each in self.lines if (each.line.pk if each.line else None) == line), None)


def commitments_of(award_year: AwardYear) -> Commitments:
    """What is approved or waits; what was declined is no part of it. Whoever asks has found the award year visible."""
    lines = budget_of(award_year).lines
    approved = BudgetChange.objects.filter(award_year=award_year, approved_by__isnull=False)
    entries = _by_line(
        BudgetEntry.objects.filter(change__in=approved).select_related("change__proposed_by", "change__approved_by")
    )
    spends = UnitSpend.objects.filter(line__award_year=award_year, declined_by__isnull=True)
    spending = _by_line(spends.select_related("proposed_by", "approved_by").order_by("-on_date", "-pk"))
    awards = _awards(award_year, [line for line, _ in lines])
    found = [
        LineMoney(line, planned, *(tuple(rows[line.pk]) for rows in (entries, awards, spending)))
        for line, planned in lines
    ]
    if awards[None]:
        found.append(LineMoney(None, 0, (), tuple(awards[None]), ()))
    return Commitments(tuple(found))


def beyond(award: PartnerAward, line: YearLine, commitments: Commitments) -> list[str]:
    """What a proposed award would go beyond once it is approved: the line of the budget that is for it, and the whole
    grant, as its `line` of today has it. Both are allowed, and to be said to whoever decides."""
    if award.amount_pence <= 0:
        return []
    return [*_beyond_budget(award, commitments), *_beyond_grant(award, line)]


def _beyond_budget(award: PartnerAward, commitments: Commitments) -> Iterable[str]:
    money = next((each for each in commitments.lines if award in each.awards), None)
    if money is None:  # decided meanwhile
        return
    if money.line is None:
        if any(each.line for each in commitments.lines):
            yield "No one line of the budget is for this award."
        return
    left = money.planned - money.committed
    if award.amount_pence > left:
        yield f"The budget’s line “{money.line}” has {pounds(max(0, left))} left, which is less than this award."


def _beyond_grant(award: PartnerAward, line: YearLine) -> Iterable[str]:
    if line.left is not None and award.amount_pence > line.left:
        more = pounds(award.amount_pence - line.left)
        yield f"With this award {more} more than the grant is committed and spent: something else has to cover it."


def _awards(award_year: AwardYear, lines: Iterable[BudgetLine]) -> dict[int | None, list[PartnerAward]]:
    """By the id of the one line that they are for."""
    meant: dict[tuple, list[int]] = defaultdict(list)
    for line in lines:
        meant[line.category, line.ring_fence_id].append(line.pk)
    awards = award_year.partner_awards.filter(declined_by__isnull=True)
    found = defaultdict(list)
    for award in awards.select_related("delivery__partner", "ring_fence", "proposed_by", "approved_by"):
        for_it = meant[award.category, award.ring_fence_id]
        found[for_it[0] if len(for_it) == 1 else None].append(award)
    return found


def _by_line(rows: Iterable[BudgetEntry | UnitSpend]) -> dict[int, list]:
    found = defaultdict(list)
    for row in rows:
        found[row.line_id].append(row)
    return found
