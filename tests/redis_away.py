"""Redis out of reach of the cache, and of nothing else."""

import socket
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def no_answer_from_redis(settings, *, listens: bool = True) -> Iterator[None]:
    """Something listens at its address and never answers; or nothing does."""
    with socket.socket() as deaf:
        deaf.bind(("127.0.0.1", 0))
        if listens:
            deaf.listen()
        default = settings.CACHES["default"] | {"LOCATION": f"redis://127.0.0.1:{deaf.getsockname()[1]}/0"}
        before, settings.CACHES = settings.CACHES, {"default": default}
        try:
            yield
        finally:
            settings.CACHES = before
