"""The long half of a mission: offers and applications, projects with a verdict, milestones, conditions, motions."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0022"
down_revision = "0021"
branch_labels = None
depends_on = None

SUBJECTS_BEFORE = (
    "person", "organisation", "seat", "call", "submission", "grouping", "cluster", "correction", "mission", "clause",
    "project", "committee", "decision", "statement", "key",
)  # fmt: skip
SUBJECTS = (*SUBJECTS_BEFORE[:-1], "application", "indicator", "milestone", "condition", "motion", "key")
CALL_STATES_BEFORE = (
    "draft", "published", "open", "sensemaking", "checking", "answered", "archived", "cancelled",
)  # fmt: skip
CALL_STATES = (*CALL_STATES_BEFORE, "eligibility", "review", "decision")
KINDS_BEFORE = ("adopt", "choose", "set", "portfolio", "amend", "elect", "settle")
KINDS = (*KINDS_BEFORE, "steer")
LIVE = "state IN ('draft', 'noticed', 'open', 'closed', 'carried', 'tied')"
INSTRUMENTS = (
    "prize", "challenge_prize", "grant", "procurement", "pre_procurement", "standard", "institute", "testbed",
    "patient_finance",
)  # fmt: skip
FROZEN_BEFORE = (
    "question", "options", "rule", "electorate", "frozen_hash", "noticed_at", "opens_at", "closes_at", "committee_id",
    "mission_id", "kind", "terms", "timezone", "format",
)  # fmt: skip
ENDED = "state IN ('completed', 'stopped_to_learn')"
STAYS = """
CREATE FUNCTION a_motion_stays() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'UPDATE' AND OLD.outcome IS NULL AND
       (NEW.id, NEW.mission_id, NEW.act, NEW.subject_kind, NEW.subject_id, NEW.facts, NEW.reason, NEW.created_at)
       IS NOT DISTINCT FROM
       (OLD.id, OLD.mission_id, OLD.act, OLD.subject_kind, OLD.subject_id, OLD.facts, OLD.reason, OLD.created_at) THEN
        RETURN NEW;
    END IF;
    RAISE EXCEPTION 'a motion stays as it was made, and is settled once';
END $$;
CREATE TRIGGER a_motion_stays BEFORE UPDATE OR DELETE ON motion FOR EACH ROW EXECUTE FUNCTION a_motion_stays();
"""
ADDED_ONLY = ("milestone", "milestone_word", "offer_terms", "condition_version")


def word(name: str, *values: str, maybe: bool = False, column: str = "", check: str = "") -> sa.Column:
    kind = sa.Enum(*values, name=check or name, native_enum=False, create_constraint=True, length=32)
    return sa.Column(column or name, kind, nullable=maybe)


def instant(name: str, nullable: bool = False) -> sa.Column:
    return sa.Column(name, sa.DateTime(timezone=True), nullable=nullable)


def day(name: str, nullable: bool = False) -> sa.Column:
    return sa.Column(name, sa.Date(), nullable=nullable)


def identifier(
    name: str, target: str = "", on_delete: str = "RESTRICT", nullable: bool = False, **options: bool
) -> sa.Column:
    keys = [sa.ForeignKey(target, ondelete=on_delete)] if target else []
    return sa.Column(name, sa.Uuid(), *keys, nullable=nullable, **options)


def maybe_to(name: str, target: str) -> sa.Column:
    return identifier(name, target, nullable=True)


def text(name: str, length: int, **options: str) -> sa.Column:
    return sa.Column(name, sa.String(length), nullable=False, **options)


def number(name: str, nullable: bool = False, **options: str) -> sa.Column:
    return sa.Column(name, sa.Integer(), nullable=nullable, **options)


def decimal(name: str, places: int = 2, nullable: bool = True) -> sa.Column:
    return sa.Column(name, sa.Numeric(20, places), nullable=nullable)


def document(name: str) -> sa.Column:
    return sa.Column(name, postgresql.JSONB(), nullable=False)


def check(condition: str, name: str) -> sa.CheckConstraint:
    return sa.CheckConstraint(condition, name=name)


def indexed(table: str, *columns: str) -> None:
    for column in columns:
        op.create_index(op.f(f"ix_{table}_{column}"), table, [column])


def upgrade() -> None:
    widen("subjectkind", SUBJECTS)
    widen("callstate", CALL_STATES)
    widen("decisionkind", KINDS)
    make_offers()
    make_applications()
    widen_projects()
    widen_links()
    make_milestones()
    make_conditions()
    make_motions()
    widen_decisions()
    op.execute(STAYS)
    for table in ADDED_ONLY:
        op.execute(
            f"CREATE TRIGGER {table}_stays BEFORE UPDATE ON {table} "
            "FOR EACH ROW EXECUTE FUNCTION row_is_never_changed()"
        )
    op.execute(frozen((*FROZEN_BEFORE, "call_id")))


def widen(check_name: str, values: tuple[str, ...]) -> None:
    """Let every column whose check ends with this name hold these values."""
    listed = ", ".join(f"'{value}'" for value in values)
    op.execute(f"""
DO $$
DECLARE found record;
BEGIN
    FOR found IN
        SELECT c.conname, c.conrelid::regclass AS tablename, a.attname
        FROM pg_constraint c JOIN pg_attribute a ON a.attrelid = c.conrelid AND a.attnum = c.conkey[1]
        WHERE c.contype = 'c' AND c.conname ~ '(^|_){check_name}$' AND c.connamespace = 'public'::regnamespace
    LOOP
        EXECUTE format('ALTER TABLE %s DROP CONSTRAINT %I', found.tablename, found.conname);
        EXECUTE format('ALTER TABLE %s ADD CONSTRAINT %I CHECK (%I IN ({listed.replace("'", "''")})) NOT VALID',
            found.tablename, found.conname, found.attname);
    END LOOP;
END $$;
""")  # noqa: S608 - made of names that stand in this file


def make_offers() -> None:
    op.create_table(
        "offer", identifier("call_id", "call.id", "CASCADE", primary_key=True),
        word("instrument", *INSTRUMENTS, maybe=True), maybe_to("mission_id", "mission.id"), text("challenge", 500),
        maybe_to("follows_call_id", "call.id"), sa.Column("is_for_roadmaps", sa.Boolean(), nullable=False),
        decimal("budget"), text("currency", 3), decimal("ticket_least"), decimal("ticket_most"),
        document("eligibility"), document("criteria"), document("stages"), maybe_to("panel_id", "committee.id"),
        number("reviews_wanted"), sa.Column("is_blind", sa.Boolean(), nullable=False),
        sa.Column("tells_declined", sa.Boolean(), nullable=False), number("version"),
        check("budget > 0", "a_budget_is_money"),
        check("ticket_least >= 0 AND ticket_most >= ticket_least", "tickets_have_a_range"),
        check("reviews_wanted >= 3", "three_reviews_at_least"),
        check("follows_call_id <> call_id", "a_call_follows_another"),
    )  # fmt: skip
    indexed("offer", "mission_id", "follows_call_id", "panel_id")
    op.create_table(
        "offer_terms", identifier("id", primary_key=True), identifier("call_id", "call.id", "CASCADE"),
        number("number"), text("text", 20_000), text("text_hash", 64), instant("created_at"),
        sa.UniqueConstraint("call_id", "number", name="terms_are_numbered"),
    )  # fmt: skip
    indexed("offer_terms", "call_id")


def make_applications() -> None:
    states = (
        "draft", "submitted", "ineligible", "in_review", "shortlisted", "selected", "reserve", "declined", "withdrawn",
    )  # fmt: skip
    op.create_table(
        "application", identifier("id", primary_key=True),
        sa.Column("number", sa.BigInteger(), sa.Identity(always=True), nullable=False, unique=True),
        identifier("call_id", "call.id"), maybe_to("organisation_id", "organisation.id"),
        word("applicationstate", *states, column="state"), text("title", 200), text("summary", 4000),
        text("route", 120), text("hypothesis", 2000), number("readiness", nullable=True),
        day("starts", nullable=True), day("ends", nullable=True), decimal("asked"), document("answers"),
        document("budget"), maybe_to("terms_id", "offer_terms.id"), instant("terms_accepted_at", nullable=True),
        text("receipt", 64), text("outcome_reason", 4000), instant("outcome_at", nullable=True),
        instant("submitted_at", nullable=True), instant("withdrawn_at", nullable=True), number("version"),
        instant("created_at"), instant("updated_at", nullable=True), identifier("created_by_id", "person.id"),
        check("(state = 'draft') = (submitted_at IS NULL)", "a_submitted_application_says_when"),
        check("state = 'draft' OR receipt <> ''", "a_submitted_application_has_a_receipt"),
        check("state = 'draft' OR organisation_id IS NOT NULL", "an_organisation_applies"),
        check("state NOT IN ('ineligible', 'declined') OR outcome_reason <> ''", "declining_has_a_reason"),
        check("asked >= 0", "asked_money_is_not_negative"),
        check("readiness BETWEEN 1 AND 9", "an_application_has_nine_levels"),
        check("ends > starts", "an_application_has_time"),
    )  # fmt: skip
    indexed("application", "call_id", "organisation_id", "created_by_id")
    op.create_index(
        "one_application_per_organisation", "application", ["call_id", "organisation_id"], unique=True,
        postgresql_where=sa.text("state NOT IN ('draft', 'withdrawn')"),
    )  # fmt: skip
    roles = (
        "admin", "facilitator", "chair", "deputy", "secretary", "member", "alternate", "reviewer", "steward", "lead",
        "observer",
    )  # fmt: skip
    op.create_table(
        "teammate", identifier("id", primary_key=True), identifier("application_id", "application.id", "CASCADE"),
        identifier("person_id", "person.id"), word("role", *roles), instant("created_at"),
        sa.UniqueConstraint("application_id", "person_id", name="one_is_in_a_team_once"),
        check("role IN ('lead', 'member')", "a_team_has_a_lead_and_members"),
    )  # fmt: skip
    indexed("teammate", "person_id")
    op.create_index(
        "a_team_has_one_lead", "teammate", ["application_id"], unique=True,
        postgresql_where=sa.text("role = 'lead'"),
    )  # fmt: skip


def widen_projects() -> None:
    for column in (
        maybe_to("application_id", "application.id"), word("instrument", *INSTRUMENTS, maybe=True),
        text("hypothesis", 2000, server_default=""), maybe_to("funder_organisation_id", "organisation.id"),
        day("starts", nullable=True), day("ends", nullable=True),
        word("projectverdict", "supported", "refuted", "undecided", maybe=True, column="verdict"),
        text("outcome_reason", 4000, server_default=""), instant("contracted_at", nullable=True),
        instant("ended_at", nullable=True), number("version", server_default="1"),
    ):  # fmt: skip
        op.add_column("project", column)
    for name in ("hypothesis", "outcome_reason", "version"):
        op.alter_column("project", name, server_default=None)
    op.create_unique_constraint("project_application_id_key", "project", ["application_id"])
    op.create_check_constraint("a_project_has_time", "project", "ends > starts")
    op.create_check_constraint("an_end_has_a_verdict", "project", f"({ENDED}) = (verdict IS NOT NULL)")
    op.create_check_constraint("an_end_says_when", "project", f"({ENDED}) = (ended_at IS NOT NULL)")


def widen_links() -> None:
    for column in (
        text("assumption", 1000, server_default=""), text("evidence", 1000, server_default=""),
        sa.Column("status", sa.Enum("untested", "supported", "refuted", name="linkstatus", native_enum=False,
                                    create_constraint=True, length=32), nullable=False, server_default="untested"),
        decimal("size"), maybe_to("by_id", "person.id"),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False, server_default=sa.func.now()),
    ):  # fmt: skip
        op.add_column("link", column)
    for name in ("assumption", "evidence", "status", "created_at"):
        op.alter_column("link", name, server_default=None)
    op.create_check_constraint("a_tested_link_has_evidence", "link", "status = 'untested' OR evidence <> ''")


def make_milestones() -> None:
    op.create_table(
        "milestone", identifier("id", primary_key=True), identifier("mission_id", "mission.id"),
        maybe_to("project_id", "project.id"), maybe_to("indicator_id", "indicator.id"), text("title", 200),
        decimal("expected", 6), day("due"), text("verifier", 200), maybe_to("replaces_id", "milestone.id"),
        maybe_to("decision_id", "decision.id"), maybe_to("by_id", "person.id"), instant("created_at"),
        sa.UniqueConstraint("replaces_id", name="a_milestone_is_replaced_once"),
        check("(replaces_id IS NULL) = (decision_id IS NULL)", "a_decision_revises_a_milestone"),
        check("(indicator_id IS NULL) = (expected IS NULL)", "a_value_is_of_an_indicator"),
    )  # fmt: skip
    indexed("milestone", "mission_id", "project_id", "indicator_id")
    op.create_table(
        "milestone_word", identifier("milestone_id", "milestone.id", primary_key=True), day("reached_on"),
        text("evidence", 1000), identifier("by_id", "person.id"), instant("created_at"),
    )  # fmt: skip


def make_conditions() -> None:
    kinds = ("access", "reinvestment", "knowledge", "equity", "supply", "living_wage")
    states = ("proposed", "agreed", "active", "due", "kept", "breached", "remedied", "waived")
    op.create_table(
        "condition", identifier("id", primary_key=True), maybe_to("call_id", "call.id"),
        maybe_to("project_id", "project.id"), word("conditionkind", *kinds, column="kind"),
        word("conditionstate", *states, column="state"), number("version"), day("due", nullable=True),
        maybe_to("decision_id", "decision.id"), instant("created_at"), instant("agreed_at", nullable=True),
        check("(project_id IS NULL) <> (call_id IS NULL)", "a_condition_has_one_home"),
        check("call_id IS NULL OR state = 'proposed'", "a_call_only_proposes"),
        check("(state IN ('remedied', 'waived')) = (decision_id IS NOT NULL)", "a_decision_remedies_or_waives"),
    )  # fmt: skip
    indexed("condition", "call_id", "project_id")
    op.create_table(
        "condition_version", identifier("id", primary_key=True),
        identifier("condition_id", "condition.id", "CASCADE"), number("number"), text("clause", 2000),
        text("parameter", 200), document("test"), day("due", nullable=True), maybe_to("by_id", "person.id"),
        instant("created_at"),
        sa.UniqueConstraint("condition_id", "number", name="versions_of_a_condition_are_numbered"),
    )  # fmt: skip
    indexed("condition_version", "condition_id")


def make_motions() -> None:
    acts = ("revise_milestone", "waive_condition", "accept_remedy", "set_risk", "pause", "resume", "end")
    op.create_table(
        "motion", identifier("id", primary_key=True), identifier("mission_id", "mission.id"),
        word("motionact", *acts, column="act"), word("subjectkind", *SUBJECTS, column="subject_kind"),
        identifier("subject_id"), document("facts"), text("reason", 4000),
        word("motionoutcome", "carried", "lost", "withdrawn", maybe=True, column="outcome"),
        maybe_to("decision_id", "decision.id"), maybe_to("by_id", "person.id"), instant("created_at"),
        instant("settled_at", nullable=True),
        check("reason <> ''", "a_motion_has_a_reason"),
        check("(outcome IS NULL) = (settled_at IS NULL)", "a_settled_motion_says_when"),
        check("outcome IS NULL OR outcome = 'withdrawn' OR decision_id IS NOT NULL", "a_vote_settles_a_motion"),
    )  # fmt: skip
    indexed("motion", "mission_id", "subject_id", "decision_id")
    op.create_index(
        "one_motion_waits_per_subject", "motion", ["act", "subject_id"], unique=True,
        postgresql_where=sa.text("outcome IS NULL"),
    )  # fmt: skip


def widen_decisions() -> None:
    op.add_column("decision", maybe_to("call_id", "call.id"))
    op.drop_constraint("a_kind_names_its_mission", "decision")
    op.create_check_constraint(
        "a_kind_names_what_it_is_about", "decision",
        "CASE WHEN kind IN ('adopt', 'amend', 'steer') THEN mission_id IS NOT NULL "
        "WHEN kind = 'portfolio' THEN mission_id IS NOT NULL OR call_id IS NOT NULL "
        "ELSE mission_id IS NULL AND call_id IS NULL END",
    )  # fmt: skip
    op.drop_index("one_live_decision_per_mission", "decision")
    live_decision(f"{LIVE} AND kind IN ('adopt', 'amend')")
    op.create_index(
        "one_live_portfolio_per_call", "decision", ["call_id"], unique=True, postgresql_where=sa.text(LIVE)
    )


def live_decision(where: str) -> None:
    op.create_index(
        "one_live_decision_per_mission",
        "decision",
        ["mission_id"],
        unique=True,
        postgresql_where=sa.text(where),
    )


def frozen(columns: tuple[str, ...]) -> str:
    """The function of 0002, over these columns."""
    new, old = (", ".join(f"{row}.{column}" for column in columns) for row in ("NEW", "OLD"))
    return f"""
CREATE OR REPLACE FUNCTION notice_freezes_a_decision() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF OLD.state <> 'draft' AND ({new}) IS DISTINCT FROM ({old}) THEN
        RAISE EXCEPTION 'options, rule, electorate and times are frozen at notice';
    END IF;
    IF OLD.state <> 'draft' AND NEW.state = 'draft' THEN
        RAISE EXCEPTION 'a noticed decision never becomes a draft again';
    END IF;
    RETURN NEW;
END $$;
"""


def downgrade() -> None:
    op.execute(frozen(FROZEN_BEFORE))
    op.drop_index("one_live_portfolio_per_call", "decision")
    op.drop_index("one_live_decision_per_mission", "decision")
    op.execute("DELETE FROM decision WHERE kind = 'steer' AND state = 'draft'")
    live_decision(LIVE)
    op.drop_constraint("a_kind_names_what_it_is_about", "decision")
    op.drop_column("decision", "call_id")
    op.create_check_constraint(
        "a_kind_names_its_mission", "decision",
        "(kind IN ('adopt', 'portfolio', 'amend')) = (mission_id IS NOT NULL)",
    )  # fmt: skip
    for table in ("motion", "condition_version", "condition", "milestone_word", "milestone"):
        op.drop_table(table)
    op.execute("DROP FUNCTION a_motion_stays")
    op.drop_constraint("a_tested_link_has_evidence", "link")
    for name in ("assumption", "evidence", "status", "size", "by_id", "created_at"):
        op.drop_column("link", name)
    for name in (
        "a_project_has_time",
        "an_end_has_a_verdict",
        "an_end_says_when",
        "project_application_id_key",
    ):
        op.drop_constraint(name, "project")
    for name in (
        "application_id", "instrument", "hypothesis", "funder_organisation_id", "starts", "ends", "verdict",
        "outcome_reason", "contracted_at", "ended_at", "version",
    ):  # fmt: skip
        op.drop_column("project", name)
    for table in ("teammate", "application", "offer_terms", "offer"):
        op.drop_table(table)
    widen("decisionkind", KINDS_BEFORE)
    widen("callstate", CALL_STATES_BEFORE)
    widen("subjectkind", SUBJECTS_BEFORE)
