"""The parts of a mission's text, in the order they are read."""

from app.rules.words import N_

WHY, GOAL, MEASURE, CONDITIONS = "why", "goal", "measure", "conditions"
SECTIONS: dict[str, str] = {
    WHY: N_("Why this matters"),
    GOAL: N_("What shall be true"),
    MEASURE: N_("How we will know"),
    CONDITIONS: N_("What must be respected"),
}


def section_words(section: str) -> str:
    """The heading of a section; one that an agency named itself stands as it wrote it."""
    return SECTIONS.get(section, section)
