"""What the unit itself spent of a grant, line by line beside what is planned. Whole pence."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.db.models import Q, QuerySet, Sum

from funding.models import AwardYear, BudgetLine, UnitSpend
from funding.models.grants import SpendCategory
from funding.queries.budgets import budget_of, planned_on
from partners.models import User


@dataclass(frozen=True)
class LineSpending:
    """`waiting`: proposed, and not decided yet; what would give back is not among it."""

    line: BudgetLine
    planned: int
    spent: int
    waiting: int

    @property
    def left(self) -> int:
        """What may still be proposed: whichever way the open ones are decided, the line is not overspent."""
        return self.planned - self.spent - self.waiting


def own_lines(award_year: AwardYear) -> QuerySet[BudgetLine]:
    """Those that no award to a partner is for."""
    return award_year.budget_lines.exclude(category=SpendCategory.DELIVERY)


def spending_of(award_year: AwardYear) -> list[LineSpending]:
    """By line; whoever asks has found the award year visible."""
    own = own_lines(award_year)
    spent, waiting = _by_line(own, _approved()), _by_line(own, _taking())
    return [
        LineSpending(line, planned, spent[line.pk], waiting[line.pk])
        for line, planned in budget_of(award_year).lines
        if line.pk in spent
    ]


def spending_on(line: BudgetLine) -> LineSpending:
    found = BudgetLine.objects.filter(pk=line.pk)
    spent, waiting = _by_line(found, _approved()), _by_line(found, _taking())
    return LineSpending(line, planned_on([line])[line.pk], spent[line.pk], waiting[line.pk])


def given_back(line: BudgetLine) -> int:
    """What open corrections would give back of the line, as an amount below nothing."""
    return _by_line(BudgetLine.objects.filter(pk=line.pk), _open() & Q(spending__amount_pence__lt=0))[line.pk]


def spends_of(award_year: AwardYear) -> QuerySet[UnitSpend]:
    """The latest first."""
    people = ("line", "proposed_by", "approved_by", "declined_by")
    return UnitSpend.objects.filter(line__award_year=award_year).select_related(*people).order_by("-on_date", "-id")


def spends_waiting(*, user: User) -> QuerySet[UnitSpend]:
    """Proposed, and decided by nobody yet."""
    return UnitSpend.objects.visible_to(user).open().select_related("line__award_year__fund", "proposed_by")


def spent_by(award_year: AwardYear, day: date) -> dict[str, int]:
    """Of the unit's own spending, what was approved by the end of the day, by category."""
    found = UnitSpend.objects.filter(line__award_year=award_year).known_by(day).order_by()
    return {
        category: int(pence) for category, pence in found.values_list("line__category").annotate(Sum("amount_pence"))
    }


def _by_line(lines: QuerySet[BudgetLine], which: Q) -> dict[int, int]:
    summed = lines.order_by().annotate(pence=Sum("spending__amount_pence", filter=which))
    return {pk: int(pence or 0) for pk, pence in summed.values_list("pk", "pence")}


def _approved() -> Q:
    return Q(spending__approved_by__isnull=False)


def _open() -> Q:
    return Q(spending__approved_by__isnull=True, spending__declined_by__isnull=True)


def _taking() -> Q:
    return _open() & Q(spending__amount_pence__gt=0)
