"""Two people's changes to one form brought together: what only one changed is taken, what both changed is shown."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any

from app.rules import word_diffs


@dataclass(frozen=True)
class Clash:
    """One field that both changed: what is saved, and what was typed; nothing of either is lost."""

    field: str
    theirs: str
    mine: str


@dataclass(frozen=True)
class Together:
    """The fields to show again, and what a person has to look at."""

    fields: dict[str, Any]
    clashes: list[Clash]


def together(
    base: Mapping[str, Any] | None, mine: Mapping[str, Any], theirs: Mapping[str, Any],
    texts: Collection[str] = (),
) -> Together:  # fmt: skip
    """`base` is what both started from; where nobody knows it, every difference is shown.

    Fields in `texts` are brought together word by word, lists item by item; of any other field that both changed,
    what was typed stays in the form, with what is saved beside it.
    """
    fields: dict[str, Any] = {}
    clashes: list[Clash] = []
    for name in mine:
        ours, saved = mine[name], theirs.get(name, mine[name])
        began = saved if base is None else base.get(name, saved)
        if plain(ours) == plain(saved) or (base is not None and plain(saved) == plain(began)):
            fields[name] = ours
        elif base is not None and plain(ours) == plain(began):
            fields[name] = saved
        elif isinstance(ours, list):
            fields[name] = [*ours, *(each for each in saved if each not in ours and each not in began)]
        else:
            told = str(saved if saved is not None else ""), str(ours if ours is not None else "")
            merged = word_diffs.merge(str(began or "") if base is not None else "", told[1], told[0])
            fields[name] = merged.text if name in texts else ours
            if name not in texts or merged.clashes:
                clashes.append(Clash(name, *told))
    return Together(fields, clashes)


def plain(value: Any) -> Any:
    """Values as a form would send them, so that a number and the text of it are the same."""
    if isinstance(value, list):
        return sorted(str(each) for each in value)
    return " ".join(str(value if value is not None else "").split())
