"""`/health/live` and `/health/ready`: each part on its own, on real servers and a real worker."""

import pytest
from celery import current_app
from django.db import connection

from partners.permissions import Role
from tests.factories import user_with
from vru_portal.embedded import REDIS_DATABASES, free_port


def with_database(url: str, number: int) -> str:
    return f"{url.rpartition('/')[0]}/{number}"


class TestLive:
    def test_answers_without_any_server(self, client, settings):
        settings.REDIS_URL = f"redis://127.0.0.1:{free_port()}/0"
        assert client.get("/health/live").json() == {"web": "ok"}


@pytest.mark.django_db(transaction=True)
class TestReady:
    def test_is_ready_with_a_worker(self, client, celery_worker_process):
        answer = client.get("/health/ready")
        assert (answer.status_code, answer.json()) == (
            200,
            {"web": "ok", "postgresql": "ok", "redis": "ok", "worker": "ok"},
        )

    def test_is_not_ready_without_a_worker(self, client, settings):
        settings.REDIS_URL = with_database(settings.REDIS_URL, REDIS_DATABASES - 1)  # where no worker ever was
        answer = client.get("/health/ready")
        assert answer.status_code == 503
        assert answer.json() == {"web": "ok", "postgresql": "ok", "redis": "ok", "worker": "not ok"}

    def test_is_not_ready_without_redis_and_says_no_secret(self, client, settings):
        settings.REDIS_URL = f"redis://:hush@127.0.0.1:{free_port()}/0"
        answer = client.get("/health/ready")
        assert answer.status_code == 503
        assert answer.json() == {"web": "ok", "postgresql": "ok", "redis": "not ok", "worker": "not ok"}

    def test_is_not_ready_without_the_database(self, client, settings, monkeypatch):
        connection.close()
        monkeypatch.setitem(connection.settings_dict, "HOST", "/nowhere")
        answer = client.get("/health/ready")
        monkeypatch.undo()
        assert answer.status_code == 503
        assert answer.json()["postgresql"] == "not ok"


@pytest.mark.django_db(transaction=True)
class TestToday:
    AWAY = "No worker is running."

    def page(self, client) -> str:
        client.force_login(user_with(Role.DIRECTOR))
        return client.get("/").content.decode()

    def test_says_nothing_of_a_worker_that_runs(self, client, celery_worker_process):
        assert self.AWAY not in self.page(client)

    def test_says_that_none_does(self, client, settings):
        settings.REDIS_URL = with_database(settings.REDIS_URL, REDIS_DATABASES - 1)
        assert self.AWAY in self.page(client)


@pytest.mark.django_db(transaction=True)
class TestWorkerFixture:
    def test_worker_answers_on_this_process_s_queue(self, celery_worker_process):
        assert celery_worker_process.is_alive()
        # It is alive a little before it listens to what is said to all workers, and then nobody repeats it.
        asked = (current_app.control.ping(timeout=1, limit=1) for _ in range(30))
        replies = next(filter(None, asked), [])
        assert [list(reply.values()) for reply in replies] == [[{"ok": "pong"}]]
