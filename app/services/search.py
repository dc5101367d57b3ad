"""Full-text search: what is kept of each text, and the condition that finds it again."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import ColumnElement, and_, cast, func, literal, literal_column, not_
from sqlalchemy.dialects.postgresql import REGCONFIG, TSQUERY, TSVECTOR
from sqlmodel import col

from app.models.submission import Submission
from app.rules import finding


def document(title: str, text: str, language: str) -> ColumnElement[Any]:
    """The `search` value of a submission, made by the database with the stemmer of the text's language."""
    configuration = regconfig(finding.configuration(language))
    heading = func.setweight(func.to_tsvector(configuration, finding.folded(title)), literal_column("'A'"))
    body = func.setweight(func.to_tsvector(configuration, finding.folded(text)), literal_column("'B'"))
    return cast(heading.op("||")(body), TSVECTOR)


def matches(typed: str, languages: Sequence[str] = ()) -> ColumnElement[bool] | None:
    """The condition for what was typed; None when nothing in it can be searched for."""
    query = finding.read(typed)
    if not query.wanted:
        return None
    found = col(Submission.search).bool_op("@@")(any_language(query.wanted, languages))
    if not query.unwanted:
        return found
    # The unwanted words are taken out on their own: joined to each language's wanted words, the same word
    # unstemmed in another language would let them in again.
    return and_(found, not_(col(Submission.search).bool_op("@@")(any_language(query.unwanted, languages))))


def any_language(words: str, languages: Sequence[str]) -> ColumnElement[Any]:
    """The words as a query, read in each language that may be meant."""
    found: ColumnElement[Any] | None = None
    for name in finding.configurations(tuple(languages)):
        said = func.websearch_to_tsquery(regconfig(name), words, type_=TSQUERY)
        found = said if found is None else found.op("||", return_type=TSQUERY())(said)
    assert found is not None
    return found


def regconfig(name: str) -> ColumnElement[Any]:
    """One of our own names, never typed by anyone, written into the statement so that its plan knows it."""
    return cast(literal(name, literal_execute=True), REGCONFIG)
