"""The parameters of a grouping in plain words, so that whoever reads how it was made need not know the method."""

from typing import NamedTuple

from app.models.grouping import Grouping
from app.rules import certainty
from app.rules.certainty import Steadiness
from app.rules.certainty import steadiness as band
from app.rules.words import N_

LABELS = {
    "method": N_("How groups were found"),
    "unrelated": N_("How alike two voices are that have nothing in common, from 0 to 1"),
    "fit": N_("How alike a voice must be to a group to stand in it, from 0 to 1"),
    "least_voices": N_("How many voices make a group at least"),
    "least_voices_project": N_("How many voices make a project proposal at least"),
    "mission_resolution": N_("How finely the voices were divided into missions; higher is finer"),
    "project_resolution": N_("How finely they were divided into project proposals; higher is finer"),
    "mission_breadth": N_("How many of its nearest voices each voice was tied to, for missions"),
    "project_breadth": N_("How many of its nearest voices each voice was tied to, for project proposals"),
    "runtime": N_("What computed how near voices are to each other"),
    "rules_left_out": N_("Corrections by people left out, because a later one says the opposite"),
}
METHODS = {
    "shared-neighbour communities": N_("Voices that have the same voices near them were joined"),
    "average links": N_("Voices were joined as long as they are alike on average"),
}
STEADINESS = {
    Steadiness.STEADY: N_("firm"),
    Steadiness.MOSTLY: N_("mostly firm"),
    Steadiness.SHAKY: N_("uncertain"),
}
STEADINESS_TOLD = {
    Steadiness.STEADY: N_(
        "These groups are firm: they come out again when the ties between voices are weighed differently."
    ),
    Steadiness.MOSTLY: N_(
        "Most of these groups come out again when the ties between voices are weighed differently."
    ),
    Steadiness.SHAKY: N_(
        "These groups are uncertain: others come out when the ties between voices are weighed a little differently."
    ),
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


def steadiness(stability: float) -> str:
    """In a word or two, to be translated when it is shown."""
    return STEADINESS[band(stability)]


def steadiness_told(stability: float) -> str:
    """In a sentence."""
    return STEADINESS_TOLD[band(stability)]


def is_uncertain(grouping: Grouping) -> bool:
    """Whether its groups are one way among several to read the voices, which its pages must say."""
    return certainty.is_uncertain(float(grouping.measures.get("stability", 1.0)))
