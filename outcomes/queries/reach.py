"""Reading what a release is made of."""

from __future__ import annotations

from collections import defaultdict
from datetime import date

from django.db.models import Max

from outcomes.models import Category, Obligation, Policy, ReturnVersion, Submission, SubmissionCount
from outcomes.models.policy import Dimension
from outcomes.models.returns import Seen
from outcomes.queries.registers import people_met
from outcomes.reach import DeliveryYear, MonthCounts
from outcomes.release_figures import CategoryInput, PolicyInput, ProgrammeInput, ReleaseInputs
from programmes.models import Delivery, Programme
from vru_portal.core.periods import Month
from vru_portal.core.refusals import Refusal


class NoPolicy(Refusal):
    pass


def policy_on(day: date) -> Policy:
    """The policy in force on a day; raises `NoPolicy` if none is that old."""
    policy = Policy.objects.filter(effective_from__lte=day).first()
    if policy is None:
        raise NoPolicy(f"No policy is in force on {day:%-d %B %Y}. Add one under Settings, Policies.")
    return policy


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
    one another although they are read one after the other.
    """
    accepted = _accepted_submissions(month)
    counts = _counts(list(accepted))
    owed, received = defaultdict(set), defaultdict(dict)
    for delivery_id, first in _obligations(month).values_list("delivery_id", "month"):
        owed[delivery_id].add(Month.of(first))
    for pk, (_, delivery_id, first, exposed) in accepted.items():
        owed[delivery_id].add(Month.of(first))
        received[delivery_id][Month.of(first)] = MonthCounts(
            first_seen=counts[pk, Seen.FIRST_SEEN],
            already_counted=counts[pk, Seen.ALREADY_COUNTED],
            exposed=exposed or 0,
        )
    registers = people_met([version for version, *_ in accepted.values()])
    deliveries = defaultdict(list)
    for delivery in Delivery.objects.filter(pk__in=owed).order_by("code"):
        deliveries[delivery.programme_id].append(
            DeliveryYear(delivery.code, frozenset(owed[delivery.pk]), received[delivery.pk], registers.get(delivery.pk))
        )
    return ReleaseInputs(
        month=month,
        policy=_policy_input(month),
        programmes=tuple(_programme_inputs()),
        districts=tuple(_category_inputs(Dimension.DISTRICT)),
        age_bands=tuple(_category_inputs(Dimension.AGE_BAND)),
        deliveries={pk: tuple(years) for pk, years in deliveries.items()},
        versions=tuple(sorted(version for version, *_ in accepted.values())),
    )


def _obligations(month: Month):
    year = month.financial_year
    return Obligation.objects.owed().filter(month__range=(year.first, month.first))


def _accepted_submissions(month: Month) -> dict[int, tuple[int, int, date, int | None]]:
    """Submission id → (version, delivery, month, people exposed) of the accepted versions, April to the month."""
    last_sent = (
        ReturnVersion.objects.filter(
            state=ReturnVersion.State.ACCEPTED,
            obligation__month__range=(month.financial_year.first, month.first),
            obligation__waived_at__isnull=True,
        )
        .annotate(sent=Max("submissions"))
        .values_list("sent", "pk", "obligation__delivery_id", "obligation__month")
    )
    rows = {sent: (version, delivery, first) for sent, version, delivery, first in last_sent}
    exposed = dict(Submission.objects.filter(pk__in=rows).values_list("pk", "exposed_people"))
    return {sent: (*row, exposed[sent]) for sent, row in sorted(rows.items())}


def _counts(submissions: list[int]) -> dict[tuple[int, str], dict[tuple[str, str], int]]:
    """(submission, first seen or already counted) → people by (dimension, category code)."""
    cells: dict[tuple[int, str], dict[tuple[str, str], int]] = defaultdict(dict)
    found = SubmissionCount.objects.filter(
        submission__in=submissions, category__dimension__in=[Dimension.DISTRICT, Dimension.AGE_BAND]
    ).values_list("submission_id", "seen", "category__dimension", "category__code", "people")
    for submission, seen, dimension, code, people in found:
        cells[submission, seen][dimension, code] = people
    return cells


def _policy_input(month: Month) -> PolicyInput:
    policy = policy_on(month.last)
    return PolicyInput(policy.pk, tuple(policy.supported_rungs), policy.round_to, policy.hide_below)


def _programme_inputs():
    for p in Programme.objects.order_by("order", "code"):
        yield ProgrammeInput(p.pk, p.code, p.name, p.rung, p.beneficiary, p.counts_exposure)


def _category_inputs(dimension: str):
    for category in Category.objects.filter(dimension=dimension).order_by("order", "code"):
        yield CategoryInput(category.pk, category.code, category.name, category.is_known)
