"""Kept pieces: rendered once for each language, blind to the page around them."""

import pytest
from jinja2 import DictLoader, Environment, UndefinedError

from app import i18n
from app.routers.kept import Kept
from app.routers.pages import said

TEMPLATES = {
    "card.html": "{% macro card(words) %}{{ tick() }} {{ _('Voices') }} {{ words }}{% endmacro %}",
    "spy.html": "{% macro card(words) %}{{ viewer.name }}{% endmacro %}",
}


@pytest.fixture
def rendered() -> list[str]:
    return []


@pytest.fixture
def kept(rendered: list[str]) -> Kept:
    environment = Environment(loader=DictLoader(TEMPLATES), autoescape=True, auto_reload=False)
    environment.globals |= {"_": said, "tick": lambda: rendered.append("once") or "card"}
    return Kept(environment)


def test_the_same_values_are_rendered_once_for_each_language(kept: Kept, rendered: list[str]) -> None:
    i18n.activate("en")
    english = [str(kept("card.html", "card", "<b>")) for _time in range(3)]
    i18n.activate("es")
    spanish = str(kept("card.html", "card", "<b>"))
    i18n.activate("en")

    assert set(english) == {"card Voices &lt;b&gt;"}
    assert spanish == "card Voces &lt;b&gt;"
    assert len(rendered) == 2


def test_other_values_are_another_piece(kept: Kept) -> None:
    assert kept("card.html", "card", "one") != kept("card.html", "card", "two")


def test_a_kept_piece_cannot_see_who_reads(kept: Kept) -> None:
    with pytest.raises(UndefinedError):
        kept("spy.html", "card", "words")
