"""Every file of a release."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from outcomes.models import Figure, Release
from outcomes.package import reach_csv
from outcomes.release_figures import FigureRow


@dataclass(frozen=True)
class PackageFile:
    name: str
    content: bytes

    @property
    def sha256(self) -> str:
        return hashlib.sha256(self.content).hexdigest()


def files_of(release: Release, figures: Sequence[Figure]) -> list[PackageFile]:
    """Of a release that need not be stored yet; `figures` in their order."""
    return [PackageFile(reach_csv.NAME, b"".join(reach_csv.lines(release, figures)))]


def figures_of(rows: Iterable[FigureRow]) -> list[Figure]:
    """Not stored yet, and of no release."""
    return [
        Figure(
            order=row.order,
            period_type=row.period.type,
            period_start=row.period.start,
            period_end=row.period.end,
            programme_id=row.programme.id if row.programme else None,
            district_id=row.district.id if row.district else None,
            age_band_id=row.age_band.id if row.age_band else None,
            measure=row.measure,
            beneficiary=row.beneficiary,
            rungs=row.rungs,
            basis=row.basis,
            lower=row.lower,
            upper=row.upper,
            symbol=row.symbol,
            exact_lower=row.exact_lower,
            exact_upper=row.exact_upper,
            returns_received=row.returns_received,
            returns_due=row.returns_due,
        )
        for row in rows
    ]
