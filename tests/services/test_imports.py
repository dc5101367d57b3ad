"""Files come in: good rows kept, bad ones reported with line and reason, nothing twice."""

from pathlib import Path

import pytest
from sqlmodel import Session, select

from app.models.person import Person
from app.models.submission import Submission
from app.rules import importing
from app.rules.importing import Column
from app.rules.words import SubmissionState
from app.services import imports, search, submissions
from app.services.drafts import Said
from app.services.imports import Report
from tests.factories import make_call
from tests.people import make_person

POLIS = Path("../shared/data/polis")
HEAD = "timestamp,datetime,comment-id,author-id,agrees,disagrees,moderated,comment-body\n"


def bring_in(
    session: Session, content: bytes, encoding: str = importing.UTF_8, **changes: object
) -> tuple[Report, list[Submission]]:
    call = changes.pop("call", None) or make_call(session)
    mapping = changes.pop("mapping", importing.POLIS)
    source = str(changes.pop("source", ""))
    report = imports.bring_in(session, call, content, mapping, encoding, None, lambda *_told: None, source)  # type: ignore[arg-type]
    query = select(Submission).where(Submission.call_id == call.id).order_by(Submission.number)  # type: ignore[arg-type, attr-defined]
    return report, list(session.exec(query))


def row(key: int, text: str, moderated: int = 1, author: int = 7) -> str:
    return f'1518501496471,x,{key},{author},48,8,{moderated},"{text}"\n'


def test_moderation_support_and_authors_of_the_source_are_kept(session: Session) -> None:
    content = (
        HEAD + row(1, "Widen the road") + row(2, "Maybe", 0) + row(3, "Rude words", -1) + row(4, "Ok", 1, 9)
    )

    report, found = bring_in(session, content.encode())

    assert (report.imported, report.skipped, report.errors) == (4, 0, [])
    assert [each.state for each in found] == [
        SubmissionState.VISIBLE, SubmissionState.SUBMITTED, SubmissionState.HIDDEN, SubmissionState.VISIBLE,
    ]  # fmt: skip
    assert found[2].hidden_rule == "rejected_in_source"
    assert (found[0].imported_agrees, found[0].imported_disagrees) == (48, 8)
    assert found[0].author_id == found[1].author_id != found[3].author_id
    assert session.get_one(Person, found[0].author_id).email is None


def test_a_second_import_changes_nothing(session: Session) -> None:
    call = make_call(session)
    content = (HEAD + row(1, "Widen the road") + row(2, "Plant trees")).encode()
    bring_in(session, content, call=call)

    report, found = bring_in(session, content, call=call)

    assert (report.imported, report.skipped) == (0, 2)
    assert len(found) == 2


def test_an_id_that_is_there_with_other_words_is_named_and_not_swallowed(session: Session) -> None:
    call = make_call(session)
    bring_in(session, (HEAD + row(1, "Widen the road") + row(2, "Plant trees")).encode(), call=call)
    other = (HEAD + row(1, "Widen the road") + row(2, "Close the school") + row(3, "New")).encode()

    report, found = bring_in(session, other, call=call)

    assert (report.imported, report.skipped) == (1, 1)
    assert [(each.line, each.reason.facts["key"]) for each in report.errors] == [(3, "2")]
    assert "already in this question with other words" in report.errors[0].reason.english
    assert [each.text for each in found] == ["Widen the road", "Plant trees", "New"]


def test_ids_and_authors_of_two_sources_are_kept_apart(session: Session) -> None:
    call = make_call(session)
    first = (HEAD + row(1, "Widen the road") + row(2, "Plant trees")).encode()
    second = (HEAD + row(1, "Close the school") + row(2, "Plant trees")).encode()
    bring_in(session, first, call=call)
    bring_in(session, second, call=call, source="Town hall")

    again, found = bring_in(session, second, call=call, source="town hall")

    assert (again.imported, again.skipped, again.errors) == (0, 2, [])
    assert [each.text for each in found] == [
        "Widen the road", "Plant trees", "Close the school", "Plant trees",
    ]  # fmt: skip
    assert found[0].author_id == found[1].author_id
    assert found[2].author_id == found[3].author_id != found[0].author_id


def test_an_english_text_stays_english_among_chinese_ones(session: Session) -> None:
    call = make_call(session, languages=["zh"])
    content = (
        HEAD + row(1, "The taxis are too expensive for most of us") + row(2, "要有完善的機制")
    ).encode()

    _report, found = bring_in(session, content, call=call)

    assert [each.language for each in found] == ["en", "zh"]


def test_each_bad_row_is_named_with_its_line_and_the_good_ones_stay(session: Session) -> None:
    content = (
        HEAD.encode()
        + row(1, "Good").encode()
        + row(2, "").encode()
        + row(3, "two\nlines are good").encode()
        + row(4, "caf\xe9").encode("latin-1")
        + row(1, "the id again").encode()
        + row(6, "x" * 6000).encode()
        + row(7, "the last good one").encode()
    )

    report, found = bring_in(session, content)

    assert [each.text for each in found] == ["Good", "two\nlines are good", "the last good one"]
    assert [each.line for each in report.errors] == [3, 6, 7, 8]
    reasons = [each.reason.english for each in report.errors]
    assert "missing" in reasons[0]
    assert "UTF-8" in reasons[1]
    assert "line 2" in reasons[2]


def test_latin_1_is_read_when_it_is_chosen(session: Session) -> None:
    content = HEAD.encode() + row(4, "caf\xe9 para todos").encode("latin-1")

    assert not importing.reads_as_utf_8(content)
    _report, found = bring_in(session, content, importing.LATIN_1)

    assert found[0].text == "café para todos"


def test_a_byte_order_mark_is_no_part_of_the_first_name(session: Session) -> None:
    content = b"\xef\xbb\xbf" + b"text,author\nMore shade,Ana\n"

    _report, found = bring_in(session, content, mapping=importing.guessed(importing.headers(content)))

    assert [each.text for each in found] == ["More shade"]


def test_texts_without_ids_come_in_once_and_repeats_stay_apart(session: Session) -> None:
    call = make_call(session)
    content = b"idea\nMore shade\nMore shade\nLess noise\n"
    mapping = {Column.TEXT: "idea"}
    bring_in(session, content, call=call, mapping=mapping)

    report, found = bring_in(session, content, call=call, mapping=mapping)

    assert (report.imported, report.skipped, len(found)) == (0, 3, 3)


@pytest.mark.skipif(not POLIS.is_dir(), reason="the real data lies outside the project")
@pytest.mark.parametrize(
    ("folder", "count", "language"),
    [("bowling-green-2018", 896, "en"), ("freshwater-nz", 80, "en"), ("uberx-vtaiwan", 197, "zh")],
)
def test_real_statements_come_in(session: Session, folder: str, count: int, language: str) -> None:
    content = (POLIS / folder / "comments.csv").read_bytes()

    report, found = bring_in(session, content)

    assert (report.imported, report.errors) == (count, [])
    assert sum(each.language == language for each in found) > 0.9 * count


def test_a_word_of_an_english_text_is_found_in_any_form_in_a_chinese_question(session: Session) -> None:
    call, bob = make_call(session, languages=["zh"]), make_person(session)
    content = (HEAD + row(1, "The taxis are too expensive for most of us")).encode()
    _report, (imported,) = bring_in(session, content, call=call)
    typed = submissions.submit(session, call, bob, Said("My grandmother needs taxis every day."), "form-1")

    query = select(Submission.id).where(Submission.call_id == call.id, search.matches("taxi", call.languages))
    assert set(session.exec(query)) == {imported.id, typed.id}
    assert typed.language == "en"
