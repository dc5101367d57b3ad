"""The course of the mission of the first question: started, read, missed and reviewed, and what follows from it."""

from collections.abc import Iterator
from datetime import date, timedelta
from decimal import Decimal
from functools import partial
from typing import Any

from sqlmodel import select

from app.demo import content
from app.demo.seed_offers import CURRENCY, MILLION
from app.demo.seed_people import seated_as
from app.demo.story import Act, Calendar, Stage
from app.models.course import CourseReview, open_course_review, recalls_of
from app.models.milestone import Milestone
from app.models.mission import Indicator, Mission, indicators_of
from app.models.pledge import Pledge
from app.rules.words import Certainty, CourseVerdict, Felt, MoneyKind, Role, StakeholderGroup
from app.services import course, milestones, missions_course, missions_numbers, pledges, readings
from app.services.course import Conclusion
from app.services.milestones import MilestoneText
from app.services.missions_numbers import MoneyText
from app.services.readings import ReadingText

AGENCY, COMMITTEE = "agency", "committee"
EVERY = timedelta(minutes=70)  # between two answers to a review


def acts(calendar: Calendar) -> list[Act]:
    told = content.course()
    found = [Act(calendar.at(told["launched"]), launch)]
    found += [Act(calendar.at(line["day"]), partial(pay, line=line)) for line in told["money"]]
    found += [
        Act(calendar.at(told["launched"] + 1), partial(set_milestone, item=item))
        for item in told["milestones"]
    ]
    found += [
        Act(calendar.at(item["reached"]), partial(reach, item=item))
        for item in told["milestones"]
        if "reached" in item
    ]
    found += [Act(calendar.at(item["day"]), partial(read, item=item)) for item in told["readings"]]
    found += [Act(calendar.at(-70), partial(foresee, item=item)) for item in told["forecasts"]]
    reviews = [act for item in told["reviews"] for act in reviewing(calendar, item)]
    return [*found, *pledging(calendar, told), *reviews]


def steward(stage: Stage) -> Any:
    return stage.person(seated_as(Role.STEWARD, AGENCY))


def mission_of(stage: Stage) -> Mission:
    return stage.missions[content.course()["mission"]]


def first_year(calendar: Calendar) -> int:
    """The year in which the work of the contracts begins."""
    return calendar.at(content.course()["first_year_of"]).year


def on(stage: Stage, day: float) -> date:
    return stage.calendar.at(day).date()


def launch(stage: Stage) -> None:
    missions_course.launch(stage.session, mission_of(stage), steward(stage))


def pay(stage: Stage, line: dict[str, Any]) -> None:
    """A line of money for the mission, or for the project that somebody leads."""
    project = stage.projects[line["project"]].id if "project" in line else None
    typed = MoneyText(
        MoneyKind(line["kind"]), line["source"], StakeholderGroup(line["group"]),
        first_year(stage.calendar) + line["years_on"], Decimal(str(line["amount"])) * MILLION, CURRENCY,
        Certainty(line["certainty"]), project_id=project,
    )  # fmt: skip
    missions_numbers.add_money(stage.session, mission_of(stage), typed, steward(stage))


def indicator(stage: Stage, place: int) -> Indicator:
    return indicators_of(stage.session, mission_of(stage).id)[place]


def set_milestone(stage: Stage, item: dict[str, Any]) -> None:
    measured = indicator(stage, item["indicator"]).id if "indicator" in item else None
    typed = MilestoneText(
        item["title"], on(stage, item["due"]), measured,
        Decimal(str(item["expected"])) if "expected" in item else None, item.get("verifier", ""),
    )  # fmt: skip
    milestones.add(stage.session, mission_of(stage), typed, steward(stage))


def reach(stage: Stage, item: dict[str, Any]) -> None:
    named = stage.session.exec(select(Milestone).where(Milestone.title == item["title"])).one()
    day = on(stage, item["reached"])
    milestones.say_reached(stage.session, named, day, item["evidence"], steward(stage))


def read(stage: Stage, item: dict[str, Any]) -> None:
    """One report with a value for each indicator, in their order."""
    day = on(stage, item["day"])
    for place, value in enumerate(item["values"]):
        typed = ReadingText(
            day, Decimal(str(value)), None, None, item["source"], indicator_id=indicator(stage, place).id
        )
        readings.add(stage.session, mission_of(stage), typed, steward(stage))


def foresee(stage: Stage, item: dict[str, Any]) -> None:
    typed = ReadingText(
        on(stage, item["day"]), Decimal(item["value"]), Decimal(item["low"]), Decimal(item["high"]), item["source"],
        is_forecast=True, indicator_id=indicator(stage, item["indicator"]).id,
    )  # fmt: skip
    readings.add(stage.session, mission_of(stage), typed, steward(stage))


def pledging(calendar: Calendar, told: dict[str, Any]) -> Iterator[Act]:
    for item in told["pledges"]:
        yield Act(calendar.at(item["day"]), partial(pledge, item=item), (item["by"],))
        if "delivered" in item:
            yield Act(calendar.at(item["delivered"]), partial(deliver, item=item))


def pledge(stage: Stage, item: dict[str, Any]) -> None:
    pledges.make(
        stage.session, mission_of(stage), stage.people[item["by"]], item["text"], on(stage, item["due"]),
        item["proof"], f"demo-pledge-{item['by']}",
    )  # fmt: skip


def deliver(stage: Stage, item: dict[str, Any]) -> None:
    person = stage.people[item["by"]]
    promised = stage.session.exec(
        select(Pledge).where(Pledge.organisation_id == person.organisation_id)
    ).one()
    pledges.deliver(
        stage.session, mission_of(stage), promised.statement_id, person, on(stage, item["delivered"]),
        item["evidence"],
    )  # fmt: skip


def reviewing(calendar: Calendar, item: dict[str, Any]) -> Iterator[Act]:
    """The clock opens a review where signals ask for one; people answer, and the chair concludes."""
    yield Act(calendar.at(item["opens"]), open_due)
    begins = calendar.at(item["answers"]["from"])
    for place, felt in enumerate(felt_by(item["answers"])):
        yield Act(begins + place * EVERY, partial(answer, place=place, felt=felt))
    yield Act(calendar.at(item["concluded"]), partial(conclude, item=item))


def open_due(stage: Stage) -> None:
    course.open_due(stage.session)


def felt_by(told: dict[str, int]) -> Iterator[Felt]:
    """So many of each, one of each in turn."""
    left = {felt: told[felt] for felt in Felt}
    while any(left.values()):
        for felt in Felt:
            if left[felt]:
                left[felt] -= 1
                yield felt


def now_open(stage: Stage) -> CourseReview:
    found = open_course_review(stage.session, mission_of(stage).id)
    assert found is not None, "nothing asked for a review"
    return found


def answer(stage: Stage, place: int, felt: Felt) -> None:
    review = now_open(stage)
    asked = {each.person_id for each in recalls_of(stage.session, [review.id])}
    in_order = [person.id for person in stage.people.values() if person.id in asked]
    course.answer(stage.session, review, in_order[place], felt)


def conclude(stage: Stage, item: dict[str, Any]) -> None:
    said = Conclusion(
        CourseVerdict(item["verdict"]), item["reason"], item.get("changes", ()), item.get("lessons", ()),
        on(stage, item["next_on"]),
    )  # fmt: skip
    chair = stage.person(seated_as(Role.CHAIR, COMMITTEE))
    course.conclude(stage.session, now_open(stage), said, chair)
