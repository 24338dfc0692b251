"""Loading the demo region into an empty portal: its records, and then its releases one by one."""

from datetime import date

import pytest
from django.core.management import CommandError, call_command
from django.urls import reverse

from outcomes.demo.load import load_records, load_releases
from outcomes.models import Linkage, Recount, Release, Submission
from partners.models import User
from programmes.models import Delivery
from tests.factories import noon

# When the first release had been revised, and nothing of later years is there.
TODAY = date(2022, 2, 21)

pytestmark = pytest.mark.django_db


class Killed(Exception):
    pass


def kill_at(title):
    def say(line: str) -> None:
        if line == title:
            raise Killed

    return say


def test_leaves_nothing_behind_when_it_is_killed_among_the_records():
    with pytest.raises(Killed):
        load_records(today=TODAY, now=noon(TODAY), say=kill_at("Checking every return, and keeping all of it"))
    for model in (User, Delivery, Submission):
        assert not model.objects.exists()


@pytest.mark.region
def test_goes_on_with_releases_as_of_the_day_of_the_records(client, settings):
    settings.DEMO = True
    load_records(today=TODAY, now=noon(TODAY))
    assert "are still being produced" in client.get(reverse("account_login")).text
    with pytest.raises(Killed):
        load_releases(today=TODAY, now=noon(TODAY), say=kill_at("Its revision"))
    assert Release.objects.count() == 1
    assert not Recount.objects.exists()
    call_command("load_demo", only="releases")
    assert [release.number for release in Release.objects.order_by("pk")] == [1, 2]
    assert {linkage.linked_at for linkage in Linkage.objects.all()} == {noon(TODAY)}
    assert Recount.objects.count() == 1
    assert "are still being produced" not in client.get(reverse("account_login")).text


def test_of_no_records_there_are_no_releases(capsys):
    call_command("load_demo", only="releases")
    assert not User.objects.exists()
    with pytest.raises(CommandError, match="Leave out --today"):
        call_command("load_demo", only="releases", today=TODAY)
