"""Groupings written by hand, so that a test knows exactly what a proposal would change."""

from collections.abc import Collection, Mapping, Sequence
from typing import Any
from uuid import UUID, uuid4

import numpy as np
from sqlmodel import Session, select

from app.models.call import Call
from app.models.cluster import Cluster
from app.models.columns import now
from app.models.correction import standing_corrections
from app.models.grouping import Grouping
from app.models.person import Person
from app.models.placement import Placement
from app.nlp.partition import Ladder, Rung
from app.rules.words import ClusterLevel, GroupingState, SubjectKind
from app.services import (
    clusters_counts,
    embeddings,
    events,
    groupings,
    groupings_ladder,
    groupings_partial,
)
from app.services.groupings_run import begun
from tests.people import make_person
from tests.services.voices import EMBEDDER, THEMES, make_themes, silent, voice

Groups = Mapping[str, Sequence[UUID] | Mapping[str, Sequence[UUID]]]


def accept_part(session: Session, proposal: Grouping, ticked: Collection[UUID], by: UUID | None) -> Grouping:
    """Ask for these changes, and do what the job does then."""
    asked = groupings_partial.ask(session, proposal, ticked, by)
    carry_out(session, asked.id)
    return session.get_one(Grouping, asked.id)


def carry_out(session: Session, asked: UUID) -> None:
    for step in groupings_partial.STEPS:
        step(session, asked, silent)


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
        for number, key in enumerate(voices):
            self.session.add(
                Placement(grouping_id=grouping.id, submission_id=key, cluster_id=home.id if home else None,
                          margin=0.5 + number / 100, reason="" if home else "It is not close enough to any group.")
            )  # fmt: skip
            grouping.size += 1
            grouping.ungrouped += home is None
        self.session.flush()

    def voices(self, grouping: Grouping) -> list[UUID]:
        query = select(Placement.submission_id).where(Placement.grouping_id == grouping.id)
        return list(self.session.exec(query))

    def standing(
        self, grouping: Grouping, session: Session | None = None
    ) -> dict[UUID, tuple[str | None, str | None]]:
        """The names of the mission and the project in which each voice stands."""
        reading = session or self.session
        every = {
            one.id: one for one in reading.exec(select(Cluster).where(Cluster.grouping_id == grouping.id))
        }
        names = {key: name for name, key in self.keys.items()}
        found: dict[UUID, tuple[str | None, str | None]] = {}
        for place in reading.exec(select(Placement).where(Placement.grouping_id == grouping.id)):
            home = every[place.cluster_id] if place.cluster_id else None
            upper = every[home.parent_id] if home and home.parent_id else home
            named = [names.get(one.key, one.label) if one else None for one in (upper, home)]
            found[place.submission_id] = (named[0], named[1] if home is not upper else None)
        return found


class World:
    """Five themes, accepted as they are: solar with a project, school ungrouped."""

    def __init__(self, session: Session, call: Call | None = None, carol: Person | None = None) -> None:
        self.session = session
        self.call, self.themes = make_themes(session, call)
        self.carol: Person = carol or make_person(session, "Carol")
        self.written = Written(session, self.call)
        themes = self.themes
        solar, water = themes["solar"], themes["water"]
        self.before = self.written.propose(
            {
                "solar": {"roofs": solar[:3], "": solar[3:]},
                "water": water,
                "buses": themes["buses"],
                "mining": themes["mining"],
            },
            themes["school"],
        )
        groupings.accept(session, self.before, self.carol.id)
        self.new = voice(session, self.call, "bus bus bus lanes for every family").id

    def propose(self, **others: list[UUID]) -> Grouping:
        """Solar loses two to water; buses take in mining but for one, who is left over; school is new; one joins."""
        one = self.themes
        solar, water, mining = one["solar"], one["water"], one["mining"]
        return self.written.propose(
            {
                "solar": {"roofs": solar[:2], "fields": solar[2:3]},
                "water": [*water, *solar[3:]],
                "buses": [*one["buses"], *mining[1:], self.new],
                "school": one["school"],
                **others,
            },
            mining[:1],
        )

    def keys(self, *names: str) -> set[UUID]:
        return {self.written.keys[name] for name in names}

    def accept(self, proposal: Grouping, *names: str) -> Grouping:
        return accept_part(self.session, proposal, self.keys(*names), self.carol.id)

    def give_ladder(self, proposal: Grouping) -> None:
        """Four steps: two groups, five themes, ten halves, single voices; it stands on the second and the third."""
        voices = [key for name in THEMES for key in self.themes[name]]
        at = np.arange(len(voices))
        labels = np.stack([at // 15, at // 5, at // 5 * 2 + (at % 5 > 2), at])
        facts = (
            (0.5, 2, 0.9, 0.1, 1.9),
            (1.0, 5, 0.8, 0.4, 2.0),
            (2.0, 10, 0.6, 0.2, 1.4),
            (4.0, 25, 0.2, 0.1, 0.5),
        )
        rungs = [Rung(*each) for each in facts]
        groupings_ladder.keep(self.session, proposal, voices, Ladder(tuple(rungs), labels), (1, 2))
