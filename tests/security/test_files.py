"""Files made for a download leave nothing behind, and files brought in cannot fill a page."""

import tempfile
from pathlib import Path

import pytest
from sqlmodel import Session

from app.rules import importing
from tests.client import Browser
from tests.factories import make_call


@pytest.mark.parametrize("wanted", ["bytes=nonsense", "bytes=99999999-", "bytes=0-0,1-1,2-2", "bytes=0-9"])
def test_asking_for_an_odd_part_of_an_export_leaves_no_file_behind(
    visitor: Browser, db: Session, wanted: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    call = make_call(db)
    db.commit()
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))  # the common one is other tests' too

    visitor.get(f"/calls/{call.id}/export", headers={"Range": wanted})

    assert not list(tmp_path.iterdir())


def test_a_file_with_a_million_columns_is_no_table() -> None:
    """Each column would be a choice in each of twelve lists on one page."""
    with pytest.raises(importing.NotATable):
        importing.headers(b"," * 1_000_000 + b"text\n")


def test_a_row_with_a_million_cells_is_shown_in_part() -> None:
    (row,) = importing.preview(b"text\n" + b"," * 1_000_000 + b"\n")

    assert len(row) <= 500
