"""The main thread as people walk it: from a citizen's words to a mission a committee has voted on, and back."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Protocol

from sqlmodel import Session, select

from app.models.call import Call
from app.models.committee import Committee
from app.models.decision import Decision
from app.models.person import Person
from app.models.submission import Submission
from app.nlp.embedding import HashingEmbedder
from app.rules.words import Criterion, Role, ScopeKind, StakeholderGroup
from app.services import embeddings, terms
from tests import reviewed
from tests.factories import make_call
from tests.page import Page
from tests.people import make_committee, make_facilitator, make_member, make_organisation, make_person, seat
from tests.services.voices import make_themes

WORDS = "solar solar panels on every school roof are needed in Calama, says a citizen"
SPEAKERS = (StakeholderGroup.CITIZENS, StakeholderGroup.ACADEMIA, StakeholderGroup.THIRD)
SIGN = "Sign this result"
AS_TYPED = "%Y-%m-%dT%H:%M"
MEMBERS = ("Paula", "Priya", "Tom", "Ada", "Alice")


class Hand(Protocol):
    """Someone at a browser, with JavaScript or without: every page they come to is checked."""

    def open(self, path: str) -> Page: ...

    def fill(
        self, page: Page, action: str, fields: dict[str, object] | None = None, button: str = ""
    ) -> Page: ...


@dataclass
class Scene:
    """The people and the place before the journey; `hand` gives each of them a browser of their own."""

    call: Call
    committee: Committee
    people: dict[str, Person]
    hand: Callable[[str], Hand]
    read: Callable[[], Session]
    group: Callable[[Hand, str], Page]
    letter: Callable[[str], str]
    seen: dict[str, str] = field(default_factory=dict)


def set_the_scene(
    db: Session,
    hand: Callable[[str], Hand],
    read: Callable[[], Session],
    group: Callable[[Hand, str], Page],
    letter: Callable[[str], str],
) -> Scene:
    """An open call with forty voices of three groups, its facilitator, and a committee of five."""
    agency = make_organisation(db)
    call = make_call(db, agency, title="Life in the desert", timezone="UTC", languages=["en", "es"])
    make_themes(db, call)
    for place, voice in enumerate(db.exec(select(Submission).where(Submission.call_id == call.id))):
        voice.group = SPEAKERS[place % len(SPEAKERS)]
    committee = make_committee(db, agency)
    people = {"carol": make_facilitator(db, agency)}
    for name, group_ in zip(MEMBERS, StakeholderGroup, strict=True):
        people[name] = make_member(db, committee, name, group_)[0]
    for role in (Role.CHAIR, Role.SECRETARY):
        people[role.value] = make_person(db, role.value.title())
        seat(db, people[role.value], role, ScopeKind.COMMITTEE, committee.id)
    terms.ensure_sdg(db)
    embedder = HashingEmbedder()
    embeddings.embed_batch(db, embeddings.missing(db, embedder.name, 100), embedder)
    db.commit()
    return Scene(call, committee, people, hand, read, group, letter)


def walk(scene: Scene) -> None:
    citizen = scene.hand("citizen")
    sign_up(scene, citizen)
    submission = submit(scene, citizen)
    mission = facilitate(scene, scene.hand("carol"), submission)
    decision = decide(scene, mission)
    outcome = citizen.open(submission)

    assert "Adopted" in outcome.text
    assert decision in outcome.links or mission in outcome.links
    assert "All five groups were for it" in citizen.open(decision).text
    assert scene.seen["title"] in citizen.open(mission).text
    assert "The chain holds" in citizen.open("/events/verification").text


def sign_up(scene: Scene, citizen: Hand) -> None:
    """An account, and the letter with the link that confirms its address."""
    page = citizen.open("/sign-up")
    facts = {
        "name": "Bea Citizen",
        "email": "bea@example.org",
        "password": "a long enough password",
        "group": "citizens",
    }
    page = citizen.fill(page, "/sign-up", facts)
    assert "We sent a letter to bea@example.org" in page.text

    page = citizen.fill(page, "/sign-in", {"email": "bea@example.org", "password": "a long enough password"})
    link = "/link/" + scene.letter("bea@example.org").split("/link/", 1)[1].split()[0]
    page = citizen.fill(citizen.open(link), link)
    assert "Your address is confirmed" in page.text


def submit(scene: Scene, citizen: Hand) -> str:
    """Say something, look at what others said close to it, and send it; answers where it stands."""
    call = f"/calls/{scene.call.id}"
    page = citizen.open(f"{call}/submissions/new")
    page = citizen.fill(page, f"{call}/submissions", {"text": WORDS}, button="See voices close to mine")
    assert "something close" in page.text
    assert "Endorse this instead" in page.text
    assert WORDS in page.html

    page = citizen.fill(page, f"{call}/submissions", {"text": WORDS}, button="Send my submission")
    assert WORDS in page.text
    with scene.read() as session:
        made = session.exec(select(Submission).where(Submission.text == WORDS)).one()
        return f"/submissions/{made.id}"


def facilitate(scene: Scene, carol: Hand, submission: str) -> str:
    """Group, accept, correct, confirm, draft, complete and frame; answers where the mission stands."""
    bench = f"/calls/{scene.call.id}/workbench"
    page = carol.fill(carol.open(bench), "/groupings", button="Group the voices")
    page = scene.group(carol, bench)
    page = carol.fill(page, "/acceptance", button="Accept and show it to everyone")
    page = correct(carol, bench, page, submission)
    page = carol.fill(page, "/confirmation", button="Confirm")
    page = carol.fill(page, "/mission", button="Draft a mission")
    edit = page.url
    assert edit.endswith("/edit")

    complete(scene, carol, edit)
    page = carol.fill(carol.open(edit), "/edit", button="Ready for a committee")
    assert "Framed" in page.main.text
    return edit.removesuffix("/edit")


def correct(carol: Hand, bench: str, page: Page, submission: str) -> Page:
    """Rename the group that the citizen's words are in, and move another voice out of it."""
    group = next(path for path in groups_on(page) if submission in carol.open(path).links)
    page = carol.fill(carol.open(group), "/name", {"label": "Power made where we live"}, button="Rename")
    assert "Power made where we live" in page.heading + page.text

    form = page.form("/placements")
    elsewhere = next(path for path in groups_on(page) if path != group).split("cluster=")[1]
    moved = next(voice for voice in form.choices("voice") if submission.rsplit("/", 1)[1] not in voice)
    page = carol.fill(page, "/placements", {"voice": moved, "target": elsewhere}, button="Move")
    assert "now stands in" in page.text
    return carol.open(group)


def groups_on(page: Page) -> list[str]:
    """The suggested missions in the list of the bench, without the projects inside them."""
    nav = next(each for each in page.elements if each.tag == "nav" and each.get("class") == "bench-groups")
    rows = [row for row in nav.all("li") if row.parent is not None and row.parent.parent is nav]
    links = [row.all("a")[0].get("href").split("#")[0] for row in rows]
    return [link for link in links if "?cluster=" in link]


def complete(scene: Scene, carol: Hand, edit: str) -> None:
    """Everything that a vote needs: title, target, indicator and a third way."""
    scene.seen["title"] = "Power day and night in every village by 2035"
    carol.fill(carol.open(edit), "/edit", {"title": scene.seen["title"]}, button="Save")
    carol.fill(carol.open(edit), "/edit", {"add": "7.2"}, button="Save")
    indicator = {
        "name": "Villages with power at night",
        "lens": "user",
        "direction": "up",
        "unit": "villages",
    }
    indicator |= {
        "baseline": "3",
        "goal": "28",
        "due": "2035-12-31",
        "source": "Grid operator",
        "owner": "Office",
    }
    carol.fill(carol.open(edit), "/edit", indicator, button="Save")
    agency = scene.committee.organisation_id
    commitment = {
        "affected": "Families in villages without power at night",
        "owned_by": f"organisation:{agency}",
    }
    carol.fill(carol.open(edit), "/edit", commitment, button="Save")
    money = edit.removesuffix("/edit") + "/money"
    line: dict[str, object] = {"kind": "announced", "source": "Regional fund", "year": "2027"}
    line |= {"amount": "1000000", "currency": "CLP", "certainty": "likely"}
    carol.fill(carol.open(money), "/money", line, button="Add this line")
    for name in ("Batteries in the old station", "Panels over the market", "A wire to the coast"):
        page = carol.open(edit.removesuffix("/edit") + "/routes/new")
        carol.fill(page, "/routes", {"title": name, "route": name})


def review(scene: Scene, mission: str) -> None:
    """Every member grades the mission and appraises it, blind to the others; the chair concludes."""
    chair, reviews = scene.hand("chair"), f"{mission}/reviews"
    page = chair.fill(chair.open(reviews), "/reviews", button="Send it to review")
    assert "The mission is in review" in page.text
    for name in MEMBERS:
        member = scene.hand(name)
        links = links_of(member.open(reviews))
        criteria, appraisal = (each for each in links if each.startswith(f"{reviews}/"))
        page = member.fill(member.open(criteria), "/interest", button="Nothing ties me to it")
        page = member.fill(page, criteria, grades(name), button="File this review")
        assert "Your review is filed" in page.text
        member.fill(member.open(appraisal), appraisal, dict(reviewed.appraisal()), button="File this review")
        if name != MEMBERS[-1]:
            assert "thinks it bold" not in page.text + chair.open(reviews).text
    assert "thinks it bold" in chair.open(reviews).text
    said = {"verdict": "ready", "reason": "All five groups think it bold."}
    page = chair.fill(chair.open(reviews), "/conclusion", said, button="Conclude the review")
    assert "Ready for a vote" in page.text


def grades(name: str) -> dict[str, object]:
    told: dict[str, object] = {f"{each}_grade": "very_good" for each in Criterion}
    told |= {f"{each}_quote": "every village by 2035" for each in Criterion}
    return told | {"solution": "none", "bold_note": f"{name} thinks it bold."}


def links_of(page: Page) -> list[str]:
    return [each.get("href") for each in page.elements if each.tag == "a"]


def decide(scene: Scene, mission: str) -> str:
    """Put the question, give notice, vote, close, certify; answers where the decision stands."""
    review(scene, mission)
    chair, secretary = scene.hand("chair"), scene.hand("secretary")
    agenda = f"/committees/{scene.committee.id}/agenda"
    page = chair.fill(chair.open(f"{agenda}/new"), agenda, {"mission_id": mission.rsplit("/", 1)[1]})
    start = datetime.now(UTC)
    ends = start + timedelta(days=2)
    times = {"opens_at": start.strftime(AS_TYPED), "closes_at": ends.strftime(AS_TYPED)}
    page = chair.fill(page, "/notice", times, button="Announce the vote")
    decision = page.url
    assert "The vote is announced" in page.text

    for name in MEMBERS:
        member = scene.hand(name)
        page = member.fill(
            member.open(decision), "/ballot", {"choice": "for", "reason": f"{name} was convinced."}
        )
        assert "was convinced" in page.text
        assert "was convinced" not in chair.open(decision).text

    page = chair.fill(chair.open(decision), "/closing", button="Close and count now")
    assert "was convinced" in page.text
    for name in MEMBERS[:2]:
        member = scene.hand(name)
        member.fill(member.open(decision), f"{decision}/signature", button=SIGN)
    reasons = "All five groups were for it, and the numbers can be followed."
    page = secretary.fill(secretary.open(f"{decision}/certification"), "/certification", {"reasons": reasons})
    assert reasons in page.text
    with scene.read() as session:
        assert session.exec(select(Decision)).one().certified_at is not None
    return decision
