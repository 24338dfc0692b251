"""Every file of a release."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from outcomes.models import Figure, Release
from outcomes.package import beside, board, charts, csvw, manifest, reach, reports, workbook
from outcomes.queries.reports import Reports
from outcomes.release_figures import FigureRow
from vru_portal.core.charts.sheets import Sheet
from vru_portal.core.tables_out import Table

ABOUT = {
    "reach.csv": "Every figure, one row each",
    workbook.NAME: "The figures and all that stands beside them, as an accessible spreadsheet",
    "board.csv": "One sheet for the board: programmes by month, in words",
    **{
        f"{name}.png": f"Chart: {about[0].lower()}{about[1:]}, to paste into a paper"
        for name, about in charts.ABOUT.items()
    },
    **{f"{name}.svg": "The same chart, to scale and to edit" for name in charts.ABOUT},
    "charts.csv": "Title, alternative text and source of each chart, to be pasted beside it",
    "coverage.csv": "Returns received and due, by programme and month",
    "activity.csv": "What was done: sessions, contacts, referrals, by programme, kind of partner and setting",
    "measures.csv": "What each measure of the activity counts",
    "timeliness.csv": "How many returns came, and how many in time, by programme and kind of partner",
    "networks.csv": "Members of networks on a date, who joined and who left",
    "revisions.csv": "What differs from the release that was public before, and why",
    "breaks.csv": "From when on something is counted otherwise",
    "definitions.csv": "What words and symbols mean",
    "data_dictionary.csv": "Every column of every file",
    csvw.NAME: "What each file and column holds, for software: CSV on the Web",
    manifest.NAME: "The list of the files, with rows, bytes and fingerprints",
}


@dataclass(frozen=True)
class PackageFile:
    name: str
    content: bytes

    @property
    def sha256(self) -> str:
        return hashlib.sha256(self.content).hexdigest()


def files_of(release: Release, figures: Sequence[Figure], told: Reports) -> list[PackageFile]:
    """Of a release that need not be stored yet; `figures` in their order. reach.csv comes first, the manifest last."""
    drawn = charts.sheets(release, figures)
    tables = tables_of(release, figures, told, drawn)
    contents = {table.file_name: table.csv() for table in tables} | charts.files(drawn)
    contents[csvw.NAME] = csvw.metadata(tables)
    contents[workbook.NAME] = workbook.workbook(release, tables)
    contents[manifest.NAME] = manifest.manifest(release, contents, {table.file_name: table for table in tables})
    return [PackageFile(name, content) for name, content in contents.items()]


def tables_of(release: Release, figures: Sequence[Figure], told: Reports, drawn: Sequence[Sheet]) -> list[Table]:
    before = release.compared_with
    tables = [
        reach.table(release, figures),
        board.board(release, figures),
        charts.table(drawn),
        beside.coverage(release, figures),
        beside.revisions(release, figures, before, before.figures.all() if before else ()),
        beside.breaks(release),
        *_reports(release, told),
        beside.definitions(),
    ]
    return [*tables, beside.data_dictionary(tables)]


def _reports(release: Release, told: Reports) -> list[Table]:
    if "reports" not in release.account:
        return []  # it was made before they were
    return [
        reports.activity(release, told.activity),
        reports.measures(release),
        reports.timeliness(release),
        reports.networks(release, told.stocks),
    ]


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
            returns_estimated=row.returns_estimated,
            estimated_percent=row.estimated_percent,
        )
        for row in rows
    ]
