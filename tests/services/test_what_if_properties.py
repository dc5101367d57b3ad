"""Whatever the money, the projects and the cut are, asking what would fall writes nothing, and says the same again."""

from decimal import Decimal
from itertools import pairwise

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlmodel import Session

from app.models.columns import now
from app.models.link import Link
from app.rules.words import LinkKind, MoneyKind, ProjectState, ProjectVerdict, StakeholderGroup, SubjectKind
from app.services import events, portfolio_votes, what_if
from tests.rules.many import many
from tests.services.funded import COSTS, YEAR, Funded, every_row, make_funded

AS_IN_HOUSE = settings(many(20), suppress_health_check=list(HealthCheck))
TITLES = list(COSTS)
LINES = st.lists(
    st.tuples(
        st.sampled_from(["", *TITLES]), st.integers(1, 10**8), st.sampled_from([YEAR, YEAR, YEAR + 1, YEAR + 5]),
        st.sampled_from([MoneyKind.COMMITTED, MoneyKind.COMMITTED, MoneyKind.ANNOUNCED, MoneyKind.RELEASED]),
        st.sampled_from([StakeholderGroup.PUBLIC, StakeholderGroup.PUBLIC, StakeholderGroup.PRIVATE]),
    ),
    max_size=5,
)  # fmt: skip


@pytest.fixture
def funded(session: Session) -> Funded:
    """With every event sealed, so that the whole chain can be compared."""
    made = make_funded(session)
    while events.seal(session, 1_000):
        pass
    return made


@AS_IN_HOUSE
@given(
    lines=LINES, over=st.sets(st.sampled_from(TITLES[:3]), max_size=2), minimum=st.none() | st.integers(0, 200_000),
    way=st.permutations(TITLES), year=st.sampled_from([YEAR, YEAR, YEAR + 1, YEAR + 40]), percent=st.integers(1, 100),
)  # fmt: skip
def test_no_cut_of_any_portfolio_writes_anything(
    funded: Funded, lines: list[tuple[str, int, int, MoneyKind, StakeholderGroup]], over: set[str],
    minimum: int | None, way: list[str], year: int, percent: int,
) -> None:  # fmt: skip
    session = funded.session
    with session.begin_nested() as whole:
        for title, cents, of_year, kind, group in lines:
            funded.add_money(str(Decimal(cents) / 100), title, year=of_year, kind=kind, source_group=group)
        for title in over:
            project = funded.projects[title]
            project.state, project.verdict = ProjectState.STOPPED_TO_LEARN, ProjectVerdict.REFUTED
            project.ended_at = now()
        funded.projects["Storage"].contract_minimum = None if minimum is None else Decimal(minimum)
        # Grids depend on storage already, and dependence has no circle.
        way = way if way.index("Grids") < way.index("Storage") else way[::-1]
        for one, other in pairwise(way[:3]):
            if (one, other) != ("Grids", "Storage"):
                depends(funded, one, other)
        session.flush()
        rows, chain = every_row(session), events.verify(session)
        assert chain.holds

        first, again = document(funded, year, percent), document(funded, year, percent)

        session.flush()
        assert (first, len(first["hash"])) == (again, 64)
        assert every_row(session) == rows
        assert events.verify(session) == chain
        assert (set(session.new), set(session.dirty), set(session.deleted)) == (set(), set(), set())
        whole.rollback()
    session.expire_all()


def depends(funded: Funded, one: str, other: str) -> None:
    funded.session.add(
        Link(
            kind=LinkKind.DEPENDS_ON, from_kind=SubjectKind.PROJECT, from_id=funded.projects[one].id,
            to_kind=SubjectKind.PROJECT, to_id=funded.projects[other].id, assumption="It needs it first.",
        )
    )  # fmt: skip


def document(funded: Funded, year: int, percent: int) -> dict[str, object]:
    (chosen,) = portfolio_votes.of_mission(funded.session, funded.mission.id)
    return what_if.document(what_if.run(funded.session, funded.mission, chosen, year, percent))
