"""How far a long request is: told to its own sender alone, in numbers alone."""

import json
import time

import pytest
import redis
from django.core.cache import cache

from tests.canaries import everything_in_redis
from tests.redis_away import no_answer_from_redis
from vru_portal.core.how_far import HowFar, Telling, new_token, told
from vru_portal.core.workers import redis_client

# Not one of those that another test looks for: it may search the same server at the same time.
NAMES = ("Perpetua", "Snapdragonson")


@pytest.fixture
def token():
    token = new_token()
    yield token
    cache.delete_many([f"how-far:{owner}:{token}" for owner in (1, 2)])


class TestTelling:
    def test_says_the_step_and_how_much_of_it_is_done(self, token):
        telling = Telling(1, token).begin(2, 40)
        telling.expect(20)
        telling._next = 0
        telling.done(15)
        assert told(1, token) == HowFar(2, 15, 60)
        assert told(1, token).share == 0.25

    def test_lets_every_row_pass_unchanged(self, token):
        rows = [(name,) for name in NAMES]
        assert list(Telling(1, token).begin(1).passing(rows)) == rows

    def test_keeps_numbers_alone_of_what_passes(self, token):
        telling = Telling(1, token).begin(1, len(NAMES))
        for _ in telling.passing(NAMES):
            telling._next = 0
        assert not any(name in everything_in_redis() for name in NAMES)
        with redis_client() as client:
            [key] = [key for key in client.scan_iter() if token.encode() in key]
            assert 0 < client.ttl(key) <= 15 * 60
        assert all(type(number) is int for number in cache.get(f"how-far:1:{token}"))

    def test_takes_nothing_but_numbers(self, token):
        telling = Telling(1, token)
        for say in (telling.done, telling.expect, telling.begin):
            for value in (NAMES[0], "2010", 20.1):
                with pytest.raises(TypeError) as refused:
                    say(value)
                assert str(value) not in str(refused.value)

    def test_is_rare_enough_to_cost_nothing(self, token):
        telling = Telling(1, token).begin(1, 1_000)
        for _ in telling.passing(range(1_000)):
            pass
        assert told(1, token).done < 1_000

    def test_says_nothing_without_a_token_of_ours(self):
        for token in ("", "Amina-Khan", json.dumps(NAMES), "a" * 31):
            Telling(1, token).begin(1, 5)
            assert told(1, token) is None
        assert "how-far:1:" not in everything_in_redis()


class TestWithoutRedis:
    @pytest.mark.parametrize("listens", [True, False])
    def test_says_no_more_after_the_first_try_and_raises_nothing(self, token, settings, listens):
        """Whether nobody listens there, or somebody who never answers."""
        with no_answer_from_redis(settings, listens=listens):
            began = time.monotonic()
            telling = Telling(1, token).begin(1, 5)
            for _ in telling.passing(range(5)):
                telling._next = 0
            assert time.monotonic() - began < 2
            assert told(1, token) is None

    def test_says_no_more_where_redis_is_full(self, token, monkeypatch):
        def full(*given):
            raise redis.exceptions.OutOfMemoryError("command not allowed when used memory > 'maxmemory'.")

        telling = Telling(1, token)
        monkeypatch.setattr(cache, "set", full)
        assert list(telling.begin(1, 2).passing("ab")) == ["a", "b"]


class TestTold:
    def test_nothing_to_anybody_else(self, token):
        Telling(1, token).begin(1, 5)
        assert told(2, token) is None

    def test_no_share_where_the_total_is_not_known(self):
        assert HowFar(3, 0, 0).share == 0
        assert HowFar(1, 9, 5).share == 1
