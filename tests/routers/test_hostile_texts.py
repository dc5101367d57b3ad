"""Hostile text in every field of a voice is refused with a sentence, or shown harmlessly; never an error."""

import httpx
import pytest
from sqlmodel import Session, select

from app.models.submission import Submission
from app.rules.words import SubmissionState
from tests.client import Browser
from tests.factories import make_call, make_submission
from tests.people import make_facilitator, make_organisation, make_person

HOSTILE = {
    "nul": "before\x00after, some words",
    "lone surrogate": "before \ud800 after, some words",
    "right-to-left override": "abc \u202e gnirts desrever \u2066 x",
    "one endless word": "x" * 1_000_000,
    "zalgo": "z" + "\u0301\u0338\u0353" * 400 + "algo text that piles up",
    "script": "<script>alert(1)</script><img src=x onerror=alert(1)>",
    "attributes": '" onmouseover="alert(1)" hx-get="/evil" data-hx-on="x',
    "template": "{{ 7*7 }} {% include 'x' %} ${7*7} %(name)s %s",
    "formula": "=HYPERLINK(\"http://evil\") and more words",
    "header": "Subject\r\nBcc: all@example.org\r\n\r\nBody of it",
    "only spaces": " \u2003\u3000\u200b \n\t ",
    "joiners": "\u200d" * 500,
    "separators": "line\u2028paragraph\u2029end of the text",
    "emoji": "👩‍👩‍👧‍👦 family and 🏳️‍🌈 flag, words",
    "bom and tags": "\ufeffhello \U000e0041\U000e0042 world of words",
    "path": "../../etc/passwd\\..\\ and a few words",
    "sql": "'; DROP TABLE submission; -- and words",
    "ansi": "\x1b[31mred\x1b[0m and a few words",
}  # fmt: skip


@pytest.mark.parametrize("field", ["text", "title", "place", "language", "kind", "group", "form_key"])
def test_a_submission(stage: "Stage", field: str) -> None:
    basis = {"text": "Shade over the market square.", "title": "Shade"}

    for name, value in HOSTILE.items():
        stage.check(name, stage.post(f"/calls/{stage.call.id}/submissions", {**basis, field: value}))
    assert stage.checked == list(HOSTILE)


@pytest.mark.parametrize(
    ("path", "field"),
    [
        ("/submissions/{voice}/comments", "comment"),
        ("/submissions/{voice}/comments", "form_key"),
        ("/submissions/{voice}/comments", "parent"),
        ("/submissions/{voice}/report", "reason"),
        ("/submissions/{mine}/edit", "text"),
        ("/submissions/{mine}/edit", "title"),
        ("/submissions/{mine}/edit", "version"),
        ("/submissions/{hidden}/appeal", "appeal"),
        ("/calls/{call}/similar", "text"),
        ("/drafts/{call}", "text"),
        ("/drafts/{call}", "title"),
        ("/drafts/{call}", "place"),
        ("/submissions/{mine}/checking", "words"),
        ("/submissions/{mine}/checking", "agrees"),
    ],
)
def test_what_a_citizen_writes(stage: "Stage", path: str, field: str) -> None:
    basis = {
        "text": "Shade over the market square.",
        "version": "1",
        "agrees": "yes",
        "comment": "Yes, shade.",
    }

    for name, value in HOSTILE.items():
        stage.check(name, stage.post(stage.filled(path), {**basis, field: value}))
    assert stage.checked == list(HOSTILE)


@pytest.mark.parametrize("path", ["/submissions/{voice}/hiding", "/submissions/{voice}/reports/resolution"])
def test_what_a_moderator_writes(stage: "Stage", path: str) -> None:
    stage.browser.sign_in(stage.db, stage.carol)

    for name, value in HOSTILE.items():
        stage.check(name, stage.post(stage.filled(path), {"rule": "insult", "reason": value}))
    assert stage.browser.get("/moderation-log").status_code == 200


@pytest.mark.parametrize("name", ["q", "group", "place", "language", "kind", "state", "sort", "page", "list"])
def test_what_stands_in_an_address(stage: "Stage", name: str) -> None:
    for value in HOSTILE.values():
        typed = value[:5_000].encode("utf-8", "replace").decode()

        answer = stage.browser.get(f"/calls/{stage.call.id}/submissions", params={name: typed})

        assert answer.status_code == (400 if name == "page" else 200)
        assert "<script>alert" not in answer.text


class Stage:
    """A signed-in citizen, a voice of theirs, one of another, one hidden; and what must hold after each post."""

    def __init__(self, db: Session, browser: Browser) -> None:
        agency, bob, alice = make_organisation(db), make_person(db), make_person(db, "Alice")
        self.db, self.browser = db, browser
        self.carol, self.call = make_facilitator(db, agency), make_call(db, agency)
        self.mine = make_submission(db, self.call, bob)
        self.voice = make_submission(db, self.call, alice)
        self.hidden = make_submission(db, self.call, bob, state=SubmissionState.HIDDEN, hidden_rule="insult")
        self.checked: list[str] = []
        browser.sign_in(db, bob)

    def filled(self, path: str) -> str:
        return path.format(call=self.call.id, voice=self.voice.id, mine=self.mine.id, hidden=self.hidden.id)

    def post(self, path: str, fields: dict[str, str]) -> httpx.Response:
        sent = {name: value.encode("utf-8", "surrogatepass") for name, value in fields.items()}
        return self.browser.fill_in(path, sent)

    def check(self, name: str, answer: httpx.Response) -> None:
        """Refused or shown, never an error; nothing hostile works on the page or lies in the table."""
        self.checked.append(name)
        page = answer.text
        assert answer.status_code in (200, 400, 409, 422, 429), (name, page[:500])
        for working in ("<script>alert", "onerror=alert(1)>", "\u202e", '" onmouseover="', ' hx-get="/evil"'):
            assert working not in page, name
        self.db.expire_all()
        for kept in self.db.exec(select(Submission)):
            assert "\x00" not in kept.text, name
            assert "\n" not in kept.title, name


@pytest.fixture
def stage(db: Session, visitor: Browser) -> Stage:
    return Stage(db, visitor)
