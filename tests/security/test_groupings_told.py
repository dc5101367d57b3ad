"""What is told of a grouping that everyone sees says nothing of proposals that nobody accepted."""

from sqlmodel import Session

from app.models.cluster import clusters_of
from app.rules.words import ClusterLevel
from app.services import groupings, groupings_moves, groupings_story
from app.services.groupings_moves import Told
from tests.client import Browser
from tests.services.proposals import World


def test_names_of_a_discarded_proposal_are_in_no_story(visitor: Browser, db: Session) -> None:
    world = World(db)
    themes, keys = world.themes, world.written.keys
    refused = world.written.propose(
        {"mining": [*themes["mining"], *themes["school"]], "water": themes["water"]}
    )
    draft = next(one for one in clusters_of(db, refused.id) if one.key == keys["mining"])
    draft.label = "A name that nobody accepted"
    groupings.discard(db, refused, world.carol.id)
    made = world.written.propose({"water": [*themes["water"], *themes["mining"]], "solar": themes["solar"]})
    gone, home = keys["mining"], keys["water"]
    told = [Told(key, gone, home, 0.5) for key in themes["mining"]]
    texts = [groupings_story.plain(one) for one in told]
    made.diff = {"kept": [], "grown": [], "new": [], "gone": [str(gone)], "split": [], "merged": [], "joined": 0,
                 "moved": {"count": len(told), "texts": texts}, "before": {}, "after": {}}  # fmt: skip
    groupings_moves.keep(db, made.id, {ClusterLevel.MISSION: told, ClusterLevel.PROJECT: []})
    groupings.accept(db, made, world.carol.id)
    db.commit()

    story = groupings_story.story(db, made)
    assert [one.label for one in story.gone] == ["mining"]
    assert {one.before.label for one in story.moved if one.before} == {"mining"}
    page = visitor.get(f"/groupings/{made.id}/moves").text
    assert "mining" in page
    assert "nobody accepted" not in page
    assert str(draft.id) not in page
