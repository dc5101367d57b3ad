"""Pieces of pages that are the same for every reader of a language, rendered once and kept."""

from functools import lru_cache
from typing import Any

from jinja2 import Environment
from markupsafe import Markup

from app import i18n

MOST = 4_000


class Kept:
    """`{{ kept("components/voice.html", "voice_body", voice) }}`: a macro's answer to these values, from memory.

    A macro of a template of its own sees what it is given and the global words, never the page around it: what is kept
    for one reader can hold nothing of another. Values must be hashable and unchanging; the macro must not tell how
    long ago something was.
    """

    def __init__(self, environment: Environment) -> None:
        self._environment = environment
        self._rendered = lru_cache(MOST)(self._render)

    def __call__(self, template: str, macro: str, *values: Any) -> Markup:
        if self._environment.auto_reload:
            return self._render(i18n.current(), template, macro, *values)
        return self._rendered(i18n.current(), template, macro, *values)

    def _render(self, _locale: str, template: str, macro: str, *values: Any) -> Markup:
        answer: Markup = getattr(self._environment.get_template(template).module, macro)(*values)
        return answer
