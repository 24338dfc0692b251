"""How commands are told which release is meant."""

from __future__ import annotations

from argparse import ArgumentParser

from django.core.management.base import CommandError

from outcomes import activity, stocks
from outcomes.disclosure.published import End
from outcomes.models import Release
from outcomes.release_figures import Place


def add_release(parser: ArgumentParser) -> None:
    parser.add_argument("release", help="Its last month and number, as 2021-12.2")


def release_called(code: str) -> Release:
    found = Release.objects.called(code).first()
    if found is None:
        raise CommandError(f"There is no release {code}. Give its last month and its number, as 2021-12.2.")
    return found


def named(number: End | activity.Key | stocks.Key) -> str:
    """A number of a release in one line."""
    if isinstance(number, stocks.Key):
        return f"{_period(number)}, {number.kind}, {number.network}, {number.number}"
    if isinstance(number, activity.Key):
        return f"{_period(number)}, {number.measure}, {', '.join(number.place)}"
    where = [number.place.programme or "all", number.place.district, number.place.age_band]
    return f"{_period(number.place)}, {', '.join(filter(None, where))}, {number.which}"


def _period(place: Place | activity.Key | stocks.Key) -> str:
    return f"{place.period} {place.start} to {place.end}"
