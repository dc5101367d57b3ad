"""Where files lie: a folder and a bucket keep, hand out, forget and list alike."""

import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from app.services.files_store import Bucket, Folder, Store, new_name, store_of
from app.settings import Settings

KEY, SECRET = "townhall", "a-secret-of-the-town"


@pytest.fixture(scope="module")
def bucket_url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A server that speaks S3 on loopback and checks who asks, with one bucket."""
    kept = tmp_path_factory.mktemp("buckets")
    (kept / "town").mkdir()
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    rclone = Path(sys.executable).parent / "rclone"
    server = subprocess.Popen(
        [rclone, "--config", "", "serve", "s3", "--addr", f"127.0.0.1:{port}", "--auth-key", f"{KEY},{SECRET}", kept],
        stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
    )  # fmt: skip
    try:
        answering(port, server)
        yield f"http://127.0.0.1:{port}"
    finally:
        server.terminate()
        server.wait(10)


def answering(port: int, server: "subprocess.Popen[bytes]") -> None:
    for _attempt in range(300):
        assert server.poll() is None
        try:
            socket.create_connection(("127.0.0.1", port), timeout=5).close()
        except OSError:
            time.sleep(0.1)
        else:
            return
    pytest.fail("the server of the bucket does not answer")


@pytest.fixture(params=["folder", "bucket"])
def store(request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Store:
    if request.param == "folder":
        return store_of(Settings(var_dir=str(tmp_path)))
    told = {
        "AWS_ACCESS_KEY_ID": KEY, "AWS_SECRET_ACCESS_KEY": SECRET, "AWS_REGION": "us-east-1",
        "AWS_ENDPOINT": request.getfixturevalue("bucket_url"), "AWS_ALLOW_HTTP": "true",
    }  # fmt: skip
    for name, value in told.items():
        monkeypatch.setenv(name, value)
    return store_of(Settings(files_url=f"s3://town/{new_name()[:8]}"))


def test_the_settings_say_where_files_lie(store: Store, request: pytest.FixtureRequest) -> None:
    is_folder = request.node.callspec.params["store"] == "folder"

    assert isinstance(store, Folder if is_folder else Bucket)


def test_what_is_kept_is_handed_out_byte_by_byte(store: Store) -> None:
    name, content = new_name(), os.urandom(300_000)

    store.put(name, content)

    assert store.get(name) == content


def test_what_is_deleted_is_gone_and_may_be_deleted_again(store: Store) -> None:
    name = new_name()
    store.put(name, b"words")

    store.delete(name)
    store.delete(name)

    with pytest.raises(FileNotFoundError):
        store.get(name)


def test_what_lay_there_long_enough_is_listed(store: Store) -> None:
    names = {new_name(), new_name()}
    for name in names:
        store.put(name, b"words")

    assert set(store.older_than(timedelta(seconds=-60))) == names
    assert not set(store.older_than(timedelta(hours=1)))


@pytest.mark.parametrize("name", ["", "../../etc/passwd", "A" * 64, "a" * 63, f"{'a' * 64}/.."])
def test_no_other_name_reaches_the_store(store: Store, name: str) -> None:
    for act in (store.get, store.delete):
        with pytest.raises(ValueError, match="64 hexadecimal"):
            act(name)
    with pytest.raises(ValueError, match="64 hexadecimal"):
        store.put(name, b"words")
