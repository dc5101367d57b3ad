"""The official list is read in every shape that the United Nations publish; a bad file is one clear line."""

import csv
import io
import json

import pytest

from app.rules import official_terms
from app.rules.official_terms import FileRefused
from app.services import missions, terms

CODES = sorted(terms.written(), key=missions.code_order)
WORDS = {code: f"By 2030, do what {code} says, in “full”, everywhere" for code in CODES}
GOALS = [code for code in CODES if "." not in code]


def api() -> bytes:
    """As the list of goals with their targets and indicators comes from the interface of the statistics division."""
    told = [
        {
            "code": goal, "title": f"Goal {goal}", "description": WORDS[goal],
            "targets": [
                {"goal": goal, "code": code, "title": WORDS[code], "description": "",
                 "indicators": [{"code": f"{code}.1", "description": "Share of people"}]}
                for code in CODES if code.startswith(f"{goal}.")
            ],
        }
        for goal in GOALS
    ]  # fmt: skip
    return json.dumps(told).encode()


def flat() -> bytes:
    return json.dumps([{"code": code, "description": WORDS[code]} for code in CODES]).encode()


def table(delimiter: str = ",", heads: tuple[str, str] = ("code", "description")) -> bytes:
    out = io.StringIO()
    writer = csv.writer(out, delimiter=delimiter)
    writer.writerow(["goal", *heads])
    for code in CODES:
        writer.writerow([code.partition(".")[0], code, WORDS[code]])
        if "." in code:
            writer.writerow(["", f"{code}.1", "An indicator"])
    return out.getvalue().encode("utf-8-sig")


def framework() -> bytes:
    """As the sheet of the global indicator framework: no column of codes, indicators beside targets."""
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(["Goals and targets (from the 2030 Agenda)", "Indicators", ""])
    for code in CODES:
        head = f"Goal {code}. {WORDS[code]}" if code in GOALS else f"{code} {WORDS[code]}"
        writer.writerow([head, f"{code}.1 Proportion of people" if code not in GOALS else "", "C010101"])
        if code not in GOALS:
            writer.writerow(["", f"{code}.2 Another one", ""])
    return out.getvalue().encode()


@pytest.mark.parametrize(
    "content",
    [
        pytest.param(api(), id="json with targets inside"),
        pytest.param(flat(), id="flat json"),
        pytest.param(table(), id="csv"),
        pytest.param(table(";", ("Target", "Title")), id="csv with semicolons"),
        pytest.param(table("\t"), id="tabs"),
        pytest.param(framework(), id="the framework as printed"),
    ],
)
def test_every_published_shape_gives_186_wordings(content):
    found = official_terms.parse(content, CODES)

    assert len(found) == 17 + 169
    assert found == WORDS


@pytest.mark.parametrize(
    ("content", "why"),
    [
        pytest.param(b"", "it is empty", id="empty"),
        pytest.param(b" \n", "it is empty", id="blank"),
        pytest.param(b"\xff\xfe\x00a", "not UTF-8 at byte 0", id="not text"),
        pytest.param(b"[{]", "it is no JSON", id="broken json"),
        pytest.param(b"[1, 2]", "entry 1 is no object", id="numbers"),
        pytest.param(b'[{"code": "7.2.1", "text": "x"}]', "entry 1 has no code", id="an indicator alone"),
        pytest.param(b'[{"code": "18", "text": "x"}]', "entry 1: 18 is no goal", id="goal 18"),
        pytest.param(b'[{"code": "7.2", "text": " "}]', "7.2 has no words", id="no words"),
        pytest.param(b'[{"code": "1", "text": "a"}, {"code": "1", "text": "b"}]', "stands twice", id="twice"),
        pytest.param(
            b"code,text\n7.2,Energy\nseven,Energy\n", "line 3: \u201cseven\u201d is no code", id="a word"
        ),
        pytest.param(b'code,text\n7.2,"Energy\n', "it is no table", id="open quotation"),
        pytest.param(b"name,sum\nA,1\n", "no column is called code", id="another table"),
        pytest.param(b"[" * 100_000, "JSON", id="too deep"),
        pytest.param(b"x" * 5_000_001, "larger than 5 megabytes", id="too large"),
        pytest.param(b"code,text\n7.2," + b"x" * 2_001, "longer than 2000 characters", id="too long"),
    ],
)
def test_a_bad_file_is_one_clear_line(content, why):
    with pytest.raises(FileRefused, match=why) as refused:
        official_terms.parse(content, CODES)

    assert "\n" not in refused.value.phrase.english
    assert refused.value.phrase.english.count("This file is not taken") == 1


def test_what_is_missing_is_named():
    told = [{"code": code, "text": WORDS[code]} for code in CODES if code not in ("3.b", "17")]

    with pytest.raises(FileRefused, match=r"names 184 of 186 goals and targets; missing: 3\.b, 17"):
        official_terms.parse(json.dumps(told).encode(), CODES)
