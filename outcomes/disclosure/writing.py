"""Certificates as bytes, to be kept with their releases."""

from __future__ import annotations

import gzip
import json

from outcomes.disclosure.certificate import Certificate
from outcomes.disclosure.worlds import Count, Profile, World
from vru_portal.core.periods import Month


def written(certificate: Certificate) -> bytes:
    worlds = [
        {
            "counts": [[*_with_month(count), change] for count, change in world.counts.items()],
            "people": [
                [sorted([d, month.code] for d, month in profile.met), profile.district, profile.age_band, change]
                for profile, change in world.people.items()
            ],
        }
        for world in certificate.worlds
    ]
    return gzip.compress(json.dumps(worlds).encode(), mtime=0)


def read(content: bytes) -> Certificate:
    """Of nothing, one without worlds."""
    if not content:
        return Certificate()
    return Certificate(tuple(_world(**world) for world in json.loads(gzip.decompress(content))))


def _world(counts: list, people: list) -> World:
    return World(
        {Count(d, Month.parse(month), *rest): change for d, month, *rest, change in counts},
        {
            Profile(frozenset((d, Month.parse(month)) for d, month in met), district, age): change
            for met, district, age, change in people
        },
    )


def _with_month(count: Count) -> list:
    return [value.code if isinstance(value, Month) else value for value in count]
