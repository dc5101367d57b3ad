"""What an event is called in the public log; a kind that is not in the table shows its number and hash only."""

from app.rules.words import N_

# Never in the table: sign-ups, passwords and profiles, reports, appeals and authors' checks, which only
# those concerned may know of. What becomes of the rest still depends on whether anyone may see its subject.
OPEN: dict[str, str] = {
    "call_published": N_("A question was published"),
    "call_edited": N_("A question was edited"),
    "call_extended": N_("The dates of a question were moved"),
    "call_cancelled": N_("A question was cancelled"),
    "call_drafted": N_("A question was drafted"),
    "call_answered": N_("A question was answered"),
    "call_archived": N_("A question was archived"),
    "checking_started": N_("Authors were asked whether they were understood"),
    "group_answered": N_("The agency answered a group of voices"),
    "submissions_imported": N_("Submissions were imported"),
    "submission_submitted": N_("Someone submitted a text"),
    "submission_published": N_("A text became public"),
    "submission_edited": N_("An author edited a text"),
    "submission_placed": N_("A text was placed in a group"),
    "submission_restored": N_("A hidden text became public again"),
    "endorsement_given": N_("Someone endorsed a text"),
    "endorsement_taken_back": N_("Someone took back an endorsement"),
    "comment_added": N_("Someone commented"),
    "grouping_started": N_("A grouping was started"),
    "grouping_proposed": N_("A grouping was proposed"),
    "grouping_accepted": N_("A grouping was accepted"),
    "grouping_accepted_in_part": N_("Some changes of a grouping were accepted"),
    "cluster_confirmed": N_("A group was confirmed"),
    "cluster_renamed": N_("A group was renamed"),
    "cluster_merged": N_("Two groups were merged"),
    "cluster_split": N_("A group was split"),
    "cluster_made": N_("A person made a group of ungrouped voices"),
    "cluster_locked": N_("A group was locked"),
    "cluster_set_aside": N_("A group was set aside"),
    "voices_moved": N_("Voices were moved to another group"),
    "voices_set_apart": N_("Voices were set apart from a group"),
    "voices_kept_together": N_("Voices were bound to share a group"),
    "voices_kept_apart": N_("Voices were bound to stand in different groups"),
    "offers_dismissed": N_("Voices offered for a correction were left where they are"),
    "cluster_suggested": N_("A judgement on a group was taken back"),
    "correction_undone": N_("A correction of the groups was undone"),
    "topic_added": N_("A goal or sector was put on a voice or group"),
    "wording_accepted": N_("A sentence that a machine drafted was accepted by a facilitator"),
    "topic_removed": N_("A goal or sector was taken off a voice or group"),
    "mission_drafted": N_("A mission was drafted"),
    "mission_edited": N_("A mission was edited"),
    "mission_framed": N_("A mission was framed"),
    "mission_withdrawn": N_("A mission was withdrawn"),
    "mission_reopened": N_("A mission was opened for editing again"),
    "organisation_added": N_("An organisation was added"),
    "organisation_changed": N_("An organisation was changed"),
    "committee_created": N_("A committee was created"),
    "committee_edited": N_("A committee was changed"),
    "seat_given": N_("A seat was given"),
    "seat_ended": N_("A seat ended"),
    "question_put": N_("A question was put before a committee"),
    "decision_noticed": N_("A vote was announced, and its text and rule fixed"),
    "interest_declared": N_("A member declared an interest"),
    "decision_counted": N_("A vote was closed and counted"),
    "dissent_filed": N_("A dissent was filed"),
    "decision_certified": N_("A result was certified"),
}
# The facts of an event that may be read with it: ids of public things, states, numbers, hashes. Ids of people never.
SHOWN_FACTS = (
    "state", "before", "version", "role", "group", "organisation", "call", "grouping", "cluster", "cluster_key",
    "mission", "mission_state", "committee", "scope", "seat", "seats", "interest", "effect", "outcome", "recused",
    "opens_at", "closes_at", "starts_at", "ends_at", "text_hash", "reason", "words", "frozen", "snapshot",
    "ballots_hash", "seed", "term",
)  # fmt: skip


def name(kind: str) -> str | None:
    return OPEN.get(kind)
