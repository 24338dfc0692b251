"""A release made again from what is stored with it, and compared byte for byte with what was written."""

from __future__ import annotations

import gzip
from dataclasses import dataclass

from outcomes.models import Release, ReleaseFile
from outcomes.package.build import PackageFile, figures_of, files_of
from outcomes.queries.hidden import hidden_again
from outcomes.queries.reach import inputs_of
from outcomes.queries.reports import reports_of
from outcomes.release_figures import figure_rows


@dataclass(frozen=True)
class MadeAgain:
    """`taken_out`: rows of registers that objections took out since; without them it cannot come out the same."""

    same_inputs: bool
    taken_out: int
    files: dict[str, bool]

    @property
    def is_same(self) -> bool:
        return self.same_inputs and all(self.files.values())


def made_again(release: Release) -> MadeAgain:
    inputs = inputs_of(release)
    figures = figures_of(hidden_again(release, figure_rows(inputs)))
    made = files_of(release, figures, reports_of(release, inputs.versions))
    files = {file.name: file for file in made}
    kept = {file.name: file for file in release.files.all()}
    return MadeAgain(
        same_inputs=inputs.fingerprint == release.input_fingerprint,
        taken_out=release.contacts - inputs.contacts,
        files={name: _is_same(kept.get(name), files.get(name)) for name in sorted(kept | files)},
    )


def _is_same(kept: ReleaseFile | None, again: PackageFile | None) -> bool:
    if kept is None or again is None:
        return False
    return gzip.decompress(kept.compressed) == again.content and kept.sha256 == again.sha256
