"""Is it up: `live` (this process answers) and `ready` (web, worker, PostgreSQL and Redis are there)."""

import redis
from django.db import Error as DatabaseError
from django.db import connection
from django.http import HttpRequest, JsonResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from vru_portal.core.workers import is_worker_alive


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
