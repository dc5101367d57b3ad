"""Where files lie: a folder, or a bucket that speaks S3; kept under random names, three acts and a list."""

import os
import re
import secrets
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, Protocol

from app.settings import Settings

NAME = re.compile(r"[0-9a-f]{64}")


class Store(Protocol):
    """Names are those that `new_name` makes; anything else is a programmer's mistake."""

    def put(self, name: str, content: bytes) -> None: ...
    def get(self, name: str) -> bytes: ...
    def delete(self, name: str) -> None: ...
    def older_than(self, age: timedelta) -> Iterator[str]: ...


def new_name() -> str:
    """256 random bits: it says nothing of the file, and nobody guesses it."""
    return secrets.token_hex(32)


def checked(name: str) -> str:
    if not NAME.fullmatch(name):
        raise ValueError("files are stored under 64 hexadecimal digits")
    return name


class Folder:
    """Files in a folder that only the application reads; a file stands under its name once it is whole on the disk."""

    def __init__(self, root: Path) -> None:
        self.root = root

    def path(self, name: str) -> Path:
        return self.root / checked(name)[:2] / name

    def put(self, name: str, content: bytes) -> None:
        path = self.path(name)
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        unfinished = path.with_suffix(".part")
        with unfinished.open("wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        unfinished.chmod(0o600)
        unfinished.replace(path)

    def get(self, name: str) -> bytes:
        return self.path(name).read_bytes()

    def delete(self, name: str) -> None:
        self.path(name).unlink(missing_ok=True)

    def older_than(self, age: timedelta) -> Iterator[str]:
        """Names of files that have lain there so long; what a kill left half written goes at once."""
        limit = datetime.now(UTC).timestamp() - age.total_seconds()
        for path in self.root.glob("??/*"):
            if path.stat().st_mtime >= limit:
                continue
            if path.suffix == ".part":
                path.unlink(missing_ok=True)
            elif NAME.fullmatch(path.name):
                yield path.name


class Bucket:
    """Files in a bucket; keys and region come from the environment, as every tool for S3 reads them."""

    def __init__(self, url: str) -> None:
        from obstore.store import from_url  # The library is loaded where there is a bucket.

        self.store: Any = from_url(url)

    def put(self, name: str, content: bytes) -> None:
        self.store.put(checked(name), content)

    def get(self, name: str) -> bytes:
        return bytes(self.store.get(checked(name)).bytes())

    def delete(self, name: str) -> None:
        self.store.delete(checked(name))

    def older_than(self, age: timedelta) -> Iterator[str]:
        limit = datetime.now(UTC) - age
        for page in self.store.list():
            yield from (
                each["path"]
                for each in page
                if each["last_modified"] < limit and NAME.fullmatch(each["path"])
            )


def store_of(settings: Settings) -> Store:
    """The bucket that the settings name, or a folder beside the rest of what this machine keeps."""
    return Bucket(settings.files_url) if settings.files_url else Folder(Path(settings.var_dir) / "files")
