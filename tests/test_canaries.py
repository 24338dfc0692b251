"""The search for what must not be kept does find it, wherever and however it were kept."""

import tempfile
import time
import zipfile
from pathlib import Path

import pytest
from celery import current_app
from django.core.cache import cache
from django.test import Client

from outcomes.models import RegisterIdentity
from outcomes.registers.pseudonyms import PACKED_BYTES
from partners.permissions import Role
from tests.canaries import everything_in_redis, everything_in_the_database, files_written_since
from tests.factories import OrganisationFactory, user_with
from vru_portal.core.workers import redis_client

# Not one of those that the journey looks for: it may search the same server at the same time.
CANARY = "Wilhelmina Thistledown"
LONG = f"{'a' * 400} {CANARY} {'b' * 400}"


@pytest.mark.django_db
class TestTheDatabase:
    def test_gives_up_what_stands_in_bytes(self):
        packed = CANARY.encode().ljust(PACKED_BYTES, b"\0")
        RegisterIdentity.objects.create(partner=OrganisationFactory(), key_version=1, packed=packed)
        assert CANARY in everything_in_the_database()

    def test_gives_up_what_stands_in_a_session(self):
        client = Client()
        client.force_login(user_with(Role.PARTNER))
        session = client.session
        session["typed"] = LONG
        session.save()
        assert CANARY in everything_in_the_database()


class TestRedis:
    @pytest.fixture(autouse=True)
    def _empty(self):
        yield
        with redis_client() as client:
            client.delete("canary", "canaries", "_kombu.binding.canaries")

    def test_gives_up_the_argument_of_a_task(self):
        current_app.send_task("outcomes.recount", args=[LONG], queue="canaries")
        assert CANARY in everything_in_redis()

    def test_gives_up_what_is_cached(self):
        cache.set("canary", {"typed": LONG})
        assert CANARY in everything_in_redis()
        cache.delete("canary")

    def test_gives_up_a_list_and_a_hash(self):
        with redis_client() as client:
            client.hset("canary", "typed", LONG)
            assert CANARY in everything_in_redis()


class TestFiles:
    def test_give_up_what_stands_in_a_workbook(self):
        began = time.time() - 1
        with tempfile.TemporaryDirectory() as folder:
            with zipfile.ZipFile(Path(folder, "kept.xlsx"), "w", zipfile.ZIP_DEFLATED) as archive:
                archive.writestr("xl/sharedStrings.xml", LONG)
            assert CANARY in files_written_since(began, [Path(folder)])
