"""The form in which somebody says whether something ties them to an item, or to a question."""

from typing import Annotated

from pydantic import model_validator

from app.i18n import _
from app.routers.forms import FormModel, Maybe, cleaned
from app.rules.texts import Limits
from app.rules.words import InterestEffect, InterestKind
from app.services.interests_items import Said

WORDS, OPTIONAL = Limits(3, 1000), Limits(0, 1000)


class DeclaredEntry(FormModel):
    """A tie needs words and what becomes of the vote; that there is nothing needs neither."""

    kind: InterestKind
    text: Annotated[str, cleaned(OPTIONAL)] = ""
    effect: Annotated[InterestEffect | None, Maybe] = None

    @model_validator(mode="after")
    def is_told(self) -> "DeclaredEntry":
        is_whole = len(self.text) >= WORDS.minimum and self.effect in (
            InterestEffect.DISCLOSE,
            InterestEffect.RECUSE,
        )
        if self.kind is not InterestKind.NOTHING and not is_whole:
            raise ValueError("told in part")
        return self

    def said(self) -> Said:
        if self.kind is InterestKind.NOTHING:
            return Said()
        return Said(self.kind, self.text, self.effect or InterestEffect.DISCLOSE)


def told_in_full(errors: dict[str, str], typed: dict[str, str]) -> dict[str, str]:
    """Which of the three questions was left open."""
    found = {name: words for name, words in errors.items() if name in ("kind", "text", "effect")}
    if "kind" not in found and len(typed.get("text", "").strip()) < WORDS.minimum:
        found.setdefault("text", _("Say in a few words what ties you to it."))
    if "kind" not in found and not typed.get("effect"):
        found.setdefault("effect", _("Choose whether you keep your vote or step aside."))
    return found


def now_true(said: Said) -> str:
    if said.kind is InterestKind.NOTHING:
        return _("It is recorded that nothing ties you to this item. You can say otherwise at any time.")
    if said.effect is InterestEffect.RECUSE:
        return _(
            "You have stepped aside from this item. Where you have an alternate, the alternate votes in your place."
        )
    return _("Your interest is public now. You keep your vote, unless the chair resolves otherwise.")
