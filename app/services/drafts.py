"""Drafts: what is being typed, kept for its author or, before sign-in, for their browser. Keeping one is no act."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import timedelta
from enum import StrEnum
from typing import Any, ClassVar, TypeVar
from uuid import UUID

from sqlalchemy import delete, func, literal, or_, text
from sqlalchemy.dialects.postgresql import insert
from sqlmodel import Session, col, select

from app.errors import Conflict
from app.models.call import Call
from app.models.columns import now
from app.models.person import Person
from app.models.submission import Submission
from app.rules import texts
from app.rules.words import N_, StakeholderGroup, SubmissionKind, SubmissionState
from app.viewer import Viewer

Word = TypeVar("Word", bound=StrEnum)
PERSONS = text("state = 'draft' AND author_id IS NOT NULL")
ABANDONED = timedelta(days=60)
JUST_NOW = timedelta(minutes=1)
VISITORS = text("state = 'draft' AND author_id IS NULL")


class OtherWindow(Conflict):
    sentence: ClassVar[str] = N_(
        "Another window holds other words for this question. What you type here stays in this window."
    )


@dataclass(frozen=True)
class Said:
    """What somebody wants to say, as typed into the form."""

    text: str
    title: str = ""
    kind: SubmissionKind = SubmissionKind.IDEA
    language: str = ""
    place: str = ""
    group: StakeholderGroup | None = None
    speaks_for: str = ""  # "myself", "organisation", or not asked

    def voice_of(self, person: Person | None, before: UUID | None = None) -> UUID | None:
        """The organisation it is said for: the person's own, if they chose so; as it was where nobody was asked.

        Never one that is not theirs any more, one they named themselves, or that of an address that is not proved.
        """
        if person is None:
            return before
        own = person.organisation_id if person.email_confirmed_at is not None and person.is_vouched else None
        chosen = (
            self.speaks_for == "organisation" if self.speaks_for else before is not None and before == own
        )
        return own if chosen else None


def read(typed: Mapping[str, str]) -> Said:
    """What was typed, right or not; a choice that is none of ours is left out."""
    return Said(
        text=typed.get("text", ""),
        title=typed.get("title", ""),
        kind=one_of(SubmissionKind, typed.get("kind")) or SubmissionKind.IDEA,
        language=typed.get("language", ""),
        place=typed.get("place", ""),
        group=one_of(StakeholderGroup, typed.get("group")),
        speaks_for=typed.get("speaks_for", ""),
    )


def seen_in(typed: Mapping[str, str], prefix: str = "draft_") -> int:
    """The version of the draft that this window knows, or decided to write over."""
    told = typed.get(f"{prefix}over") or typed.get(f"{prefix}version", "")
    return int(told) if told.isascii() and told.isdigit() and len(told) < 10 else 0


def one_of(words: type[Word], raw: str | None) -> Word | None:
    return words(raw) if raw in {each.value for each in words} else None


def keep(session: Session, call: Call, viewer: Viewer, said: Said, seen: int | None = None) -> int:
    """Keep the words as they are, right or not; one draft for each call. Answers its version, 0 with nothing to keep.

    `seen` is the version this window knows (0: none). Words of another window are never written over unless the new
    text goes on where they end: `OtherWindow` then, and both are kept, one here and one there.
    """
    if not (said.text.strip() or said.title.strip()) or not (viewer.id or viewer.visitor_hash):
        discard(session, call.id, viewer, seen)
        return 0
    if sent_just_now(session, call.id, viewer, said):
        return 0
    facts = kept_words(said) | {"organisation_id": said.voice_of(viewer.person)}
    keeper: dict[str, Any] = {"author_id": viewer.id} if viewer.id else {"visitor_hash": viewer.visitor_hash}
    write = insert(Submission).values(call_id=call.id, state=SubmissionState.DRAFT, **keeper, **facts)
    known = or_(
        col(Submission.version) == seen,
        func.starts_with(write.excluded.text, col(Submission.text)),
        literal(seen is None),
    )
    write = write.on_conflict_do_update(
        index_elements=["call_id", next(iter(keeper))],
        index_where=PERSONS if viewer.id else VISITORS,
        set_={**facts, "version": col(Submission.version) + 1},
        where=known,
    )
    version = session.connection().execute(write.returning(col(Submission.version))).scalar()
    if version is None:
        raise OtherWindow()
    return int(version)


def sent_just_now(session: Session, call_id: UUID, viewer: Viewer, said: Said) -> bool:
    """Whether these very words were sent a moment ago: a saving under way then comes late, and is no new draft."""
    if viewer.id is None:
        return False
    query = select(Submission.id).where(
        Submission.call_id == call_id,
        Submission.author_id == viewer.id,
        Submission.state != SubmissionState.DRAFT,
        Submission.text == texts.clean(said.text, texts.DRAFT).text,
        col(Submission.submitted_at) > now() - JUST_NOW,
    )
    return session.exec(query.limit(1)).first() is not None


def keep_both(session: Session, call: Call, viewer: Viewer, said: Said, seen: int | None) -> None:
    """Keep the words where there is no window to leave them in: behind those of another one, if there are any."""
    try:
        keep(session, call, viewer, said, seen)
    except OtherWindow:
        other = find(session, call.id, viewer)
        keep(session, call, viewer, replace(said, text=joined(other, said)) if other else said)


def kept_words(said: Said) -> dict[str, Any]:
    """Cleaned so that it can be stored and shown again; too long is told at sending, not while typing."""
    return {
        "text": texts.clean(said.text, texts.DRAFT).text[:20_000],
        "title": texts.clean(said.title, texts.SUBMISSION_TITLE).text[:200],
        "place": texts.clean(said.place, texts.PLACE).text[:120],
        "language": texts.clean(said.language, texts.PLACE).text[:8],
        "kind": said.kind,
        "group": said.group,
        "updated_at": now(),
    }


def of_viewer(call_id: UUID, viewer: Viewer) -> list[Any]:
    """The conditions for the one draft this viewer may have in a call."""
    if viewer.id:
        whose = col(Submission.author_id) == viewer.id
    else:
        whose = col(Submission.author_id).is_(None) & (col(Submission.visitor_hash) == viewer.visitor_hash)
    return [Submission.call_id == call_id, Submission.state == SubmissionState.DRAFT, whose]


def find(session: Session, call_id: UUID, viewer: Viewer) -> Submission | None:
    if not (viewer.id or viewer.visitor_hash):
        return None
    return session.exec(select(Submission).where(*of_viewer(call_id, viewer))).first()


def discard(
    session: Session, call_id: UUID, viewer: Viewer, seen: int | None = None, sent: Said | None = None
) -> None:
    """Throw a draft away: it was sent, or its author changed their mind; never one of a version not `seen`.

    A draft that was kept on the way and holds nothing but the beginning of what was `sent` goes too.
    """
    version = [] if seen is None else [col(Submission.version) == seen]
    if version and sent:
        begun = func.starts_with(literal(sent.text), col(Submission.text))
        version = [or_(*version, begun & col(Submission.title).in_(("", sent.title)))]
    session.connection().execute(delete(Submission).where(*of_viewer(call_id, viewer), *version))


def of_person(session: Session, person_id: UUID) -> list[tuple[Submission, Call]]:
    """A person's drafts with the questions they answer, the latest first."""
    query = (
        select(Submission, Call)
        .join(Call, col(Call.id) == Submission.call_id)
        .where(Submission.author_id == person_id, Submission.state == SubmissionState.DRAFT)
        .order_by(col(Submission.updated_at).desc())
    )
    return list(session.exec(query))


def adopt(session: Session, viewer: Viewer, person: Person) -> int:
    """After signing in: what this browser's visitor wrote becomes the person's own. Nothing typed is lost."""
    if not viewer.visitor_hash:
        return 0
    query = select(Submission).where(
        Submission.visitor_hash == viewer.visitor_hash,
        Submission.state == SubmissionState.DRAFT,
        col(Submission.author_id).is_(None),
    )
    found = session.exec(query.with_for_update()).all()
    for draft in found:
        mine = find(session, draft.call_id, Viewer(person=person))
        if mine is None:
            draft.author_id, draft.visitor_hash = person.id, None
        else:
            mine.text, mine.updated_at = joined(mine, draft), now()
            mine.version += 1
            mine.title = mine.title or draft.title
            session.delete(draft)
        session.flush()
    return len(found)


def joined(mine: Submission, other: Submission | Said) -> str:
    """Both texts, unless one holds the other already."""
    first, second = mine.text.strip(), other.text.strip()
    if second in first:
        return first
    return second if first in second else f"{first}\n\n{second}"[:20_000]


def forget_abandoned(session: Session) -> None:
    """Drafts of visitors who did not sign in and did not come back for two months: nobody can be asked any more."""
    old = delete(Submission).where(
        col(Submission.state) == SubmissionState.DRAFT,
        col(Submission.author_id).is_(None),
        func.coalesce(col(Submission.updated_at), col(Submission.created_at)) < now() - ABANDONED,
    )
    session.connection().execute(old)
