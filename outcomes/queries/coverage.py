"""How much of what is owed came, and how much of it in time: by partner, by programme and by funder.

A return is judged once its due date, extended or not, has passed. Complete: accepted, nil returns among them. On time:
first sent by the due date, whatever became of it then.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_UP, Decimal

from django.db.models import Min, OuterRef, Subquery
from django.utils import timezone

from funding.queries import Span, funders_of_deliveries
from outcomes.models import Obligation, ReturnVersion, Submission, TemplateVersion
from outcomes.models.returns import ObligationQuerySet
from outcomes.queries.questions import in_force, live_versions
from outcomes.queries.standing import with_standing
from partners.models import Organisation, User
from vru_portal.core.periods import FinancialYear

NO_AWARD = "No award on record"


# ---- What is judged ----
def with_first_sent(obligations: ObligationQuerySet) -> ObligationQuerySet:
    """Each with `first_sent_at`, None if nothing was ever sent."""
    sent = Submission.objects.filter(version__obligation=OuterRef("pk")).order_by().values("version__obligation")
    return obligations.annotate(first_sent_at=Subquery(sent.annotate(first=Min("submitted_at")).values("first")))


def is_judged(obligation: Obligation, today: date) -> bool:
    """Owed, and its due date has passed."""
    return obligation.due_date < today and not obligation.waived_at


def is_timely(obligation: Obligation) -> bool:
    """Of one `with_first_sent`: first sent by its due date, extended or not."""
    sent = obligation.first_sent_at
    return sent is not None and timezone.localdate(sent) <= obligation.due_date


# ---- Rates ----
@dataclass(frozen=True)
class Rate:
    """Of one partner, programme or funder. `nil` are among the accepted, `extended` among those on time: they would
    have been late without more time. `minutes`: what its returns ask in a month on average, by the minutes that their
    templates say. `code` identifies it in a file; `pk` is None for all together."""

    name: str
    code: str
    pk: int | None
    due: int
    accepted: int
    nil: int
    to_read: int
    on_time: int
    extended: int
    minutes: int

    @property
    def missing(self) -> int:
        """Neither accepted nor waiting to be read: never sent, or returned and not sent again."""
        return self.due - self.accepted - self.to_read

    @property
    def completeness(self) -> Decimal | None:
        """Percent to one place; None where nothing is due."""
        return _percent(self.accepted, self.due)

    @property
    def timeliness(self) -> Decimal | None:
        return _percent(self.on_time, self.due)


def _percent(part: int, whole: int) -> Decimal | None:
    if not whole:
        return None
    return (Decimal(100 * part) / whole).quantize(Decimal("0.1"), ROUND_HALF_UP)


@dataclass(frozen=True)
class Coverage:
    """A financial year's returns whose day has passed. A return that two funders pay for is in both."""

    year: FinancialYear
    total: Rate
    partners: tuple[Rate, ...]
    programmes: tuple[Rate, ...]
    funders: tuple[Rate, ...]

    @property
    def groups(self) -> list[tuple[str, tuple[Rate, ...]]]:
        """(what it is by, its rates) in the order of the page and of the file."""
        return [("partner", self.partners), ("programme", self.programmes), ("funder", self.funders)]


def coverage(user: User, year: FinancialYear, today: date) -> Coverage:
    owed = Obligation.objects.visible_to(user).owed().filter(month__range=(year.first, year.last), due_date__lt=today)
    judged = list(with_first_sent(with_standing(owed)))
    _say_minutes(judged)
    spans = funders_of_deliveries(user=user, first=year.first, last=year.last)
    return Coverage(
        year=year,
        total=_rate("All returns", "", None, judged),
        partners=_by(judged, lambda o: [_of_organisation(o.delivery.partner)]),
        programmes=_by(
            judged, lambda o: [(o.delivery.programme.name, o.delivery.programme.code, o.delivery.programme_id)]
        ),
        funders=_by(judged, lambda o: _funders(o, spans)),
    )


def _say_minutes(judged: list[Obligation]) -> None:
    """Each with `minutes`: of the template that its return keeps, or that was in force for its month."""
    kept = dict(
        ReturnVersion.objects.filter(obligation__in=judged)
        .order_by("number")
        .values_list("obligation", "template__minutes")
    )
    published: dict[int, list[TemplateVersion]] = {}
    for obligation in judged:
        programme = obligation.delivery.programme
        if obligation.pk not in kept and programme.pk not in published:
            published[programme.pk] = live_versions(programme)
        minutes = kept.get(obligation.pk)
        obligation.minutes = minutes or in_force(published[programme.pk], obligation.period).minutes


def _of_organisation(organisation: Organisation) -> tuple[str, str, int]:
    return organisation.name, organisation.org_id, organisation.pk


def _funders(obligation: Obligation, spans: dict[int, list[Span]]) -> Iterator[tuple[str, str, int | None]]:
    """Those whose money pays for a day of the month, each once."""
    month = obligation.period
    paying = {
        span.funder
        for span in spans.get(obligation.delivery_id, ())
        if span.starts_on <= month.last and span.ends_on >= month.first
    }
    return iter([_of_organisation(funder) for funder in paying] or [(NO_AWARD, "", None)])


def _by(judged: Iterable[Obligation], keys: Callable[[Obligation], Iterable[tuple]]) -> tuple[Rate, ...]:
    groups: dict[tuple, list[Obligation]] = defaultdict(list)
    for obligation in judged:
        for key in keys(obligation):
            groups[key].append(obligation)
    # By name; what belongs to none comes last.
    return tuple(_rate(*key, groups[key]) for key in sorted(groups, key=lambda key: (key[2] is None, key[0], key[1])))


def _rate(name: str, code: str, pk: int | None, judged: list[Obligation]) -> Rate:
    timely = [o for o in judged if is_timely(o)]
    return Rate(
        name=name,
        code=code,
        pk=pk,
        due=len(judged),
        accepted=sum(o.is_met for o in judged),
        nil=sum(o.is_met and o.is_nil for o in judged),
        to_read=sum(not o.is_met and o.state == ReturnVersion.State.SUBMITTED for o in judged),
        on_time=len(timely),
        extended=sum(timezone.localdate(o.first_sent_at) > o.first_due_date for o in timely),
        minutes=round(sum(o.minutes for o in judged) / len({o.month for o in judged})) if judged else 0,
    )
