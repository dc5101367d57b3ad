"""Search in every language, and neighbours by meaning or by words; what is not public is never found."""

import pytest
from sqlalchemy import text, update
from sqlmodel import Session, col

from app.models.call import Call
from app.models.submission import Submission
from app.nlp.embedding import HashingEmbedder
from app.rules.words import SubmissionState
from app.services import counts, embeddings, search, similar, submissions_list
from app.viewer import Viewer
from tests.factories import make_call, make_submission
from tests.people import make_person

TEXTS = {
    "panels": ("en", "We need solar panels on the roofs of schools."),
    "agua": ("es", "Más agua para la educación de los niños del desierto."),
    "wind": ("en", "Wind turbines on the hills make too much noise."),
    "taiwan": ("zh", "我們需要更多的太陽能發電"),
    "arabic": ("ar", "نحتاج إلى مزيد من الماء"),
}
NOT_PUBLIC = (SubmissionState.SUBMITTED, SubmissionState.HIDDEN, SubmissionState.DRAFT)


@pytest.fixture
def call(session: Session) -> Call:
    call, author = make_call(session), make_person(session, "Author")
    for language, words in TEXTS.values():
        keep(session, make_submission(session, call, author, text=words, language=language))
    for state in NOT_PUBLIC:
        hidden = make_submission(
            session, call, author, text="Secret solar panels.", state=state, hidden_rule="insult"
        )
        keep(session, hidden)
    return call


def keep(session: Session, submission: Submission) -> None:
    """Fill the search column as sending does."""
    value = search.document(submission.title, submission.text, submission.language)
    session.connection().execute(
        update(Submission).where(col(Submission.id) == submission.id).values(search=value)
    )


def found(session: Session, call: Call, typed: str) -> list[str]:
    counts.forget(call.id)
    listing = submissions_list.page(session, call, Viewer(), submissions_list.wanted_from({"q": typed}))
    keys = {words: key for key, (_language, words) in TEXTS.items()}
    assert listing.found == len(listing.page.voices)
    return sorted(keys.get(voice.excerpt, voice.excerpt) for voice in listing.page.voices)


@pytest.mark.parametrize(
    ("typed", "keys"),
    [
        pytest.param("panel", ["panels"], id="another ending of the word"),
        pytest.param("SOLAR schools", ["panels"], id="all the words"),
        pytest.param("educacion", ["agua"], id="without the accent"),
        pytest.param("educación niño", ["agua"], id="Spanish endings"),
        pytest.param('"solar panels"', ["panels"], id="an exact phrase"),
        pytest.param('"panels solar"', [], id="not in that order"),
        pytest.param("solar or wind", ["panels", "wind"], id="one or the other"),
        pytest.param("needing -panel", [], id="a word that must not be there, whatever its ending"),
        pytest.param("太陽能", ["taiwan"], id="Chinese without spaces"),
        pytest.param("電", ["taiwan"], id="one Chinese sign"),
        pytest.param("الماء", ["arabic"], id="Arabic"),
        pytest.param("secret", [], id="what is not public"),
        pytest.param("'); -- & | ! :* <-> \\ %", [], id="the syntax of the database"),
        pytest.param('"', [], id="a lone quotation mark"),
        pytest.param("pan\x00el\ud800", ["panels"], id="what cannot be stored"),
        pytest.param("(" * 5000, [], id="far too much"),
    ],
)
def test_a_search_finds(session: Session, call: Call, typed: str, keys: list[str]) -> None:
    assert found(session, call, typed) == keys


@pytest.mark.parametrize(
    "given",
    [
        {"group": "'; DROP TABLE submission"}, {"state": "hidden"}, {"state": "draft"}, {"sort": "author__email"},
        {"kind": "[]"}, {"place": "\x00"}, {"language": "\ud800"}, {"author_id": "1"},
    ],
)  # fmt: skip
def test_a_filter_that_is_none_of_ours_changes_nothing(
    session: Session, call: Call, given: dict[str, str]
) -> None:
    listing = submissions_list.page(session, call, Viewer(), submissions_list.wanted_from(given))

    assert len(listing.page.voices) == len(TEXTS)


def test_neighbours_by_meaning_are_public_and_nearest_first(session: Session, call: Call) -> None:
    embedder = HashingEmbedder()
    embeddings.embed_batch(session, embeddings.missing(session, embedder.name, 100), embedder)

    near = similar.to_text(session, call.id, "Put solar panels on the roofs of schools", embedder)

    assert [voice.excerpt for voice in near] == [TEXTS["panels"][1]]


def test_while_the_model_warms_neighbours_share_words(session: Session, call: Call) -> None:
    near = similar.to_text(session, call.id, "turbines and hills and noise", None, languages=("en",))

    assert [voice.excerpt for voice in near] == [TEXTS["wind"][1]]


def test_a_few_letters_are_too_little_to_tell(session: Session, call: Call) -> None:
    assert not similar.to_text(session, call.id, "solar", None)


@pytest.mark.parametrize(("typed", "same", "related"), [
    pytest.param("Solar panels on the roofs of schools, we need them!", ["panels"], [], id="the same in other order"),
    pytest.param("We need solar panels on the roofs of hospitals.", [], ["panels"], id="the same but for what matters"),
    pytest.param("Agua para la educación de los niños del desierto, más!", ["agua"], [], id="Spanish, the same words"),
    pytest.param("El agua y la educación son de todos, no de pocos", [], ["agua"], id="Spanish, by its words only"),
])  # fmt: skip
def test_what_says_the_same_is_told_from_what_is_related(
    session: Session, call: Call, typed: str, same: list[str], related: list[str]
) -> None:
    embedder = HashingEmbedder()
    embeddings.embed_batch(session, embeddings.missing(session, embedder.name, 100), embedder)

    near = similar.to_text(session, call.id, typed, embedder, languages=("en", "es"))

    assert [voice.excerpt for voice in near.same] == [TEXTS[key][1] for key in same]
    assert [voice.excerpt for voice in near.related] == [TEXTS[key][1] for key in related]


@pytest.mark.parametrize("warm", [True, False], ids=["by meaning", "by words"])
@pytest.mark.parametrize("state", [*NOT_PUBLIC, SubmissionState.WITHDRAWN])
def test_what_is_not_public_is_never_like_what_is_typed(
    session: Session, call: Call, warm: bool, state: SubmissionState
) -> None:
    embedder = HashingEmbedder()
    typed = "A funicular up the cliff for everyone"
    hidden = make_submission(session, call, make_person(session, "Other"), text=typed, language="en")
    keep(session, hidden)
    embeddings.embed_batch(session, embeddings.missing(session, embedder.name, 100), embedder)
    asked = (session, call.id, typed, embedder if warm else None)
    assert [voice.id for voice in similar.to_text(*asked, languages=("en",))] == [hidden.id]

    # Its vector and its words stay where they are: only its state keeps it from being found.
    if state is SubmissionState.WITHDRAWN:
        hidden.text = ""
    hidden.state, hidden.hidden_rule = state, "insult" if state is SubmissionState.HIDDEN else ""
    session.flush()

    assert not similar.to_text(*asked, languages=("en",))


def test_the_vector_index_serves_the_search(session: Session, call: Call) -> None:
    """With a sequential scan forbidden the plan must find our partial index, written out as it is."""
    embedder = HashingEmbedder()
    embeddings.embed_batch(session, embeddings.missing(session, embedder.name, 100), embedder)
    for setting in ("enable_seqscan", "enable_bitmapscan", "enable_sort"):
        session.connection().execute(text(f"SET LOCAL {setting} = off"))
    vector = str([float(each) for each in embedder.embed(["solar panels"])[0]])

    query = similar.nearest_query(call.id, embedder.name, embedder.dimensions, vector)
    compiled = query.compile(session.get_bind(), compile_kwargs={"literal_binds": True})
    plan = session.connection().exec_driver_sql(f"EXPLAIN {compiled}".replace("%", "%%")).scalars()

    assert "embedding_hashing_384" in "\n".join(plan)
