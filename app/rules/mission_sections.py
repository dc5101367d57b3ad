"""The parts of a mission's text: directions, organisations, assessment, risks and rewards, and the sections in each."""

from app.rules.words import N_

WHY, GOAL, WHO, MEASURE, CONDITIONS = "why", "goal", "organisations", "measure", "conditions"
SECTIONS: dict[str, str] = {
    WHY: N_("Why this matters"),
    GOAL: N_("What shall be true"),
    WHO: N_("Who does it, and with whom"),
    MEASURE: N_("How we will know"),
    CONDITIONS: N_("What must be respected"),
}
# Four questions that a mission answers in public: where to, by whom, how one knows, who risks and who gains.
# M. Mazzucato and others call them ROAR: routes, organisations, assessment, risks and rewards.
PARTS: dict[str, tuple[str, str, tuple[str, ...]]] = {
    "directions": (N_("Routes and directions"), N_("Where to, and why?"), (WHY, GOAL)),
    "organisations": (
        N_("Organisations"),
        N_("Who does it, with whom, and what must they be able to do?"),
        (WHO,),
    ),
    "assessment": (N_("Assessment"), N_("How will everyone see whether it moves the right way?"), (MEASURE,)),
    "rewards": (
        N_("Risks and rewards"),
        N_("Who carries the risks, and who shares what is gained?"),
        (CONDITIONS,),
    ),
}
OTHERS = "others"


def section_words(section: str) -> str:
    """The heading of a section; one that an agency named itself stands as it wrote it."""
    return SECTIONS.get(section, section)


def part_of(section: str) -> str:
    """The part that a section belongs to; what an agency named itself belongs to none of the four."""
    return next((part for part, (*_words, sections) in PARTS.items() if section in sections), OTHERS)
