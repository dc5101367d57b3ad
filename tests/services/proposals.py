"""Groupings written by hand, so that a test knows exactly what a proposal would change."""

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID, uuid4

from sqlmodel import Session, select

from app.models.call import Call
from app.models.cluster import Cluster
from app.models.columns import now
from app.models.correction import standing_corrections
from app.models.grouping import Grouping
from app.models.placement import Placement
from app.rules.words import ClusterLevel, GroupingState, SubjectKind
from app.services import clusters_counts, embeddings, events
from app.services.groupings_run import begun
from tests.services.voices import EMBEDDER

Groups = Mapping[str, Sequence[UUID] | Mapping[str, Sequence[UUID]]]


class Written:
    """Groupings of one call in which a group of the same name is the same group."""

    def __init__(self, session: Session, call: Call) -> None:
        self.session, self.call = session, call
        self.keys: dict[str, UUID] = {}

    def propose(self, groups: Groups, ungrouped: Sequence[UUID] = (), **changes: Any) -> Grouping:
        """A proposal of these missions; a mission told as a mapping has projects, "" are its other voices."""
        session, call = self.session, self.call
        corrections = [str(one.id) for one in standing_corrections(session, call.id)]
        facts = {
            "model": EMBEDDER.name,
            "corrections": corrections,
            "state": GroupingState.PROPOSED,
            "finished_at": now(),
        }
        grouping = Grouping(call_id=call.id, **(facts | changes))
        session.add(grouping)
        session.flush()
        made = []
        for name, inside in groups.items():
            upper = self.cluster(grouping, name, None)
            made.append(upper)
            for project, voices in (inside if isinstance(inside, Mapping) else {"": inside}).items():
                home = self.cluster(grouping, project, upper) if project else upper
                made += [home] if home is not upper else []
                self.place(grouping, voices, home)
                for one in (upper, home):
                    one.measures = one.measures or {"label_from": str(voices[0]) if voices else None}
        self.place(grouping, ungrouped, None)
        clusters_counts.recount(session, made)
        embeddings.embed_batch(session, self.voices(grouping), EMBEDDER)
        events.record(session, "grouping_started", SubjectKind.GROUPING, grouping.id, call=call.id)
        events.record(session, "grouping_proposed", SubjectKind.GROUPING, grouping.id, call=call.id,
                      states={SubjectKind.CLUSTER: begun(session, grouping)})  # fmt: skip
        session.flush()
        return grouping

    def cluster(self, grouping: Grouping, name: str, parent: Cluster | None) -> Cluster:
        made = Cluster(
            id=uuid4(), grouping_id=grouping.id, call_id=self.call.id, key=self.keys.setdefault(name, uuid4()),
            level=ClusterLevel.PROJECT if parent else ClusterLevel.MISSION,
            parent_id=parent.id if parent else None, label=name,
        )  # fmt: skip
        self.session.add(made)
        self.session.flush()
        return made

    def place(self, grouping: Grouping, voices: Sequence[UUID], home: Cluster | None) -> None:
        for number, voice in enumerate(voices):
            self.session.add(
                Placement(grouping_id=grouping.id, submission_id=voice, cluster_id=home.id if home else None,
                          margin=0.5 + number / 100, reason="" if home else "It is not close enough to any group.")
            )  # fmt: skip
            grouping.size += 1
            grouping.ungrouped += home is None
        self.session.flush()

    def voices(self, grouping: Grouping) -> list[UUID]:
        query = select(Placement.submission_id).where(Placement.grouping_id == grouping.id)
        return list(self.session.exec(query))

    def standing(self, grouping: Grouping) -> dict[UUID, tuple[str | None, str | None]]:
        """The names of the mission and the project in which each voice stands."""
        every = {
            one.id: one
            for one in self.session.exec(select(Cluster).where(Cluster.grouping_id == grouping.id))
        }
        names = {key: name for name, key in self.keys.items()}
        found: dict[UUID, tuple[str | None, str | None]] = {}
        for place in self.session.exec(select(Placement).where(Placement.grouping_id == grouping.id)):
            home = every[place.cluster_id] if place.cluster_id else None
            upper = every[home.parent_id] if home and home.parent_id else home
            named = [names.get(one.key, one.label) if one else None for one in (upper, home)]
            found[place.submission_id] = (named[0], named[1] if home is not upper else None)
        return found
