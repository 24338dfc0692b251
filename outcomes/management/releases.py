"""How commands are told which release is meant."""

from __future__ import annotations

from argparse import ArgumentParser

from django.core.management.base import CommandError

from outcomes.disclosure.published import End
from outcomes.models import Release


def add_release(parser: ArgumentParser) -> None:
    parser.add_argument("release", help="Its last month and number, as 2021-12.2")


def release_called(code: str) -> Release:
    found = Release.objects.called(code).first()
    if found is None:
        raise CommandError(f"There is no release {code}. Give its last month and its number, as 2021-12.2.")
    return found


def named(end: End) -> str:
    """A number of a release in one line."""
    place = end.place
    where = [place.programme or "all", place.district, place.age_band]
    return f"{place.period} {place.start} to {place.end}, {', '.join(filter(None, where))}, {end.which}"
