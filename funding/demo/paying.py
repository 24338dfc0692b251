"""How the demo region's partners were paid this year and last: instalments, claims in every state, forecasts. Plain
arithmetic, so that each loading gives the same rows."""

from __future__ import annotations

import csv
import hashlib
import io
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db.models import F

from funding.actions.awards import instalments_of
from funding.demo.days import midday
from funding.models import Claim, ClaimFile, ClaimLine, ClaimStep, Forecast, Instalment, PartnerAward, PartnerPayment
from funding.models.claims import ClaimHeading, ClaimState
from funding.queries.claims import quarters_of
from partners.models import Membership, User
from vru_portal.core.bulk import take_stock
from vru_portal.core.periods import Month, Quarter, months_between

# Every fourth delivery has not been paid its latest instalment, and claims come in one state after the other.
UNPAID = 4
THIS_YEAR = (
    ClaimState.APPROVED,
    ClaimState.SENT,
    ClaimState.APPROVED,
    ClaimState.APPROVED,
    ClaimState.QUERIED,
    ClaimState.DRAFT,
    ClaimState.DECLINED,
    None,  # late
)
SPENT = {ClaimHeading.STAFF: 70, ClaimHeading.ACTIVITIES: 18, ClaimHeading.TRAVEL: 4, ClaimHeading.OVERHEADS: 8}
QUESTION = "Travel is higher than in the quarter before. Please add the mileage, or say which trips it was for."
REASON = "These costs are for another programme. Please claim what was spent on this one next quarter."
WAYS = {
    ClaimState.DRAFT: (),
    ClaimState.SENT: (ClaimState.SENT,),
    ClaimState.QUERIED: (ClaimState.SENT, ClaimState.QUERIED),
    ClaimState.APPROVED: (ClaimState.SENT, ClaimState.APPROVED),
    ClaimState.DECLINED: (ClaimState.SENT, ClaimState.DECLINED),
}
# An instalment is paid so long after it is due, and a claim after its quarter.
PAID_AFTER, CLAIM_PAID_AFTER = timedelta(days=6), timedelta(days=28)
LIKELY = 97  # of a hundred pounds awarded, so many are spent


@dataclass
class Paying:
    """For one award year whose awards are just written."""

    finance: User
    director: User
    today: date
    is_current: bool

    def load(self, awards: list[PartnerAward]) -> None:
        self._pay(self._instalments(awards))
        claims = [award for award in awards if award.is_claimed]
        if made := self._claims(claims):
            self._pay_claims(made)
        if self.is_current:
            self._forecast(claims)

    def _instalments(self, awards: list[PartnerAward]) -> list[Instalment]:
        made = Instalment.objects.bulk_create(part for award in awards for part in instalments_of(award))
        due = [part for part in made if part.due_on + PAID_AFTER <= self.today]
        lately = self.today - timedelta(days=90)
        places = {award.pk: place for place, award in enumerate(awards)}

        def is_paid(part: Instalment) -> bool:
            return not self.is_current or part.due_on < lately or places[part.award_id] % UNPAID < UNPAID - 1

        return [part for part in due if is_paid(part)]

    def _pay(self, instalments: Iterable[Instalment]) -> None:
        self._payments(
            PartnerPayment(
                instalment=part,
                amount_pence=part.amount_pence,
                on_date=part.due_on + PAID_AFTER,
                reference=f"BACS {part.award.reference}/{part.number}",
                proposed_by=self.finance,
                proposed_at=midday(part.due_on + PAID_AFTER),
            )
            for part in instalments
        )

    def _payments(self, payments: Iterable[PartnerPayment], *, waiting: int = 0) -> None:
        # Each is checked against the award and what was paid of it.
        take_stock(PartnerAward, Instalment, Claim, ClaimLine, PartnerPayment)
        made = PartnerPayment.objects.bulk_create(payments)
        approved = [payment.pk for payment in (made[:-waiting] if waiting else made)]
        PartnerPayment.objects.filter(pk__in=approved).update(approved_by=self.director, approved_at=F("proposed_at"))

    def _claims(self, awards: list[PartnerAward]) -> list[tuple[Claim, int]]:
        planned = [
            (award, quarter, state)
            for place, award in enumerate(awards)
            for quarter in quarters_of(award)
            if quarter.months[-1].last < self.today and (state := self._state(place, quarter)) is not None
        ]
        claims = Claim.objects.bulk_create(
            Claim(award=award, quarter=quarter.months[0].first) for award, quarter, _ in planned
        )
        wanted = [(claim, state, self._sender(claim)) for claim, (_, _, state) in zip(claims, planned, strict=True)]
        self._steps([(claim, ClaimState.DRAFT, by) for claim, _, by in wanted])
        lines = ClaimLine.objects.bulk_create(line for claim in claims for line in _lines(claim))
        spent = defaultdict(list)
        for line in lines:
            spent[line.claim_id].append(line)
        ClaimFile.objects.bulk_create(_file(claim, by, spent[claim.pk]) for claim, _, by in wanted)
        self._steps(
            [
                (claim, step, by if step == ClaimState.SENT else self.director)
                for claim, state, by in wanted
                for step in WAYS[state]
            ]
        )
        for state in ClaimState:
            Claim.objects.filter(pk__in=[claim.pk for claim, own, _ in wanted if own == state]).update(state=state)
        return [
            (claim, sum(line.amount_pence for line in spent[claim.pk]))
            for claim, state, _ in wanted
            if state == ClaimState.APPROVED
        ]

    def _state(self, place: int, quarter: Quarter) -> ClaimState | None:
        """Of last year all are settled; of this year the latest quarter is in every state."""
        is_latest = self.is_current and quarter.months[-1].plus(3).last >= self.today
        return THIS_YEAR[place % len(THIS_YEAR)] if is_latest else ClaimState.APPROVED

    def _sender(self, claim: Claim) -> User:
        """Somebody of the partner; of one without people here, finance took it down."""
        return self._people.get(claim.award.delivery.partner_id, self.finance)

    @cached_property
    def _people(self) -> dict[int, User]:
        """By organisation, whoever of it came first."""
        members = Membership.objects.select_related("user").order_by("-pk")
        return {membership.organisation_id: membership.user for membership in members}

    def _steps(self, steps: list[tuple[Claim, ClaimState, User]]) -> None:
        notes = {ClaimState.QUERIED: QUESTION, ClaimState.DECLINED: REASON}
        after = {ClaimState.DRAFT: 9, ClaimState.SENT: 14}
        ClaimStep.objects.bulk_create(
            ClaimStep(
                claim=claim,
                state=state,
                note=notes.get(state, ""),
                by=by,
                at=midday(claim.period.months[-1].last + timedelta(days=after.get(state, 20))),
            )
            for claim, state, by in steps
        )

    def _pay_claims(self, claims: list[tuple[Claim, int]]) -> None:
        """The last ones of this year are not paid yet: one payment waits for a second person, and one is prepared for
        the end of next month."""
        paid = [(claim, pence, claim.period.months[-1].last + CLAIM_PAID_AFTER) for claim, pence in claims]
        paid = [each for each in (paid[:-2] if self.is_current else paid) if each[2] <= self.today]
        self._payments(
            (_payment(claim, pence, day, self.finance, asked_on=day) for claim, pence, day in paid),
            waiting=1 if self.is_current else 0,
        )
        last, pence = claims[-1]
        if self.is_current and last.period.months[-1].last + CLAIM_PAID_AFTER <= self.today:
            asked_on = self.today - timedelta(days=1)
            month_end = Month.of(asked_on).plus(1).last
            _payment(last, pence, month_end, self.finance, asked_on=asked_on).save()

    def _forecast(self, awards: list[PartnerAward]) -> None:
        this = Month.of(self.today)
        Forecast.objects.bulk_create(
            Forecast(
                award=award,
                month=month.first,
                amount_pence=award.by_month[month] * LIKELY // 100,
                made_by=self.finance,
                made_at=midday(this.first),
            )
            for award in awards[::2]
            for month in months_between(max(this, Month.of(award.starts_on)), Month.of(award.ends_on))
        )


def _payment(claim: Claim, pence: int, day: date, by: User, *, asked_on: date) -> PartnerPayment:
    return PartnerPayment(
        claim=claim,
        amount_pence=pence,
        on_date=day,
        reference=f"BACS {claim.award.reference}/{claim.quarter:%Y-%m}",
        proposed_by=by,
        proposed_at=midday(asked_on),
    )


def _lines(claim: Claim) -> list[ClaimLine]:
    spent = sum(pence for month, pence in claim.award.by_month.items() if month in claim.period.months)
    return [
        ClaimLine(claim=claim, heading=heading, amount_pence=spent * LIKELY * share // 10_000)
        for heading, share in SPENT.items()
    ]


def _file(claim: Claim, by: User, lines: list[ClaimLine]) -> ClaimFile:
    """What the partner's accounts say, as a table."""
    out = io.StringIO()
    rows = csv.writer(out)
    rows.writerow(["claim", "spent on", "pounds"])
    rows.writerows([str(claim), line.get_heading_display(), f"{line.amount_pence / 100:.2f}"] for line in lines)
    content = out.getvalue().encode()
    stored_as = default_storage.save(f"claims/demo-{claim.award.reference}-{claim.quarter}", ContentFile(content))
    return ClaimFile(
        claim=claim,
        name=f"Accounts {claim.period.months[0].code} to {claim.period.months[-1].code}.csv",
        kind="csv",
        size=len(content),
        sha256=hashlib.sha256(content).hexdigest(),
        stored_as=stored_as,
        added_by=by,
        added_at=midday(claim.period.months[-1].last + timedelta(days=9)),
    )
