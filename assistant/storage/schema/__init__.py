"""The current tables; `migrations` upgrades older databases.

Everything a user owns references their notebook and is deleted with it.
"""

from assistant.storage.schema.columns import metadata
from assistant.storage.schema.form_draft_tables import form_drafts
from assistant.storage.schema.guided_tables import (
    guided_arrivals,
    guided_facilitators,
    guided_lines,
    guided_seats,
    guided_sessions,
    guided_ways,
)
from assistant.storage.schema.notebook_tables import (
    deleted_meetings,
    dialogues,
    documents,
    notebooks,
    requests,
    sessions,
    slots,
)
from assistant.storage.schema.operation_tables import (
    clock,
    heartbeat,
    insight_quarters,
    insight_tally,
    key_checks,
    rate_levels,
    schema_steps,
    security_events,
)
from assistant.storage.schema.provider_tables import provider_sessions, provider_visits, staff_identities
from assistant.storage.schema.sharing_tables import (
    invitation_ways,
    invitations,
    review_keys,
    reviews,
    share_acts,
    share_contents,
    share_labels,
    share_owners,
    share_readers,
    share_ways,
    shares,
)
from assistant.storage.schema.staff_tables import (
    staff,
    staff_apps,
    staff_changes,
    staff_devices,
    staff_links,
    staff_passkeys,
    staff_recovery_codes,
    staff_sessions,
    staff_slots,
)

__all__ = [
    "clock",
    "deleted_meetings",
    "dialogues",
    "documents",
    "form_drafts",
    "guided_arrivals",
    "guided_facilitators",
    "guided_lines",
    "guided_seats",
    "guided_sessions",
    "guided_ways",
    "heartbeat",
    "insight_quarters",
    "insight_tally",
    "invitation_ways",
    "invitations",
    "key_checks",
    "metadata",
    "notebooks",
    "provider_sessions",
    "provider_visits",
    "rate_levels",
    "requests",
    "review_keys",
    "reviews",
    "schema_steps",
    "security_events",
    "sessions",
    "share_acts",
    "share_contents",
    "share_labels",
    "share_owners",
    "share_readers",
    "share_ways",
    "shares",
    "slots",
    "staff",
    "staff_apps",
    "staff_changes",
    "staff_devices",
    "staff_identities",
    "staff_links",
    "staff_passkeys",
    "staff_recovery_codes",
    "staff_sessions",
    "staff_slots",
]
