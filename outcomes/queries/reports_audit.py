"""The other reports of a release, activity and networks, attacked by what is published of them and of those of its year
before it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from functools import partial
from typing import NamedTuple

from outcomes import activity, stocks
from outcomes.activity import audit_activity
from outcomes.models import Release
from outcomes.queries.audit import Audited, apart, attacked_with, chain_of, deliveries_of_partners
from outcomes.queries.reports import Reports, activity_published, networks_published, that_tell_of_activity
from outcomes.stocks import audit_stocks
from partners.models import Organisation

ACTIVITY, NETWORKS = "activity.csv", "networks.csv"
Chain = Sequence[activity.Published] | Sequence[stocks.Published]


def activity_audited(release: Release) -> tuple[list[Release], Audited[activity.Key]]:
    """With the chain: those of them that tell of activity. The release is one."""
    chain = that_tell_of_activity(chain_of(release))
    return chain, _attacked(activity_published(chain), audit_activity)


def activity_audited_for_partners(release: Release) -> Iterator[tuple[Organisation, Audited[activity.Key]]]:
    """What each partner that answered could say of the others."""
    chain = activity_published(that_tell_of_activity(chain_of(release)))
    for partner, _ in deliveries_of_partners(release.frame["deliveries"]):
        yield partner, _attacked(chain, partial(audit_activity, partner=partner.pk))


def networks_audited(release: Release) -> tuple[list[Release], Audited[stocks.Key]]:
    """With the chain, as for activity. Of members no partner knows more than others."""
    chain = that_tell_of_activity(chain_of(release))
    return chain, _attacked(networks_published(chain), audit_stocks)


class ToldInReports(NamedTuple):
    """As `Release.told` and `Release.told_before` keep them beside those of reach: [release, key, file] of each."""

    told: list[list]
    told_before: list[list]


def told_in_reports(release: Release, reports: Reports) -> ToldInReports:
    """Of a release that need not be stored yet."""
    if not reports.of_activity:
        return ToldInReports([], [])
    before = that_tell_of_activity(attacked_with(release))
    places = [*(release.attacked_with.index(each.pk) for each in before), len(release.attacked_with)]
    found = ToldInReports([], [])
    for file, chain, attack in (
        (ACTIVITY, reports.of_activity, audit_activity),
        (NETWORKS, reports.of_networks, audit_stocks),
    ):
        audited = _attacked(chain, attack)
        for kept, findings in zip(found, (audited.told, audited.told_before), strict=True):
            kept += sorted([places[each.release], _plain(each.end), file] for each in findings)
    return found


def _attacked(chain: Chain, attack: Callable[[Chain], list]) -> Audited:
    *before, last = chain
    return apart([*before, last], [*before, last.without_numbers], attack)


def _plain(key: activity.Key | stocks.Key) -> list[str]:
    return [*key[:-1], *key.place] if isinstance(key, activity.Key) else list(key)
