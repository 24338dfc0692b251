"""The staff's home page, composed from all apps: what needs somebody, most consequential first, and four numbers."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from django.urls import reverse

from funding.models.claims import ClaimState
from funding.queries import (
    claims,
    cover,
    movements_waiting,
    payables_seen,
    repayment_prompts,
)
from outcomes.models import Obligation, Recount, Release, ReleaseRun, ReturnVersion
from outcomes.queries import figures
from outcomes.queries.link_questions import questions
from outcomes.queries.quarter_reports import waiting_for_second
from outcomes.queries.revisions import revision_count
from outcomes.queries.standing import lateness
from outcomes.queries.unlocks import waiting_requests
from outcomes.sentences import people_in_words, period_in_words
from partners.models import User
from partners.permissions import Permission
from partners.queries.messages import UNSETTLED, unsettled_count
from programmes.queries import Lapse, lapses
from vru_portal.core.money import pounds
from vru_portal.core.periods import Month
from vru_portal.waiting import waiting

SHOWN = 8
AGREEMENTS_END_WITHIN = timedelta(days=60)


@dataclass(frozen=True)
class Need:
    """One sentence and one link."""

    sentence: str
    url: str
    verb: str


@dataclass(frozen=True)
class Supported:
    """The newest release's headline, for the number on the page."""

    release: Release
    number: figures.Number
    span: str

    @property
    def people(self) -> str:
        """As the page of reach says it."""
        if self.number.lower is None or self.number.upper is None:
            return "no figure"
        return people_in_words(self.number.lower, self.number.upper, within=self.number.within)

    @property
    def coverage(self) -> str:
        return f"{self.number.received:,} of {self.number.due:,} returns"


def needs(user: User, today: date) -> list[Need]:
    """What waits for this person, most consequential first."""
    return [
        *_failed_runs(user),
        *_failed_recount(user),
        *_releases_to_approve(user),
        *_funder_reports_to_certify(user),
        *_money_to_decide(user, today),
        *_claims_to_read(user),
        *_payments_to_propose(user, today),
        *_repayments_to_propose(user, today),
        *_agreements_to_renew(user, today),
        *_late_returns(user, today),
        *_sent_back(user),
        *_to_read(user),
        *_asked_to_unlock(user),
        *_unsent_messages(user),
        *_to_revise(user),
        *_links_to_decide(user),
    ]


def supported(user: User) -> Supported | None:
    releases = figures.releases_visible_to(user)
    release = figures.newest(releases)
    if release is None:
        return None
    number = figures.Chosen(release, None, None).to_date(Month.of(release.month))
    return Supported(release, number, period_in_words(number.start, number.end))


@dataclass(frozen=True)
class CoveredUntil:
    words: str
    sentence: str


def covered_until(user: User, day: date) -> CoveredUntil:
    """The last month whose commitments are covered, as the money page says it."""
    known = cover(user=user, as_at=day)
    first = known.first_uncovered
    if first is None:
        return CoveredUntil(str(known.months[-1].month), "At least: as far as the money page looks.")
    words = "not covered" if first == known.months[0].month else str(first.plus(-1))
    return CoveredUntil(words, known.stopping_in_words)


def returns_in(user: User, month: Month) -> tuple[int, int]:
    """Of the month's returns: how many are sent or accepted, and how many are owed."""
    owed = Obligation.objects.visible_to(user).owed().filter(month=month.first)
    total = owed.count()
    return total - owed.unsent().count(), total


def _failed_runs(user: User) -> list[Need]:
    if not user.may(Permission.PRODUCE_RELEASE):
        return []
    last = ReleaseRun.objects.first()
    if last is None or last.state != ReleaseRun.State.FAILED:
        return []
    url = reverse("outcomes:release-run", args=[last.pk])
    return [Need(f"The release of {last.month:%B %Y} could not be produced.", url, "See why")]


def _failed_recount(user: User) -> list[Need]:
    if not user.may(Permission.DECIDE_LINKS):
        return []
    last = Recount.objects.exclude(state__in=[Recount.State.QUEUED, Recount.State.RUNNING]).first()
    if last is None or last.state != Recount.State.FAILED:
        return []
    url = reverse("outcomes:recount", args=[last.pk])
    return [Need("People could not be counted anew, so reach as it stands now is old.", url, "See why")]


def _releases_to_approve(user: User) -> list[Need]:
    if not user.may(Permission.APPROVE_RELEASE):
        return []
    return [
        Need(f"{each} waits for approval.", reverse("outcomes:release-detail", args=[each.pk]), "Read and approve")
        for each in figures.waiting(Release.objects.all())
        if each.produced_by_id != user.pk
    ]


def _funder_reports_to_certify(user: User) -> list[Need]:
    if not user.may(Permission.CERTIFY_FUNDER_REPORT):
        return []
    return [
        Need(
            f"{each} waits for a second signature.",
            reverse("outcomes:quarter-report", args=[each.pk]),
            "Read and certify",
        )
        for each in waiting_for_second()
        if each.authored_by_id != user.pk
    ]


def _money_to_decide(user: User, today: date) -> list[Need]:
    """What others proposed and a second person decides."""
    if not user.may(Permission.APPROVE_MONEY):
        return []
    return [
        Need(f"{each.words}, waits for approval.", each.url, "Read and approve")
        for each in waiting(user=user, today=today)
        if each.proposed_by != user
    ]


def _claims_to_read(user: User) -> list[Need]:
    """What partners claim, and nobody has answered."""
    if not (user.may(Permission.MANAGE_MONEY) or user.may(Permission.APPROVE_MONEY)):
        return []
    count = claims(user=user).filter(state=ClaimState.SENT).count()
    if not count:
        return []
    sentence = "1 claim waits to be read." if count == 1 else f"{count:,} claims wait to be read."
    return [Need(sentence, reverse("funding:claim-list"), "Read")]


def _payments_to_propose(user: User, today: date) -> list[Need]:
    """What partners are owed by now, as far as nothing holds it."""
    if not user.may(Permission.MANAGE_MONEY):
        return []
    found = [each for each in payables_seen(user=user, today=today) if each.due_on <= today and not each.hold]
    due = sum(each.left for each in found if each.left > 0)
    if not due:
        return []
    return [Need(f"{pounds(due)} is due to partners.", reverse("funding:payment-list"), "Propose payments")]


def _repayments_to_propose(user: User, today: date) -> list[Need]:
    """Grant came in while a loan is owed, and nobody has proposed to pay it back yet."""
    if not user.may(Permission.MANAGE_MONEY):
        return []
    proposed = {movement.facility_id for movement in movements_waiting(user=user)}
    return [
        Need(
            f"{pounds(prompt.line.owed)} is owed to {prompt.line.facility.lender}, and grant has come in.",
            reverse("funding:facility-detail", args=[prompt.line.facility.pk]),
            "Propose a repayment",
        )
        for prompt in repayment_prompts(user=user, as_at=today)
        if prompt.line.facility.pk not in proposed
    ]


def _agreements_to_renew(user: User, today: date) -> list[Need]:
    if not user.may(Permission.MANAGE_AGREEMENTS):
        return []
    return [
        Need(
            _lapse_in_words(lapse, today),
            reverse("partners:organisation-detail", args=[lapse.partner.pk]) + f"#agreements-{lapse.partner.pk}",
            "Open",
        )
        for lapse in lapses(user, today=today, within=AGREEMENTS_END_WITHIN)
    ]


def _lapse_in_words(lapse: Lapse, today: date) -> str:
    day = f"{lapse.last_day:%-d %B %Y}"
    if lapse.last_day < today:
        return f"{lapse.partner} gives counts since its data-sharing agreement ended on {day}."
    return f"{lapse.partner} gives registers until {day}, when its data-sharing agreement ends."


def _late_returns(user: User, today: date) -> list[Need]:
    """For those whose work they are."""
    if not user.may(Permission.REVIEW_RETURN):
        return []
    late = Obligation.objects.visible_to(user).late(today).select_related("delivery__partner").order_by("due_date")
    found = [late_return(obligation, today) for obligation in late[:SHOWN]]
    more = late.count() - len(found)
    if more > 0:
        sentence = "1 more return is late." if more == 1 else f"{more:,} more returns are late."
        found.append(Need(sentence, reverse("outcomes:returns"), "See all"))
    return found


def late_return(obligation: Obligation, today: date) -> Need:
    sentence = f"{obligation.delivery.name}: the {obligation.period} return is {lateness(obligation, today)}."
    return Need(sentence, reverse("outcomes:return-detail", args=[obligation.pk]), "Open")


def _sent_back(user: User) -> list[Need]:
    """Whose partner has not sent them again yet."""
    if not user.may(Permission.REVIEW_RETURN):
        return []
    count = ReturnVersion.objects.filter(state=ReturnVersion.State.RETURNED).count()
    if not count:
        return []
    sentence = "1 return that was sent back has" if count == 1 else f"{count:,} returns that were sent back have"
    return [Need(f"{sentence} not come again yet.", reverse("outcomes:returns"), "See which")]


def _to_read(user: User) -> list[Need]:
    if not user.may(Permission.REVIEW_RETURN):
        return []
    count = ReturnVersion.objects.filter(state=ReturnVersion.State.SUBMITTED).count()
    if not count:
        return []
    sentence = "1 return waits to be read." if count == 1 else f"{count:,} returns wait to be read."
    return [Need(sentence, reverse("outcomes:review-queue"), "Read")]


def _asked_to_unlock(user: User) -> list[Need]:
    if not user.may(Permission.UNLOCK_RETURN):
        return []
    return [
        Need(
            f"{request.asked_by} asks to change the accepted {request.version.obligation.period} return of "
            f"{request.version.obligation.delivery}.",
            reverse("outcomes:unlock-give", args=[request.version.obligation_id]),
            "Answer",
        )
        for request in waiting_requests(user)
    ]


def _to_revise(user: User) -> list[Need]:
    """What is published is no longer what counts; a release would say so."""
    count = revision_count() if user.may(Permission.PRODUCE_RELEASE) else 0
    if not count:
        return []
    sentence = "1 revision waits" if count == 1 else f"{count:,} revisions wait"
    return [Need(f"{sentence} for the next release.", reverse("outcomes:revision-list"), "See which")]


def _unsent_messages(user: User) -> list[Need]:
    count = unsettled_count(user) if user.may(Permission.SEND_MESSAGE_AGAIN) else 0
    if not count:
        return []
    sentence = "1 message may not have gone out." if count == 1 else f"{count:,} messages may not have gone out."
    return [Need(sentence, f"{reverse('message-list')}?state={UNSETTLED}", "See which")]


def _links_to_decide(user: User) -> list[Need]:
    """Last: the portal decides by itself until somebody does."""
    count = questions().count() if user.may(Permission.DECIDE_LINKS) else 0
    if not count:
        return []
    sentence = "1 pair of rows" if count == 1 else f"{count:,} pairs of rows"
    return [Need(f"{sentence} may or may not be of one person.", reverse("outcomes:link-list"), "Look")]
