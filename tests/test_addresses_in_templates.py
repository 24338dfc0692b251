"""Addresses that templates put together: a number stands in them without the separator that people read it with."""

import re
from pathlib import Path

from django.conf import settings
from django.template import Context, Template

# What is put into a query as it is, and is a number.
BARE = re.compile(r"[?&;][\w-]+=\{\{ *[\w.]*\b(?:start|year|pk|id|number) *\}\}")
TEMPLATES = Path(settings.BASE_DIR) / "templates"


def test_a_number_is_read_with_a_separator():
    assert Template("?year={{ year }}").render(Context({"year": 2025})) == "?year=2,025"


def test_no_number_goes_into_a_query_as_people_read_it():
    found = {
        (path.name, match.group()) for path in TEMPLATES.rglob("*.html") for match in BARE.finditer(path.read_text())
    }
    assert BARE.search("?year={{ each.start }}#triangle")
    assert found == set()
