"""Corrections in people's words: what one did, who did it and when, and the refusal that names two of them."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, ClassVar
from uuid import UUID

from sqlmodel import Session, col, select

from app.errors import Conflict
from app.models.cluster import Cluster
from app.models.correction import Correction
from app.models.grouping import accepted_grouping
from app.models.person import Person
from app.rules.phrases import Phrase, phrase
from app.rules.words import N_, CorrectionKind

NAMED = ("cluster", "kept", "gone", "from", "new", "to")  # where a correction names a group
GONE = N_("a group that is gone")
TAKEN_BACK = N_("words that were taken back")
# One voice, or several; the place of a group's name is filled where it is shown.
SAID: dict[CorrectionKind, tuple[str, str, str]] = {
    CorrectionKind.RENAME: ("cluster", N_("Renamed to “%(label)s”"), N_("Renamed to “%(label)s”")),
    CorrectionKind.MERGE: (
        "kept",
        N_("Merged another group into “%(label)s”"),
        N_("Merged another group into “%(label)s”"),
    ),
    CorrectionKind.SPLIT: (
        "from",
        N_("Split one voice off “%(label)s”"),
        N_("Split %(count)s voices off “%(label)s”"),
    ),
    CorrectionKind.MOVE: ("to", N_("Moved one voice to “%(label)s”"), N_("Moved %(count)s voices to “%(label)s”")),
    CorrectionKind.LOCK: ("cluster", N_("Locked “%(label)s”"), N_("Locked “%(label)s”")),
    CorrectionKind.SET_APART: ("", N_("Set one voice apart: %(reason)s"), N_("Set %(count)s voices apart: %(reason)s")),
    CorrectionKind.KEEP_TOGETHER: ("", N_("Kept %(count)s voices together"), N_("Kept %(count)s voices together")),
    CorrectionKind.KEEP_APART: ("", N_("Kept %(count)s voices apart"), N_("Kept %(count)s voices apart")),
}  # fmt: skip
GATHERED = N_("Made a group of %(count)s ungrouped voices: “%(label)s”")
UNDOING = N_("Undo (%(what)s)")


class Contradicts(Conflict):
    """Two corrections that cannot both hold; `older` is the one that stands."""

    sentence: ClassVar[str] = N_(
        "This contradicts an earlier correction. Now: %(newer)s. Earlier, %(person)s on %(when)s: %(older)s. "
        "Undo the earlier one first, or leave it as it is."
    )
    older: UUID

    @classmethod
    def between(
        cls, session: Session, newer: Correction | Phrase, older: Correction, *, is_undoing: bool = False
    ) -> "Contradicts":
        told = [newer, older] if isinstance(newer, Correction) else [older]
        names = labels(session, older.call_id, told)
        words = what(newer, names) if isinstance(newer, Correction) else newer
        found = cls(
            newer=phrase(UNDOING, what=words) if is_undoing else words,
            older=what(older, names),
            person=session.get_one(Person, older.person_id).name,
            when=older.created_at,
        )
        found.older = older.id
        return found


def what(correction: Correction, names: Mapping[str, str]) -> Phrase:
    """What a correction did, as a sentence without its end."""
    facts = correction.payload
    named, one, several = SAID[correction.kind]
    voices = facts.get("submissions", facts.get("left", []))
    if correction.kind is CorrectionKind.RENAME:
        label: object = facts["label"] or phrase(TAKEN_BACK)
    else:
        label = names.get(str(facts.get(named)), phrase(GONE))
    if correction.kind is CorrectionKind.SPLIT and facts["from"] is None:
        return phrase(GATHERED, count=len(voices), label=names.get(str(facts["new"]), phrase(GONE)))
    said = one if len(voices) == 1 else several
    why = {"reason": correction.reason.rstrip(".")} if correction.kind is CorrectionKind.SET_APART else {}
    return phrase(said, count=len(voices), label=label, **why)


def group_of(correction: Correction) -> str:
    """The identity of the group that a correction is told of, if it is told of one."""
    facts = correction.payload
    if correction.kind is CorrectionKind.SPLIT and facts["from"] is None:
        return str(facts["new"])
    return str(facts.get(SAID[correction.kind][0]) or "")


def labels(session: Session, call_id: UUID, corrections: Sequence[Correction]) -> dict[str, str]:
    """The names of the groups that corrections speak of, as they are called now, or were called last."""
    keys = groups_of(corrections)
    if not keys:
        return {}
    accepted = accepted_grouping(session, call_id)
    query = select(Cluster).where(col(Cluster.key).in_([UUID(key) for key in keys]))
    found = list(session.exec(query))
    found.sort(key=lambda one: accepted is not None and one.grouping_id == accepted.id)
    return {str(one.key): one.label for one in found}


def groups_of(corrections: Iterable[Correction]) -> set[str]:
    facts: Iterable[dict[str, Any]] = (one.payload for one in corrections)
    return {str(each[name]) for each in facts for name in NAMED if each.get(name)}


def forget_name(session: Session, key: UUID, words: str) -> None:
    """A name was taken back: no correction of that group gives it, or would bring it back when it is undone."""
    query = select(Correction).where(
        Correction.kind == CorrectionKind.RENAME, col(Correction.payload)["cluster"].astext == str(key)
    )
    for one in session.exec(query.with_for_update()):
        kept = {
            name: "" if one.payload.get(name) == words else one.payload.get(name)
            for name in ("label", "before")
        }
        one.payload = {**one.payload, **kept}
    session.flush()
