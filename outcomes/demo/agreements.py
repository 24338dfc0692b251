"""Data-sharing agreements of the large partners: for the first year, and again since April 2026. In the years between
they gave counts. One will end soon, one has ended."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta

from django.utils import timezone

from outcomes.demo.organisations import CLOSED, POLICE
from outcomes.demo.people import CHILDRENS_HOSPITAL, HEAL_HUB_LEAD, People
from partners.actions.agreements import end_early, record
from partners.models import DataSharingAgreement, Organisation
from vru_portal.core.periods import Month

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

# First and last day. Whole financial years: people are counted once where each month of a year has a register.
TERMS = [(date(2021, 4, 1), date(2022, 3, 31)), (date(2026, 4, 1), None)]

# Who ended one: how many days before today that was recorded, from how many days after today on, and why.
ENDED = {
    "Holly and Arden Youth Trust": (50, -40, "The trust keeps no rows of its own any more."),
    "Threefold Spires Youth Trust": (
        20,
        45,
        "The trust moves to another case system; another agreement is being drawn up.",
    ),
}


def terms(partner: str) -> list[tuple[date, date | None]]:
    """The days on which each agreement of a partner begins and ends; one that closed had a single one until then."""
    if partner in CLOSED:
        return [(TERMS[0][0], CLOSED[partner][0] - timedelta(days=1))]
    return TERMS if partner in PARTNERS else []


def agreed(partner: str, month: Month) -> bool:
    """Whether an agreement was meant to hold in the month: what ended early is not looked at."""
    return any(starts <= month.first and (ends is None or month.last <= ends) for starts, ends in terms(partner))


def load(organisations: dict[str, Organisation], people: People, today: date) -> dict[str, DataSharingAgreement]:
    """Those that are new, the last of each partner. Before the deliveries, which may give registers only under one."""
    known = set(DataSharingAgreement.objects.values_list("organisation_id", "starts_on"))
    return {
        name: record(
            organisation=organisations[name],
            starts_on=starts_on,
            ends_on=ends_on,
            document=f"Information governance, DSA-{starts_on.year}-{number:03}",
            by=people.programme_manager,
            now=_morning(min(starts_on, today)),
        )
        for number, name in enumerate(PARTNERS, 1)
        for starts_on, ends_on in terms(name)
        if (organisations[name].pk, starts_on) not in known
    }


def end(recorded: dict[str, DataSharingAgreement], people: People, today: date) -> None:
    """What became of those that were just recorded: after the deliveries, which gave registers until then."""
    for name, (said, ends, reason) in ENDED.items():
        day = today + timedelta(days=ends)
        if name in recorded and recorded[name].starts_on <= day:
            end_early(
                agreement=recorded[name],
                ended_on=day,
                reason=reason,
                by=people.programme_manager,
                now=_morning(today - timedelta(days=said)),
            )


def _morning(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time(10)))
