"""The budget of an award year: its lines, and changes that one person proposes and another approves."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

from funding.actions.amounts import AmountWrong, refuse_absurd
from funding.actions.award_years import lock
from funding.actions.deciding import ReferenceTaken, approve, decline, lock_open, refuse_own
from funding.actions.funds import NamedAlready
from funding.models import AwardYear, BudgetChange, BudgetEntry, BudgetLine, RingFence
from funding.models.budgets import BudgetChangeKind
from funding.models.grants import BEFORE_SIGNATURE
from funding.queries.budgets import planned_in, planned_on, waiting_changes
from funding.queries.spending import spending_on
from partners.actions.events import acting, require
from partners.models import User
from partners.permissions import Permission
from vru_portal.core.money import pounds
from vru_portal.core.refusals import Refusal


class OutsidePurpose(Refusal):
    """A ring-fence is for something else, or of another award year."""

    about = ("amount_pence",)


class DoesNotBalance(Refusal):
    pass


class ConsentMissing(Refusal):
    about = ("consent_reference",)


class MoreThanPlanned(Refusal):
    def __init__(self, line: BudgetLine, message: str) -> None:
        super().__init__(message, about=f"line_{line.pk}")


def add_line(
    *,
    award_year: AwardYear,
    name: str,
    category: str,
    ring_fence: RingFence | None = None,
    by: User,
    now: datetime,
) -> BudgetLine:
    """A line of the award year's budget, with nothing on it yet."""
    with acting("funding.budget_line.added", by=by, now=now) as act:
        require(by, Permission.MANAGE_MONEY)
        locked = lock(award_year)
        refuse_outside(ring_fence, award_year=locked, category=category)
        if locked.budget_lines.filter(name__iexact=name).exists():
            raise NamedAlready("This award year has a line of that name already. Give another name.")
        line = BudgetLine.objects.create(award_year=locked, name=name, category=category, ring_fence=ring_fence)
        act.on(line)
    return line


def refuse_outside(ring_fence: RingFence | None, *, award_year: AwardYear, category: str) -> None:
    """Raise `OutsidePurpose` where money of the category may not come out of the ring-fence."""
    if ring_fence is None:
        return
    if ring_fence.award_year_id != award_year.pk:
        raise OutsidePurpose(
            "This ring-fence belongs to another award year. Choose one of this year.", about="ring_fence"
        )
    if ring_fence.category not in {"", category}:
        wanted = ring_fence.get_category_display().lower()
        raise OutsidePurpose(
            f"“{ring_fence}” is for {wanted} alone. Choose that kind of spending, or no ring-fence.", about="ring_fence"
        )


def propose_change(
    *,
    award_year: AwardYear,
    kind: str,
    entries: Mapping[BudgetLine, int],
    reference: str,
    reason: str,
    consent_reference: str = "",
    by: User,
    now: datetime,
) -> BudgetChange:
    """Ask for money to be put on lines or moved between them, in pence by line. Nothing counts until somebody else
    approves."""
    kind = BudgetChangeKind(kind)
    with acting("funding.budget.proposed", by=by, now=now, reason=reason) as act:
        require(by, Permission.MANAGE_MONEY)
        locked = lock(award_year)
        entries = {line: pence for line, pence in entries.items() if pence}
        _refuse_unbalanced(kind, entries, consent_reference)
        _refuse_taking_back(locked, kind, entries, consent_reference)
        _refuse_unfit(locked, entries, waiting=waiting_changes(locked))
        if BudgetChange.objects.filter(reference=reference).exists():
            raise ReferenceTaken(reference)
        change = BudgetChange.objects.create(
            award_year=locked,
            kind=kind,
            reference=reference,
            consent_reference=consent_reference,
            reason=reason,
            proposed_by=by,
            proposed_at=now,
        )
        BudgetEntry.objects.bulk_create(
            BudgetEntry(change=change, line=line, amount_pence=pence) for line, pence in entries.items()
        )
        act.on(change)
    return change


def approve_change(*, change: BudgetChange, by: User, now: datetime) -> BudgetChange:
    """Approve what another proposed: it counts, and never changes."""
    with acting("funding.budget.approved", by=by, now=now, reason=change.reason) as act:
        require(by, Permission.APPROVE_MONEY)
        award_year = lock(change.award_year)
        asked = lock_open(change)
        refuse_own(asked, by)
        entries = {entry.line: entry.amount_pence for entry in asked.entries.select_related("line")}
        _refuse_taking_back(award_year, asked.kind, entries, asked.consent_reference)
        _refuse_unfit(award_year, entries)
        approve(asked, by=by, now=now)
        act.on(asked)
    return asked


def decline_change(*, change: BudgetChange, reason: str, by: User, now: datetime) -> BudgetChange:
    """Say no to a proposed change, with a reason; who proposed it may take it back this way."""
    with acting("funding.budget.declined", by=by, now=now, reason=reason) as act:
        asked = lock_open(change)
        decline(asked, reason=reason, by=by)
        act.on(asked)
    return asked


def _refuse_unbalanced(kind: BudgetChangeKind, entries: Mapping[BudgetLine, int], consent: str) -> None:
    """The rules that the database keeps too (`budgetchange_*`), said in sentences."""
    refuse_absurd(*entries.values())
    if not entries:
        raise AmountWrong("Enter an amount beside at least one line.")
    total = sum(entries.values())
    if kind == BudgetChangeKind.VIREMENT and total:
        side = "more is added than taken away" if total > 0 else "more is taken away than added"
        raise DoesNotBalance(
            f"A virement adds up to nothing, and {pounds(abs(total))} {side}. Mend one of the amounts."
        )
    crosses = len({line.ring_fence_id for line in entries}) > 1
    if consent:
        return
    if kind == BudgetChangeKind.VIREMENT and crosses:
        raise ConsentMissing("This moves money across a ring-fence. Give the reference of the funder’s consent.")
    if kind == BudgetChangeKind.VARIATION:
        raise ConsentMissing("A variation needs the funder. Give the reference of the letter that agrees to it.")


def _refuse_taking_back(award_year: AwardYear, kind: str, entries: Mapping[BudgetLine, int], consent: str) -> None:
    """Until the agreement is signed the plan is the unit's own; what was agreed is moved by a virement or variation."""
    if kind != BudgetChangeKind.PLAN or consent or award_year.state in BEFORE_SIGNATURE:
        return
    if any(pence < 0 for pence in entries.values()):
        raise ConsentMissing(
            "The agreement is signed, so a plan only adds. Move money by a virement, or give the reference of the "
            "funder’s consent."
        )


def _refuse_unfit(
    award_year: AwardYear, entries: Mapping[BudgetLine, int], *, waiting: Sequence[Mapping[int, int]] = ()
) -> None:
    """Whoever proposes leaves room for the changes that wait already, by line, so that all of them can be approved."""
    planned = planned_on(entries)
    for line, pence in entries.items():
        taken = -sum(min(0, change.get(line.pk, 0)) for change in waiting)
        left = planned[line.pk] - taken
        if pence < 0 and left + pence < 0:
            sentence = f"Only {pounds(max(0, left))} is on “{line}”{_after(taken)}. Take away that or less."
            raise MoreThanPlanned(line, sentence)
        free = spending_on(line).left - taken
        if pence < 0 and free + pence < 0:
            sentence = f"Only {pounds(max(0, free))} of “{line}” is not spent{_after(taken)}. Take away that or less."
            raise MoreThanPlanned(line, sentence)
    for fence in award_year.ring_fences.all():
        inside = [line for line in entries if line.ring_fence_id == fence.pk]
        added = sum(entries[line] for line in inside)
        if fence.limit_pence is None or added <= 0:
            continue
        lines = set(fence.budget_lines.values_list("pk", flat=True))
        taken = sum(max(0, sum(pence for line, pence in change.items() if line in lines)) for change in waiting)
        left = fence.limit_pence - planned_in(fence) - taken
        if added > left:
            sentence = f"Only {pounds(max(0, left))} is left to plan for “{fence}”{_after(taken)}. Give that or less."
            raise OutsidePurpose(sentence, about=f"line_{inside[0].pk}")


def _after(taken: int) -> str:
    return f", after {pounds(taken)} that waits for approval" if taken else ""
