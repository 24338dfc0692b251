"""The code lists that come with the portal, for reading registers where there is no database."""

from __future__ import annotations

import csv
from collections import defaultdict
from functools import cache
from pathlib import Path

from outcomes.registers.values import CodeLists

_HERE = Path(__file__).resolve().parents[2]
CATEGORIES = _HERE / "outcomes" / "reference" / "categories.csv"
SETTINGS = _HERE / "programmes" / "reference" / "settings.csv"


@cache
def as_delivered() -> CodeLists:
    categories = defaultdict(list)
    for line in _lines(CATEGORIES):
        categories[line["dimension"]].append((line["code"], line["name"]))
    return CodeLists.of(categories, [(line["code"], line["name"]) for line in _lines(SETTINGS)])


def _lines(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))
