"""Loading the demo region into an empty portal."""

import pytest
from django.db import transaction

from outcomes.demo.load import load_region
from outcomes.models import Submission
from partners.models import User
from programmes.models import Delivery
from tests import prepared
from tests.factories import noon

TODAY = prepared.DEMO_DAY


class Killed(Exception):
    pass


def kill_before_the_end(line: str) -> None:
    if line == "Money":
        raise Killed


@pytest.mark.django_db
def test_leaves_nothing_behind_when_it_is_killed_among_the_records():
    with pytest.raises(Killed), transaction.atomic():
        load_region(today=TODAY, now=noon(TODAY), say=kill_before_the_end)
    for model in (User, Delivery, Submission):
        assert not model.objects.exists()
