"""A mission's text as its page shows it: clauses with their sources, in sections and parts, each with its share."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from uuid import UUID

from app.models.cluster import Cluster
from app.models.link import Link
from app.models.mission import Clause
from app.rules.mission_sections import PARTS, SECTIONS, part_of
from app.rules.words import Origin, SubjectKind
from app.services import missions, missions_sources
from app.services.missions_sources import Source


@dataclass(frozen=True)
class ClauseShown:
    """One clause; `text` is empty when its words were somebody's who took them back."""

    clause: Clause
    text: str
    sources: list[Source]
    clusters: list[Cluster]
    amendments: list[UUID] = field(default_factory=list)

    @property
    def is_from_below(self) -> bool:
        has_source = bool(self.sources or self.clusters or self.amendments)
        return self.clause.origin is not Origin.AGENCY and has_source


@dataclass(frozen=True)
class Section:
    name: str
    clauses: list[ClauseShown]


@dataclass(frozen=True)
class Part:
    """One of the four parts of a mission's text, or what an agency named itself, with the share from below."""

    key: str
    sections: list[Section]
    from_below: float

    @property
    def heading(self) -> str:
        return PARTS[self.key][0] if self.key in PARTS else ""

    @property
    def question(self) -> str:
        return PARTS[self.key][1] if self.key in PARTS else ""


def clause_shown(
    clause: Clause, links: Sequence[Link], known: dict[UUID, Source], groups: dict[UUID, Cluster],
    gone: set[UUID],
) -> ClauseShown:  # fmt: skip
    sources = [known[key] for key in missions_sources.submission_ids(links) if key in known]
    return ClauseShown(
        clause,
        missions.words_of(clause.text, links, unread(links, sources) | gone),
        sources,
        [groups[key] for key in missions_sources.cluster_ids(links) if key in groups],
        [link.to_id for link in links if link.to_kind is SubjectKind.STATEMENT],
    )


def unread(links: Sequence[Link], sources: Sequence[Source]) -> set[UUID]:
    """Voices behind something whose words nobody may read now."""
    return set(missions_sources.submission_ids(links)) - {each.id for each in sources if each.is_readable}


def sections(listed: Sequence[ClauseShown]) -> list[Section]:
    """Clauses under their headings: ours in their order, then those an agency named itself."""
    names = [*SECTIONS, *(each.clause.section for each in listed if each.clause.section not in SECTIONS)]
    found = {name: [each for each in listed if each.clause.section == name] for name in names}
    return [Section(name, clauses) for name, clauses in found.items() if clauses]


def parts(listed: Sequence[ClauseShown]) -> list[Part]:
    """The four parts in their order, empty or not, and then what belongs to none of them."""
    mine: dict[str, list[ClauseShown]] = {key: [] for key in PARTS}
    for each in listed:
        mine.setdefault(part_of(each.clause.section), []).append(each)
    return [Part(key, sections(clauses), share_from_below(clauses)) for key, clauses in mine.items()]


def share_from_below(listed: Sequence[ClauseShown]) -> float:
    """Which part of the text, counted in characters, comes from voices and groups and not from the agency."""
    total = sum(len(each.text) for each in listed)
    return sum(len(each.text) for each in listed if each.is_from_below) / total if total else 0.0
