"""A small call with clear themes, for tests of grouping: five themes of five voices each."""

from uuid import UUID

from sqlmodel import Session

from app.models.call import Call
from app.models.submission import Submission
from app.nlp.embedding import HashingEmbedder
from app.rules.words import StakeholderGroup, SubmissionState
from tests.factories import make_call
from tests.people import make_person

THEMES = {
    "solar": ["solar panels", "solar roof panels", "cheap solar power", "panels on the school roof"],
    "water": ["clean drinking water", "water pipes leak", "desalinated water plant", "water tank trucks"],
    "buses": ["night bus service", "bus stops with shade", "electric bus fleet", "bus to the hospital"],
    "mining": ["mine dust in the air", "copper mine waste", "mine tailings near town", "mining dust masks"],
    "school": ["teachers for rural schools", "school books", "school lunch kitchen", "teacher training"],
}
ENDINGS = ["are needed in {}", "for every family in {}"]
PLACES = ["Calama", "Antofagasta", "Iquique", "Arica"]
VOICES = 5
EMBEDDER = HashingEmbedder()


def silent(_stage: str, _share: float) -> None:
    """A progress that nobody watches."""


def make_themes(session: Session, call: Call | None = None) -> tuple[Call, dict[str, list[UUID]]]:
    call = call or make_call(session)
    found: dict[str, list[UUID]] = {}
    for theme, phrases in THEMES.items():
        # So few that grouping them takes no time: below thirty, texts are linked without a graph.
        said = [
            (phrase, ending, place)
            for phrase, place in zip(phrases, PLACES, strict=True)
            for ending in ENDINGS
        ]
        for phrase, ending, place in said[:VOICES]:
            words = f"{theme} {theme} {theme} {phrase} {ending.format(place)}"
            found.setdefault(theme, []).append(voice(session, call, words).id)
    make_noise(session, call)
    return call, found


def voice(session: Session, call: Call, text: str, **changes: object) -> Submission:
    author = make_person(session, "Author", email=None, pseudonym_key=f"{call.id} {text}")
    facts = {
        "call_id": call.id,
        "author_id": author.id,
        "text": text,
        "language": "en",
        "state": SubmissionState.VISIBLE,
        "group": StakeholderGroup.CITIZENS,
        **changes,
    }
    submission = Submission(**facts)
    session.add(submission)
    session.flush()
    return submission


def make_noise(session: Session, call: Call) -> None:
    """What must never be grouped: hidden and waiting texts."""
    voice(session, call, "solar hidden words", state=SubmissionState.HIDDEN, hidden_rule="abuse")
    voice(session, call, "solar waiting words", state=SubmissionState.SUBMITTED)
