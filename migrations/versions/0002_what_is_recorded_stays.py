"""What is recorded stays: events, ballots and noticed decisions cannot be rewritten, not even by us."""

from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

EVENTS = """
CREATE FUNCTION event_is_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'UPDATE' AND OLD.seq IS NULL AND NEW.seq IS NOT NULL
       AND (OLD.id, OLD.kind, OLD.subject_kind, OLD.subject_id, OLD.actor_id, OLD.at, OLD.facts)
           IS NOT DISTINCT FROM
           (NEW.id, NEW.kind, NEW.subject_kind, NEW.subject_id, NEW.actor_id, NEW.at, NEW.facts) THEN
        RETURN NEW;
    END IF;
    RAISE EXCEPTION 'events are append-only';
END $$;
CREATE TRIGGER event_is_append_only BEFORE UPDATE OR DELETE ON event
    FOR EACH ROW EXECUTE FUNCTION event_is_append_only();
CREATE TRIGGER event_is_never_emptied BEFORE TRUNCATE ON event
    FOR EACH STATEMENT EXECUTE FUNCTION event_is_append_only();
"""

BALLOTS = """
CREATE FUNCTION ballot_is_never_changed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'a ballot is never changed; cast a new version';
END $$;
CREATE TRIGGER ballot_is_never_changed BEFORE UPDATE OR DELETE ON ballot
    FOR EACH ROW EXECUTE FUNCTION ballot_is_never_changed();
"""

DECISIONS = """
CREATE FUNCTION notice_freezes_a_decision() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF OLD.state <> 'draft' AND (
        NEW.question, NEW.options, NEW.rule, NEW.electorate, NEW.frozen_hash,
        NEW.noticed_at, NEW.opens_at, NEW.closes_at, NEW.committee_id, NEW.mission_id
    ) IS DISTINCT FROM (
        OLD.question, OLD.options, OLD.rule, OLD.electorate, OLD.frozen_hash,
        OLD.noticed_at, OLD.opens_at, OLD.closes_at, OLD.committee_id, OLD.mission_id
    ) THEN
        RAISE EXCEPTION 'options, rule, electorate and times are frozen at notice';
    END IF;
    IF OLD.state <> 'draft' AND NEW.state = 'draft' THEN
        RAISE EXCEPTION 'a noticed decision never becomes a draft again';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER notice_freezes_a_decision BEFORE UPDATE ON decision
    FOR EACH ROW EXECUTE FUNCTION notice_freezes_a_decision();
"""


def upgrade() -> None:
    op.execute(EVENTS)
    op.execute(BALLOTS)
    op.execute(DECISIONS)


def downgrade() -> None:
    op.execute("DROP TRIGGER notice_freezes_a_decision ON decision")
    op.execute("DROP FUNCTION notice_freezes_a_decision")
    op.execute("DROP TRIGGER ballot_is_never_changed ON ballot")
    op.execute("DROP FUNCTION ballot_is_never_changed")
    op.execute("DROP TRIGGER event_is_never_emptied ON event")
    op.execute("DROP TRIGGER event_is_append_only ON event")
    op.execute("DROP FUNCTION event_is_append_only")
