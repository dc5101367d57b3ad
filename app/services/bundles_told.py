"""What `comission regroup` answers: facts, and sentences."""

from typing import Any

from app.nlp.regroup import Regrouped

FROM = {
    "ties": "From the ties",
    "links": "From the distances between the few texts",
    "rungs": "From the two steps of the ladder that a person took",
}


def told(found: Regrouped) -> tuple[dict[str, Any], str]:
    facts: dict[str, Any] = {
        "same": found.is_same,
        "rebuilt": found.is_rebuilt,
        "voices": found.rows,
        "gone": found.gone,
        "fingerprint": found.fingerprint,
        "grouping": found.facts.get("grouping"),
        "structure": found.structure or None,
        "from_ties": {name: vars(one) for name, one in zip(("mission", "project"), found.from_ties, strict=True)}
        if found.from_ties
        else None,
        "same_ties": found.same_ties,
        "from_vectors": {"differing_missions": found.from_vectors[0], "differing_projects": found.from_vectors[1]}
        if found.from_vectors
        else None,
        "today": vars(found.today) if found.today else None,
    }  # fmt: skip
    return facts, " ".join(sentences(found))


def sentences(found: Regrouped) -> list[str]:
    said = [
        f"{found.rows} voices; {found.gone} more, of the run or its corrections, are not public any more."
    ]
    if not found.gone:
        said = [f"{found.rows} voices, all that were in the run."]
    if found.from_ties is not None:
        mission = found.from_ties[0]
        wrong = sum(one.differing for one in found.from_ties)
        said.append(
            f"{FROM[found.structure]}: {mission.follow} missions follow from the communities, {mission.settled} were "
            f"settled by name; {same_or_not('labels', wrong)}."
        )
    said += from_vectors(found)
    if found.today is not None:
        said.append(since(found))
    if not found.is_rebuilt:
        said.append(
            "It cannot be made again: nothing from which labels follow is there. Its files are unchanged."
        )
    said.append("It is the same grouping." if found.is_same else "It is NOT shown to be the same grouping.")
    return said


def same_or_not(what: str, wrong: int) -> str:
    return f"all {what} are the same" if not wrong else f"{wrong} {what} differ"


def from_vectors(found: Regrouped) -> list[str]:
    ties = {True: "the ties are the same", False: "the ties differ", None: ""}[found.same_ties]
    if found.from_vectors is not None:
        labels = same_or_not("labels", sum(found.from_vectors))
        return [f"From the vectors: {labels}{', and ' + ties if ties else ''}."]
    if not ties:
        return []
    why = "" if found.gone else "A person took some changes of the run and not others. "
    return [f"{why}From the vectors: {ties}."]


def since(found: Regrouped) -> str:
    assert found.today is not None
    today = found.today
    if not today.acts and not any(today.elsewhere):
        return "The pages show the same groups today."
    return (
        f"Since the run people made or took back {today.acts} corrections; on the pages {today.elsewhere[0]} voices "
        f"stand in another mission today and {today.elsewhere[1]} in another project, {today.named} of them named by "
        "these corrections."
    )
