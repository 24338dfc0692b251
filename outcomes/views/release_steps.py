"""How far a release has come on its way to everybody: produced, checked, approved, public."""

from __future__ import annotations

from dataclasses import dataclass

from outcomes.models import Release
from vru_portal.core.templatetags.portal import day, moment

DONE, NOW, LATER = "done", "now", "later"


@dataclass(frozen=True)
class Step:
    name: str
    state: str
    sentence: str = ""


def steps_of(release: Release) -> list[Step]:
    produced = Step("Produced", DONE, f"{day(release.produced_at)} by {release.produced_by or 'the clock'}")
    if release.is_stopped:
        approved = Step("Approved", DONE, f"{day(release.approved_at)} by {release.approved_by}")
        return [produced, approved, Step("Stopped", DONE, f"{day(release.discarded_at)} by {release.discarded_by}")]
    if release.is_discarded:
        return [produced, Step("Discarded", DONE, f"{day(release.discarded_at)} by {release.discarded_by}")]
    if not release.is_approved:
        return [
            produced,
            Step("Checked", NOW, "by somebody who did not produce it"),
            Step("Approved", LATER),
            Step("Public", LATER),
        ]
    by = f"{day(release.approved_at)} by {release.approved_by}"
    public = Step("Public", DONE if release.is_published else NOW, moment(release.public_at))
    return [produced, Step("Checked", DONE, by), Step("Approved", DONE, by), public]
