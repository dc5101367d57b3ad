"""One submission with all that its page shows: author, conversation, neighbours, and what became of it."""

from dataclasses import dataclass, field
from datetime import timedelta

from sqlmodel import Session

from app.conditions.asking import call_phase
from app.models.call import Call
from app.models.columns import now
from app.models.organisation import Organisation
from app.models.person import Person
from app.models.statement import Statement
from app.models.submission import Submission
from app.models.submission_lists import Voice
from app.permissions import Permission, can
from app.rules import phases
from app.rules.disclosure import PUBLIC_STATES
from app.rules.moderation import CHOOSABLE, RULES, Explanation, HidingRule, title_of
from app.rules.phases import Act
from app.rules.words import SubjectKind, SubmissionState
from app.services import (
    answers,
    checking,
    conversations,
    endorsements,
    lineage,
    lineage_rows,
    lineage_story,
    moderation,
    similar,
    statements,
)
from app.services import topics as topics_on
from app.services.checking import Question
from app.services.conversations import Conversation
from app.services.lineage_rows import Trail
from app.services.lineage_stations import Station
from app.services.lineage_story import Step
from app.services.topics import Topics
from app.viewer import Viewer

JUST_NOW = timedelta(minutes=5)
NOTHING_SAID = Conversation([])


@dataclass(frozen=True)
class Shown:
    """What the template reads; `may_read` False leaves a tombstone: a rule or a date, and none of the words.

    `similar` is None until it is asked for: most readers never scroll to it, and it costs as much as all the rest.
    """

    submission: Submission
    call: Call
    may_read: bool
    author: str = ""
    organisation: str = ""
    is_mine: bool = False
    is_public: bool = False
    is_fresh: bool = False
    is_endorsed: bool = False
    may_endorse: bool = False
    is_discussed: bool = False
    moderates: bool = False
    rule: str = ""
    rules: dict[HidingRule, Explanation] = field(default_factory=lambda: RULES)
    choosable: tuple[HidingRule, ...] = CHOOSABLE
    talk: Conversation = NOTHING_SAID
    similar: list[Voice] | None = None
    stations: list[Station] = field(default_factory=list)
    steps: list[Step] = field(default_factory=list)
    appeal: Statement | None = None
    appeal_answer: str = ""
    answer: str = ""
    question: Question | None = None
    topics: Topics | None = None


def shown(
    session: Session, submission: Submission, viewer: Viewer, *, may_read: bool, cursor: str = ""
) -> Shown:
    """Gather the page; a tombstone gathers nothing that could tell its words or its author."""
    call = session.get_one(Call, submission.call_id)
    is_mine = viewer.id is not None and submission.author_id == viewer.id
    trail = lineage_rows.trail_of(session, submission)
    stations = lineage.of_submission(session, submission, trail)
    appeal = None
    if is_mine and submission.state is SubmissionState.HIDDEN:
        appeal = statements.appeal_of(session, submission)
    answer = moderation.answer_to(session, appeal) if appeal else None
    rule = title_of(submission.hidden_rule)
    if not may_read:
        told = answer_told(session, submission, call, trail)
        return Shown(
            submission, call, may_read=False, is_mine=is_mine, stations=stations, rule=rule, answer=told
        )
    author = session.get(Person, submission.author_id) if submission.author_id else None
    agency = session.get(Organisation, submission.organisation_id) if submission.organisation_id else None
    may_choose = can(session, viewer, Permission.CHOOSE_TOPICS, submission)
    is_public, is_fresh = submission.state in PUBLIC_STATES, is_mine and is_just_sent(submission)
    return Shown(
        submission,
        call,
        may_read=True,
        author=author.name if author else "",
        organisation=agency.name if agency else "",
        is_mine=is_mine,
        is_public=is_public,
        is_fresh=is_fresh,
        may_endorse=is_public and phases.allows(Act.ENDORSE, call_phase(call)),
        is_endorsed=endorsements.is_endorsed(session, submission.id, viewer.id),
        talk=conversations.page(session, SubjectKind.SUBMISSION, submission.id, cursor)
        if is_public
        else NOTHING_SAID,
        similar=similar.to_submission(session, submission) if is_public and is_fresh else None,
        stations=stations,
        is_discussed=is_public and phases.allows(Act.COMMENT, call_phase(call)),
        moderates=can(session, viewer, Permission.MODERATE, call),
        rule=rule,
        steps=lineage_story.story(session, submission, trail),
        appeal=appeal,
        appeal_answer=answer.text if answer else "",
        question=checking.question_for(session, submission, call) if is_mine else None,
        topics=topics_on.of(session, submission, may_choose=may_choose),
    )


def answer_told(session: Session, submission: Submission, call: Call, trail: Trail) -> str:
    """What the agency answered the group that this voice stood in: its own words, which outlive those of the voice."""
    if call.answered_at is None or trail.placement is None:
        return ""
    found = answers.answer_to(session, submission, trail.cluster)
    return found.text if found else ""


def is_just_sent(submission: Submission) -> bool:
    """Whether its author comes from sending it, and should read what is true now."""
    if submission.state not in (SubmissionState.VISIBLE, SubmissionState.SUBMITTED):
        return False
    return submission.submitted_at is not None and now() - submission.submitted_at < JUST_NOW
