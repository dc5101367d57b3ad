"""A grouped call, the facilitator at its bench, and what the pages of the bench offer to tick."""

from sqlmodel import Session

from app.models.call import Call
from app.models.cluster import Cluster, clusters_of
from app.models.grouping import accepted_grouping
from app.models.organisation import Organisation
from app.models.person import Person
from app.rules.words import ClusterLevel
from app.services import groupings
from tests.client import Browser
from tests.factories import make_call
from tests.page import Page
from tests.people import make_facilitator, make_organisation
from tests.services.voices import EMBEDDER, make_themes, silent


def make_grouped(db: Session, agency: Organisation | None = None) -> Call:
    call = make_themes(db, make_call(db, agency or make_organisation(db)))[0]
    groupings.group_now(db, call.id, EMBEDDER, silent)
    db.commit()
    return call


def signed_in(visitor: Browser, db: Session, agency: Organisation) -> Person:
    """The facilitator of an agency, at work."""
    person = make_facilitator(db, agency)
    visitor.sign_in(db, person)
    return person


def missions(db: Session, call: Call) -> list[Cluster]:
    """The groups that everybody sees, the largest first."""
    grouping = accepted_grouping(db, call.id)
    assert grouping is not None
    return clusters_of(db, grouping.id, ClusterLevel.MISSION)


def boxes(page: Page) -> list[str]:
    """The voices of a page that can be ticked."""
    return [each.get("value") for each in page.main.all("input") if each.get("name") == "voice"]


def ticked(page: Page) -> list[str]:
    found = [each for each in page.main.all("input") if each.get("name") == "voice" and "checked" in each]
    return [each.get("value") for each in found]
