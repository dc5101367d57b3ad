"""The colours of both themes, read from the tokens and measured: words at 4.5:1, shapes at 3:1."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

TOKENS = Path(__file__).resolve().parent.parent / "app" / "static" / "css" / "tokens.css"
PAIR = re.compile(r"--([a-z-]+):\s*light-dark\((#[0-9a-f]{3,6}),\s*(#[0-9a-f]{3,6})\)")
THEMES = ("light", "dark")
GROUPS = ("group-public", "group-private", "group-third", "group-academia", "group-citizens")
SURFACES = ("paper", "paper-deep", "paper-high")
READ = ("ink", "ink-quiet", "link", "sun-ink", "bad", "good", *GROUPS)
WORDS = (
    *((word, surface) for word in READ for surface in SURFACES),
    *((word, "sun-wash") for word in ("ink", "ink-quiet", "link", "sun-ink", *GROUPS)),
    *((word, "bad-wash") for word in ("ink", "bad", "link", "ink-quiet")),
    *((word, "good-wash") for word in ("ink", "link")),
    ("ink", "mark-wash"),
    ("on-night", "night"),
    ("on-night-quiet", "night"),
    ("on-action", "action"),
    ("on-action", "action-over"),
    ("paper", "bad"),
)
SHAPES = (
    *((shape, surface) for shape in ("sun", "edge", "focus", "good", "bad", *GROUPS) for surface in SURFACES),
    ("sun", "sun-wash"),
    ("edge", "sun-wash"),
    ("good", "good-wash"),
    ("bad", "bad-wash"),
    ("paper-high", "sun"),
    ("sun", "rule"),
    ("ink", "rule"),
)


def tokens(css: str) -> dict[str, dict[str, str]]:
    """The two designed themes; the colours for people who ask for more contrast come after them."""
    designed = css.split("@media (prefers-contrast: more)")[0]
    found = PAIR.findall(designed)
    return {
        "light": {name: light for name, light, _ in found},
        "dark": {name: dark for name, _, dark in found},
    }


def luminance(colour: str) -> float:
    digits = colour.lstrip("#")
    if len(digits) == 3:
        digits = "".join(digit * 2 for digit in digits)
    parts = [int(digits[at : at + 2], 16) / 255 for at in (0, 2, 4)]
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    red, green, blue = linear
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    darker, lighter = sorted((luminance(one), luminance(other)))
    return (lighter + 0.05) / (darker + 0.05)


COLOURS = tokens(TOKENS.read_text("utf-8"))


def test_the_measure_is_the_one_of_wcag() -> None:
    assert contrast("#000", "#ffffff") == pytest.approx(21)
    assert contrast("#777777", "#fff") == pytest.approx(4.48, abs=0.01)


@pytest.mark.parametrize("theme", THEMES)
@pytest.mark.parametrize(("word", "surface"), WORDS)
def test_words_can_be_read(theme: str, word: str, surface: str) -> None:
    assert contrast(COLOURS[theme][word], COLOURS[theme][surface]) >= 4.5


@pytest.mark.parametrize("theme", THEMES)
@pytest.mark.parametrize(("shape", "surface"), SHAPES)
def test_shapes_can_be_seen(theme: str, shape: str, surface: str) -> None:
    assert contrast(COLOURS[theme][shape], COLOURS[theme][surface]) >= 3


@pytest.mark.parametrize("theme", THEMES)
def test_the_five_groups_differ_from_each_other(theme: str) -> None:
    colours = {COLOURS[theme][group] for group in GROUPS}

    assert len(colours) == len(GROUPS)
