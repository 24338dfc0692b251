"""From a published figure down to the returns that it was made of."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from outcomes import reach
from outcomes.estimates import Estimate
from outcomes.models import Figure, Release, ReturnVersion, Submission
from outcomes.queries.reach import inputs_of
from outcomes.reach import DISTRICT, Contribution, Interval
from outcomes.release_figures import Scope, estimates_of, scopes
from outcomes.release_inputs import AGE, ReleaseInputs
from partners.models import User
from programmes.models import Delivery
from vru_portal.core.periods import Month, months_between


@dataclass(frozen=True)
class Sent:
    """A return version that counts: who sent it and who accepted it, when."""

    version: ReturnVersion
    by: User
    at: datetime


@dataclass(frozen=True)
class Part:
    """What a delivery gave to the figure: how many people by itself, told by registers or not, from which returns."""

    delivery: Delivery
    people: Interval | None
    gives_registers: bool
    sent: list[Sent]
    owed: int


@dataclass(frozen=True)
class Trace:
    """`together`: people of all registers, each counted once; `exact`: the figure before it is rounded or hidden, as it
    was when the release was made; `taken_out`: rows of registers that objections have taken out since."""

    parts: list[Part]
    together: int | None
    exact: Interval | None
    is_estimate: bool
    taken_out: int
    estimates: list[tuple[Delivery, Estimate]]

    @property
    def counted(self) -> list[Part]:
        """Those whose people are not told from one another's."""
        return [part for part in self.parts if part.people and not part.gives_registers]


def trace(release: Release, figure: Figure) -> Trace:
    inputs = inputs_of(release)
    scope = next(s for s in scopes(inputs) if (s.programme.id if s.programme else None) == figure.programme_id)
    months = months_between(Month.of(figure.period_start), Month.of(figure.period_end))
    given = {
        year.delivery: reach.contribution(year, months, inputs.breakdowns)
        for year in scope.years
        if any(month in year.received for month in months)
    }
    cells = _cells(release, figure)
    told = [contribution for contribution in given.values() if contribution.people is not None]
    return Trace(
        parts=_parts(release, scope, months, given, cells, inputs),
        together=reach.people_in(reach.together(told, inputs.breakdowns), cells, inputs.breakdowns).lower
        if told
        else None,
        exact=None if figure.exact_lower is None else Interval(figure.exact_lower, figure.exact_upper),
        is_estimate=figure.basis == Figure.Basis.ESTIMATE,
        taken_out=release.contacts - inputs.contacts,
        estimates=_estimates(inputs, scope, months) if figure.returns_estimated else [],
    )


def _estimates(inputs: ReleaseInputs, scope: Scope, months: list[Month]) -> list[tuple[Delivery, Estimate]]:
    names = {year.delivery for year in scope.years}
    return with_deliveries(e for e in estimates_of(inputs) if e.delivery in names and e.month in months)


def with_deliveries(estimates: Iterable[Estimate]) -> list[tuple[Delivery, Estimate]]:
    found = list(estimates)
    of_code = {
        d.code: d for d in Delivery.objects.filter(code__in={e.delivery for e in found}).select_related("partner")
    }
    return [(of_code[estimate.delivery], estimate) for estimate in found]


def _cells(release: Release, figure: Figure) -> list[reach.Cell]:
    cells = []
    if figure.district_id:
        cells.append((DISTRICT, release.district_label(figure.district_id).code))
    if figure.age_band_id:
        cells.append((AGE, release.age_label(figure.age_band_id).code))
    return cells


def _parts(
    release: Release,
    scope: Scope,
    months: list[Month],
    given: dict[str, Contribution],
    cells: list[reach.Cell],
    inputs: ReleaseInputs,
) -> list[Part]:
    """The largest first."""
    deliveries = {
        delivery.code: delivery
        for delivery in Delivery.objects.filter(pk__in=release.frame["deliveries"]).select_related("partner")
    }
    sent = _sent(release, months)
    parts = []
    for year in scope.years:
        owed = sum(month in year.owed for month in months)
        if not owed and year.delivery not in given:
            continue
        delivery, contribution = deliveries[year.delivery], given.get(year.delivery)
        if contribution is None:
            people = None
        elif scope.counts_exposure:
            exposed = reach.people_exposed([year], months)
            people = Interval(exposed, exposed)
        else:
            people = reach.people_in([contribution], cells, inputs.breakdowns)
        told = contribution is not None and contribution.people is not None
        parts.append(Part(delivery, people, told, sent[delivery.pk], owed))
    return sorted(parts, key=lambda part: (-(part.people.upper if part.people else -1), part.delivery.name))


def _sent(release: Release, months: list[Month]) -> dict[int, list[Sent]]:
    versions = (
        ReturnVersion.objects.filter(
            pk__in=release.inputs.values("version"), obligation__month__range=(months[0].first, months[-1].first)
        )
        .select_related("obligation", "decided_by")
        .order_by("obligation__month")
    )
    last = {
        submission.version_id: submission
        for submission in Submission.objects.filter(version__in=versions)
        .select_related("submitted_by")
        .order_by("sequence")
    }
    found = defaultdict(list)
    for version in versions:
        submission = last[version.pk]
        found[version.obligation.delivery_id].append(Sent(version, submission.submitted_by, submission.submitted_at))
    return found


def elsewhere(figure: Figure, releases) -> list[Figure]:
    """The same figure in other releases that the reader may see, the earliest first."""
    same = Figure.objects.filter(
        release__in=releases,
        period_type=figure.period_type,
        period_start=figure.period_start,
        period_end=figure.period_end,
        programme=figure.programme_id,
        district=figure.district_id,
        age_band=figure.age_band_id,
        measure=figure.measure,
    )
    return list(same.exclude(pk=figure.pk).select_related("release").order_by("release__month", "release__number"))
