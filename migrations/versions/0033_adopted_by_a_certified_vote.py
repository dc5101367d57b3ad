"""A mission is adopted only by a certified vote that chose it, whatever wrote the row."""

from alembic import op

revision = "0033"
down_revision = "0032"
branch_labels = None
depends_on = None

# Looked at when the transaction ends, since certifying a vote moves its missions before the vote itself.
ADOPTED = """
CREATE FUNCTION adopted_by_a_certified_vote() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    -- Under way already: a vote on it that was set aside since does not stop it, its committee does.
    IF TG_OP = 'UPDATE' AND OLD.state IN ('adopted', 'active', 'paused', 'achieved') THEN
        RETURN NULL;
    END IF;
    IF EXISTS (SELECT FROM mission WHERE id = NEW.id AND state IN ('adopted', 'active', 'paused', 'achieved'))
       AND NOT EXISTS (
        SELECT FROM decision
        WHERE state = 'certified' AND outcome = 'carried'
          AND (kind = 'adopt' AND mission_id = NEW.id
               OR kind IN ('choose', 'set') AND result -> 'selected' ? NEW.id::text
                  AND id IN (SELECT decision_id FROM matter WHERE mission_id = NEW.id))
    ) THEN
        RAISE EXCEPTION 'a mission is adopted only by a certified vote that chose it'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'adopted_by_a_certified_vote';
    END IF;
    RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER adopted_by_a_certified_vote AFTER INSERT OR UPDATE OF state ON mission
DEFERRABLE INITIALLY DEFERRED FOR EACH ROW WHEN (NEW.state IN ('adopted', 'active', 'paused', 'achieved'))
EXECUTE FUNCTION adopted_by_a_certified_vote();
"""


def upgrade() -> None:
    op.execute(ADOPTED)


def downgrade() -> None:
    op.execute("DROP TRIGGER adopted_by_a_certified_vote ON mission")
    op.execute("DROP FUNCTION adopted_by_a_certified_vote()")
