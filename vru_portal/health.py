"""Is it up: `live` (this process answers) and `ready` (web, worker, PostgreSQL and Redis are there).

The worker says that it is alive at each of its heartbeats, so asking costs one read and not a round trip through it.
"""

import time

import redis
from celery.signals import heartbeat_sent, worker_shutdown
from django.conf import settings
from django.db import Error as DatabaseError
from django.db import connection
from django.http import HttpRequest, JsonResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

WORKERS = "portal:workers"  # a sorted set: each worker's name with the time it was last heard of
WORKER_PATIENCE = 30  # seconds; a worker beats every two
FORGOTTEN_AFTER = 60 * 60  # seconds


@never_cache
@require_safe
def live(request: HttpRequest) -> JsonResponse:
    """200 while this process answers at all."""
    return JsonResponse({"web": "ok"})


@never_cache
@require_safe
def ready(request: HttpRequest) -> JsonResponse:
    """200 when each part is ok, otherwise 503; the body names the parts and nothing else."""
    parts = {"web": True, "postgresql": _database_answers(), **_redis_and_worker()}
    body = {name: "ok" if is_ok else "not ok" for name, is_ok in parts.items()}
    return JsonResponse(body, status=200 if all(parts.values()) else 503)


def _database_answers() -> bool:
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except DatabaseError:
        connection.close()
        return False
    return True


def _redis_and_worker() -> dict[str, bool]:
    try:
        return {"redis": True, "worker": is_worker_alive()}
    except redis.RedisError:
        return {"redis": False, "worker": False}


def is_worker_alive() -> bool:
    """Whether any worker was heard of within its patience; raises RedisError when Redis does not answer."""
    with redis_client() as client:
        return client.zcount(WORKERS, time.time() - WORKER_PATIENCE, "+inf") > 0


def redis_client() -> redis.Redis:
    """A connection to REDIS_URL that gives up after two seconds."""
    return redis.Redis.from_url(settings.REDIS_URL, socket_timeout=2, socket_connect_timeout=2)


@heartbeat_sent.connect
def note_worker(sender, **_) -> None:
    """The worker is alive: its name and the time, into Redis."""
    now = time.time()
    with redis_client() as client, client.pipeline() as pipe:
        pipe.zadd(WORKERS, {sender.eventer.hostname: now})
        pipe.zremrangebyscore(WORKERS, "-inf", now - FORGOTTEN_AFTER)
        pipe.execute()


@worker_shutdown.connect
def forget_worker(sender, **_) -> None:
    """The worker has ended: out of the list at once, not after its patience."""
    with redis_client() as client:
        client.zrem(WORKERS, sender.hostname)
