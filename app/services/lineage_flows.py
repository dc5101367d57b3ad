"""The flow of a call, of a mission and of one submission: from their voices to the missions that came of them."""

from collections import Counter
from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import func, text
from sqlmodel import Session, col, select

from app.i18n import _, word
from app.models.call import Call
from app.models.cluster import Cluster, survivors
from app.models.grouping import Grouping, accepted_grouping
from app.models.link import Link
from app.models.mission import Clause, Mission
from app.models.offer import offer_of
from app.models.submission import Submission
from app.rules.disclosure import PUBLIC_STATES, shows_call
from app.rules.words import StakeholderGroup, SubjectKind
from app.services import counts, lineage_rows
from app.services.lineage_flow import Flow, Stop
from app.services.lineage_follow import follow

GROUPS_AT_MOST = 30
# By group of the author, or of the organisation they speak for, and by the group of voices they stand in.
SAID = text(
    """
    SELECT coalesce(submission."group", organisation."group") AS by_group, placement.cluster_id AS home,
           count(*) AS voices
    FROM submission
    LEFT JOIN organisation ON organisation.id = submission.organisation_id
    LEFT JOIN placement ON placement.submission_id = submission.id AND placement.grouping_id = :grouping
    WHERE submission.call_id = :call AND submission.state = ANY(:states)
    GROUP BY 1, 2
    """
)
Said = Counter[tuple[StakeholderGroup | None, UUID | None]]


def of_call(session: Session, call: Call) -> Flow:
    """All voices of a question, the groups they stand in, and what became of each group.

    A call for projects has no voices of its own: its line is that of the mission it serves.
    """
    offer = offer_of(session, call.id)
    served = session.get(Mission, offer.mission_id) if offer is not None and offer.mission_id else None
    if served is not None and shows_call(session.get_one(Call, served.call_id).state):
        return of_mission(session, served)
    missions = lineage_rows.missions_of(session, col(Mission.call_id) == call.id)
    return flow_of(session, call, missions, is_whole=True)


def of_mission(session: Session, mission: Mission) -> Flow:
    """The voices behind one mission, and everything that followed from it."""
    return flow_of(session, session.get_one(Call, mission.call_id), [mission], is_whole=False)


def flow_of(session: Session, call: Call, missions: Sequence[Mission], *, is_whole: bool) -> Flow:
    """All voices of a call, or those of the groups from which these missions were drafted."""
    flow = Flow()
    grouping = accepted_grouping(session, call.id)
    live = survivors(session, grouping.id) if grouping else {}
    homes = homes_of(session, grouping, live, missions)
    said = voices(session, call, grouping)
    if not is_whole:
        said = Counter({key: many for key, many in said.items() if key[1] in homes.values()})
    groups = draw_groups(flow, call, said, live, set(homes.values()))
    quoted = quoted_by(session, [each.id for each in missions])
    for mission in missions:
        home = homes.get(mission.id)
        group = groups.get(home) if home else None
        many = count_in(said, home) if home else 0
        draw_mission(flow, mission, group, many, quoted.get(mission.id, 0))
    follow(session, flow, missions)
    return flow


def of_submission(session: Session, submission: Submission) -> Flow:
    """One voice, the group it stands in, and everything that came of it."""
    flow = Flow()
    trail = lineage_rows.trail_of(session, submission)
    name = submission.title or submission.text
    voice = flow.add(f"voice-{submission.id}", "voice", name, f"/submissions/{submission.id}")
    home = trail.family[-1] if trail.family else None
    group = add_group(flow, home) if home else None
    if group is not None:
        flow.join(voice, group, 1, "voices")
    for mission in trail.missions:
        stop = add_mission(flow, mission)
        is_from_group = mission.cluster_key in {each.key for each in trail.family}
        flow.join(group if is_from_group else voice, stop, 1, "voices")
    follow(session, flow, trail.missions)
    return flow


def voices(session: Session, call: Call, grouping: Grouping | None) -> Said:
    """How many public voices each group of people has in each mission-level group of voices; some seconds old."""

    def counted() -> Said:
        facts = {
            "call": call.id, "grouping": grouping.id if grouping else None,
            "states": [state.value for state in PUBLIC_STATES],
        }  # fmt: skip
        live = survivors(session, grouping.id) if grouping else {}
        found: Said = Counter()
        for row in session.connection().execute(SAID, facts):
            group = StakeholderGroup(row.by_group) if row.by_group else None
            found[group, top(live, row.home)] += row.voices
        return found

    found: Said = counts.remembered(("flow", call.id, grouping.id if grouping else None), counted)
    return found


def top(live: dict[UUID, Cluster], home: UUID | None) -> UUID | None:
    """The mission-level group around a group, as it stands after merging."""
    cluster = live.get(home) if home else None
    if cluster is None:
        return None
    return cluster.parent_id or cluster.id


def draw_groups(
    flow: Flow, call: Call, said: Said, live: dict[UUID, Cluster], kept: set[UUID]
) -> dict[UUID, Stop]:
    """Voices by who said them, and where they stand; groups that led to a mission and the largest others by name."""
    sizes = Counter({home: 0 for _group, home in said})
    for (_group, home), many in said.items():
        sizes[home] += many
    others = [home for home, _many in sizes.most_common() if home is not None and home not in kept]
    named = [home for home in sizes if home in kept] + others[:GROUPS_AT_MOST]
    groups = {home: add_group(flow, live[home]) for home in named if home is not None and home in live}
    for (group, home), many in sorted(said.items(), key=lambda each: -each[1]):
        flow.join(add_people(flow, call, group), place_of(flow, call, groups, home), many, "voices")
    return groups


def place_of(flow: Flow, call: Call, groups: dict[UUID, Stop], home: UUID | None) -> Stop:
    if home is None:
        return flow.add("ungrouped", "group", _("In no group"), f"/calls/{call.id}/ungrouped")
    if home not in groups:
        return flow.add("more-groups", "group", _("Smaller groups"), f"/calls/{call.id}/groups")
    return groups[home]


def add_people(flow: Flow, call: Call, group: StakeholderGroup | None) -> Stop:
    base = f"/calls/{call.id}/submissions"
    if group is None:
        return flow.add("said-unknown", "voice", _("People who named no group"), base)
    return flow.add(f"said-{group}", "voice", word(group), f"{base}?group={group}")


def add_group(flow: Flow, cluster: Cluster) -> Stop:
    return flow.add(f"group-{cluster.id}", "group", cluster.label, f"/clusters/{cluster.id}")


def add_mission(flow: Flow, mission: Mission) -> Stop:
    return flow.add(f"mission-{mission.id}", "clause", mission.title, f"/missions/{mission.id}")


def draw_mission(flow: Flow, mission: Mission, group: Stop | None, voices_in: int, quoted: int) -> None:
    """A mission hangs on the group it was drafted from; without one, on the voices its clauses quote."""
    stop = add_mission(flow, mission)
    if group is not None:
        flow.join(group, stop, voices_in, "voices")
    elif quoted:
        key, url = f"quoted-{mission.id}", f"/missions/{mission.id}#sources"
        flow.join(flow.add(key, "voice", _("Voices that it quotes"), url), stop, quoted, "voices")


def quoted_by(session: Session, mission_ids: Sequence[UUID]) -> dict[UUID, int]:
    """How many voices the clauses of each mission quote."""
    query = (
        select(Clause.mission_id, func.count(func.distinct(Link.to_id)))
        .join(Link, col(Link.from_id) == Clause.id)
        .where(col(Clause.mission_id).in_(mission_ids), Link.to_kind == SubjectKind.SUBMISSION)
        .group_by(col(Clause.mission_id))
    )
    return dict(session.exec(query).all()) if mission_ids else {}


def homes_of(
    session: Session, grouping: Grouping | None, live: dict[UUID, Cluster], missions: Sequence[Mission]
) -> dict[UUID, UUID]:
    """For each mission, the mission-level group in which the group it was drafted from stands now."""
    keys = {each.cluster_key: each.id for each in missions if each.cluster_key is not None}
    if grouping is None or not keys:
        return {}
    query = select(Cluster.key, Cluster.id).where(
        Cluster.grouping_id == grouping.id, col(Cluster.key).in_(list(keys))
    )
    found = {keys[key]: top(live, cluster) for key, cluster in session.exec(query)}
    return {mission: home for mission, home in found.items() if home is not None}


def count_in(said: Said, home: UUID) -> int:
    return sum(many for (_group, where), many in said.items() if where == home)
