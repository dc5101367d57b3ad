"""The page of a result: every number of the figures stands on it, every picture has its table, and it is well made."""

import re
from dataclasses import replace

import pytest
from sqlmodel import Session

from app.rules.voting.tally import Terms
from app.rules.words import Choice
from app.services import decisions_count, decisions_lot, decisions_show
from tests.client import Browser
from tests.page import Page
from tests.services.chamber import G, make_chamber
from tests.services.chamber_votes import MEMBERS, STAGED, notice, stage

PICTURES = {"picture-bar", "merit-bar", "score-box", "tally-bar"}


@pytest.fixture
def pages(visitor: Browser, db: Session) -> "Pages":
    return Pages(visitor, db)


class Pages:
    """Votes staged and counted, and their pages as a visitor reads them."""

    def __init__(self, visitor: Browser, db: Session) -> None:
        self.visitor, self.db = visitor, db

    def of(self, name: str) -> tuple[Page, decisions_show.Result]:
        staged = STAGED[name.removeprefix("secret ")]
        decision = stage(make_chamber(self.db), staged.secretly() if name.startswith("secret ") else staged)
        self.db.commit()
        page = self.visitor.open(f"/decisions/{decision.id}")
        result = decisions_show.result(self.db, decision)
        assert result is not None
        return page, result


def rows(page: Page, caption: str) -> list[list[str]]:
    """The cells of a table as a screen reader comes to them, one line after the other."""
    table = next(
        each
        for each in page.main.all("table")
        if any(found.text.strip() == caption for found in each.all("caption"))
    )
    return [[" ".join(cell.text.split()) for cell in line.all("th", "td")] for line in table.all("tr")]


@pytest.mark.parametrize("name", list(STAGED))
def test_every_picture_stands_in_a_table_that_is_named(pages: Pages, name: str) -> None:
    """Only the share that was needed stands above its table, with its sentence below."""
    page, _result = pages.of(name)
    drawn = [each for each in page.main.all("svg") if PICTURES & set(each.get("class").split())]
    tables = [table for table in page.main.all("table") if table.all("caption")]
    inside = [
        each for table in tables for each in table.all("svg") if PICTURES & set(each.get("class").split())
    ]
    beside = page.main.text.count("The line stands at what is needed: at least")

    assert len(drawn) == len(inside) + beside
    assert tables
    assert all(each.get("aria-hidden") == "true" for each in drawn)


def test_a_vote_for_or_against_reads_group_by_group(pages: Pages) -> None:
    page, result = pages.of("group majority")
    table = rows(page, "Result by group")

    assert table[0] == ["Stakeholder group", "For", "Against", "Abstained", "Seats", "Outcome"]
    assert [line[1:4] for line in table[1:]] == [
        *(
            [str(row["for"]), str(row["against"]), str(row["abstain"])]
            for row in in_order(result.figures["groups"])
        ),
        ["7", "2", "0"],
    ]
    assert rows(page, "What the votes against rest on")[1:] == [
        ["Bold and of value to society", "", "1"],
        ["Concrete, measurable, with a date", "", "1"],
    ]
    assert "Rests on: Concrete, measurable, with a date" in page.main.text


def in_order(groups: list[dict[str, int]]) -> list[dict[str, int]]:
    order = ["public", "private", "third", "academia", "citizens"]
    return sorted(groups, key=lambda row: order.index(str(row["group"])))


def test_merit_profiles_read_as_counts_of_six_grades(pages: Pages) -> None:
    page, result = pages.of("majority judgment")
    table = rows(page, "What grades each option was given")
    place = {option: at for at, option in enumerate(result.figures["options"])}

    for line, option in zip(table[1:], result.figures["order"], strict=True):
        assert [int(each) for each in line[4:]] == list(reversed(result.figures["grades"][place[option]]))
    assert table[1][2:4] == ["Very good", "Chosen"]


def test_the_table_of_pairs_is_the_one_that_was_counted(pages: Pages) -> None:
    page, result = pages.of("schulze clear")
    table = rows(page, "Every option against every other")
    numbers = sorted(
        tuple(map(int, re.findall(r"\d+", cell))) for line in table[1:] for cell in line[1:] if " to " in cell
    )
    pairwise = result.figures["pairwise"]
    many = range(len(pairwise))

    assert numbers == sorted((pairwise[a][b], pairwise[b][a]) for a in many for b in many if a != b)
    assert "ranked pairs, the same ballots choose the same" in page.main.text


def test_the_stages_of_a_transferable_vote_read_stage_by_stage(pages: Pages) -> None:
    page, result = pages.of("stv")
    table = rows(page, "Votes at each stage")

    assert len(table[0]) == len(result.figures["stages"]) + 2
    first = {line[0]: line[1] for line in table[1:]}
    assert first["Amaru Quispe"].startswith("6")
    assert "1.99999" in next(line for line in table if line[0].startswith("Berta"))[2]
    assert "with 4 votes an option is chosen" in page.main.text


def test_scores_and_their_spread_read_in_numbers(pages: Pages) -> None:
    page, _result = pages.of("score")
    table = rows(page, "Scores of each option")

    assert [line[2] for line in table[1:]] == ["8", "4.5", "3", "2"]
    assert all("talk first" in line[6] for line in table[1:])
    assert "8 points apart" in page.main.text


def test_rounds_read_with_what_each_group_paid(pages: Pages) -> None:
    page, result = pages.of("portfolio")
    table = rows(page, "Round by round")

    assert len(table) == len(result.figures["rounds"]) + 1
    assert table[1][3] == "180,000"
    assert rows(page, "What each rule would choose")[-1][3:] == ["390,000", "180,000", "300,000", "390,000"]
    assert rows(page, "What each group had to spend")[3][0] == "Civil society"
    assert rows(page, "What each group had to spend")[3][4] == "0"


def test_consent_names_each_objection_with_its_reason(pages: Pages) -> None:
    page, _result = pages.of("consent")

    assert "Round 1 of 3" in page.main.text
    assert "Half-made drafts frighten the people they are about." in page.main.text


@pytest.mark.parametrize("name", ["secret score", "secret consent"])
def test_a_secret_result_names_nobody(pages: Pages, name: str) -> None:
    page, result = pages.of(name)
    above = page.main.text.split("Who votes")[0]

    assert len(result.ballots) == 9
    assert ("A secret ballot, receipt" in above) is (name == "secret consent")
    for member in ("Citizens 1", "Third 1", "Academia 1", "Civil society: "):
        assert member not in above.replace("Civil society: 2 of 2 seats", "")


def test_each_group_reads_what_it_put_first(pages: Pages) -> None:
    page, result = pages.of("schulze")
    read = rows(page, "What each group put first")

    options = result.figures["options"]
    firsts = [
        [ballot.mark["ranking"][0] for ballot in result.ballots if ballot.group == group] for group in G
    ]
    wanted = [[sum(option in first for first in of_group) for option in options] for of_group in firsts]
    assert [[int(each) for each in line[1:]] for line in read[1:]] == wanted
    assert sum(map(sum, wanted)) >= len(result.ballots)

    secret, _result = pages.of("secret stv")
    assert "What each group put first" not in secret.main.text


def test_too_few_is_said_in_every_line_and_no_group_is_left_out(pages: Pages) -> None:
    chamber = make_chamber(pages.db)
    decision = notice(chamber, STAGED["supermajority"])
    chamber.cast("third 1", Choice.FOR)
    chamber.cast("third 2", Choice.FOR)
    decisions_count.close(pages.db, decision, chamber.chair.id, at=decision.closes_at)
    pages.db.commit()

    page = pages.visitor.open(f"/decisions/{decision.id}")
    read = rows(page, "Result by group")

    assert len(read) == 1 + len(G) + 1
    assert read[-1][-1] == "2 of 2 for, and too few voted"
    assert [line[-1] for line in read[1:-1]].count("Too few voted") == len(G) - 1
    assert "The line stands at what is needed" not in page.main.text


def test_a_tie_that_a_lot_ended_is_not_told_as_fewer_votes(pages: Pages) -> None:
    ticks = [{"approved": ["option-1", "option-2"]} for _ in MEMBERS]
    staged = replace(
        STAGED["approval"], marks=ticks, settings={"seats": 1}, terms=Terms(lot="The lottery of Sunday")
    )
    chamber = make_chamber(pages.db)
    decision = stage(chamber, staged)
    decisions_lot.draw(pages.db, decision, "04 11 19", chamber.chair.id, at=decision.closes_at)
    pages.db.commit()

    page = pages.visitor.open(f"/decisions/{decision.id}")

    assert "Enough and level; the tie went to another" in page.main.text
    assert "others had more" not in page.main.text
    assert "of the ballots of each group" not in page.main.text
