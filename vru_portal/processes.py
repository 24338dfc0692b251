"""The processes of one PORTAL_HOME: started, written down, and stopped, also when a run before this one was killed.

Each process leads a session of its own, so that Ctrl-C in the terminal reaches only the supervisor, which then stops
them in the right order. A file per process (`PORTAL_HOME/run/<name>.json`) lets the next run find what was left over.
"""

import contextlib
import fcntl
import json
import os
import signal
import subprocess
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import psutil

# In this order they are stopped: the clock first, what the others stand on last. Each with its polite signals and the
# seconds it has after each of them, before it is killed.
STOPPING = {
    "beat": ((signal.SIGTERM, 5),),
    "web": ((signal.SIGTERM, 15),),
    # A task that is cut off is given again later (acks_late), so a long one need not hold up the stop.
    "worker": ((signal.SIGTERM, 15), (signal.SIGQUIT, 5)),
    "redis": ((signal.SIGTERM, 15),),
    "postgres": ((signal.SIGINT, 30), (signal.SIGQUIT, 10)),
}


class CannotRun(Exception):
    """The portal cannot be started; the message says what to do about it."""


@dataclass
class Started:
    """A process that this run started."""

    name: str
    process: psutil.Popen
    log: Path
    record: Path

    def is_alive(self) -> bool:
        return self.process.poll() is None

    def log_tail(self, lines: int = 15) -> str:
        """The last lines of the process's log, indented for a message."""
        text = self.log.read_text(errors="replace") if self.log.exists() else ""
        return "\n".join("    " + line for line in text.splitlines()[-lines:])

    def stop(self) -> None:
        """Ends the process and its children; returns when none is left."""
        _end([self.process], self.name)
        self.record.unlink(missing_ok=True)


def claim(home: Path):
    """The open lock file of `home`; the lock lasts until it is closed or this process ends, however it ends.

    Raises CannotRun when another run holds it.
    """
    home.mkdir(mode=0o700, parents=True, exist_ok=True)
    try:
        lock = open(home / "lock", "a+")  # noqa: SIM115 - the caller closes it
    except PermissionError:
        raise CannotRun(
            f"The folder {home} belongs to another user. Choose another one: make run PORTAL_HOME=/some/folder"
        ) from None
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        lock.seek(0)
        holder = lock.read().strip() or "unknown"
        lock.close()
        raise CannotRun(
            f"The portal is already running on {home} (process {holder}). Stop it with Ctrl-C in its window or "
            f"`kill {holder}`, or run a second one beside it: make run PORTAL_HOME=/another/folder PORT=8001"
        ) from None
    lock.truncate(0)
    lock.write(str(os.getpid()))
    lock.flush()
    return lock


def start(home: Path, name: str, command: list, *, env: dict, cwd: Path, account=None) -> Started:
    """Starts `command` with its output in `home`/logs; `account` (a `pwd` entry) is whom it runs as, if not us."""
    log = home / "logs" / f"{name}.log"
    _private_folder(log.parent)
    _private_folder(home / "run")
    with open(log, "a") as output:
        process = psutil.Popen(
            [str(part) for part in command],
            env=env,
            cwd=cwd,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            start_new_session=True,
            **run_as(account),
        )
    record = home / "run" / f"{name}.json"
    record.write_text(json.dumps({"pid": process.pid, "created": process.create_time()}))
    return Started(name, process, log, record)


def wait_until(is_ready: Callable[[], bool], started: Started, title: str, seconds: int = 60) -> None:
    """Returns once `is_ready` says so; raises CannotRun with the log's end if the process dies or takes longer."""
    deadline = time.monotonic() + seconds
    while not is_ready():
        if not started.is_alive() or time.monotonic() > deadline:
            raise CannotRun(f"{title} did not start. Its log {started.log} ends with:\n{started.log_tail()}")
        time.sleep(0.05)


def run_as(account) -> dict:
    """The arguments with which subprocess starts a program as `account` (a `pwd` entry, or None for ourselves)."""
    return {} if account is None else {"user": account.pw_uid, "group": account.pw_gid, "extra_groups": []}


def stop_leftovers(home: Path) -> list[str]:
    """Stops what a killed run left behind on `home`, whose lock we must hold; the names of what was stopped."""
    stopped = []
    for name in STOPPING:
        record = home / "run" / f"{name}.json"
        left = _left_over(record)
        if left:
            _end(left, name)
            stopped.append(name)
        record.unlink(missing_ok=True)
    return stopped


def end_all_in(folder: Path, name: str) -> None:
    """Ends every process that works in `folder`, which only `name` does; for what no record tells of."""
    strays = []
    for process in psutil.process_iter():
        with contextlib.suppress(psutil.Error, OSError):
            if _is_alive(process) and process.cwd() == str(folder):
                strays.append(process)
    _end(strays, name)


def is_recorded_alive(home: Path, name: str) -> bool:
    """Whether the process that was started under `name` on `home` is running."""
    return bool(_left_over(home / "run" / f"{name}.json"))


def _left_over(record: Path) -> list[psutil.Process]:
    """The recorded process, or what is left of its session when it was killed itself."""
    try:
        noted = json.loads(record.read_text())
    except (FileNotFoundError, PermissionError, json.JSONDecodeError):
        return []
    left = []
    for process in psutil.process_iter():
        with contextlib.suppress(psutil.Error, ProcessLookupError, PermissionError):
            # The number alone may belong to something newer. The start time moves a little when the clock is set.
            is_leader = process.pid == noted["pid"] and abs(process.create_time() - noted["created"]) < 10
            is_member = process.pid != noted["pid"] and os.getsid(process.pid) == noted["pid"]
            is_later = process.create_time() > noted["created"] - 10
            if (is_leader or (is_member and is_later)) and _is_alive(process):
                left.append(process)
    return left


def _end(processes: list, name: str) -> None:
    family = {process.pid: process for process in processes}
    for process in processes:
        with contextlib.suppress(psutil.Error):
            family.update({child.pid: child for child in process.children(recursive=True)})
    leaders = processes
    for number, seconds in STOPPING[name]:
        _signal(leaders, number)
        leaders = _wait(leaders, seconds)
        if not leaders:
            break
    remaining = _wait(list(family.values()), 0 if leaders else 2)
    _signal(remaining, signal.SIGKILL)
    _wait(remaining, 10)


def _signal(processes: list, number: int) -> None:
    for process in processes:
        with contextlib.suppress(psutil.NoSuchProcess):
            process.send_signal(number)


def _wait(processes: list, seconds: float) -> list:
    """Which of them are still alive after at most that long."""
    deadline = time.monotonic() + seconds
    while (processes := [process for process in processes if _is_alive(process)]) and time.monotonic() < deadline:
        time.sleep(0.05)
    return processes


def _is_alive(process) -> bool:
    """A dead process that nobody has collected does not count: in a container there may be nobody to do it. One of ours
    is collected here, and lives until it can be: it looks dead once its first thread has ended, before its others."""
    if isinstance(process, psutil.Popen):
        return process.poll() is None
    with contextlib.suppress(psutil.NoSuchProcess):
        return process.is_running() and process.status() != psutil.STATUS_ZOMBIE
    return False


def _private_folder(folder: Path) -> None:
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
