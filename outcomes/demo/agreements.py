"""Data-sharing agreements of the large partners. One will end soon, one has ended."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta

from django.utils import timezone

from outcomes.demo.organisations import CLOSED, POLICE
from outcomes.demo.people import CHILDRENS_HOSPITAL, HEAL_HUB_LEAD, SINCE, People
from partners.actions.agreements import end_early, record
from partners.models import DataSharingAgreement, Organisation

PARTNERS = [
    HEAL_HUB_LEAD,
    "Beacon Steps Counselling",
    "Weavers' Yard Project",
    CHILDRENS_HOSPITAL,
    "University Hospitals Birmingham NHS Foundation Trust",
    "University Hospitals Coventry and Warwickshire NHS Trust",
    "The Royal Wolverhampton NHS Trust",
    POLICE,
    "Brightwater Lane Youth Project",
    "Lantern Row Young People's Trust",
    "Second Bell Youth Work",
    "Threefold Spires Youth Trust",
    "Glassblowers' Green Youth Trust",
    "Tollhouse Lane Young People's Project",
    "Holly and Arden Youth Trust",
    "Saddle and Stirrup Youth Project",
    "Wheel and Anchor Youth Project",
    "Lockside Futures",
    "Aspen Ridge Learning Trust",
    "Larkmoor Schools Trust",
]

# Who ended one: how many days before today that was recorded, from how many days after today on, and why.
ENDED = {
    "Holly and Arden Youth Trust": (50, -40, "The trust keeps no rows of its own any more."),
    "Threefold Spires Youth Trust": (
        20,
        45,
        "The trust moves to another case system; another agreement is being drawn up.",
    ),
}


def load(organisations: dict[str, Organisation], people: People) -> dict[str, DataSharingAgreement]:
    """Those that are new, by their partner. Before the deliveries, which may give registers only under one."""
    known = set(DataSharingAgreement.objects.values_list("organisation_id", flat=True))
    return {
        name: record(
            organisation=organisations[name],
            starts_on=SINCE,
            ends_on=CLOSED[name][0] - timedelta(days=1) if name in CLOSED else None,
            document=f"Information governance, DSA-2021-{number:03}",
            by=people.programme_manager,
            now=_morning(SINCE),
        )
        for number, name in enumerate(PARTNERS, 1)
        if organisations[name].pk not in known
    }


def end(recorded: dict[str, DataSharingAgreement], people: People, today: date) -> None:
    """What became of those that were just recorded: after the deliveries, which gave registers until then."""
    for name, (said, ends, reason) in ENDED.items():
        if name in recorded:
            end_early(
                agreement=recorded[name],
                ended_on=today + timedelta(days=ends),
                reason=reason,
                by=people.programme_manager,
                now=_morning(today - timedelta(days=said)),
            )


def _morning(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time(10)))
