"""The activity report of a release attacked by what is published of it, and of those of its year before it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import partial

from outcomes.activity import Key, Published, audit_activity
from outcomes.models import Release
from outcomes.queries.audit import Audited, apart, chain_of, deliveries_of_partners
from outcomes.queries.reports import activity_published, that_tell_of_activity
from partners.models import Organisation


def activity_audited(release: Release) -> tuple[list[Release], Audited[Key]]:
    """With the chain: those of them that tell of activity. The release is one."""
    chain = that_tell_of_activity(chain_of(release))
    return chain, apart(*_with_and_without(chain), audit_activity)


def activity_audited_for_partners(release: Release) -> Iterator[tuple[Organisation, Audited[Key]]]:
    """What each partner that answered could say of the others."""
    chains = _with_and_without(that_tell_of_activity(chain_of(release)))
    for partner, _ in deliveries_of_partners(release.frame["deliveries"]):
        yield partner, apart(*chains, partial(audit_activity, partner=partner.pk))


def _with_and_without(chain: Sequence[Release]) -> tuple[list[Published], list[Published]]:
    *before, last = activity_published(chain)
    return [*before, last], [*before, last.without_numbers]
