"""Decisions of every kind: any options, any rule, open or secret."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None

KINDS = ("adopt", "choose", "set", "portfolio", "amend", "elect", "settle")
GROUPS = ("public", "private", "third", "academia", "citizens")
FROZEN_BEFORE = (
    "question", "options", "rule", "electorate", "frozen_hash", "noticed_at", "opens_at", "closes_at", "committee_id",
    "mission_id",
)  # fmt: skip
FROZEN = (*FROZEN_BEFORE, "kind", "terms", "timezone", "format")

# Earlier decisions were all counted by group majority; their results take the shape that every rule's have now.
NEW_RESULTS = """
UPDATE decision SET recused = COALESCE(result -> 'recused_seats', '[]'::jsonb), result = jsonb_build_object(
    'format', 'comission-result/1',
    'rule', 'group_majority',
    'state', result ->> 'state',
    'selected', CASE WHEN result ->> 'state' = 'carried' THEN '["adopt"]'::jsonb ELSE '[]'::jsonb END,
    'tied', CASE WHEN result ->> 'state' = 'tied' THEN '["adopt"]'::jsonb ELSE '[]'::jsonb END,
    'set_aside', result -> 'set_aside',
    'quorum', (SELECT jsonb_agg(jsonb_build_object(
        'group', each -> 'group', 'seats', each -> 'seats', 'recused', each -> 'recused', 'needed', each -> 'needed',
        'cast', (each ->> 'for')::int + (each ->> 'against')::int + (each ->> 'abstain')::int)
        ORDER BY place) FROM jsonb_array_elements(result -> 'groups') WITH ORDINALITY AS rows (each, place)),
    'figures', jsonb_build_object(
        'groups', (SELECT jsonb_agg(jsonb_build_object(
            'group', each -> 'group', 'required', each -> 'required', 'for', each -> 'for',
            'against', each -> 'against', 'abstain', each -> 'abstain') ORDER BY place)
            FROM jsonb_array_elements(result -> 'groups') WITH ORDINALITY AS rows (each, place)),
        'total', result -> 'total',
        'share', COALESCE(((result -> 'total' ->> 'for')::int
            / NULLIF(gcd((result -> 'total' ->> 'for')::int,
                (result -> 'total' ->> 'for')::int + (result -> 'total' ->> 'against')::int), 0))::text || '/' ||
            (((result -> 'total' ->> 'for')::int + (result -> 'total' ->> 'against')::int)
            / NULLIF(gcd((result -> 'total' ->> 'for')::int,
                (result -> 'total' ->> 'for')::int + (result -> 'total' ->> 'against')::int), 0))::text, '0/1'),
        'verdict', CASE WHEN result ->> 'state' IN ('carried', 'tied') THEN result ->> 'state' ELSE 'lost' END)
) WHERE result ? 'groups'
"""
OLD_RESULTS = """
UPDATE decision SET result = jsonb_build_object(
    'state', result ->> 'state', 'rule', rule, 'total', result -> 'figures' -> 'total',
    'set_aside', result -> 'set_aside', 'recused_seats', recused,
    'groups', (SELECT jsonb_agg((each - 'cast') || (line - 'group') ORDER BY place)
        FROM jsonb_array_elements(result -> 'quorum') WITH ORDINALITY AS rows (each, place)
        JOIN jsonb_array_elements(result -> 'figures' -> 'groups') AS lines (line)
        ON line ->> 'group' = each ->> 'group')
) WHERE result ? 'figures'
"""

BOX = """
CREATE FUNCTION a_secret_ballot_stays() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'who has voted and what was voted is never changed';
END $$;
CREATE TRIGGER voted_stays BEFORE UPDATE OR DELETE ON voted
    FOR EACH ROW EXECUTE FUNCTION a_secret_ballot_stays();
CREATE TRIGGER secret_ballot_stays BEFORE UPDATE OR DELETE ON secret_ballot
    FOR EACH ROW EXECUTE FUNCTION a_secret_ballot_stays();
CREATE FUNCTION a_box_is_emptied_by_the_count() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'DELETE' AND (
        EXISTS (SELECT 1 FROM secret_ballot s WHERE (s.id, s.decision_id, s.mark, s.nonce, s."group")
            IS NOT DISTINCT FROM (OLD.id, OLD.decision_id, OLD.mark, OLD.nonce, OLD."group"))
        OR EXISTS (SELECT 1 FROM ballot_box b WHERE b.replaces_id = OLD.id)
    ) AND EXISTS (SELECT 1 FROM decision d WHERE d.id = OLD.decision_id
        AND d.state NOT IN ('draft', 'noticed', 'open')) THEN
        RETURN OLD;
    END IF;
    RAISE EXCEPTION 'a ballot leaves the box only when it is counted';
END $$;
CREATE TRIGGER a_box_is_emptied_by_the_count BEFORE UPDATE OR DELETE ON ballot_box
    FOR EACH ROW EXECUTE FUNCTION a_box_is_emptied_by_the_count();
"""


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


def kind(*values: str, name: str) -> sa.Enum:
    return sa.Enum(*values, name=name, native_enum=False, create_constraint=True, length=32)


def upgrade() -> None:
    decisions_widen()
    ballots_hold_any_mark()
    secret_ballots()
    op.execute(frozen(FROZEN))


def decisions_widen() -> None:
    op.add_column(
        "decision",
        sa.Column("kind", kind(*KINDS, name="decisionkind"), nullable=False, server_default="adopt"),
    )
    op.add_column(
        "decision", sa.Column("format", sa.String(40), nullable=False, server_default="comission-decision/1")
    )
    op.add_column("decision", sa.Column("timezone", sa.String(60), nullable=False, server_default="UTC"))
    for name, default in (("terms", "{}"), ("recused", "[]")):
        op.add_column("decision", sa.Column(name, JSONB(), nullable=False, server_default=default))
    op.add_column("decision", sa.Column("lot_value", sa.String(200), nullable=True))
    op.execute(
        "UPDATE decision SET timezone = call.timezone, "
        "format = CASE WHEN decision.state = 'draft' THEN 'comission-decision/2' ELSE 'comission-decision/1' END "
        "FROM mission JOIN call ON call.id = mission.call_id WHERE mission.id = decision.mission_id"
    )
    op.execute(NEW_RESULTS)
    for name in ("kind", "format", "timezone", "terms", "recused"):
        op.alter_column("decision", name, server_default=None)
    op.alter_column("decision", "mission_id", nullable=True)
    op.create_check_constraint(
        "a_kind_names_its_mission", "decision",
        "(kind IN ('adopt', 'portfolio', 'amend')) = (mission_id IS NOT NULL)",
    )  # fmt: skip
    op.create_table(
        "matter",
        sa.Column(
            "decision_id", sa.Uuid(), sa.ForeignKey("decision.id", ondelete="CASCADE"), primary_key=True
        ),
        sa.Column(
            "mission_id", sa.Uuid(), sa.ForeignKey("mission.id", ondelete="RESTRICT"), primary_key=True
        ),
    )
    op.create_index(op.f("ix_matter_mission_id"), "matter", ["mission_id"])


def ballots_hold_any_mark() -> None:
    op.execute("ALTER TABLE ballot DISABLE TRIGGER ballot_is_never_changed")
    op.add_column("ballot", sa.Column("mark", JSONB(), nullable=True))
    op.add_column("ballot", sa.Column("criterion", sa.String(20), nullable=False, server_default=""))
    op.execute("UPDATE ballot SET mark = jsonb_build_object('choice', choice)")
    op.alter_column("ballot", "mark", nullable=False)
    op.alter_column("ballot", "criterion", server_default=None)
    op.drop_column("ballot", "choice")
    op.execute("ALTER TABLE ballot ENABLE TRIGGER ballot_is_never_changed")


def secret_ballots() -> None:
    op.create_table(
        "voted",
        sa.Column(
            "decision_id", sa.Uuid(), sa.ForeignKey("decision.id", ondelete="RESTRICT"), primary_key=True
        ),
        sa.Column("seat_id", sa.Uuid(), sa.ForeignKey("seat.id", ondelete="RESTRICT"), primary_key=True),
    )
    for table in ("ballot_box", "secret_ballot"):
        op.create_table(
            table,
            sa.Column("id", sa.Uuid(), primary_key=True),
            sa.Column(
                "decision_id", sa.Uuid(), sa.ForeignKey("decision.id", ondelete="RESTRICT"), nullable=False
            ),
            sa.Column("group", kind(*GROUPS, name="stakeholdergroup"), nullable=True),
            sa.Column("mark", JSONB(), nullable=False),
            sa.Column("nonce", sa.String(32), nullable=False),
        )
        op.create_index(op.f(f"ix_{table}_decision_id"), table, ["decision_id"])
    op.add_column("ballot_box", sa.Column("key_hash", sa.String(64), nullable=False))
    op.add_column(
        "ballot_box",
        sa.Column("replaces_id", sa.Uuid(), sa.ForeignKey("ballot_box.id", ondelete="NO ACTION")),
    )
    op.create_unique_constraint("a_ballot_is_replaced_once", "ballot_box", ["replaces_id"])
    op.execute(BOX)


def downgrade() -> None:
    """Refuses where something is kept that earlier versions cannot hold."""
    others = op.get_bind().scalar(
        sa.text(
            "SELECT count(*) FROM decision WHERE kind <> 'adopt' OR terms ->> 'secret' = 'true' "
            "OR (format = 'comission-decision/2' AND state <> 'draft')"
        )
    )
    if others:
        raise RuntimeError("votes noticed since this version cannot be kept in an earlier one")
    op.execute(frozen(FROZEN_BEFORE))
    op.execute("DROP TABLE ballot_box, secret_ballot, voted, matter")
    op.execute("DROP FUNCTION a_box_is_emptied_by_the_count")
    op.execute("DROP FUNCTION a_secret_ballot_stays")
    op.execute("ALTER TABLE ballot DISABLE TRIGGER ballot_is_never_changed")
    choices = kind("for", "against", "abstain", name="choice")
    op.add_column("ballot", sa.Column("choice", choices, nullable=True))
    op.execute("UPDATE ballot SET choice = mark ->> 'choice'")
    op.alter_column("ballot", "choice", nullable=False)
    op.drop_column("ballot", "mark")
    op.drop_column("ballot", "criterion")
    op.execute("ALTER TABLE ballot ENABLE TRIGGER ballot_is_never_changed")
    op.drop_constraint("a_kind_names_its_mission", "decision")
    op.execute(OLD_RESULTS)
    op.alter_column("decision", "mission_id", nullable=False)
    for name in ("kind", "format", "timezone", "terms", "recused", "lot_value"):
        op.drop_column("decision", name)
