"""Migrations: create and change the tables, one recorded step at a time.

A step never changes once released, so it spells out its tables instead of importing them from ``schema``,
which evolves. A test verifies that all steps together give exactly ``schema``.
"""

from collections.abc import Callable, Sequence

from sqlalchemy import Connection, Engine, func, insert, inspect, select

from assistant.errors import CannotStart
from assistant.events import Event, note
from assistant.storage.migration_statements import (
    INSIGHT_TABLES,
    OF_STAFF,
    PASSKEY_TABLE,
    PROVIDER_TABLES,
    RATE_TABLE,
    REQUESTS_WITHOUT_ROWID,
    SESSION_CHECK_COLUMNS,
)
from assistant.storage.schema import schema_steps

Step = Callable[[Connection], None]

_STEPS_TABLE = (
    "CREATE TABLE IF NOT EXISTS schema_steps (number INTEGER NOT NULL PRIMARY KEY, name TEXT NOT NULL)"
)

_OWNED = "FOREIGN KEY (notebook_id) REFERENCES notebooks (id) ON DELETE CASCADE"

_FIRST_TABLES = f"""
CREATE TABLE notebooks (id TEXT NOT NULL PRIMARY KEY, created_at BIGINT NOT NULL, kept_until BIGINT NOT NULL);
CREATE INDEX notebooks_kept_until ON notebooks (kept_until);

CREATE TABLE documents (notebook_id TEXT NOT NULL, name TEXT NOT NULL, revision INTEGER NOT NULL,
    format INTEGER NOT NULL, sealed BYTES NOT NULL, PRIMARY KEY (notebook_id, name), {_OWNED});

CREATE TABLE requests (notebook_id TEXT NOT NULL, request_id TEXT NOT NULL, fingerprint BYTES NOT NULL,
    at BIGINT NOT NULL, PRIMARY KEY (notebook_id, request_id), {_OWNED});
CREATE INDEX requests_at ON requests (at);

CREATE TABLE slots (id TEXT NOT NULL PRIMARY KEY, notebook_id TEXT NOT NULL, kind TEXT NOT NULL,
    lookup BYTES NOT NULL, pepper_version INTEGER NOT NULL, outer_wrap BYTES NOT NULL, {_OWNED});
CREATE UNIQUE INDEX slots_lookup ON slots (lookup);
CREATE INDEX slots_notebook ON slots (notebook_id);

CREATE TABLE sessions (lookup BYTES NOT NULL PRIMARY KEY, notebook_id TEXT NOT NULL, sealed BYTES NOT NULL,
    expires_at BIGINT NOT NULL, {_OWNED});
CREATE INDEX sessions_notebook ON sessions (notebook_id);
CREATE INDEX sessions_expires_at ON sessions (expires_at);

CREATE TABLE dialogues (digest TEXT NOT NULL PRIMARY KEY, dialogue_id TEXT NOT NULL, version INTEGER NOT NULL,
    content TEXT NOT NULL, published_at BIGINT NOT NULL);
"""

_OF_OWNED_SHARE = "FOREIGN KEY (share_id) REFERENCES share_owners (share_id) ON DELETE CASCADE"
_OF_OPEN_SHARE = "FOREIGN KEY (share_id) REFERENCES share_contents (share_id) ON DELETE CASCADE"

_SHARE_TABLES = f"""
CREATE TABLE shares (id TEXT NOT NULL PRIMARY KEY, way TEXT NOT NULL, made_at BIGINT NOT NULL,
    opens_until BIGINT NOT NULL, version INTEGER NOT NULL, ended_at BIGINT, ended TEXT);
CREATE INDEX shares_opens_until ON shares (opens_until);

CREATE TABLE share_owners (share_id TEXT NOT NULL PRIMARY KEY, notebook_id TEXT NOT NULL,
    meeting_id TEXT NOT NULL, FOREIGN KEY (share_id) REFERENCES shares (id), {_OWNED});
CREATE INDEX share_owners_notebook ON share_owners (notebook_id, meeting_id);

CREATE TABLE share_contents (share_id TEXT NOT NULL PRIMARY KEY, sealed BYTES NOT NULL,
    owner_wrap BYTES NOT NULL, {_OF_OWNED_SHARE});

CREATE TABLE share_ways (id TEXT NOT NULL PRIMARY KEY, share_id TEXT NOT NULL, kind TEXT NOT NULL,
    lookup BYTES NOT NULL, salt BYTES NOT NULL, pepper_version INTEGER NOT NULL, outer_wrap BYTES NOT NULL,
    works_until BIGINT NOT NULL, wrong INTEGER NOT NULL, {_OF_OPEN_SHARE});
CREATE UNIQUE INDEX share_ways_lookup ON share_ways (lookup);
CREATE INDEX share_ways_share ON share_ways (share_id);

CREATE TABLE share_readers (share_id TEXT NOT NULL, staff_id TEXT NOT NULL, sealed BYTES NOT NULL,
    PRIMARY KEY (share_id, staff_id), {_OF_OPEN_SHARE});
CREATE INDEX share_readers_staff ON share_readers (staff_id);

CREATE TABLE share_acts (share_id TEXT NOT NULL, number INTEGER NOT NULL, at BIGINT NOT NULL,
    act TEXT NOT NULL, staff_id TEXT NOT NULL, opening TEXT NOT NULL, link BYTES NOT NULL,
    PRIMARY KEY (share_id, number), {_OF_OWNED_SHARE});
CREATE INDEX share_acts_staff ON share_acts (staff_id, opening);
"""

_REVIEW_TABLES = f"""
CREATE TABLE reviews (id TEXT NOT NULL PRIMARY KEY, notebook_id TEXT NOT NULL, meeting_id TEXT NOT NULL,
    share_id TEXT NOT NULL, made_at BIGINT NOT NULL, revision INTEGER NOT NULL, sealed BYTES NOT NULL,
    owner_wrap BYTES NOT NULL, {_OWNED});
CREATE INDEX reviews_notebook ON reviews (notebook_id, meeting_id);
CREATE UNIQUE INDEX reviews_share ON reviews (share_id);

CREATE TABLE review_keys (share_id TEXT NOT NULL PRIMARY KEY, review_id TEXT NOT NULL, sealed BYTES NOT NULL,
    {_OF_OPEN_SHARE}, FOREIGN KEY (review_id) REFERENCES reviews (id) ON DELETE CASCADE);
CREATE INDEX review_keys_review ON review_keys (review_id);
"""

_STAFF_TABLES = f"""
CREATE TABLE staff (id TEXT NOT NULL PRIMARY KEY, name TEXT NOT NULL, sign_in_name TEXT NOT NULL,
    roles TEXT NOT NULL, public_key BYTES, created_at BIGINT NOT NULL, disabled_at BIGINT);
CREATE UNIQUE INDEX staff_sign_in_name ON staff (sign_in_name);

CREATE TABLE staff_slots (id TEXT NOT NULL PRIMARY KEY, staff_id TEXT NOT NULL, kind TEXT NOT NULL,
    salt BYTES NOT NULL, pepper_version INTEGER NOT NULL, outer_wrap BYTES NOT NULL, {OF_STAFF});
CREATE UNIQUE INDEX staff_slots_kind ON staff_slots (staff_id, kind);

CREATE TABLE staff_apps (staff_id TEXT NOT NULL PRIMARY KEY, pepper_version INTEGER NOT NULL,
    sealed BYTES NOT NULL, last_step INTEGER NOT NULL, {OF_STAFF});

CREATE TABLE staff_recovery_codes (staff_id TEXT NOT NULL, digest BYTES NOT NULL,
    PRIMARY KEY (staff_id, digest), {OF_STAFF});

CREATE TABLE staff_links (staff_id TEXT NOT NULL PRIMARY KEY, lookup BYTES NOT NULL,
    expires_at BIGINT NOT NULL, {OF_STAFF});
CREATE UNIQUE INDEX staff_links_lookup ON staff_links (lookup);

CREATE TABLE staff_sessions (lookup BYTES NOT NULL PRIMARY KEY, staff_id TEXT NOT NULL, sealed BYTES NOT NULL,
    expires_at BIGINT NOT NULL, ends_at BIGINT NOT NULL, {OF_STAFF});
CREATE INDEX staff_sessions_staff ON staff_sessions (staff_id);
CREATE INDEX staff_sessions_expires_at ON staff_sessions (expires_at);
"""


_INVITATION_TABLES = f"""
CREATE TABLE invitations (id TEXT NOT NULL PRIMARY KEY, staff_id TEXT NOT NULL, works_until BIGINT NOT NULL,
    sealed BYTES NOT NULL, for_maker BYTES NOT NULL, {OF_STAFF});
CREATE INDEX invitations_staff ON invitations (staff_id);
CREATE INDEX invitations_works_until ON invitations (works_until);

CREATE TABLE invitation_ways (id TEXT NOT NULL PRIMARY KEY, invitation_id TEXT NOT NULL, kind TEXT NOT NULL,
    lookup BYTES NOT NULL, pepper_version INTEGER NOT NULL, outer_wrap BYTES NOT NULL,
    FOREIGN KEY (invitation_id) REFERENCES invitations (id) ON DELETE CASCADE);
CREATE UNIQUE INDEX invitation_ways_lookup ON invitation_ways (lookup);
CREATE INDEX invitation_ways_invitation ON invitation_ways (invitation_id);

CREATE TABLE share_labels (share_id TEXT NOT NULL PRIMARY KEY, sealed BYTES NOT NULL, {_OF_OPEN_SHARE});
"""

_TRAIL_AND_STAFF_CHANGES = f"""
ALTER TABLE share_owners ADD COLUMN trail_key BYTES;
ALTER TABLE share_readers ADD COLUMN opened BYTES;
ALTER TABLE share_acts ADD COLUMN sealed BYTES;

CREATE TABLE staff_changes (id TEXT NOT NULL PRIMARY KEY, staff_id TEXT NOT NULL, at BIGINT NOT NULL,
    what TEXT NOT NULL, roles TEXT NOT NULL, {OF_STAFF});
CREATE INDEX staff_changes_staff ON staff_changes (staff_id);
CREATE INDEX staff_changes_at ON staff_changes (at);
"""


_OPERATION_TABLES = """
CREATE TABLE heartbeat (id INTEGER NOT NULL PRIMARY KEY, beats BIGINT NOT NULL);
INSERT INTO heartbeat (id, beats) VALUES (1, 0);

CREATE TABLE security_events (at BIGINT NOT NULL, event TEXT NOT NULL, staff_id TEXT NOT NULL,
    by_id TEXT NOT NULL, times INTEGER NOT NULL, PRIMARY KEY (at, event, staff_id, by_id));
"""

_DEVICE_TABLE = f"""
CREATE TABLE staff_devices (lookup BYTES NOT NULL PRIMARY KEY, staff_id TEXT NOT NULL,
    kept_until BIGINT NOT NULL, {OF_STAFF});
CREATE INDEX staff_devices_staff ON staff_devices (staff_id);
CREATE INDEX staff_devices_kept_until ON staff_devices (kept_until);
"""


_FORM_DRAFT_TABLES = f"""
CREATE TABLE form_drafts (form BYTES NOT NULL PRIMARY KEY, page BYTES NOT NULL, notebook_id TEXT,
    staff_id TEXT, meeting_id TEXT, share_id TEXT, sealed BYTES NOT NULL, written_at BIGINT NOT NULL,
    kept_until BIGINT, {_OWNED}, {OF_STAFF}, {_OF_OPEN_SHARE});
CREATE INDEX form_drafts_page ON form_drafts (page);
CREATE INDEX form_drafts_notebook ON form_drafts (notebook_id, meeting_id);
CREATE INDEX form_drafts_staff ON form_drafts (staff_id);
CREATE INDEX form_drafts_share ON form_drafts (share_id);
CREATE INDEX form_drafts_kept_until ON form_drafts (kept_until);

ALTER TABLE sessions ADD COLUMN looks_until BIGINT;
"""

_KEY_TABLES = """
CREATE TABLE key_checks (name TEXT NOT NULL PRIMARY KEY, value BYTES NOT NULL);
CREATE TABLE clock (id INTEGER NOT NULL PRIMARY KEY, newest BIGINT NOT NULL);
ALTER TABLE staff_links ADD COLUMN pepper_version INTEGER DEFAULT 1 NOT NULL;
ALTER TABLE staff_recovery_codes ADD COLUMN pepper_version INTEGER DEFAULT 1 NOT NULL;
"""

_DELETED_MEETINGS = f"""CREATE TABLE deleted_meetings (notebook_id TEXT NOT NULL, meeting_id TEXT NOT NULL,
    PRIMARY KEY (notebook_id, meeting_id), {_OWNED})"""

_OF_GUIDED_SESSION = "FOREIGN KEY (session_id) REFERENCES guided_sessions (id) ON DELETE CASCADE"

_GUIDED_TABLES = f"""
CREATE TABLE guided_sessions (id TEXT NOT NULL PRIMARY KEY, form TEXT NOT NULL, opened_at BIGINT NOT NULL,
    ends_at BIGINT NOT NULL, revision INTEGER NOT NULL, stand INTEGER NOT NULL, sealed BYTES NOT NULL,
    door BYTES);
CREATE INDEX guided_sessions_ends_at ON guided_sessions (ends_at);

CREATE TABLE guided_facilitators (session_id TEXT NOT NULL, staff_id TEXT NOT NULL, sealed BYTES NOT NULL,
    PRIMARY KEY (session_id, staff_id), {_OF_GUIDED_SESSION}, {OF_STAFF});
CREATE INDEX guided_facilitators_staff ON guided_facilitators (staff_id);

CREATE TABLE guided_ways (id TEXT NOT NULL PRIMARY KEY, session_id TEXT NOT NULL, kind TEXT NOT NULL,
    lookup BYTES NOT NULL, pepper_version INTEGER NOT NULL, outer_wrap BYTES NOT NULL, {_OF_GUIDED_SESSION});
CREATE UNIQUE INDEX guided_ways_lookup ON guided_ways (lookup);
CREATE INDEX guided_ways_session ON guided_ways (session_id);

CREATE TABLE guided_arrivals (id TEXT NOT NULL PRIMARY KEY, session_id TEXT NOT NULL, ready INTEGER NOT NULL,
    held INTEGER NOT NULL, {_OF_GUIDED_SESSION});
CREATE INDEX guided_arrivals_session ON guided_arrivals (session_id);

CREATE TABLE guided_seats (arrival_id TEXT NOT NULL PRIMARY KEY, revision INTEGER NOT NULL, shown BYTES,
    messages_revision INTEGER NOT NULL, messages BYTES, key BYTES NOT NULL,
    FOREIGN KEY (arrival_id) REFERENCES guided_arrivals (id) ON DELETE CASCADE);

CREATE TABLE guided_lines (id TEXT NOT NULL PRIMARY KEY, session_id TEXT NOT NULL, sealed BYTES NOT NULL,
    {_OF_GUIDED_SESSION});
CREATE INDEX guided_lines_session ON guided_lines (session_id);
"""


def first_tables(connection: Connection) -> None:
    """Notebooks, their documents and key slots, and the published dialogues."""
    _execute(connection, _FIRST_TABLES)


def staff_tables(connection: Connection) -> None:
    """Staff, their key slots, credentials and sessions."""
    _execute(connection, _STAFF_TABLES)


def share_tables(connection: Connection) -> None:
    """Shares, their secrets and their audit rows."""
    _execute(connection, _SHARE_TABLES)


def review_tables(connection: Connection) -> None:
    """Reviews, and their keys wrapped for open shares."""
    _execute(connection, _REVIEW_TABLES)


def invitation_tables(connection: Connection) -> None:
    """Create the tables for invitations, their links and codes, and the makers' labels."""
    _execute(connection, _INVITATION_TABLES)


def operation_tables(connection: Connection) -> None:
    """The heartbeat row and the log of security events."""
    _execute(connection, _OPERATION_TABLES)


def form_draft_tables(connection: Connection) -> None:
    """Drafts of forms, and the limit for prolonging a session by viewing pages."""
    _execute(connection, _FORM_DRAFT_TABLES)


def device_table(connection: Connection) -> None:
    """The browsers where staff signed in before."""
    _execute(connection, _DEVICE_TABLE)


def trail_and_staff_changes(connection: Connection) -> None:
    """Audit rows sealed to their owners, and the account changes people are notified of."""
    _execute(connection, _TRAIL_AND_STAFF_CHANGES)


def key_tables(connection: Connection) -> None:
    """Check values of the keys, the newest time seen, and the pepper version of rows found by digest."""
    _execute(connection, _KEY_TABLES)


def deleted_meetings_table(connection: Connection) -> None:
    """Create the table of meetings that were deleted after the backup that was restored."""
    _execute(connection, _DELETED_MEETINGS)


def guided_tables(connection: Connection) -> None:
    """Create the tables of guided sessions."""
    _execute(connection, _GUIDED_TABLES)


def rate_table(connection: Connection) -> None:
    """Create the table of shared limits."""
    unlogged = "UNLOGGED " if connection.dialect.name == "postgresql" else ""
    _execute(connection, RATE_TABLE.replace("UNLOGGED ", unlogged))


def provider_tables(connection: Connection) -> None:
    """Create the tables of sign-in at an identity provider."""
    _execute(connection, PROVIDER_TABLES)


def insight_tables(connection: Connection) -> None:
    """Create the tables of the service's figures."""
    _execute(connection, INSIGHT_TABLES)


def passkey_table(connection: Connection) -> None:
    """Create the table of passkeys."""
    _execute(connection, PASSKEY_TABLE)


def requests_without_rowid(connection: Connection) -> None:
    """Keep requests in their key's index alone: SQLite writes a page less for each."""
    if connection.dialect.name == "sqlite":
        _execute(connection, REQUESTS_WITHOUT_ROWID)


def session_check_columns(connection: Connection) -> None:
    """Add what a check at the provider needs, and until when a session needs no fresh proof."""
    _execute(connection, SESSION_CHECK_COLUMNS)


def _execute(connection: Connection, statements: str) -> None:
    kind_of_bytes = {"sqlite": "BLOB", "postgresql": "BYTEA"}[connection.dialect.name]
    for statement in statements.replace("BYTES", kind_of_bytes).split(";\n"):
        if statement.strip():
            connection.exec_driver_sql(statement)


STEPS: tuple[Step, ...] = (
    first_tables,
    staff_tables,
    share_tables,
    review_tables,
    invitation_tables,
    operation_tables,
    form_draft_tables,
    device_table,
    trail_and_staff_changes,
    key_tables,
    deleted_meetings_table,
    guided_tables,
    rate_table,
    provider_tables,
    insight_tables,
    passkey_table,
    requests_without_rowid,
    session_check_columns,
)


def migrate(engine: Engine, steps: Sequence[Step] = STEPS) -> None:
    """Run the outstanding steps; each one and its record are committed together or not at all."""
    with engine.begin() as connection:
        if _steps_taken(connection) == len(steps):
            return
    taken: list[int] = []
    for number, step in enumerate(steps, start=1):
        with engine.begin() as connection:
            if _steps_taken(connection) < number:
                step(connection)
                taken.append(number)
                connection.execute(insert(schema_steps).values(number=number, name=step.__name__))
    with engine.begin() as connection:
        if _steps_taken(connection) > len(steps):
            raise CannotStart("The database belongs to a newer version of this program; start that version.")
    if taken:
        engine.dispose()  # a connection keeps every page that the steps have written
        note(Event.MIGRATED, from_step=taken[0] - 1, to_step=taken[-1])


def see_that_it_is_current(engine: Engine, steps: Sequence[Step] = STEPS) -> None:
    """Raise `CannotStart` if the tables belong to another version; changes nothing."""
    with engine.connect() as connection:
        has_any = inspect(connection).has_table(schema_steps.name)
        taken = connection.scalar(select(func.max(schema_steps.c.number))) if has_any else None
    if taken is None:
        raise CannotStart("The database is empty; check its address, and start the server once.")
    if taken > len(steps):
        raise CannotStart("The database belongs to a newer version of this program; use that version.")
    if taken < len(steps):
        raise CannotStart(
            "The database belongs to an older version of this program, whose server may be running. "
            "Nothing was changed. Start the server of this version once, or use the older version."
        )


def schema_number(connection: Connection) -> int:
    """Return the number of the newest step taken."""
    return connection.scalar(select(func.max(schema_steps.c.number))) or 0


def _steps_taken(connection: Connection) -> int:
    """Return the number of steps taken, locking out other processes that migrate."""
    if connection.dialect.name == "postgresql":
        connection.execute(select(func.pg_advisory_xact_lock(func.hashtext("for-motet/schema"))))
    connection.exec_driver_sql(_STEPS_TABLE)
    return connection.scalar(select(func.max(schema_steps.c.number))) or 0
