"""The official wording stands beside our few words, and a file that is not whole changes nothing."""

import json

import pytest
from sqlmodel import Session

from app.rules.official_terms import FileRefused
from app.services import terms, terms_official


def listed(**changes: str) -> bytes:
    told = {code: f"Official words of {code}" for code in terms.written()} | changes
    return json.dumps([{"code": code, "description": words} for code, words in told.items()]).encode()


def test_loading_twice_changes_nothing_and_a_newer_wording_is_taken(session: Session) -> None:
    first = terms_official.load(session, listed())
    again = terms_official.load(session, listed())
    newer = terms_official.load(session, listed(**{"7.2": "By 2030, more of it"}))

    assert [(each.terms, each.changed) for each in (first, again, newer)] == [(186, 186), (186, 0), (186, 1)]
    assert terms_official.wordings(session)["7.2"] == "By 2030, more of it"
    target = next(each for goal in terms.tree(session) for each in goal.targets if each.code == "7.2")
    assert (target.official, target.label) == ("By 2030, more of it", terms.label("7.2"))


def test_a_broken_file_changes_nothing(session: Session) -> None:
    terms_official.load(session, listed())

    with pytest.raises(FileRefused):
        terms_official.load(session, listed(**{"7.2": ""}))

    assert terms_official.wordings(session)["7.2"] == "Official words of 7.2"


def test_our_own_words_come_back_at_the_start_and_the_official_ones_stay(session: Session) -> None:
    terms_official.load(session, listed())

    terms.ensure_all(session)

    assert len(terms_official.wordings(session)) == 186
