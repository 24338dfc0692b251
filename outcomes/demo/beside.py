"""A second process, for what is made up while the loading waits for the database.

Imports nothing of the portal: the process begins here, before Django is set up in it.
"""

from __future__ import annotations

import gc
import multiprocessing
import os
import signal
import threading
from concurrent.futures import Executor, ProcessPoolExecutor

import django


def beside() -> Executor:
    """One process of Python with Django set up. Nothing of it is left when this one ends, however it ends."""
    # Spawned: what is forked would share this process's connections.
    return ProcessPoolExecutor(1, multiprocessing.get_context("spawn"), initializer=_begin)


def _begin() -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C reaches both; this one ends with the other
    threading.Thread(target=_end_with_the_other, daemon=True).start()
    gc.disable()  # it keeps all that it makes: a tenth of its time would go into looking for what it does not
    django.setup()


def _end_with_the_other() -> None:
    multiprocessing.parent_process().join()
    os._exit(1)
