"""Whether a Celery worker is there to do what the portal has put off.

The worker says that it is alive at each of its heartbeats, so asking costs one read and not a round trip through it.
"""

import time

import redis
from celery.signals import heartbeat_sent, worker_shutdown
from django.conf import settings

WORKERS = "portal:workers"  # a sorted set: each worker's name with the time it was last heard of
WORKER_PATIENCE = 30  # seconds; a worker beats every two
FORGOTTEN_AFTER = 60 * 60  # seconds


def is_worker_alive() -> bool:
    """Whether any worker was heard of within its patience; raises RedisError when Redis does not answer."""
    with redis_client() as client:
        return client.zcount(WORKERS, time.time() - WORKER_PATIENCE, "+inf") > 0


def is_worker_away() -> bool:
    """Whether nobody does what is put off: there is no worker, or Redis itself does not answer."""
    try:
        return not is_worker_alive()
    except redis.RedisError:
        return True


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
