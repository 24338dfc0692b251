"""Reading what a release is made of: as it stands now, and as it stood when one was made."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass, replace

from outcomes.models import Category, Obligation, Policy, Release
from outcomes.models.policy import Dimension
from outcomes.queries import cube
from outcomes.queries.cube import DeliveryInput
from outcomes.queries.policies import policy_on
from outcomes.queries.presence import people_met
from outcomes.queries.publishing import final_years
from outcomes.release_inputs import CategoryInput, PolicyInput, ProgrammeInput, ReleaseInputs
from programmes.models import Programme
from vru_portal.core.periods import Month


def months_to_produce(before: Month) -> list[Month]:
    """The months of which a release can be made, newest first: over before `before`, with returns accepted, with a
    policy in force, and of no financial year whose figures are final."""
    first = Policy.objects.order_by("effective_from").values_list("effective_from", flat=True).first()
    months = Obligation.objects.met().filter(month__lt=before.first).values_list("month", flat=True).distinct()
    found = (Month.of(month) for month in months.order_by("-month"))
    final = final_years()
    return [m for m in found if first is not None and m.last >= first and m.financial_year not in final]


@dataclass(frozen=True)
class Frame:
    """What returns are read by and people are told by, which staff may change at any time: kept with each release."""

    programmes: tuple[ProgrammeInput, ...]
    districts: tuple[CategoryInput, ...]
    age_bands: tuple[CategoryInput, ...]
    deliveries: dict[int, DeliveryInput]

    def as_json(self) -> dict:
        return {
            "programmes": [list(vars(programme).values()) for programme in self.programmes],
            "districts": [list(vars(category).values()) for category in self.districts],
            "age_bands": [list(vars(category).values()) for category in self.age_bands],
            "deliveries": {
                str(pk): [each.code, each.programme, sorted(month.code for month in each.owed)]
                for pk, each in self.deliveries.items()
            },
        }

    @classmethod
    def from_json(cls, kept: dict) -> Frame:
        return cls(
            tuple(ProgrammeInput(*said) for said in kept["programmes"]),
            tuple(CategoryInput(*said) for said in kept["districts"]),
            tuple(CategoryInput(*said) for said in kept["age_bands"]),
            {
                int(pk): DeliveryInput(code, programme, frozenset(map(Month.parse, owed)))
                for pk, (code, programme, owed) in kept["deliveries"].items()
            },
        )


def release_inputs(month: Month, *, versions: Collection[int], position: int) -> tuple[Frame, ReleaseInputs]:
    """Everything that a release of April to the month is made of: what these versions say, with people put together as
    the ledger said at its position, read by programmes, deliveries and rules as they are now."""
    accepted = cube.of_versions(versions, month.financial_year, month)
    frame = Frame(
        tuple(_programme_inputs()),
        tuple(_category_inputs(Dimension.DISTRICT)),
        tuple(_category_inputs(Dimension.AGE_BAND)),
        cube.delivery_inputs(accepted, month.financial_year, month),
    )
    return frame, _inputs(month, policy_on(month.last), frame, accepted, position)


def inputs_of(release: Release) -> ReleaseInputs:
    """The same of a release, as they were when it was made; less what objections have taken out of registers since."""
    month = Month.of(release.month)
    versions = release.inputs.values_list("version", flat=True)
    accepted = cube.of_versions(versions, month.financial_year, month)
    inputs = _inputs(month, release.policy, Frame.from_json(release.frame), accepted, release.ledger_position)
    rounds_down = release.account.get("rounds_missing_down", False)
    return replace(inputs, policy=replace(inputs.policy, rounds_missing_down=rounds_down))


def _inputs(month: Month, policy: Policy, frame: Frame, accepted: cube.Accepted, position: int) -> ReleaseInputs:
    codes = {category.id: category.code for category in (*frame.districts, *frame.age_bands)}
    met = people_met(accepted.versions, position=position, codes=codes)
    years = cube.delivery_years(accepted, frame.deliveries, met, (Dimension.DISTRICT, Dimension.AGE_BAND))
    deliveries = defaultdict(list)
    for pk, delivery in sorted(frame.deliveries.items(), key=lambda item: item[1].code):
        deliveries[delivery.programme].append(years[pk])
    return ReleaseInputs(
        month=month,
        policy=policy_input(policy),
        programmes=frame.programmes,
        districts=frame.districts,
        age_bands=frame.age_bands,
        deliveries={pk: tuple(found) for pk, found in deliveries.items()},
        versions=tuple(accepted.versions),
        everybody=met.everybody,
        ledger_position=position,
        contacts=met.contacts,
    )


def policy_input(policy: Policy) -> PolicyInput:
    return PolicyInput(
        policy.pk,
        tuple(policy.supported_rungs),
        policy.round_to,
        policy.hide_below,
        policy.estimate_from,
        policy.estimate_at_most,
        breaks_down_every_period=policy.breaks_down_every_period,
    )


def _programme_inputs():
    for p in Programme.objects.order_by("order", "code"):
        yield ProgrammeInput(p.pk, p.code, p.name, p.rung, p.beneficiary, p.counts_exposure)


def _category_inputs(dimension: str):
    for category in Category.objects.filter(dimension=dimension).order_by("order", "code"):
        yield CategoryInput(category.pk, category.code, category.name, category.is_known)
