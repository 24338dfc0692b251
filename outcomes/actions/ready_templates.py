"""The return templates that come with the portal: one for each kind of programme."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import datetime

from django.conf import settings
from django.db import transaction

from outcomes.actions import templates
from outcomes.models import ReturnTemplate, TemplateVersion
from vru_portal.core.periods import Month

FILE = "outcomes/reference/templates.json"
# A ready template asks for any month that a unit may enter after the fact.
READY_FROM = Month(2000, 1)


def contents() -> list[dict]:
    """What each ready template asks, as `templates.fill` reads it, with its code, name, summary and `standard_for`."""
    return json.loads((settings.BASE_DIR / FILE).read_text())


def load(*, now: datetime) -> tuple[int, int]:
    """Publish those that are missing; the others are staff's own. Returns how many were added and how many left."""
    known = set(ReturnTemplate.objects.values_list("code", flat=True))
    missing = [content for content in contents() if content["code"] not in known]
    for content in missing:
        publish_first(content, now=now)
    return len(missing), len(known)


@transaction.atomic
def publish_first(content: Mapping, *, now: datetime) -> TemplateVersion:
    """A ready template's first version, in force for every month."""
    facts = {name: content[name] for name in ("code", "name", "summary", "standard_for") if name in content}
    version = templates.create(**facts, by=None, now=now)
    templates.fill(version=version, content=content, by=None, now=now)
    return templates.publish(version=version, first_month=READY_FROM, by=None, now=now)
