"""The statements of the newest steps, which `migrations` takes in order. A released step never changes."""

OF_STAFF = "FOREIGN KEY (staff_id) REFERENCES staff (id) ON DELETE CASCADE"

PROVIDER_TABLES = f"""
CREATE TABLE staff_identities (staff_id TEXT NOT NULL PRIMARY KEY, lookup BYTES NOT NULL,
    pepper_version INTEGER NOT NULL, {OF_STAFF});
CREATE UNIQUE INDEX staff_identities_lookup ON staff_identities (lookup);

CREATE TABLE provider_visits (lookup BYTES NOT NULL PRIMARY KEY, sealed BYTES NOT NULL,
    expires_at BIGINT NOT NULL);
CREATE INDEX provider_visits_expires_at ON provider_visits (expires_at);

CREATE TABLE provider_sessions (session BYTES NOT NULL PRIMARY KEY, staff_id TEXT NOT NULL,
    subject BYTES NOT NULL, sid BYTES NOT NULL,
    FOREIGN KEY (session) REFERENCES staff_sessions (lookup) ON DELETE CASCADE);
CREATE INDEX provider_sessions_subject ON provider_sessions (subject);
CREATE INDEX provider_sessions_sid ON provider_sessions (sid);
"""


PASSKEY_TABLE = """
CREATE TABLE staff_passkeys (slot_id TEXT NOT NULL PRIMARY KEY, credential BYTES NOT NULL, name TEXT NOT NULL,
    added_at BIGINT NOT NULL, FOREIGN KEY (slot_id) REFERENCES staff_slots (id) ON DELETE CASCADE);
"""


RATE_TABLE = """
CREATE UNLOGGED TABLE rate_levels (lookup BYTES NOT NULL PRIMARY KEY, full_at BIGINT NOT NULL);
CREATE INDEX rate_levels_full_at ON rate_levels (full_at);
"""


REQUESTS_WITHOUT_ROWID = """
CREATE TABLE requests_by_key (notebook_id TEXT NOT NULL, request_id TEXT NOT NULL, fingerprint BYTES NOT NULL,
    at BIGINT NOT NULL, PRIMARY KEY (notebook_id, request_id),
    FOREIGN KEY (notebook_id) REFERENCES notebooks (id) ON DELETE CASCADE) WITHOUT ROWID;
INSERT INTO requests_by_key SELECT notebook_id, request_id, fingerprint, at FROM requests;
DROP TABLE requests;
ALTER TABLE requests_by_key RENAME TO requests;
CREATE INDEX requests_at ON requests (at);
"""


INSIGHT_TABLES = """
CREATE TABLE insight_tally (id INTEGER NOT NULL PRIMARY KEY, sealed BYTES NOT NULL);

CREATE TABLE insight_quarters (quarter TEXT NOT NULL PRIMARY KEY, shared INTEGER NOT NULL,
    wishes_answered INTEGER NOT NULL);
"""


SESSION_CHECK_COLUMNS = """
ALTER TABLE staff_sessions ADD COLUMN proved_until BIGINT;

ALTER TABLE provider_sessions ADD COLUMN grant_sealed BYTES;
ALTER TABLE provider_sessions ADD COLUMN confirmed_at BIGINT;
ALTER TABLE provider_sessions ADD COLUMN ask_at BIGINT;
ALTER TABLE provider_sessions ADD COLUMN is_asked INTEGER DEFAULT 0 NOT NULL;
"""
