"""Tables and lists of money as it was known on a day: funds, facilities, awards to partners. Whole pence."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import date

from django.db import models

from funding.models import (
    AwardYear,
    BridgeMovement,
    BridgingFacility,
    Fund,
    GrantReceipt,
    PartnerAward,
    RingFence,
    UnitSpend,
)
from funding.queries.payments import money_of
from funding.queries.standing import (
    Bridge,
    Standing,
    award_years_known,
    bridges_known,
    known_movements,
    received_by,
    standing_at,
)
from partners.models import User
from vru_portal.core.money import pounds
from vru_portal.core.periods import FinancialYear


@dataclass(frozen=True)
class YearLine:
    """An award year on a day: four amounts side by side, none worked out from another, and what is committed of it to
    partners and spent by the unit."""

    award_year: AwardYear
    standing: Standing | None
    received: int
    committed: int
    spent: int

    @property
    def left(self) -> int | None:
        """What is neither committed nor spent of the grant, as far as its size is stated; below nothing where more is
        than the whole grant: allowed, and to be seen."""
        size = self.standing.size if self.standing else None
        return None if size is None else size - self.committed - self.spent

    @property
    def over_committed(self) -> int:
        return max(0, -(self.left or 0))

    @property
    def left_in_words(self) -> str:
        """For whoever proposes or approves an award; nothing while the grant's size is not stated."""
        if self.left is None:
            return ""
        left = pounds(self.left) if self.left > 0 else "Nothing"
        return f"{left} of this grant is neither committed to partners nor spent by the unit."


@dataclass(frozen=True)
class FundLine:
    fund: Fund
    years: tuple[YearLine, ...]

    @property
    def announced_parts(self) -> int:
        """The sum of the award years' announced amounts."""
        return sum(line.standing.announced or 0 for line in self.years)

    @property
    def announced_difference(self) -> int | None:
        """What the wording's total has more than the parts; None when it names no total. Shown, never repaired."""
        total = self.fund.announced_total_pence
        return None if total is None else total - self.announced_parts


def fund_lines(*, user: User, as_at: date) -> list[FundLine]:
    """Each fund of which something was known on the day, with its award years in order."""
    years = AwardYear.objects.visible_to(user).select_related("fund__funder").prefetch_related("steps")
    committed, spent = _committed(as_at), _spent(as_at)
    lines: dict[Fund, list[YearLine]] = defaultdict(list)
    for award_year, standing in award_years_known(years.order_by("financial_year"), as_at):
        used = committed.get(award_year.pk, 0), spent.get(award_year.pk, 0)
        lines[award_year.fund].append(YearLine(award_year, standing, standing.received, *used))
    return [FundLine(fund, tuple(found)) for fund, found in lines.items()]


def award_year_line(award_year: AwardYear, *, as_at: date) -> YearLine:
    """One award year, which the caller has found visible."""
    received = received_by(as_at).get(award_year.pk, 0)
    return YearLine(
        award_year,
        standing_at(award_year.steps.all(), as_at, received),
        received,
        _committed(as_at).get(award_year.pk, 0),
        _spent(as_at).get(award_year.pk, 0),
    )


def _committed(as_at: date) -> dict[int, int]:
    """By award year."""
    return _sums(PartnerAward.objects.agreed_by(as_at), "award_year")


def _spent(as_at: date) -> dict[int, int]:
    """By award year."""
    return _sums(UnitSpend.objects.known_by(as_at), "line__award_year")


def _sums(rows: models.QuerySet, award_year: str) -> dict[int, int]:
    summed = rows.order_by().values_list(award_year).annotate(pence=models.Sum("amount_pence"))
    return {pk: int(pence) for pk, pence in summed}


@dataclass(frozen=True)
class FacilityLine:
    """A facility on a day. What is owed is owed back: it is never added to grant."""

    bridge: Bridge
    as_at: date

    @property
    def facility(self) -> BridgingFacility:
        return self.bridge.facility

    @property
    def drawn(self) -> int:
        return self.bridge.drawn(self.as_at)

    @property
    def repaid(self) -> int:
        return self.bridge.repaid(self.as_at)

    @property
    def owed(self) -> int:
        return self.bridge.owed(self.as_at)

    @property
    def drawable(self) -> int:
        return self.bridge.drawable(self.as_at)

    @property
    def is_settled(self) -> bool:
        """All of it was drawn, and all of that repaid: nothing is left to do."""
        return self.drawn >= self.facility.limit_pence and self.owed == 0

    @property
    def due(self) -> int:
        return self.bridge.due(self.as_at)

    @property
    def status(self) -> str:
        """The word of its tag."""
        if self.as_at > self.facility.expires_on:
            return "overdue" if self.owed else "closed"
        return "open" if self.bridge.is_open(self.as_at) else "agreed"


def facility_lines(*, user: User, as_at: date) -> list[FacilityLine]:
    """Each facility agreed by the day, the latest first."""
    facilities = BridgingFacility.objects.visible_to(user).agreed_by(as_at).select_related("fund", "lender")
    return [FacilityLine(bridge, as_at) for bridge in bridges_known(facilities.prefetch_related("movements"), as_at)]


def facility_line(facility: BridgingFacility, *, as_at: date) -> FacilityLine:
    """One facility, which the caller has found visible."""
    movements = facility.movements.select_related("proposed_by", "approved_by")
    return FacilityLine(Bridge(facility, known_movements(movements, as_at)), as_at)


@dataclass(frozen=True)
class RepaymentPrompt:
    """The grant came and the loan is still owed."""

    line: FacilityLine
    receipt: GrantReceipt


def repayment_prompts(*, user: User, as_at: date) -> list[RepaymentPrompt]:
    """Each facility with a balance owed although its fund has received grant since the first drawdown, which was not
    taken back."""
    receipts = GrantReceipt.objects.visible_to(user).known_by(as_at)
    taken_back, in_all = _by_corrected(receipts.filter(amount_pence__lt=0)), received_by(as_at)
    latest: dict[int, GrantReceipt] = {
        receipt.award_year.fund_id: receipt
        for receipt in receipts.filter(amount_pence__gt=0).select_related("award_year").order_by("on_date", "id")
        if receipt.amount_pence + taken_back.get(receipt.pk, 0) > 0 and in_all[receipt.award_year_id] > 0
    }
    found = []
    for line in facility_lines(user=user, as_at=as_at):
        receipt = latest.get(line.facility.fund_id)
        if receipt and line.owed and receipt.on_date >= min(m.on_date for m in line.bridge.movements):
            found.append(RepaymentPrompt(line, receipt))
    return found


def _by_corrected(corrections: models.QuerySet[GrantReceipt]) -> dict[int | None, int]:
    summed = corrections.order_by().values_list("corrects").annotate(pence=models.Sum("amount_pence"))
    return {receipt: int(pence) for receipt, pence in summed}


# ---- Awards to partners ----


@dataclass(frozen=True)
class AwardTotals:
    """A delivery's awards of one financial year."""

    year: FinancialYear
    awards: tuple[PartnerAward, ...]

    @property
    def total(self) -> int:
        return sum(award.amount_pence for award in self.awards)


def partner_awards(*, user: User, as_at: date) -> models.QuerySet[PartnerAward]:
    """Awards agreed by the day that the user may see, the latest year first."""
    return (
        PartnerAward.objects.visible_to(user)
        .agreed_by(as_at)
        .select_related("delivery__partner", "award_year__fund", "ring_fence", "proposed_by", "approved_by")
        .order_by("-award_year__financial_year", "delivery__partner__name", "delivery__name", "reference")
    )


def awards_waiting(*, user: User) -> models.QuerySet[PartnerAward]:
    """Proposed awards that nobody has decided, for those who see all of the money."""
    waiting = PartnerAward.objects.filter(award_year__in=AwardYear.objects.visible_to(user)).open()
    return waiting.select_related("delivery__partner", "award_year__fund", "ring_fence", "proposed_by").order_by("id")


def movements_waiting(*, user: User) -> models.QuerySet[BridgeMovement]:
    """Proposed drawdowns, repayments and write-offs that nobody has decided."""
    waiting = BridgeMovement.objects.filter(facility__in=BridgingFacility.objects.visible_to(user)).open()
    return waiting.select_related("facility", "proposed_by")


def funds_without_years(*, user: User) -> models.QuerySet[Fund]:
    """Funds that were added and of which no award year is known: none was added, or its first step waits."""
    return Fund.objects.visible_to(user).exclude(award_years__steps__approved_at__isnull=False)


@dataclass(frozen=True)
class Amounts:
    """Of a fund's award year, or of one of its ring-fences, on a day. An amount is None where nobody has stated it."""

    awarded: int | None = None
    received: int | None = None
    claimed: int | None = None  # from the funder
    committed: int | None = None
    approved: int | None = None  # of what partners claimed
    paid: int | None = None


NOTHING_KNOWN = Amounts()


def amounts_of(
    fund: Fund, year: FinancialYear, *, purpose: str = "", programmes: Collection[str] = (), as_at: date
) -> Amounts:
    """Whoever asks has found the fund visible. What is claimed and received is so for the whole award year, not for a
    purpose of it, and only what goes to partners is known by programmes (by their codes)."""
    award_year = AwardYear.objects.filter(fund=fund, financial_year=year.start).prefetch_related("steps").first()
    if award_year is None:
        return NOTHING_KNOWN
    ring_fence = award_year.ring_fences.filter(purpose=purpose).first() if purpose else None
    if purpose and ring_fence is None:
        return NOTHING_KNOWN
    awards = (ring_fence or award_year).partner_awards.agreed_by(as_at)
    if programmes:
        return _to_partners(awards.filter(delivery__programme__code__in=programmes), as_at)
    to_partners = _to_partners(awards, as_at)
    if ring_fence:
        return replace(to_partners, awarded=ring_fence.amount_pence)
    line = award_year_line(award_year, as_at=as_at)
    claimed = award_year.claims.approved().filter(approved_at__date__lte=as_at)
    awarded = line.standing.awarded if line.standing else None
    return replace(to_partners, awarded=awarded, received=line.received, claimed=_sum(claimed))


def _to_partners(awards: models.QuerySet[PartnerAward], as_at: date) -> Amounts:
    money = money_of(awards, as_at=as_at)
    return Amounts(
        committed=sum(each.awarded for each in money),
        approved=sum(each.approved for each in money),
        paid=sum(each.paid for each in money),
    )


def ring_fence_taken(ring_fence: RingFence, *, but: PartnerAward | None = None) -> int:
    """The pence of it that are awarded to partners or spent by the unit, or proposed to be, without the award `but`."""
    awards = ring_fence.partner_awards.binding().exclude(pk=but.pk if but else None)
    return _sum(awards) + _sum(UnitSpend.objects.filter(line__ring_fence=ring_fence).binding())


def awarded_to_delivery(award: PartnerAward) -> int:
    """The pence that a correction can take back: approved for the delivery out of the same award year and ring-fence,
    less all other corrections, proposed ones too."""
    return _sum(PartnerAward.objects.like(award).at_least().exclude(pk=award.pk))


def _sum(rows: models.QuerySet) -> int:
    return int(rows.aggregate(pence=models.Sum("amount_pence"))["pence"] or 0)


def awards_by_year(*, user: User, as_at: date) -> list[AwardTotals]:
    """The awards that the user may see, in financial years, the latest first."""
    years: dict[FinancialYear, list[PartnerAward]] = defaultdict(list)
    for award in partner_awards(user=user, as_at=as_at):
        years[award.award_year.year].append(award)
    return [AwardTotals(year, tuple(awards)) for year, awards in years.items()]
