"""What the next release will revise: what counts now, beside what was last approved of the same months.

Nothing keeps a list of revisions. The versions that each release was made of are stored with it; whatever differs from
them today is what the next one changes.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from outcomes.models import Obligation, Release, ReleaseInput, ReturnVersion, Submission
from outcomes.queries.unusual import changed, with_answers
from partners.models import User
from vru_portal.core.periods import Month, months_between

State = ReturnVersion.State


@dataclass(frozen=True)
class Revision:
    """One return of a published month that is other now. `was`, `now`: what the release says of it and what counts
    today; None if nothing. `size`s: people, or pupils exposed. `changes`: what is other, where both say something."""

    obligation: Obligation
    release: Release
    was: ReturnVersion | None
    now: ReturnVersion | None
    size_was: int | None
    size_now: int | None
    changes: tuple[str, ...]

    @property
    def reason(self) -> str:
        """Its class in words. A version without one was the first, and so came late."""
        if self.now is None:
            return "Void"
        return self.now.get_revision_reason_display() or ReturnVersion.RevisionReason.LATE_RETURN.label

    @property
    def words(self) -> str:
        """Why it is void, where it is."""
        return self.was.reason if self.now is None else ""

    @property
    def by(self) -> User | None:
        return self.was.voided_by if self.now is None else self.now.decided_by

    @property
    def at(self) -> datetime:
        return self.was.voided_at if self.now is None else self.now.decided_at


def is_published(month: Month) -> bool:
    """Whether a release that is published covers the month."""
    year = month.financial_year
    return Release.objects.published().filter(month__range=(month.first, year.last)).exists()


def revision_count() -> int:
    return len(_changed())


def revisions(user: User) -> list[Revision]:
    """The newest month first."""
    other = _changed()
    versions = {pk for pair in other.values() for pk in pair[1:] if pk}
    found = {
        version.pk: version
        for version in ReturnVersion.objects.filter(pk__in=versions).select_related("decided_by", "voided_by")
    }
    said = _said_last(versions)
    obligations = (
        Obligation.objects.visible_to(user)
        .filter(pk__in=other)
        .select_related("delivery__partner")
        .order_by("-month", "delivery__partner__name", "delivery__name")
    )
    return [
        Revision(o, release, found.get(was), found.get(now), *_beside(said.get(was), said.get(now)))
        for o in obligations
        for release, was, now in [other[o.pk]]
    ]


def _beside(was: Submission | None, now: Submission | None) -> tuple[int | None, int | None, tuple[str, ...]]:
    sizes = (one and one.size for one in (was, now))
    return *sizes, tuple(changed(now, was)) if was and now else ()


def _changed() -> dict[int, tuple[Release, int | None, int | None]]:
    """Obligation → (the release that says it, the version in that, the version that counts now), where they differ."""
    says = _last_approved()
    was: dict[int, tuple[int, date]] = {}
    inputs = ReleaseInput.objects.filter(release__in={release.pk for release in says.values()})
    for release, version, obligation, month in inputs.values_list(
        "release_id", "version_id", "version__obligation_id", "version__obligation__month"
    ):
        if says[month].pk == release:
            was[obligation] = version, month
    accepted = ReturnVersion.objects.filter(
        state=State.ACCEPTED, obligation__month__in=says, obligation__waived_at__isnull=True
    ).values_list("obligation_id", "pk", "obligation__month")
    now = {obligation: (version, month) for obligation, version, month in accepted}
    return {
        pk: (says[month], was[pk][0] if pk in was else None, now[pk][0] if pk in now else None)
        for pk, (_, month) in (was | now).items()
        if was.get(pk) != now.get(pk)
    }


def _last_approved() -> dict[date, Release]:
    """The release that says what readers know of each month: of those that cover it, the one made last. Months whose
    figures are final are left out: no release will revise them."""
    says = {}
    for release in Release.objects.approved().order_by("produced_at"):
        for month in months_between(Month.of(release.month).financial_year.months[0], Month.of(release.month)):
            says[month.first] = release
    return {month: release for month, release in says.items() if release.status != Release.Status.FINAL}


def _said_last(versions: Iterable[int]) -> dict[int, Submission]:
    sent = with_answers(Submission.objects.filter(version__in=versions)).order_by("sequence")
    return {submission.version_id: submission for submission in sent}
