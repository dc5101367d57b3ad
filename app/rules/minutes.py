"""What the minutes of a decision say of each event: one sentence a kind, and nothing of kinds that are not here."""

from app.rules.words import N_

# Events of the decision itself, and of the missions it is about, in the words of minutes. What is said behind closed
# doors, who has voted in secret and what was counted before its time are in none of them.
OF_DECISION: dict[str, str] = {
    "question_put": N_("The chair put the question before the committee."),
    "question_seconded": N_("A member of another stakeholder group seconded the question."),
    "decision_noticed": N_(
        "The vote was announced. Question, text, options, rule, dates and list of voters were fixed."
    ),
    "decision_counted": N_("The vote was closed and counted."),
    "lot_drawn": N_("The lot that was announced was drawn."),
    "result_signed": N_("A seat that could vote checked the result and signed it."),
    "dissent_filed": N_("A dissent was filed."),
    "report_signed": N_("A seat signed a minority report."),
    "decision_certified": N_("The secretary certified the result."),
}
OF_MISSION: dict[str, str] = {
    "review_sent": N_("The mission was sent to its reviewers."),
    "review_concluded": N_("The chair concluded the review of the mission."),
    "review_waived": N_("The chair put the mission to a vote without a review, and said why."),
    "mission_framed": N_("The mission was framed: nothing was missing."),
    "objection_made": N_("Somebody objected to the mission."),
    "objection_answered": N_("An objection was answered in public."),
    "amendment_proposed": N_("Somebody proposed other words for the mission."),
    "amendment_answered": N_("A proposal for other words was answered in public."),
    "mission_edited": N_("The text of the mission was changed."),
}
DECLARED = N_("%(name)s declared an interest. %(kind)s: %(effect)s.")
AWAY = N_("%(name)s was to be away from %(starts)s to %(ends)s.")
AWAY_UNTIL = N_("%(name)s was away from %(starts)s, and back early on %(ends)s.")
NOTED = N_("Note of the secretary.")
AFTER_THE_COUNT = frozenset(
    {"decision_counted", "lot_drawn", "result_signed", "dissent_filed", "report_signed", "decision_certified"}
)
EDIT_BY_AMENDMENT = N_("Other words were accepted into the mission.")
EVERY_KIND = frozenset(OF_DECISION) | frozenset(OF_MISSION)


def sentence(kind: str, part: str = "") -> str | None:
    """What the minutes say of an event; nothing where they do not tell of it."""
    if kind == "mission_edited" and part == "amendment":
        return EDIT_BY_AMENDMENT
    return OF_DECISION.get(kind) or OF_MISSION.get(kind)
