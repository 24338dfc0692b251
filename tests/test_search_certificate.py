"""`search_certificate`: how far the search for a certificate comes, without keeping anything."""

import io
import re
from datetime import date

import pytest
from django.core.management import CommandError, call_command

from outcomes.actions import certificates
from outcomes.disclosure.certificate import targets
from outcomes.models import Certificate
from outcomes.queries.audit import chain_attacked
from outcomes.queries.certificates import checked
from tests import factories
from tests.test_certificates import make

pytestmark = [pytest.mark.usefixtures("workbooks_once"), pytest.mark.django_db]


def said(*arguments: str) -> str:
    out = io.StringIO()
    try:
        call_command("search_certificate", "2021-06.1", *arguments, stdout=out)
    except CommandError as left:
        return f"{out.getvalue()}\nError: {left}"
    return out.getvalue()


def test_says_what_the_worker_would_find_and_keeps_nothing():
    release = make()
    words = said("--left")
    assert Certificate.objects.count() == 1
    kept = certificates.search(release_id=release.pk, clock=lambda: factories.noon(date(2021, 7, 22)))
    left = checked(kept).unshielded
    sides = targets(chain_attacked(release))
    assert f"{len(sides)} sides of {kept.numbers} hidden numbers" in words
    assert f"The search proves {len(sides) - len(left)}, by {kept.world_count} other populations" in words
    assert len(re.findall("^Left: ", words, re.MULTILINE)) == len(left)
    assert ("Error: " in words) == bool(left)
    assert re.search(r"of the truth alone, proves \d+\.", words)
    assert re.search(r"[\d,]+ s of processor time, [\d,]+ s to check them, [\d,]+ MB of memory at most", words)


def test_of_a_release_that_hides_nothing_small_has_nothing_to_look_for():
    make(walsall=0)
    assert "0 sides of 0 hidden numbers" in said()


def test_ends_with_an_error_where_a_side_is_left(monkeypatch):
    """Where not one population may be counted, none is found."""
    monkeypatch.setattr("outcomes.disclosure.proof.MOST_COUNTED", 0)
    make()
    words = said("--further")
    assert re.search(r"Error: [\d,]+ sides are left: the certificate is not whole", words)
    assert "Looked at once more: 0 more populations as it stands, and nothing to hide was found: " in words
