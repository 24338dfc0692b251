"""Reading what a release is made of."""

from __future__ import annotations

from collections import defaultdict

from outcomes.models import Category, Obligation, Policy
from outcomes.models.policy import Dimension
from outcomes.queries import cube
from outcomes.queries.policies import policy_on
from outcomes.release_figures import CategoryInput, PolicyInput, ProgrammeInput, ReleaseInputs
from programmes.models import Delivery, Programme
from vru_portal.core.periods import Month


def months_to_produce(before: Month) -> list[Month]:
    """The months of which a release can be made, newest first: over before `before`, with returns accepted, and with
    a policy in force."""
    first = Policy.objects.order_by("effective_from").values_list("effective_from", flat=True).first()
    months = Obligation.objects.met().filter(month__lt=before.first).values_list("month", flat=True).distinct()
    found = (Month.of(month) for month in months.order_by("-month"))
    return [month for month in found if first is not None and month.last >= first]


def release_inputs(month: Month) -> ReleaseInputs:
    """Everything that the release of April to the month is made of, as it stands now.

    Which versions are accepted is read in one statement and what they say never changes, so the inputs agree with
    one another although they are read one after the other. `NotCountedYet` if registers changed since people were put
    together: see `outcomes.actions.linkage.settle`.
    """
    year = month.financial_year
    accepted = cube.accepted_of(year, month)
    met = cube.people_met(year, cube.accepted_of(year, year.months[-1]).versions).until(month)
    years = cube.delivery_years(accepted, cube.owed(year, month), met, (Dimension.DISTRICT, Dimension.AGE_BAND))
    deliveries = defaultdict(list)
    for delivery in Delivery.objects.filter(pk__in=years).order_by("code"):
        deliveries[delivery.programme_id].append(years[delivery.pk])
    return ReleaseInputs(
        month=month,
        policy=_policy_input(month),
        programmes=tuple(_programme_inputs()),
        districts=tuple(_category_inputs(Dimension.DISTRICT)),
        age_bands=tuple(_category_inputs(Dimension.AGE_BAND)),
        deliveries={pk: tuple(found) for pk, found in deliveries.items()},
        versions=tuple(accepted.versions),
        everybody=met.everybody,
        ledger_position=met.position,
    )


def _policy_input(month: Month) -> PolicyInput:
    policy = policy_on(month.last)
    return PolicyInput(policy.pk, tuple(policy.supported_rungs), policy.round_to, policy.hide_below)


def _programme_inputs():
    for p in Programme.objects.order_by("order", "code"):
        yield ProgrammeInput(p.pk, p.code, p.name, p.rung, p.beneficiary, p.counts_exposure)


def _category_inputs(dimension: str):
    for category in Category.objects.filter(dimension=dimension).order_by("order", "code"):
        yield CategoryInput(category.pk, category.code, category.name, category.is_known)
