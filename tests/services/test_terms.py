"""The goals of sustainable development: complete, in order, and rolled up from the targets a mission names."""

from sqlmodel import Session, select

from app import i18n
from app.models.term import Tag, Term
from app.rules.words import SubjectKind
from app.services import terms
from tests.services.drafted import make_mission

OFFICIAL = {
    "1": 7, "2": 8, "3": 13, "4": 10, "5": 9, "6": 8, "7": 5, "8": 12, "9": 8,
    "10": 10, "11": 10, "12": 11, "13": 5, "14": 10, "15": 12, "16": 12, "17": 19,
}  # fmt: skip


def test_there_are_17_goals_and_169_targets(session: Session) -> None:
    terms.ensure_sdg(session)
    terms.ensure_sdg(session)

    tree = terms.tree(session)

    assert {goal.code: len(goal.targets) for goal in tree} == OFFICIAL
    assert sum(len(goal.targets) for goal in tree) == 169
    assert len(session.exec(select(Term).where(Term.scheme == "sdg")).all()) == 17 + 169
    assert [target.code for target in tree[2].targets][-5:] == ["3.9", "3.a", "3.b", "3.c", "3.d"]
    assert [target.code for target in tree[15].targets][-3:] == ["16.10", "16.a", "16.b"]


def test_every_target_is_worded_in_both_languages(session: Session) -> None:
    assert all(row["label"] and row["label_es"] for row in terms.written().values())

    i18n.activate("es")

    assert terms.label("7.2") == "Una mayor parte de energía renovable"


def test_a_mission_on_renewable_energy_stands_under_goal_7(session: Session) -> None:
    terms.ensure_sdg(session)
    mission, _scene = make_mission(session)
    target = session.exec(select(Term).where(Term.scheme == "sdg", Term.code == "7.2")).one()
    session.add(Tag(term_id=target.id, subject_kind=SubjectKind.MISSION, subject_id=mission.id))
    session.flush()

    goals = terms.goals_of(session, mission.id)

    assert [(goal.code, [each.code for each in goal.targets]) for goal in goals] == [("7", ["7.2"])]
