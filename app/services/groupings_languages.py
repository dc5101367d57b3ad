"""The numbers of a group in words; where the model was made for English only, it says nothing of other voices."""

from typing import NamedTuple

from app.models.cluster import Cluster
from app.nlp.quality import Cohesion, Separation, cohesion_band, separation_band
from app.rules.words import N_

# The beginnings of names of models that read English only; with them, other languages group by chance.
ENGLISH_ONLY = (
    "all-minilm",
    "all-mpnet",
    "all-distilroberta",
    "all-roberta",
    "gte-small",
    "bge-small-en",
    "hashing",
)
ENGLISH = "en"
COHESION_WORDS = {
    Cohesion.TIGHT: N_("These voices say much the same."),
    Cohesion.MIXED: N_("These voices share a concern and differ in what they ask for."),
    Cohesion.LOOSE: N_("These voices are loosely related: read some before you rely on this group."),
}
SEPARATION_WORDS = {
    Separation.CLEAR: N_("It stands clearly apart from the other groups."),
    Separation.TOUCHING: N_("It touches a neighbouring group."),
    Separation.BLURRED: N_("Its edge is blurred: some voices would fit a neighbouring group as well."),
}
SHORT: dict[Cohesion | Separation, str] = {
    Cohesion.TIGHT: N_("much the same"),
    Cohesion.MIXED: N_("one concern, different wishes"),
    Cohesion.LOOSE: N_("loosely related"),
    Separation.CLEAR: N_("clearly apart"),
    Separation.TOUCHING: N_("touches another"),
    Separation.BLURRED: N_("with a blurred edge"),
}
# A group that a person made is measured against the others by the next run, and not before.
UNMEASURED = N_("How it stands to other groups has not been measured yet.")
NOT_MEASURED = N_("not measured yet")
NOT_JUDGED = N_("not judged: the model reads English only")


class Reading(NamedTuple):
    """What can be said of how alike the voices of a group are, and how it stands to the others."""

    cohesion: str
    separation: str
    alike: str
    apart: str
    is_judged: bool = True


UNREAD = Reading(
    N_(
        "The model that grouped these voices was made for English and cannot judge how alike voices in other "
        "languages are."
    ),
    N_("Read some of them before you rely on this group."),
    NOT_JUDGED,
    NOT_JUDGED,
    is_judged=False,
)


def reading(model: str, cluster: Cluster) -> Reading:
    """Sentences and short words, to be translated when they are shown."""
    if not can_judge(model, cluster):
        return UNREAD
    cohesion, separation = cohesion_band(cluster.cohesion), separation_band(cluster.separation)
    if cluster.is_by_hand and not cluster.separation:
        return Reading(COHESION_WORDS[cohesion], UNMEASURED, SHORT[cohesion], NOT_MEASURED)
    return Reading(COHESION_WORDS[cohesion], SEPARATION_WORDS[separation], SHORT[cohesion], SHORT[separation])


def reads_only_english(model: str) -> bool:
    return model.rsplit("/", 1)[-1].lower().startswith(ENGLISH_ONLY)


def can_judge(model: str, cluster: Cluster) -> bool:
    """Whether at least half the voices of a group are in a language that the model reads."""
    if not reads_only_english(model):
        return True
    others = sum(int(count) for code, count in cluster.languages.items() if code != ENGLISH)
    return 2 * others <= max(1, cluster.size)
