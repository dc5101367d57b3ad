"""What holds the look together: no inline code, every mark drawn, every sheet and script that a page names is there."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
STATIC = ROOT / "app" / "static"
TEMPLATES = sorted((ROOT / "templates").rglob("*.html"))
SHEETS = sorted((STATIC / "css").glob("*.css"))
SCRIPTS = sorted(STATIC.glob("*.js"))
INLINE = re.compile(r"""\sstyle=|\son[a-z]+=|["']javascript:|<style|<script(?![^>]*\ssrc=)""", re.IGNORECASE)
MARK = re.compile(r"""\bmark\("([a-z-]+)"\s*[,)]""")
LAYER = re.compile(r"@layer (?:reset|tokens|base|layout|components|pages|utilities)\b")


def drawn() -> set[str]:
    return set(re.findall(r'<symbol id="([a-z-]+)"', (STATIC / "marks.svg").read_text("utf-8")))


@pytest.mark.parametrize("template", TEMPLATES, ids=lambda path: str(path.relative_to(ROOT / "templates")))
def test_a_template_holds_no_code_that_the_policy_forbids(template: Path) -> None:
    found = INLINE.findall(template.read_text("utf-8"))

    assert found == []


@pytest.mark.parametrize("template", TEMPLATES, ids=lambda path: str(path.relative_to(ROOT / "templates")))
def test_every_mark_a_template_names_is_drawn(template: Path) -> None:
    named = set(MARK.findall(template.read_text("utf-8")))

    assert named <= drawn()


def test_every_group_station_and_choice_has_its_shape() -> None:
    from app.rules.words import Choice, StakeholderGroup
    from app.services.lineage_stations import ORDER

    wanted = {f"group-{group}" for group in StakeholderGroup} | {f"choice-{choice}" for choice in Choice}
    wanted |= {f"station-{key}" for key in ORDER}

    assert wanted <= drawn()


def test_every_state_has_a_mark() -> None:
    from app.rules import words

    table = (ROOT / "templates" / "components" / "state.html").read_text("utf-8")
    shapes = set(re.findall(r'"(state-[a-z]+)"', table))

    assert shapes <= drawn()
    assert f'"{words.DecisionState.CARRIED}"' in table


def test_a_colour_that_scripts_draw_with_is_registered() -> None:
    """Unregistered, it is read as the words `light-dark(…)`, which a drawing takes for black in both themes."""
    tokens = (STATIC / "css" / "tokens.css").read_text("utf-8")
    of_two_themes = set(re.findall(r"(--[a-z-]+): light-dark", tokens))
    read = {name for script in SCRIPTS for name in re.findall(r'"(--[a-z-]+)"', script.read_text("utf-8"))}

    assert (read & of_two_themes) - set(re.findall(r"@property (--[a-z-]+)", tokens)) == set()


def test_the_frame_names_only_sheets_and_scripts_that_exist() -> None:
    frame = (ROOT / "templates" / "base.html").read_text("utf-8")
    sheets, scripts = re.findall(r"in \(((?:\"[^\"]+\"(?:, )?)+)\) %}", frame)[-2:]
    named = re.findall(r'"([^"]+)"', scripts)

    assert {f"{name}.css" for name in re.findall(r'"([^"]+)"', sheets)} <= {sheet.name for sheet in SHEETS}
    assert {name for name in named if not name.startswith("vendor/")} <= {script.name for script in SCRIPTS}


@pytest.mark.parametrize("sheet", SHEETS, ids=lambda path: path.name)
def test_a_sheet_is_short_and_in_a_layer(sheet: Path) -> None:
    text = sheet.read_text("utf-8")

    assert len(text.splitlines()) <= 400
    assert LAYER.search(text)
    assert text.count("{") == text.count("}")


@pytest.mark.parametrize("sheet", [s for s in SHEETS if s.name != "tokens.css"], ids=lambda path: path.name)
def test_a_sheet_uses_only_tokens_that_exist(sheet: Path) -> None:
    text = sheet.read_text("utf-8")
    declared = re.findall(r"(--[a-z0-9-]+):", (STATIC / "css" / "tokens.css").read_text("utf-8") + text)
    declared += [
        name for script in SCRIPTS for name in re.findall(r'"(--[a-z0-9-]+)"', script.read_text("utf-8"))
    ]

    assert set(re.findall(r"var\((--[a-z0-9-]+)", text)) <= set(declared)
