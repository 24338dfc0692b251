"""What an application is assembled from, and what was claimed beside what came in. Whole pence."""

from __future__ import annotations

from dataclasses import asdict, dataclass

from django.db.models import OuterRef, Q, QuerySet, Subquery, Sum

from funding.models import AwardYear, GrantClaim, PartnerAward
from funding.queries.budgets import budget_of
from partners.models import User
from programmes.models import Delivery, Target
from vru_portal.core.periods import Quarter


@dataclass(frozen=True)
class PlannedLine:
    name: str
    category: str
    ring_fence: str
    pence: int


@dataclass(frozen=True)
class PlannedDelivery:
    """What is to be delivered by whom, how many people it is to reach, what is committed to it, and what is proposed
    and waits for a second person. `target` None: none is set."""

    programme: str
    delivery: str
    partner: str
    target: int | None
    pence: int
    waiting_pence: int = 0  # versions that were kept before it was told apart have it in `pence`


@dataclass(frozen=True)
class PlannedMatch:
    organisation: str
    kind: str
    pence: int
    is_confirmed: bool


@dataclass(frozen=True)
class Contents:
    """What an application says, in the words of the day on which it was kept."""

    fund: str
    purpose: str
    year: str
    lines: tuple[PlannedLine, ...]
    deliveries: tuple[PlannedDelivery, ...]
    matches: tuple[PlannedMatch, ...]
    conditions: tuple[str, ...]

    @property
    def asked_pence(self) -> int:
        return sum(line.pence for line in self.lines)

    @property
    def by_ring_fence(self) -> list[tuple[str, int]]:
        found: dict[str, int] = {}
        for line in self.lines:
            found[line.ring_fence] = found.get(line.ring_fence, 0) + line.pence
        return sorted(found.items())

    def as_json(self) -> dict:
        kept = asdict(self)
        return {name: list(value) if isinstance(value, tuple) else value for name, value in kept.items()}

    @classmethod
    def from_json(cls, kept: dict) -> Contents:
        return cls(
            **{name: kept[name] for name in ("fund", "purpose", "year")},
            lines=tuple(PlannedLine(**each) for each in kept["lines"]),
            deliveries=tuple(PlannedDelivery(**each) for each in kept["deliveries"]),
            matches=tuple(PlannedMatch(**each) for each in kept["matches"]),
            conditions=tuple(kept["conditions"]),
        )


def contents_of(award_year: AwardYear) -> Contents:
    """What the application would say now. Whoever asks has found the award year visible."""
    return Contents(
        fund=award_year.fund.name,
        purpose=award_year.fund.purpose,
        year=str(award_year.year),
        lines=tuple(
            PlannedLine(line.name, line.get_category_display(), str(line.ring_fence or ""), planned)
            for line, planned in budget_of(award_year).lines
            if planned
        ),
        deliveries=tuple(_deliveries(award_year)),
        matches=tuple(
            PlannedMatch(
                str(m.organisation),
                m.get_kind_display(),
                m.amount_pence,
                any(each.approved_at is not None for each in m.confirmations.all()),
            )
            for m in award_year.matches.select_related("organisation").prefetch_related("confirmations")
        ),
        conditions=tuple(condition.wording for condition in award_year.conditions.all()),
    )


def _deliveries(award_year: AwardYear):
    """Those that are committed to out of the award year, and those for which an award is proposed."""
    awards = PartnerAward.objects.filter(award_year=award_year).order_by()
    committed = _by_delivery(awards.filter(approved_by__isnull=False))
    waiting = _by_delivery(awards.open().filter(amount_pence__gt=0))
    newest = Target.objects.filter(delivery=OuterRef("pk"), year=award_year.financial_year).order_by("-pk")
    deliveries = Delivery.objects.filter(pk__in=committed | waiting).select_related("programme", "partner")
    for delivery in deliveries.annotate(target=Subquery(newest.values("people")[:1])):
        names = (delivery.programme.name, delivery.name, delivery.partner.name)
        amounts = (found.get(delivery.pk, 0) for found in (committed, waiting))
        yield PlannedDelivery(*names, delivery.target, *amounts)


def _by_delivery(awards: QuerySet[PartnerAward]) -> dict[int, int]:
    return {pk: int(pence) for pk, pence in awards.values_list("delivery").annotate(pence=Sum("amount_pence"))}


# ---- Claims ----
@dataclass(frozen=True)
class QuarterLine:
    """A quarter of an award year: what was claimed for it, and what came in for those claims."""

    quarter: Quarter
    claims: tuple[GrantClaim, ...]
    received: int

    @property
    def claimed(self) -> int:
        return sum(claim.amount_pence for claim in self.claims)

    @property
    def outstanding(self) -> int:
        return self.claimed - self.received


def quarters_of(award_year: AwardYear) -> list[QuarterLine]:
    """Its four quarters with approved claims."""
    approved = award_year.claims.approved().select_related("proposed_by", "approved_by")
    received = Sum("receipts__amount_pence", filter=Q(receipts__approved_at__isnull=False))
    claims = list(approved.annotate(received=received))
    return [
        QuarterLine(
            quarter,
            tuple(claim for claim in claims if claim.period == quarter),
            sum(int(claim.received or 0) for claim in claims if claim.period == quarter),
        )
        for quarter in award_year.year.quarters
    ]


def grant_claims_waiting(*, user: User) -> QuerySet[GrantClaim]:
    """Proposed claims that nobody has decided."""
    return GrantClaim.objects.visible_to(user).open().select_related("award_year__fund", "proposed_by")


def claimed(award_year: AwardYear, *, but: GrantClaim | None = None, lowest: bool = False) -> int:
    """Of the award year, without the claim `but`: proposed claims count, and what would give back once it is approved;
    for the `lowest`, only what is approved, and every correction."""
    claims = award_year.claims.at_least() if lowest else award_year.claims.binding()
    return int(claims.exclude(pk=but.pk if but else None).aggregate(pence=Sum("amount_pence"))["pence"] or 0)
