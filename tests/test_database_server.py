"""The embedded database, started and killed for real: rows stay, and nothing left over blocks the next start."""

import os
import shutil
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import psutil
import psycopg
import pytest
from sqlalchemy import make_url

from app import database_server

ROOT = Path(__file__).resolve().parent.parent
USE_IT = """
import sys, time
from pathlib import Path
from app import database_server
print(database_server.ensure(Path(sys.argv[1]), fsync=False), flush=True)
sys.stdin.read()
"""


@pytest.fixture
def var_dir() -> Iterator[Path]:
    """A folder of its own: another run of pytest closes the common one to the database's user."""
    with tempfile.TemporaryDirectory(prefix="comission-database-", ignore_cleanup_errors=True) as folder:
        yield Path(folder) / "var"

        database_server.stop(Path(folder) / "var")
        if process := postmaster(Path(folder) / "var"):
            process.kill()


def postmaster(var_dir: Path) -> psutil.Process | None:
    """The living server of that folder, found without the code under test."""
    data = str((var_dir / "database" / "data").resolve())
    for process in psutil.process_iter(["cmdline"]):
        if data in (process.info["cmdline"] or []):
            return process
    return None


def libpq(url: str) -> str:
    return url.replace("postgresql+psycopg", "postgresql")


def write_a_row(url: str) -> None:
    with psycopg.connect(libpq(url)) as connection:
        connection.execute("create table voice (words text)")
        connection.execute("insert into voice values ('more shade')")


def rows(url: str) -> list[tuple[str]]:
    with psycopg.connect(libpq(url)) as connection:
        return connection.execute("select words from voice").fetchall()


def begin(var_dir: Path) -> subprocess.Popen[str]:
    """A user of the server in a process of its own, there until its input closes."""
    pipe = subprocess.PIPE
    command = [sys.executable, "-c", USE_IT, str(var_dir)]
    return subprocess.Popen(command, cwd=ROOT, text=True, stdin=pipe, stdout=pipe, stderr=pipe)


def url_told_by(process: subprocess.Popen[str]) -> str:
    assert process.stdout is not None
    return process.stdout.readline()


def another_process(var_dir: Path) -> subprocess.Popen[str]:
    process = begin(var_dir)
    assert url_told_by(process).startswith("postgresql+psycopg://")
    return process


def kill(process: psutil.Process | None) -> None:
    assert process is not None
    process.kill()
    psutil.wait_procs([process], timeout=5)


def test_a_first_start_has_our_database_vectors_and_letters_of_every_alphabet(var_dir: Path) -> None:
    url = database_server.ensure(var_dir, fsync=False)

    with psycopg.connect(libpq(url)) as connection:
        distance = connection.execute("select '[1,0]'::vector <=> '[0,1]'").fetchone()
        lower = connection.execute("select lower('ÁRBOL Ñ Ж'), current_setting('server_encoding')").fetchone()
    assert distance == (1.0,)
    assert lower == ("árbol ñ ж", "UTF8")


def test_rows_stay_after_a_stop(var_dir: Path) -> None:
    write_a_row(database_server.ensure(var_dir, fsync=False))

    database_server.stop(var_dir)
    assert postmaster(var_dir) is None

    assert rows(database_server.ensure(var_dir, fsync=False)) == [("more shade",)]


def test_rows_stay_after_a_killed_server_and_its_stale_pid_file(var_dir: Path) -> None:
    write_a_row(database_server.ensure(var_dir))

    kill(postmaster(var_dir))
    assert (var_dir / "database" / "data" / "postmaster.pid").exists()

    assert rows(database_server.ensure(var_dir)) == [("more shade",)]


def test_a_pid_file_whose_number_is_now_another_program_blocks_nothing(var_dir: Path) -> None:
    write_a_row(database_server.ensure(var_dir))
    kill(postmaster(var_dir))
    stale = var_dir / "database" / "data" / "postmaster.pid"
    # Of the account that serves the folder, or PostgreSQL would see through the number by itself.
    options = {"user": stale.stat().st_uid, "extra_groups": []} if os.geteuid() == 0 else {}
    innocent = subprocess.Popen(["sleep", "60"], **options)
    socket = Path(stale.read_text().splitlines()[4])
    for path in (stale, socket / ".s.PGSQL.5432.lock"):
        lines = path.read_text().splitlines()
        path.write_text("\n".join([str(innocent.pid), *lines[1:]]) + "\n")

    assert rows(database_server.ensure(var_dir)) == [("more shade",)]
    assert innocent.poll() is None
    innocent.kill()
    innocent.wait()


def test_an_empty_pid_file_blocks_nothing(var_dir: Path) -> None:
    write_a_row(database_server.ensure(var_dir))
    kill(postmaster(var_dir))
    (var_dir / "database" / "data" / "postmaster.pid").write_text("")

    assert rows(database_server.ensure(var_dir)) == [("more shade",)]


def test_a_first_start_that_was_interrupted_is_begun_anew(var_dir: Path) -> None:
    half_made = var_dir / "database" / "data.new"
    half_made.mkdir(parents=True)
    (half_made / "PG_VERSION").write_text("18\n")

    url = database_server.ensure(var_dir, fsync=False)
    write_a_row(url)
    assert rows(url) == [("more shade",)]


def test_the_last_process_out_stops_the_server(var_dir: Path) -> None:
    owner = another_process(var_dir)

    write_a_row(database_server.ensure(var_dir, fsync=False))
    owner.communicate("")
    assert owner.returncode == 0
    assert postmaster(var_dir) is not None

    assert database_server.stop(var_dir)
    assert postmaster(var_dir) is None


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_process_asked_to_end_stops_the_server_it_alone_used(var_dir: Path, number: signal.Signals) -> None:
    owner = another_process(var_dir)

    owner.send_signal(number)
    owner.communicate()

    assert postmaster(var_dir) is None


def test_after_a_killed_owner_the_living_server_is_adopted(var_dir: Path) -> None:
    owner = another_process(var_dir)
    before = postmaster(var_dir)

    owner.kill()
    owner.communicate()
    database_server.ensure(var_dir, fsync=False)

    assert postmaster(var_dir) == before
    database_server.stop(var_dir)
    assert postmaster(var_dir) is None


def test_two_processes_that_start_at_once_share_one_server(var_dir: Path) -> None:
    pair = [begin(var_dir), begin(var_dir)]

    urls = {url_told_by(process) for process in pair}
    for process in pair:
        process.communicate("")

    assert len(urls) == 1
    assert [process.returncode for process in pair] == [0, 0]
    assert postmaster(var_dir) is None


def test_a_folder_too_deep_for_a_socket_works(tmp_path: Path) -> None:
    deep = tmp_path / ("deep" * 20) / ("er" * 20)

    url = database_server.ensure(deep, fsync=False)
    write_a_row(url)
    socket = Path(str(make_url(url).query["host"]))
    assert deep not in socket.parents

    database_server.stop(deep)
    assert not socket.exists()


def test_a_path_with_spaces_and_accents_works(tmp_path: Path) -> None:
    short = Path(tempfile.mkdtemp(prefix="años, sol "))

    url = database_server.ensure(short, fsync=False)
    write_a_row(url)
    found = rows(url)
    database_server.stop(short)
    shutil.rmtree(short)
    assert found == [("more shade",)]


def test_a_new_database_replaces_the_older_one_of_its_name(var_dir: Path) -> None:
    url = database_server.ensure(var_dir, fsync=False)
    write_a_row(database_server.create_database(url, "copy"))

    write_a_row(database_server.create_database(url, "copy"))
    assert rows(database_server.create_database(url, "of_copy", template="copy")) == [("more shade",)]
