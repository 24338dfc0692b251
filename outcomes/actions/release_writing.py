"""A release protected and written: its rows, its files, its certificate and what it keeps of how, at once."""

from __future__ import annotations

import gzip
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.conf import settings

from outcomes.actions import certificates
from outcomes.disclosure import published
from outcomes.disclosure.certificate import Certificate, Target, reached, targets
from outcomes.disclosure.suppression import hide_what_tells
from outcomes.models import Figure, Release, ReleaseFile, ReleaseInput
from outcomes.package.build import figures_of, files_of
from outcomes.queries.account import account_of, last_approved, year_before
from outcomes.queries.audit import as_published, deliveries_of_partners
from outcomes.queries.hidden import Kept, as_kept, hidden_to_prove
from outcomes.queries.reach import Frame
from outcomes.queries.reports import kept_for_reports, reports_of
from outcomes.queries.reports_audit import told_in_reports
from outcomes.release_figures import FigureRow
from outcomes.release_inputs import ReleaseInputs
from partners.models import User
from vru_portal.core.bulk import copy_rows, take_stock


@dataclass(frozen=True)
class Protected:
    """The rows of a release as they may be published beside the earlier ones, and what it keeps of how."""

    earlier: Sequence[Release]
    rows: Sequence[FigureRow]
    kept: Kept
    chain: Sequence[published.Release]
    unshielded: Collection[Target]


def protect(
    frame: Frame,
    inputs: ReleaseInputs,
    rows: Sequence[FigureRow],
    earlier: Sequence[Release],
    proves: Release | None = None,
    *,
    going_on: Callable[[], None],
) -> Protected:
    """`proves`: the release of the same inputs, beside the same earlier ones, that is produced again with what is
    hidden further for all to be proven. `going_on`: see `hide_what_tells`."""
    sticky = hidden_to_prove(proves) if proves else {}
    public = [as_published(each) for each in earlier]
    partners = [deliveries for _, deliveries in deliveries_of_partners(frame.deliveries)]
    hidden = hide_what_tells(inputs, rows, public, sticky, partners, going_on)
    chain = [*public, published.Release(inputs, hidden.rows)]
    unshielded = targets(chain)
    unshielded -= reached(chain, [each.rows for each in chain], unshielded)
    return Protected(earlier, hidden.rows, as_kept(hidden, public), chain, unshielded)


def write(
    frame: Frame,
    inputs: ReleaseInputs,
    protected: Protected,
    *,
    number: int,
    status: str,
    by: User | None,
    now: datetime,
) -> Release:
    before = last_approved(inputs.month)
    release = Release(
        month=inputs.month.first,
        number=number,
        status=status,
        policy_id=inputs.policy.id,
        code_version=settings.CODE_VERSION,
        input_fingerprint=inputs.fingerprint,
        ledger_position=inputs.ledger_position,
        contacts=inputs.contacts,
        frame=frame.as_json(),
        compared_with=before,
        account=account_of(frame, inputs, before)
        | {"reports": kept_for_reports(frame, inputs, now), "year_before": year_before(inputs.month, now)}
        | {"rounds_missing_down": inputs.policy.rounds_missing_down},
        labels=_labels(inputs),
        **protected.kept._asdict(),
        attacked_with=[each.pk for each in protected.earlier],
        produced_by=by,
        produced_at=now,
    )
    reports = reports_of(release, inputs.versions)
    in_reports = told_in_reports(release, reports)
    release.told = [*release.told, *in_reports.told]
    release.told_before = [*release.told_before, *in_reports.told_before]
    figures = figures_of(protected.rows)
    files = files_of(release, figures, reports)
    release.output_fingerprint = files[0].sha256
    release.save(force_insert=True)
    ReleaseFile.objects.bulk_create(
        ReleaseFile(
            release=release,
            name=file.name,
            size=len(file.content),
            sha256=file.sha256,
            compressed=gzip.compress(file.content, mtime=0),
        )
        for file in files
    )
    copy_rows(Figure, _FIGURE, (_as_row(release, figure) for figure in figures))
    take_stock(Figure)
    ReleaseInput.objects.bulk_create(ReleaseInput(release=release, version_id=version) for version in inputs.versions)
    certificates.keep(
        release=release,
        chain=protected.chain,
        certificate=Certificate(),
        unshielded=protected.unshielded,
        is_searched=False,
        now=now,
    )
    certificates.hand_over(release)
    return release


_FIGURE = [field.attname for field in Figure._meta.concrete_fields if not field.primary_key]


def _as_row(release: Release, figure: Figure) -> list:
    figure.release_id = release.pk
    return [getattr(figure, name) for name in _FIGURE]


def _labels(inputs: ReleaseInputs) -> dict[str, dict[str, list[str]]]:
    return {
        "programmes": {str(p.id): [p.code, p.name] for p in inputs.programmes},
        "categories": {str(c.id): [c.code, c.name] for c in (*inputs.districts, *inputs.age_bands)},
    }
