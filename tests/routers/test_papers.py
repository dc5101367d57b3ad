"""A mission on one page as a PDF: accessible, bounded, of public words alone, and honest where it cannot be made."""

import io
import os

import pytest
from sqlmodel import Session

from app.models.columns import now
from app.models.milestone import Milestone
from app.models.mission import Mission
from app.services import papers
from tests.client import Browser
from tests.services.funded import Funded, make_funded

REQUIRED = os.environ.get("REQUIRE_PDF") == "1"
HOSTILE = "</title><img src=http://127.0.0.1:9/x><script>alert(1)</script>\u202e\u0416" + "x" * 100


@pytest.fixture
def funded(db: Session) -> Funded:
    found = make_funded(db)
    db.commit()
    return found


def address(mission: Mission, rest: str = "dashboard") -> str:
    return f"/missions/{mission.id}/{rest}"


@pytest.fixture
def printer() -> None:
    """Skips where the libraries of WeasyPrint cannot be loaded, unless they must be there."""
    if papers.printer() is None:
        assert not REQUIRED, "REQUIRE_PDF=1, and WeasyPrint or Pango cannot be loaded"
        pytest.skip("WeasyPrint or Pango cannot be loaded here")
    return


def text_of(file: bytes) -> str:
    from pypdf import PdfReader

    return " ".join(" ".join(page.extract_text() for page in PdfReader(io.BytesIO(file)).pages).split())


def test_a_mission_is_a_file_to_take_along(visitor: Browser, funded: Funded, printer: None) -> None:
    answer = visitor.get(address(funded.mission, "dashboard.pdf"))

    assert (answer.status_code, answer.headers["content-type"]) == (200, "application/pdf")
    assert answer.content.startswith(b"%PDF")
    assert funded.mission.title in text_of(answer.content)
    assert "390,000 EUR are committed" in text_of(answer.content)
    assert answer.headers["cache-control"] == "no-store"


def test_the_file_is_tagged_and_says_its_language_and_title(
    visitor: Browser, funded: Funded, printer: None
) -> None:
    from pypdf import PdfReader

    visitor.cookies.set("language", "es")
    reader = PdfReader(io.BytesIO(visitor.get(address(funded.mission, "dashboard.pdf")).content))

    catalog = reader.trailer["/Root"]
    assert catalog["/Lang"] == "es"
    assert catalog["/MarkInfo"]["/Marked"]
    assert reader.metadata is not None
    assert reader.metadata.title is not None
    assert funded.mission.title in reader.metadata.title


def test_hostile_words_are_only_words_in_a_file(
    visitor: Browser, db: Session, funded: Funded, printer: None
) -> None:
    """Nothing is fetched, embedded or run, whatever titles and reasons say."""
    funded.mission.title = HOSTILE
    funded.projects["Roofs"].title = "<link rel=attachment href=file:///etc/passwd>"
    db.add(
        Milestone(
            mission_id=funded.mission.id, title="<iframe src=file:///etc/passwd></iframe>", due=now().date(),
            verifier="The council",
        )
    )  # fmt: skip
    db.commit()

    file = visitor.get(address(funded.mission, "dashboard.pdf")).content

    told = text_of(file)
    assert "<script>alert(1)" in told
    assert "root:" not in told
    assert b"/EmbeddedFile" not in file
    assert b"/JavaScript" not in file


def test_no_address_is_fetched_for_a_file(printer: None) -> None:
    made = papers.printer()
    fetcher = made.OwnFontsOnly()

    for url in (
        "http://127.0.0.1:9/x", "file:///etc/passwd", "https://missions.example/static/marks.svg",
        "data:text/plain,x", "comission-static:///../../settings.py", "ftp://127.0.0.1/x",
    ):  # fmt: skip
        with pytest.raises(ValueError, match="only fonts of ours"):
            fetcher.fetch(url)
    for url in fetcher.known:
        assert fetcher.fetch(url).read().startswith(b"wOF2")


def test_who_asks_for_many_files_has_to_wait(
    visitor: Browser, funded: Funded, monkeypatch: pytest.MonkeyPatch, printer: None
) -> None:
    from app.rules import rates

    monkeypatch.setitem(rates.RATES, rates.Limited.PAPER, rates.Rate(1, 3600))
    path = address(funded.mission, "dashboard.pdf")

    assert [visitor.get(path).status_code for _ in range(2)] == [200, 429]


def test_without_its_library_the_page_is_offered_for_print(
    visitor: Browser, funded: Funded, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(papers, "printer", no_printer)

    answer = visitor.get(address(funded.mission, "dashboard.pdf"))

    assert answer.status_code == 501
    assert "Print the page instead" in answer.text
    page = visitor.open(address(funded.mission))
    assert "Your browser can print this page." in page.main.text
    assert address(funded.mission, "dashboard.pdf") not in page.links


def no_printer() -> None:
    return None


no_printer.cache_info = papers.printer.cache_info  # type: ignore[attr-defined]
