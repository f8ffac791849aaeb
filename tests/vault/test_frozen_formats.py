"""What one version sealed, the next one opens: the names that keys are derived with never change.

Each value here is in databases of services. A change of one letter would lock out everyone who wrote
before; where the program only seals and opens by itself, no other test would notice.
"""

from collections.abc import Callable, Mapping
from hashlib import sha256

import pytest

from assistant.errors import SealBroken
from assistant.vault import guided_keys, invitation_keys, key_slots, share_keys
from assistant.vault.audit_keys import keep_opening, opening_index, trail_key
from assistant.vault.form_draft_keys import form_draft_index, form_draft_key
from assistant.vault.hash_chain import next_hash
from assistant.vault.insight_keys import seal_tally
from assistant.vault.key_slots import KeySlot, index_of, open_slot
from assistant.vault.pepper import Pepper, check_value, rate_key, relay_key
from assistant.vault.provider_keys import identity_digests, session_digests
from assistant.vault.request_fingerprint import fingerprint
from assistant.vault.review_keys import wrap_review_for_owner, wrap_review_for_share
from assistant.vault.sealing import seal
from assistant.vault.second_factor import recovery_digest, seal_app_secret
from assistant.vault.session_keys import session_index, wrap_session
from assistant.vault.share_keys import code_index, wrap_for_owner
from assistant.vault.staff_keys import PASSWORD, open_staff_slot, passkey_kind, rewrap_staff_slot

SECRET = b"s" * 32
PEPPER = Pepper(1, b"p" * 32)
VALUES: Mapping[str, Callable[[], bytes]] = {
    "the way of a share's code": lambda: share_keys.CODE.encode(),
    "the way of a share's link": lambda: share_keys.LINK_TO_SHARE.encode(),
    "the way of an invitation's code": lambda: invitation_keys.INVITATION_CODE.encode(),
    "the way of an invitation's link": lambda: invitation_keys.LINK_TO_INVITATION.encode(),
    "what a share is found by": lambda: share_keys.LOCATOR_PURPOSE.encode(),
    "a reader's key of a share": lambda: share_keys.for_reader("share", "staff"),
    "a maker's part of an invitation": lambda: invitation_keys.for_maker("invitation", "staff"),
    "a label of an invitation": lambda: invitation_keys.label_for_maker("staff"),
    "the door of a guided session": lambda: guided_keys.of_door("session"),
    "a seat of a guided session": lambda: guided_keys.of_seat("arrival"),
    "drafts of forms": lambda: form_draft_key(SECRET),
    "where a draft is": lambda: form_draft_index(SECRET, "page", "form"),
    "a reply that comes again": lambda: fingerprint(SECRET, b"body"),
    "the check of a pepper": lambda: check_value(SECRET),
    "the way of a private link": lambda: key_slots.LINK.encode(),
    "the way of a codename": lambda: key_slots.CODENAME.encode(),
    "where a notebook is found": lambda: index_of(PEPPER, SECRET),
    "where the code of a share is found": lambda: code_index(PEPPER, "abcd"),
    "where a session is": lambda: session_index("cookie"),
    "where an opening is": lambda: opening_index(PEPPER, "staff", "opening").encode(),
    "what the trail of a share is sealed to": lambda: trail_key(SECRET, "share"),
    "the chain of a trail": lambda: next_hash(PEPPER, b"before", "opened", 7),
    "a line that waits in a guided session": lambda: guided_keys.of_line("session", "line"),
    "a person at an identity provider": lambda: identity_digests(PEPPER, "issuer", "person")[0],
    "a session at an identity provider": lambda: session_digests(PEPPER, "issuer", "session")[0],
    "a recovery code": lambda: recovery_digest(PEPPER, "abcde-fghjk", "staff"),
    "what processes tell each other": lambda: relay_key(PEPPER),
    "the limits of a day": lambda: rate_key(PEPPER, "2026-11-29"),
    "the slot of a passkey": lambda: passkey_kind(SECRET).encode(),
}
SEALS: Mapping[str, Callable[[], bytes]] = {
    "a document": lambda: seal(SECRET, b"words", owner="notebook", name="conversation", revision=7),
    "a session": lambda: wrap_session("cookie", b"content"),
    "an owner's part of a share": lambda: wrap_for_owner(SECRET, "share", b"content"),
    "a review's key for its owner": lambda: wrap_review_for_owner(SECRET, "review", SECRET),
    "a review's key for its share": lambda: wrap_review_for_share(SECRET, "review", "share", SECRET),
    "a reader's newest opening": lambda: keep_opening(SECRET, "share", "staff", b"content"),
    "the secret of an app": lambda: seal_app_secret(PEPPER, b"secret", "staff"),
    "the tally of a quarter": lambda: seal_tally(PEPPER, b"counts"),
}
"""Each sealer; that what it seals opens again is tested beside it."""
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
    "the way of a private link": "b1b1bdb480c61d07",
    "the way of a codename": "a8b9c219a62db283",
    "where a notebook is found": "7ebb1f9a83f9c146",
    "where the code of a share is found": "ba8a727638be97e2",
    "where a session is": "efdc5609afaf2cd2",
    "where an opening is": "da5edeab8714f02e",
    "what the trail of a share is sealed to": "070a508338606665",
    "the chain of a trail": "43286086d9b1c4ea",
    "a line that waits in a guided session": "621390193ddcd9aa",
    "a person at an identity provider": "4d441ae32e8f0e7f",
    "a session at an identity provider": "e805ab6c0762d116",
    "a recovery code": "3575d1ed651fb0f9",
    "what processes tell each other": "d612aa0e4ca5b456",
    "the limits of a day": "3249f948fe85ec9c",
}
FROZEN_SEALS: dict[str, str] = {
    "a document": "50ba714ebbac4385",
    "a session": "c4d570b30c2ac0f7",
    "an owner's part of a share": "b96f312a742487cb",
    "a review's key for its owner": "ebcbefff6f9590bf",
    "a review's key for its share": "21ee4cad4395995d",
    "a reader's newest opening": "cded83224ee75745",
    "the secret of an app": "eb4e51cead7f0a80",
    "the tally of a quarter": "6da21163d3355e1d",
}
SEALED = (
    "0168f3310a66ec8d07751e27d95b5a4de688646ee8b77cf4a015b8b693248b2f12a4f4ff539f6e7a77a4a9a1819098e9"
    "bf5539307258241a10277cc51e29e3df1063abc254b224b3202f0bbd161a1dd31bd456ebd340e464811247c98c083d1c"
    "a595068b5cd166864c56e3f92cebf1a45176339fce97df76979c"
)
STAFF_SLOT = KeySlot("slot", "staff", PASSWORD, b"", 1, bytes.fromhex(SEALED), b"salt")
OF_A_NOTEBOOK = (
    "01b3a624e2dea61cf68cb05c85014daa684bb0914bfa9e8939c29588702259c5e9eb3df5611ddee1d4d0704bc7d8ee6e"
    "eb43193bdad9ee55f8fcd8616b3a31cc767a01b7765899e8be0fe028f5179520d1a909832588043c27501316828fe776"
    "95b00643385eb030c1aeeb4084606f9f0b6dc73f9e3c3f5b89581333e6ddab7d0c50ea4f74999eecdd4c0c87c69fd0cb"
    "eb56b72bb6cc40bb029e"
)
SLOT = KeySlot("slot", "notebook", key_slots.CODENAME, b"", 1, bytes.fromhex(OF_A_NOTEBOOK))
FACILITATOR = bytes.fromhex(
    "329113d3317205df62301cf7e525d0826469b06dd8d290ee6b5e789a7fb8a52b01dadc96d1c73dd96626331ca7240081"
    "c5f1235a762140fb3ec86bc3944ae46b9df3616ed45e48cda1a14f389db1f58692face9848fc1009b1739c95969ae3c4"
    "e793d9035970701bcc3afba710775514071aef8e869fa203891e96975d"
)


def test_every_value_is_frozen() -> None:
    assert VALUES.keys() == FROZEN.keys()
    assert SEALS.keys() == FROZEN_SEALS.keys()


@pytest.mark.parametrize("name", SEALS)
def test_a_seal_is_made_as_it_was(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("assistant.vault.encryption.os.urandom", lambda size: b"n" * size)
    assert sha256(SEALS[name]()).hexdigest()[:16] == FROZEN_SEALS[name]


def test_a_notebook_and_a_guided_session_sealed_then_open_now() -> None:
    assert open_slot(PEPPER, SLOT, SECRET, salt=b"salt") == b"k" * 32
    room, private = guided_keys.open_as_facilitator(SECRET, "session", "staff", FACILITATOR)
    assert (room, private) == (b"r" * 32, b"x" * 32)


@pytest.mark.parametrize("name", VALUES)
def test_a_value_is_as_it_was_when_something_was_first_sealed_with_it(name: str) -> None:
    assert sha256(VALUES[name]()).hexdigest()[:16] == FROZEN[name]


def test_the_key_of_staff_that_was_wrapped_then_opens_now_and_under_a_newer_pepper() -> None:
    assert open_staff_slot(PEPPER, STAFF_SLOT, SECRET) == b"k" * 32
    again = rewrap_staff_slot(PEPPER, STAFF_SLOT)
    assert open_staff_slot(PEPPER, again, SECRET) == b"k" * 32


def test_another_secret_is_refused_by_the_commitment_before_anything_is_opened_with_it() -> None:
    with pytest.raises(SealBroken, match="not this slot's"):
        open_staff_slot(PEPPER, STAFF_SLOT, b"t" * 32)
