"""What one version sealed, the next one opens: the names that keys are derived with never change.

Each value here is in databases of services. A change of one letter would lock out everyone who wrote
before; where the program only seals and opens by itself, no other test would notice.
"""

from hashlib import sha256

import pytest

from assistant.errors import SealBroken
from assistant.vault import guided_keys, invitation_keys, share_keys
from assistant.vault.form_draft_keys import form_draft_index, form_draft_key
from assistant.vault.key_slots import KeySlot
from assistant.vault.pepper import Pepper, check_value
from assistant.vault.request_fingerprint import fingerprint
from assistant.vault.staff_keys import PASSWORD, open_staff_slot, passkey_kind, rewrap_staff_slot

SECRET = b"s" * 32
PEPPER = Pepper(1, b"p" * 32)
VALUES = {
    "the way of a share's code": share_keys.CODE.encode(),
    "the way of a share's link": share_keys.LINK_TO_SHARE.encode(),
    "the way of an invitation's code": invitation_keys.INVITATION_CODE.encode(),
    "the way of an invitation's link": invitation_keys.LINK_TO_INVITATION.encode(),
    "what a share is found by": share_keys.LOCATOR_PURPOSE.encode(),
    "a reader's key of a share": share_keys.for_reader("share", "staff"),
    "a maker's part of an invitation": invitation_keys.for_maker("invitation", "staff"),
    "a label of an invitation": invitation_keys.label_for_maker("staff"),
    "the door of a guided session": guided_keys.of_door("session"),
    "a seat of a guided session": guided_keys.of_seat("arrival"),
    "drafts of forms": form_draft_key(SECRET),
    "where a draft is": form_draft_index(SECRET, "page", "form"),
    "a reply that comes again": fingerprint(SECRET, b"body"),
    "the check of a pepper": check_value(SECRET),
    "the slot of a passkey": passkey_kind(SECRET).encode(),
}
FROZEN: dict[str, str] = {
    "the way of a share's code": "a24d2cd2e0a7c84d",
    "the way of a share's link": "657ce2c6519846ca",
    "the way of an invitation's code": "e62b18d8b73731e4",
    "the way of an invitation's link": "cbf21bf89d02f00c",
    "what a share is found by": "881397b180f6ff37",
    "a reader's key of a share": "44f9883d79502ba5",
    "a maker's part of an invitation": "d12a6125b86725db",
    "a label of an invitation": "43c754345c6534e0",
    "the door of a guided session": "e4fd44d07446509c",
    "a seat of a guided session": "66ea999746ea4098",
    "drafts of forms": "43516d233d009cc2",
    "where a draft is": "4ec09b5f036e1d0b",
    "a reply that comes again": "d02e305b718399de",
    "the check of a pepper": "e37516a208d03ca2",
    "the slot of a passkey": "f19b8ff42040c096",
}
SEALED = (
    "0168f3310a66ec8d07751e27d95b5a4de688646ee8b77cf4a015b8b693248b2f12a4f4ff539f6e7a77a4a9a1819098e9"
    "bf5539307258241a10277cc51e29e3df1063abc254b224b3202f0bbd161a1dd31bd456ebd340e464811247c98c083d1c"
    "a595068b5cd166864c56e3f92cebf1a45176339fce97df76979c"
)
STAFF_SLOT = KeySlot("slot", "staff", PASSWORD, b"", 1, bytes.fromhex(SEALED), b"salt")


def test_every_value_is_frozen() -> None:
    assert VALUES.keys() == FROZEN.keys()


@pytest.mark.parametrize("name", VALUES)
def test_a_value_is_as_it_was_when_something_was_first_sealed_with_it(name: str) -> None:
    assert sha256(VALUES[name]).hexdigest()[:16] == FROZEN[name]


def test_the_key_of_staff_that_was_wrapped_then_opens_now_and_under_a_newer_pepper() -> None:
    assert open_staff_slot(PEPPER, STAFF_SLOT, SECRET) == b"k" * 32
    again = rewrap_staff_slot(PEPPER, STAFF_SLOT)
    assert open_staff_slot(PEPPER, again, SECRET) == b"k" * 32


def test_another_secret_is_refused_by_the_commitment_before_anything_is_opened_with_it() -> None:
    with pytest.raises(SealBroken, match="not this slot's"):
        open_staff_slot(PEPPER, STAFF_SLOT, b"t" * 32)
