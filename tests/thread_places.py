"""Where the pages of things stand in a small world: what the names in their addresses mean there."""

from datetime import timedelta
from uuid import UUID

from sqlmodel import Session, select

from app.models.columns import now
from app.models.course import CourseReview
from app.models.import_run import ImportState
from app.models.milestone import Milestone
from app.models.mission import Clause
from app.models.organisation import Organisation
from app.models.project import Project
from app.rules.words import CallState, DecisionState
from app.services import challenges, import_runs
from tests.offered import make_offer
from tests.world import World


def places_of(session: Session, world: World) -> dict[str, object]:
    """Every name that `ids` of the world does not know, with what it takes for its page to be open."""
    certified = world.decisions[DecisionState.CERTIFIED]
    challenges.file(session, certified, world.people["paula"].id, "One ballot was not counted.")
    framed, records = world.missions[DecisionState.DRAFT].id, world.records
    return {
        **imports_in(session, world),
        **offers_in(session, world, framed),
        **course_of(session, world.missions[DecisionState.UPHELD].id),
        **parts_of(session, framed),
        "framed_id": framed,
        "draft_call_id": world.calls["draft"].id,
        "published_id": world.calls["published"].id,
        "judged_id": world.calls["judged"].id,
        "withdrawn_id": world.submissions["withdrawn"].id,
        "reviewed_id": records["reviewed_mission"].id,
        "draft_review_id": records["draft_review"].id,
        "amendment_id": records["amendment"].id,
        "draft_application_id": records["draft_application"].id,
        "judged_application_id": records["judged_application"].id,
        "drafted_id": world.decisions[DecisionState.DRAFT].id,
        "carried_id": world.decisions[DecisionState.CARRIED].id,
        "certified_id": certified.id,
    }


def imports_in(session: Session, world: World) -> dict[str, object]:
    carol, call = world.people["carol"].id, world.calls["open"]
    new, done = (
        import_runs.upload(session, call, f"{name}.csv", b"text\nShade.\n", carol) for name in ("new", "done")
    )
    done.state = ImportState.DONE
    return {"run_id": new.id, "done_run_id": done.id}


def offers_in(session: Session, world: World, mission_id: UUID) -> dict[str, object]:
    """An innovation call that is open, one that is announced, and one whose decision is near."""
    agency = session.get_one(Organisation, world.calls["open"].organisation_id)
    early = {"opens_at": now() + timedelta(days=5)}
    last = {"state": CallState.DECISION}
    panel = world.decisions[DecisionState.DRAFT].committee_id
    made = {
        "offer_id": make_offer(session, agency, mission_id=mission_id),
        "early_offer_id": make_offer(session, agency, mission_id=mission_id, call=early),
        "settled_id": make_offer(session, agency, mission_id=mission_id, panel_id=panel, call=last),
    }
    return {name: each.call.id for name, each in made.items()}


def course_of(session: Session, mission_id: UUID) -> dict[str, object]:
    milestone = Milestone(
        mission_id=mission_id, title="The first shade", due=now().date(), verifier="Its mayor"
    )
    review = CourseReview(mission_id=mission_id, number=1)
    session.add_all((milestone, review))
    session.flush()
    return {"milestone_id": milestone.id, "course_review_id": review.id}


def parts_of(session: Session, mission_id: UUID) -> dict[str, object]:
    clause = session.exec(select(Clause.id).where(Clause.mission_id == mission_id)).first()
    route = session.exec(select(Project.id).where(Project.mission_id == mission_id)).first()
    return {"clause_id": clause, "route_id": route}
