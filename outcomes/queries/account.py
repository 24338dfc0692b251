"""What is said of a release beside its figures: who sent everything, what changed since the last one, what breaks."""

from __future__ import annotations

from collections import Counter, defaultdict
from datetime import datetime

from django.db.models import Sum

from funding.models import PartnerAward
from outcomes.models import Figure, RegisterFile, Release, ReturnVersion
from outcomes.queries.reach import Frame
from outcomes.release_figures import estimates_of
from outcomes.release_inputs import ReleaseInputs
from programmes.models import Delivery
from vru_portal.core.periods import FinancialYear, Month


def last_approved(month: Month) -> Release | None:
    """What readers know of the month's financial year before anything new of it: the newest that is approved. One under
    embargo is public no later than what is produced after it."""
    year = month.financial_year
    approved = Release.objects.approved().filter(month__range=(year.first, month.first))
    return approved.order_by("-month", "-number").first()


def year_before(month: Month, at: datetime) -> list[list[int]]:
    """Of the financial year before, what is public at the moment: the place of each month in the year, and how many
    young people were supported from April to it, at least and at most."""
    year = FinancialYear(month.financial_year.start - 1)
    published = Release.objects.published(at).filter(month__range=(year.first, year.last))
    release = published.order_by("-month", "-number").first()
    if release is None:
        return []
    to_date = release.figures.filter(
        period_type=Figure.PeriodType.YEAR_TO_DATE, programme=None, district=None, age_band=None, symbol=""
    )
    ends = to_date.order_by("period_end").values_list("period_end", "lower", "upper")
    return [[Month.of(end).place_in_year, lower, upper] for end, lower, upper in ends]


def account_of(frame: Frame, inputs: ReleaseInputs, before: Release | None) -> dict:
    """In plain values, kept with the release.

    `partners`: how many sent every return that was due, of how many. `funding_pence`: the awards of the financial year
    to deliveries all of whose returns are there, of all; null where no money is recorded. `estimates`: what was
    estimated for missing returns. `changes`: reason class,
    programme and month of each return that is other than in the release before. `changed_for_all`: what else differs.
    """
    complete = _complete(frame, inputs)
    return {
        "partners": _partners(complete),
        "funding_pence": _funding(complete, inputs.month.financial_year),
        "estimates": [
            [e.delivery, e.month.code, e.met, e.first_seen, [m.code for m in e.made_of]] for e in estimates_of(inputs)
        ],
        "changes": _changes(inputs, before) if before else [],
        "changed_for_all": _changed_for_all(inputs, before) if before else [],
        "breaks": _breaks(frame, inputs),
    }


def _complete(frame: Frame, inputs: ReleaseInputs) -> dict[int, bool]:
    """Delivery → whether each return that it owed is there."""
    years = {year.delivery: year for years in inputs.deliveries.values() for year in years}
    return {
        pk: delivery.owed <= years[delivery.code].received.keys()
        for pk, delivery in frame.deliveries.items()
        if delivery.owed
    }


def _partners(complete: dict[int, bool]) -> list[int]:
    partners: dict[int, list[bool]] = defaultdict(list)
    for pk, partner in Delivery.objects.filter(pk__in=complete).values_list("pk", "partner"):
        partners[partner].append(complete[pk])
    return [sum(map(all, partners.values())), len(partners)]


def _funding(complete: dict[int, bool], year: FinancialYear) -> list[int] | None:
    awards = PartnerAward.objects.filter(approved_by__isnull=False, award_year__financial_year=year.start)
    pence = dict(awards.order_by().values_list("delivery").annotate(Sum("amount_pence")))
    if not pence:
        return None
    there = sum(amount for delivery, amount in pence.items() if complete.get(delivery))
    return [int(there), int(sum(pence.values()))]


def _changes(inputs: ReleaseInputs, before: Release) -> list[list]:
    """Of the months that both cover."""
    was = dict(before.inputs.values_list("version__obligation", "version"))
    found = ReturnVersion.objects.filter(pk__in={*inputs.versions, *was.values()}).values_list(
        "pk", "obligation", "obligation__month", "obligation__delivery__programme", "revision_reason"
    )
    versions = {pk: rest for pk, *rest in found}
    now = {versions[pk][0]: pk for pk in inputs.versions if versions[pk][1] <= before.month}
    changes = Counter()
    for obligation in was.keys() | now.keys():
        old, new = was.get(obligation), now.get(obligation)
        if old == new:
            continue
        _, month, programme, reason = versions[new or old]
        if new is None:
            reason = "void"
        elif old is None:
            reason = "late_return"
        changes[reason or "correction", programme, month.isoformat()] += 1
    return sorted(map(list, changes))


def _changed_for_all(inputs: ReleaseInputs, before: Release) -> list[str]:
    found = []
    if inputs.month.first > before.month:
        found.append("later_months")
    if inputs.ledger_position != before.ledger_position:
        found.append("links")
    if inputs.policy.id != before.policy_id:
        found.append("rules")
    return found


def _breaks(frame: Frame, inputs: ReleaseInputs) -> list[list]:
    """Day, programme (None: all), and what is counted otherwise from that day on: beside what was last approved of the
    financial year before."""
    year = inputs.month.financial_year
    last_year = last_approved(year.months[0].plus(-1))
    if last_year is None:
        return []
    found = []
    if sorted(last_year.policy.supported_rungs) != sorted(inputs.policy.supported_rungs):
        found.append([year.first.isoformat(), None, "Other rungs of support are counted."])
    known = {programme.id for programme in inputs.programmes}
    was, now = _giving_registers(last_year.inputs.values("version")), _giving_registers(inputs.versions)
    changed = {frame.deliveries[pk].programme for pk in was ^ now if pk in frame.deliveries}
    found += [[year.first.isoformat(), programme, OTHERWISE] for programme in sorted(changed & known)]
    return found


OTHERWISE = (
    "Some deliveries give registers where they gave counts, or counts where they gave registers: people whom several "
    "deliveries know are counted once where registers tell, and are a range where they do not."
)


def _giving_registers(versions) -> set[int]:
    files = RegisterFile.objects.filter(version__in=versions, state=RegisterFile.State.TAKEN)
    return set(files.values_list("version__obligation__delivery", flat=True))
