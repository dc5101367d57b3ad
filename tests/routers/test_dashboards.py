"""A mission on one page: what everybody reads, what is honestly not known, and the same as a PDF."""

import io
import os
from datetime import timedelta

import pytest
from sqlalchemy import text
from sqlmodel import Session

from app.models.columns import now
from app.models.course import CourseReview, Recall
from app.models.milestone import Milestone
from app.models.mission import Mission
from app.models.project import projects_of
from app.models.statement import Statement
from app.rules.words import (
    CourseVerdict,
    Felt,
    MissionState,
    MoneyKind,
    ProjectState,
    ProjectVerdict,
    StakeholderGroup,
    StatementKind,
    SubjectKind,
)
from app.services import papers
from tests.client import Browser
from tests.people import make_person
from tests.services.drafted import make_mission
from tests.services.funded import Funded, make_funded
from tests.services.measured import enter, indicator_of

REQUIRED = os.environ.get("REQUIRE_PDF") == "1"
HOSTILE = "</title><img src=http://127.0.0.1:9/x><script>alert(1)</script>\u202e\u0416" + "x" * 100


@pytest.fixture
def funded(db: Session) -> Funded:
    found = make_funded(db)
    db.commit()
    return found


@pytest.fixture
def printer() -> None:
    """Skips where the libraries of WeasyPrint cannot be loaded, unless they must be there."""
    if papers.printer() is None:
        assert not REQUIRED, "REQUIRE_PDF=1, and WeasyPrint or Pango cannot be loaded"
        pytest.skip("WeasyPrint or Pango cannot be loaded here")
    return


def address(mission: Mission, rest: str = "dashboard") -> str:
    return f"/missions/{mission.id}/{rest}"


def text_of(file: bytes) -> str:
    from pypdf import PdfReader

    return " ".join(" ".join(page.extract_text() for page in PdfReader(io.BytesIO(file)).pages).split())


def test_six_questions_are_answered_and_every_answer_leads_to_its_rows(
    visitor: Browser, db: Session, funded: Funded
) -> None:
    mission = funded.mission
    for value, days in ((12, 300), (13, 200), (14, 100)):
        enter(db, mission, value, days)
    indicator_of(db, mission).baseline_at = now().date() - timedelta(days=1500)
    funded.projects["Storage"].state = ProjectState.STOPPED_TO_LEARN
    funded.projects["Storage"].verdict = ProjectVerdict.REFUTED
    funded.projects["Storage"].ended_at = now()
    reviewed(db, mission)
    db.commit()

    page = visitor.open(address(mission))

    for words in (
        "Moving, but at", "of the pace needed", "No milestone was due yet", "Projects under way: 2",
        "390,000 EUR are committed; nothing of it is spent yet.", "No private money followed the public money",
        "More say that it got better (2) than worse (1)", "Out of balance", "No condition is agreed",
        "says: Adapt. Lessons written down: 1.", "Batteries age faster in this heat.",
        "nobody has said how many of the people are in each group",
        "every ballot got something that it approves",
    ):  # fmt: skip
        assert words in page.main.text, words
    for rest in (
        "readings",
        "milestones",
        "portfolio",
        "money",
        "returns",
        "conditions",
        "course",
        "spillovers",
    ):
        assert any(link.split("?")[0] == address(mission, rest) for link in page.links), rest
    assert not page.faults()
    assert address(mission) in visitor.open(f"/missions/{mission.id}").links


def reviewed(db: Session, mission: Mission) -> None:
    review = CourseReview(
        mission_id=mission.id, number=1, verdict=CourseVerdict.ADAPT, reason="Too slow.", changes=["Fewer pilots"],
        concluded_at=now() - timedelta(days=3), next_on=now().date() + timedelta(days=90),
    )  # fmt: skip
    lesson = Statement(
        kind=StatementKind.LESSON, subject_kind=SubjectKind.MISSION, subject_id=mission.id,
        text="Batteries age faster in this heat.",
    )  # fmt: skip
    db.add_all([review, lesson])
    db.flush()
    for number, felt in enumerate((Felt.BETTER, Felt.BETTER, Felt.WORSE, Felt.SAME, None)):
        person = make_person(db, f"Asked {number}")
        db.add(
            Recall(
                review_id=review.id, person_id=person.id, asked_at=now(), felt=felt,
                answered_at=now() if felt else None,
            )
        )  # fmt: skip
    db.flush()


def test_what_is_not_known_is_said(visitor: Browser, db: Session, funded: Funded) -> None:
    mission = funded.mission
    for each in projects_of(db, mission.id):
        each.state = ProjectState.PROPOSED
    db.commit()

    page = visitor.open(address(mission))

    assert "Not known: no indicator has a reading yet." in page.main.text
    assert "Not known: without a reading nobody can say how fast it goes." in page.main.text
    assert "Not known: nobody who took part was asked yet" in page.main.text
    assert "Nothing is under way yet." in page.main.text
    assert "Nothing is written down yet" in page.main.text


def test_announced_money_counts_for_nothing(visitor: Browser, db: Session, funded: Funded) -> None:
    mission, _scene = make_mission(db)
    mission.state, mission.adopted_at = MissionState.ACTIVE, now()
    db.commit()
    assert "no line of money stands in its ledger" in visitor.open(address(mission)).main.text
    funded.add_money("5000", mission_id=mission.id, kind=MoneyKind.ANNOUNCED)
    db.commit()

    assert "Nothing is committed." in visitor.open(address(mission)).main.text


def test_before_adoption_nothing_is_appraised(visitor: Browser, db: Session) -> None:
    mission, _scene = make_mission(db)
    db.commit()

    page = visitor.open(address(mission))

    assert "Nothing to appraise yet" in page.main.text
    assert not page.faults()
    assert address(mission) not in visitor.open(f"/missions/{mission.id}").links
    assert visitor.get(address(mission, "dashboard.pdf")).status_code == 404


@pytest.mark.parametrize("state", [MissionState.PAUSED, MissionState.ENDED_NOT_MET, MissionState.ADOPTED])
def test_a_mission_that_is_over_or_waits_is_told_too(
    visitor: Browser, db: Session, funded: Funded, state: MissionState
) -> None:
    funded.mission.state, funded.mission.outcome_reason = state, "The drought went on."
    db.commit()

    page = visitor.open(address(funded.mission))

    words = {
        MissionState.PAUSED: "This mission is paused",
        MissionState.ENDED_NOT_MET: "This mission ended before its goals were met.",
        MissionState.ADOPTED: "has not started yet",
    }
    assert words[state] in page.main.text
    assert not page.faults()


def test_it_speaks_spanish(visitor: Browser, funded: Funded) -> None:
    visitor.cookies.set("language", "es")

    page = visitor.open(address(funded.mission))

    assert "¿Con qué dinero?" in page.main.text
    assert "390.000 EUR" in page.main.text


def test_paper_says_where_its_rows_are(visitor: Browser, funded: Funded) -> None:
    """Each link to rows carries its whole address for print; the sheet for it is named."""
    html = visitor.get(address(funded.mission)).text

    assert f'data-address="http://127.0.0.1:8000/missions/{funded.mission.id}/money"' in html
    assert "/static/css/dashboard.css" in html


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


def test_risk_inside_the_declared_share_is_told_as_agreed(
    visitor: Browser, db: Session, funded: Funded
) -> None:
    storage = funded.projects["Storage"]
    storage.state, storage.verdict, storage.ended_at = (
        ProjectState.STOPPED_TO_LEARN, ProjectVerdict.REFUTED, now(),
    )  # fmt: skip
    funded.mission.risk_share = 40
    funded.add_money("50000", source_group=StakeholderGroup.PRIVATE)
    db.commit()

    page = visitor.open(address(funded.mission))

    assert "inside the 40% that may" in page.main.text
    assert "For each 100 of public money, 13 of private money followed." in page.main.text


def test_who_a_secret_vote_served_is_told_for_nobody(visitor: Browser, db: Session, funded: Funded) -> None:
    """Groups of an open vote are told by their public ballots; of a secret one no line."""
    assert "Ballots that got something they approve" in visitor.open(address(funded.mission)).main.text
    db.connection().execute(text("SET LOCAL session_replication_role = replica"))  # terms are frozen
    funded.decision.terms = {**funded.decision.terms, "secret": True}
    db.commit()

    page = visitor.open(address(funded.mission))

    assert "The vote that made the portfolio was secret" in page.main.text
    assert "Ballots that got something they approve" not in page.main.text
