"""How the committee of the demonstration reviews: sent, filed blind, talked about and concluded, or waived."""

from datetime import timedelta
from functools import partial
from typing import Any

from sqlmodel import select

from app.demo import content
from app.demo.seed_people import seated_as, voter_of
from app.demo.story import Act, Calendar, Stage
from app.models.mission import Mission
from app.models.review import Review, ReviewRound, live_round, reviews_of
from app.models.seat import Seat
from app.rules.words import Criterion, ReviewVerdict, Role
from app.services import reviews, reviews_conclude, reviews_rounds

SENT, FILED, CONCLUDED = (
    -3.9,
    -3.6,
    -2.5,
)  # days before notice; a mission is framed before and asked about after
COMMITTEE = "committee"
DUE = 21  # the hour
UNREVIEWED = (
    "The committee read and discussed this mission in two meetings before reviews were written down here."
)


def acts(calendar: Calendar) -> list[Act]:
    found: list[Act] = []
    for told in content.missions():
        noticed, key = content.noticed(told), told["key"]
        if noticed is None:
            continue
        if again := told.get("again"):
            found.append(Act(calendar.at(again["sent"]), partial(send_again, told=told)))
        if "review" not in told:
            found.append(Act(calendar.at(noticed + CONCLUDED), partial(waive, mission=key)))
            continue
        found.append(Act(calendar.at(noticed + SENT), partial(send, mission=key)))
        for place, item in enumerate(told["review"]["seats"]):
            at = calendar.at(noticed + FILED) + timedelta(hours=2 * place)
            found.append(Act(at, partial(file, told=told, item=item)))
        found.append(Act(calendar.at(noticed + CONCLUDED), partial(conclude, told=told)))
    return found


def waive(stage: Stage, mission: str) -> None:
    reviews_rounds.waive(
        stage.session, stage.committees[COMMITTEE], stage.missions[mission], UNREVIEWED, chair(stage)
    )


def chair(stage: Stage) -> Any:
    return stage.person(seated_as(Role.CHAIR, COMMITTEE))


def send(stage: Stage, mission: str) -> None:
    committee, about = stage.committees[COMMITTEE], stage.missions[mission]
    seats = reviews_rounds.proposed(reviews_rounds.reviewers(stage.session, committee, about))
    due = stage.calendar.at(told_of(mission)["decision"]["noticed"] + CONCLUDED)
    reviews_rounds.send(stage.session, committee, about, seats, due, chair(stage), asks_appraisal=False)


def send_again(stage: Stage, told: dict[str, Any]) -> None:
    """A mission that came back and was framed anew: its reviews are still to be written."""
    committee, about = stage.committees[COMMITTEE], stage.missions[told["key"]]
    seats = reviews_rounds.proposed(reviews_rounds.reviewers(stage.session, committee, about))
    due = stage.calendar.at(told["again"]["due"], DUE)
    reviews_rounds.send(stage.session, committee, about, seats, due, chair(stage))


def told_of(mission: str) -> dict[str, Any]:
    return next(each for each in content.missions() if each["key"] == mission)


def round_of(stage: Stage, mission: Mission) -> ReviewRound:
    found = live_round(stage.session, mission.id)
    assert found is not None
    return found


def file(stage: Stage, told: dict[str, Any], item: dict[str, Any]) -> None:
    """One seat grades all five criteria by the words that all go by, and says why of one of them."""
    person, mission = stage.person(voter_of(item["seat"])), stage.missions[told["key"]]
    review = of_person(stage, round_of(stage, mission), person)
    answers = {f"{item['about']}_note": item["note"], "solution": "none"}
    for criterion, grade in zip(Criterion, item["grades"], strict=True):
        answers |= {f"{criterion}_grade": grade, f"{criterion}_quote": told["review"]["quotes"][criterion]}
    reviews.file(stage.session, review, answers, review.version, person)


def of_person(stage: Stage, asked: ReviewRound, person: Any) -> Review:
    mine = set(stage.session.exec(select(Seat.id).where(Seat.person_id == person)))
    return next(each for each in reviews_of(stage.session, asked.id) if each.seat_id in mine)


def conclude(stage: Stage, told: dict[str, Any]) -> None:
    asked, by = round_of(stage, stage.missions[told["key"]]), chair(stage)
    reviews_conclude.discuss(stage.session, asked, Criterion.BOLD, told["review"]["note"], by)
    reviews_conclude.conclude(stage.session, asked, ReviewVerdict.READY, told["review"]["reason"], [], by)
