"""What people read for each value of the domain's enums; translated when shown."""

from enum import StrEnum

from app.rules import words as w
from app.rules.words import N_

# Two enums may share a value ("open"), so a label belongs to the pair of enum and value: StrEnum members of
# different enums compare equal as text, hence the lookup by type below.
TABLE: dict[type[StrEnum], dict[str, str]] = {
    w.StakeholderGroup: {
        "public": N_("Public bodies"),
        "private": N_("Business"),
        "third": N_("Civil society"),
        "academia": N_("Academia"),
        "citizens": N_("Citizens"),
    },
    w.Role: {
        "admin": N_("Administrator"),
        "facilitator": N_("Facilitator"),
        "chair": N_("Chair"),
        "deputy": N_("Deputy chair"),
        "secretary": N_("Secretary"),
        "member": N_("Member"),
        "alternate": N_("Alternate"),
        "reviewer": N_("Reviewer"),
        "steward": N_("Steward"),
        "lead": N_("Lead"),
        "observer": N_("Observer"),
    },
    w.ScopeKind: {
        "platform": N_("Whole platform"),
        "organisation": N_("Organisation"),
        "committee": N_("Committee"),
    },
    w.SubmissionKind: {
        "need": N_("Need"),
        "idea": N_("Idea"),
        "evidence": N_("Evidence"),
        "proposal": N_("Proposal"),
    },
    w.SubmissionState: {
        "draft": N_("Draft"),
        "submitted": N_("Waiting for moderators"),
        "visible": N_("Public"),
        "hidden": N_("Hidden by moderators"),
        "grouped": N_("In a group"),
        "taken_up": N_("Taken up"),
        "not_taken_up": N_("Not taken up"),
        "withdrawn": N_("Withdrawn by its author"),
    },
    w.CallKind: {"consultation": N_("Consultation"), "innovation": N_("Innovation call")},
    w.CallState: {
        "draft": N_("Draft"),
        "published": N_("Announced"),
        "open": N_("Open"),
        "sensemaking": N_("Making sense"),
        "checking": N_("Checking with authors"),
        "answered": N_("Answered"),
        "archived": N_("Archived"),
        "cancelled": N_("Cancelled"),
    },
    w.ClusterLevel: {"mission": N_("Suggested mission"), "project": N_("Project proposal")},
    w.ClusterState: {
        "suggested": N_("Suggested by the machine"),
        "confirmed": N_("Confirmed by a facilitator"),
        "checked": N_("Checked by authors"),
        "promoted": N_("Became a candidate mission"),
        "set_aside": N_("Set aside"),
    },
    w.GroupingState: {
        "queued": N_("Waiting to start"),
        "running": N_("Running"),
        "proposed": N_("Waiting for your decision"),
        "accepted": N_("Accepted"),
        "discarded": N_("Discarded"),
        "superseded": N_("Replaced by a newer one"),
        "failed": N_("Failed"),
    },
    w.CorrectionKind: {
        "move": N_("Move"),
        "merge": N_("Merge"),
        "split": N_("Split"),
        "rename": N_("Rename"),
        "lock": N_("Lock"),
        "set_apart": N_("Set apart"),
    },
    w.MissionState: {
        "candidate": N_("Candidate"),
        "framed": N_("Framed"),
        "in_review": N_("In review"),
        "on_ballot": N_("On the ballot"),
        "adopted": N_("Adopted"),
        "returned": N_("Returned for more work"),
        "rejected": N_("Rejected"),
        "active": N_("Active"),
        "paused": N_("Paused"),
        "achieved": N_("Achieved"),
        "ended_not_met": N_("Ended, not met"),
    },
    w.DecisionState: {
        "draft": N_("Draft"),
        "noticed": N_("Announced"),
        "open": N_("Voting is open"),
        "closed": N_("Voting is closed"),
        "carried": N_("Carried"),
        "lost": N_("Not carried"),
        "tied": N_("Tied, not carried"),
        "inquorate": N_("Too few seats voted"),
        "certified": N_("Certified"),
        "challenged": N_("Challenged"),
        "upheld": N_("Challenge upheld"),
        "dismissed": N_("Challenge dismissed"),
    },
    w.Choice: {"for": N_("For"), "against": N_("Against"), "abstain": N_("Abstain")},
    w.StatementKind: {
        "comment": N_("Comment"),
        "objection": N_("Objection"),
        "amendment": N_("Amendment"),
        "answer": N_("Answer"),
        "reason": N_("Reason"),
        "dissent": N_("Dissent"),
        "pledge": N_("Pledge"),
        "lesson": N_("Lesson"),
        "report": N_("Report"),
        "appeal": N_("Appeal"),
        "checking": N_("Author's check"),
    },
    w.InterestKind: {
        "employer": N_("My employer"),
        "money": N_("Money"),
        "family": N_("Family or friends"),
        "competing": N_("A competing proposal"),
        "other": N_("Another interest"),
    },
    w.InterestEffect: {"disclose": N_("Made public, keeps the vote"), "recuse": N_("Steps aside")},
    w.IndicatorLens: {
        "user": N_("What people experience"),
        "system": N_("How the system changes"),
        "cost": N_("What it costs"),
    },
    w.Direction: {"up": N_("Upwards"), "down": N_("Downwards")},
    w.ProjectState: {
        "proposed": N_("Proposed"),
        "contracted": N_("Contracted"),
        "running": N_("Running"),
        "paused": N_("Paused"),
        "completed": N_("Completed"),
        "stopped_to_learn": N_("Stopped to learn"),
    },
    w.Origin: {
        "agency": N_("Written by the agency"),
        "cluster": N_("From a group of voices"),
        "submission": N_("From one voice"),
        "amendment": N_("From an amendment"),
    },
    w.PlacedBy: {"machine": N_("by the machine"), "person": N_("by a person")},
}


def label(value: StrEnum) -> str:
    """The English words for a value; a value without a label reads as itself."""
    return TABLE.get(type(value), {}).get(value.value, value.value.replace("_", " "))
