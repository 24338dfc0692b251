"""The unit's awards by the 360Giving data standard 1.4: for the unit's own website, under an open licence.

One grant is what is committed to a delivery out of one award year and ring-fence, corrections taken into account. What
the unit itself receives, and what is lent to it, is no award of the unit and is not among them.
Source: https://standard.threesixtygiving.org/en/1.4/
"""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from itertools import zip_longest

from vru_portal.core.spreadsheets import escape_formula

VERSION = "1.4"


@dataclass(frozen=True)
class Party:
    """An organisation by its org-id; one without has an identifier of the publisher's own."""

    identifier: str
    name: str


# By how its ONS code begins, the standard's code for a kind of district.
_KINDS = {"E06": "UA", "E07": "NMD", "E08": "MD", "E09": "LONB", "W06": "UA"}


@dataclass(frozen=True)
class Place:
    name: str
    gss_code: str

    @property
    def kind(self) -> str:
        return _KINDS.get(self.gss_code[:3], "")


@dataclass(frozen=True)
class Grant:
    """`paid_pence` None: nothing is said of what was paid."""

    identifier: str
    title: str
    description: str
    awarded_pence: int
    paid_pence: int | None
    awarded_on: date
    starts_on: date
    ends_on: date
    recipient: Party
    funder: Party
    programme_code: str
    programme: str
    places: tuple[Place, ...]
    modified_at: datetime


def as_json(grants: Sequence[Grant], *, publisher: Party, issued: date) -> bytes:
    """One 360Giving package."""
    package = {
        "version": VERSION,
        "title": f"Awards of {publisher.name}",
        "issued": issued.isoformat(),
        "publisher": {"identifier": publisher.identifier, "name": publisher.name},
        "grants": [_grant(grant) for grant in grants],
    }
    return (json.dumps(package, ensure_ascii=False, indent=2) + "\n").encode()


def _grant(grant: Grant) -> dict:
    said = {
        "id": grant.identifier,
        "title": grant.title[:140],
        "description": grant.description,
        "currency": "GBP",
        "amountAwarded": _pounds(grant.awarded_pence),
        "awardDate": grant.awarded_on.isoformat(),
        "plannedDates": [{"startDate": grant.starts_on.isoformat(), "endDate": grant.ends_on.isoformat()}],
        "recipientOrganization": [{"id": grant.recipient.identifier, "name": grant.recipient.name}],
        "fundingOrganization": [{"id": grant.funder.identifier, "name": grant.funder.name}],
        "grantProgramme": [{"code": grant.programme_code, "title": grant.programme}],
        "beneficiaryLocation": [
            {"name": place.name, "geoCode": place.gss_code} | ({"geoCodeType": place.kind} if place.kind else {})
            for place in grant.places
        ],
        "dateModified": grant.modified_at.isoformat(timespec="seconds"),
    }
    if grant.paid_pence is not None:
        said["amountDisbursed"] = _pounds(grant.paid_pence)
    return said


def _pounds(pence: int) -> int | float:
    whole, rest = divmod(pence, 100)
    return pence / 100 if rest else whole


def as_csv(grants: Sequence[Grant]) -> bytes:
    """The same by the standard's column titles; as many columns of places as the grant with most has."""
    most = max((len(grant.places) for grant in grants), default=0)
    places = [
        title
        for n in range(most)
        for title in (
            f"Beneficiary Location:{n}:Name",
            f"Beneficiary Location:{n}:Geographic Code",
            f"Beneficiary Location:{n}:Geographic Code Type",
        )
    ]
    text = io.StringIO(newline="")
    writer = csv.writer(text)
    writer.writerow([*_COLUMNS, *places])
    for grant in grants:
        writer.writerow([escape_formula(cell) for cell in (*_row(grant), *_places(grant, most))])
    return text.getvalue().encode()


_COLUMNS = (
    "Identifier",
    "Title",
    "Description",
    "Currency",
    "Amount Awarded",
    "Amount Disbursed",
    "Award Date",
    "Planned Dates:Start Date",
    "Planned Dates:End Date",
    "Recipient Org:Identifier",
    "Recipient Org:Name",
    "Funding Org:Identifier",
    "Funding Org:Name",
    "Grant Programme:Code",
    "Grant Programme:Title",
    "Last Modified",
)


def _row(grant: Grant) -> tuple:
    return (
        grant.identifier,
        grant.title[:140],
        grant.description,
        "GBP",
        Decimal(grant.awarded_pence) / 100,
        "" if grant.paid_pence is None else Decimal(grant.paid_pence) / 100,
        grant.awarded_on.isoformat(),
        grant.starts_on.isoformat(),
        grant.ends_on.isoformat(),
        grant.recipient.identifier,
        grant.recipient.name,
        grant.funder.identifier,
        grant.funder.name,
        grant.programme_code,
        grant.programme,
        grant.modified_at.isoformat(timespec="seconds"),
    )


def _places(grant: Grant, most: int) -> Iterable[str]:
    for _, place in zip_longest(range(most), grant.places):
        yield from (place.name, place.gss_code, place.kind) if place else ("", "", "")
