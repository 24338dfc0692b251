"""What is looked at before a release is approved: what it is made of, what is missing, what is odd, what changes."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import date

from django.db.models import Max, QuerySet

from outcomes.estimates import Estimate
from outcomes.models import Figure, Obligation, Release, ReturnVersion
from outcomes.models.releases import Label
from outcomes.package.beside import REASONS
from outcomes.queries.figures import Number, breaks, number_of
from outcomes.queries.hidden import attack_in_words
from outcomes.queries.reach import Frame
from outcomes.queries.review import questions_about
from outcomes.queries.revision_log import Changed, changed_figures, reasons_in_words, with_coverage
from outcomes.queries.trace import with_deliveries
from partners.models import User
from programmes.models import Delivery
from vru_portal.core.periods import Month

BIGGEST = 5
SMALL = 2  # times the number below which figures are hidden


@dataclass(frozen=True)
class Missing:
    """Returns of a delivery that were due and are not in the release."""

    delivery: Delivery
    obligations: list[Obligation]


@dataclass(frozen=True)
class Reason:
    """Why figures change, and in which programmes and months."""

    words: str
    where: list[str]


@dataclass(frozen=True)
class Small:
    """A programme in a district, April to the last end of a quarter, with few people; as it would be published."""

    programme: Label
    number: Number

    @property
    def is_hidden(self) -> bool:
        """Neither end of it is published."""
        return self.number.lower is None and self.number.upper is None


@dataclass(frozen=True)
class Checklist:
    """`questions`: returns of the last month with what is odd about each. `biggest`: of the figures `changed`.
    `accepted_since`: returns of its months that it does not hold, for they were accepted after it was produced;
    `void_since`: those that it holds, and that are void by now."""

    coverage: str
    missing: list[Missing]
    accepted_since: list[ReturnVersion]
    void_since: list[ReturnVersion]
    estimates: list[tuple[Delivery, Estimate]]
    questions: list[tuple[Obligation, tuple[str, ...]]]
    breaks: list[tuple[date, list[str], str]]
    reasons: list[Reason]
    changed: int
    biggest: list[Changed]
    small: list[Small] | None
    attack: str


def checklist(release: Release, user: User) -> Checklist:
    changed = changed_figures(release)
    return Checklist(
        coverage=coverage_in_words(release),
        missing=_missing(release),
        accepted_since=accepted_since(release),
        void_since=_in_order(ReturnVersion.objects.filter(releases__release=release, state=ReturnVersion.State.VOID)),
        estimates=_estimates(release),
        questions=_questions(release, user),
        breaks=breaks(release),
        reasons=_reasons(release),
        changed=len(changed),
        biggest=with_coverage((release, one) for one in changed[:BIGGEST]),
        small=_small(release),
        attack=attack_in_words(release),
    )


def coverage_in_words(release: Release) -> str:
    """“31 of 34 partners have every return accepted, 96 % of funding.” Empty for one from before this was
    kept."""
    if "partners" not in release.account:
        return ""
    complete, partners = release.account["partners"]
    words = f"{complete:,} of {partners:,} partners have every return accepted"
    funding = release.account["funding_pence"]
    return f"{words}, {100 * funding[0] // funding[1]} % of funding." if funding and funding[1] else f"{words}."


def _estimates(release: Release) -> list[tuple[Delivery, Estimate]]:
    return with_deliveries(
        Estimate(code, Month.parse(month), met, new, tuple(map(Month.parse, made_of)))
        for code, month, met, new, made_of in release.account.get("estimates", [])
    )


def _missing(release: Release) -> list[Missing]:
    there = set(release.inputs.values_list("version__obligation__delivery", "version__obligation__month"))
    frame = Frame.from_json(release.frame) if release.frame else None
    owed = {(pk, month.first) for pk, each in frame.deliveries.items() for month in each.owed} if frame else set()
    absent = owed - there
    obligations = Obligation.objects.filter(
        delivery__in={pk for pk, _ in absent}, month__in={month for _, month in absent}
    ).select_related("delivery__partner")
    found = defaultdict(list)
    for obligation in obligations.order_by("delivery__partner__name", "delivery__name", "month"):
        if (obligation.delivery_id, obligation.month) in absent:
            found[obligation.delivery].append(obligation)
    return [Missing(delivery, each) for delivery, each in found.items()]


def accepted_since(release: Release) -> list[ReturnVersion]:
    """Returns of its months that it does not hold, for they were accepted after it was produced."""
    accepted = ReturnVersion.objects.filter(
        state=ReturnVersion.State.ACCEPTED,
        obligation__month__range=(release.first_day, release.month),
        obligation__waived_at=None,
    ).exclude(releases__release=release)
    return _in_order(accepted)


def _in_order(versions: QuerySet[ReturnVersion]) -> list[ReturnVersion]:
    order = ("obligation__delivery__partner__name", "obligation__delivery__name", "obligation__month")
    return list(versions.select_related("obligation__delivery__partner").order_by(*order))


def _questions(release: Release, user: User) -> list[tuple[Obligation, tuple[str, ...]]]:
    last = ReturnVersion.objects.filter(releases__release=release, obligation__month=release.month)
    return questions_about(user, last)


def _reasons(release: Release) -> list[Reason]:
    where = defaultdict(list)
    for code, programme, month in release.account.get("changes", []):
        where[code].append(f"{release.programme_label(programme).name}, {Month.of(date.fromisoformat(month))}")
    found = [Reason(words, where[code]) for code, words in REASONS.items() if code in where]
    return found + [Reason(words, []) for words in reasons_in_words(release.account.get("changed_for_all", []))]


def _small(release: Release) -> list[Small] | None:
    """None where no programme is broken down by district yet."""
    limit = SMALL * release.policy.hide_below
    figures = release.figures.filter(
        period_type=Figure.PeriodType.YEAR_TO_DATE,
        age_band=None,
        programme__isnull=False,
        district__isnull=False,
    )
    last = figures.aggregate(last=Max("period_end"))["last"]
    if last is None:
        return None
    return [
        Small(release.programme_label(figure.programme_id), number_of(release, figure, by="district"))
        for figure in figures.filter(period_end=last)
        if figure.symbol == Figure.Symbol.CONFIDENTIAL or (figure.upper and figure.upper <= limit)
    ]
