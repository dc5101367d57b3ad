"""The parameters of a grouping in plain words, so that whoever reads how it was made need not know the method."""

from typing import NamedTuple

from app.models.grouping import Grouping
from app.rules.words import N_

LABELS = {
    "method": N_("How groups were found"),
    "unrelated": N_("How alike two voices are that have nothing in common, from 0 to 1"),
    "fit": N_("How alike a voice must be to a group to stand in it, from 0 to 1"),
    "least_voices": N_("How many voices make a group at least"),
    "least_voices_project": N_("How many voices make a project proposal at least"),
    "mission_resolution": N_("How finely the voices were divided into missions; higher is finer"),
    "project_resolution": N_("How finely they were divided into project proposals; higher is finer"),
    "rules_left_out": N_("Corrections by people left out, because a later one says the opposite"),
}
METHODS = {
    "shared-neighbour communities": N_("Voices that have the same voices near them were joined"),
    "average links": N_("Voices were joined as long as they are alike on average"),
}


class Parameter(NamedTuple):
    """One line: what it says, and its value as a number or a sentence."""

    label: str
    number: float | None = None
    sentence: str = ""


def parameters(grouping: Grouping) -> list[Parameter]:
    """Every parameter there is; one that nobody has words for is called as it is in the record."""
    return [parameter(LABELS.get(name, name), value) for name, value in grouping.parameters.items()]


def parameter(label: str, value: object) -> Parameter:
    if isinstance(value, (int, float)):
        return Parameter(label, number=value)
    return Parameter(label, sentence=METHODS.get(str(value), str(value)))
