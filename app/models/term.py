"""Terms: official and own vocabularies (SDG goals and targets, sectors, places), and their tags on subjects."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import UniqueConstraint
from sqlmodel import Field, SQLModel

from app.models.columns import created, key, maybe_to, to, word
from app.rules.words import SubjectKind


class Term(SQLModel, table=True):
    """One entry of one scheme; a target's parent is its goal. `official` is its full wording, once that is loaded."""

    __table_args__ = (UniqueConstraint("scheme", "code", name="one_code_per_scheme"),)

    id: UUID = key()
    scheme: str = Field(max_length=40)
    code: str = Field(max_length=40)
    label: str = Field(max_length=400)
    official: str = Field(default="", max_length=2000)
    parent_id: UUID | None = maybe_to("term.id")


class Tag(SQLModel, table=True):
    """A term on a subject; a group is meant by its key, so that the term stays with it over every later grouping."""

    term_id: UUID = to("term.id", primary_key=True)
    subject_kind: SubjectKind = word(SubjectKind, primary_key=True)
    subject_id: UUID = Field(primary_key=True)


class Dismissal(SQLModel, table=True):
    """A suggested term that a person said does not fit: it is not suggested again."""

    term_id: UUID = to("term.id", primary_key=True)
    subject_kind: SubjectKind = word(SubjectKind, primary_key=True)
    subject_id: UUID = Field(primary_key=True)
    by_id: UUID = to("person.id")
    created_at: datetime = created()
