"""Serialise a request to canonical bytes, so that a retry can be recognised (idempotency key)."""

import json
from collections.abc import Mapping

from assistant.dialogue.model import Address
from assistant.engine.replies import RepliesAtOnce
from assistant.engine.reply import Given
from assistant.engine.turn import Reply


def canonical_bytes(reply: Reply) -> bytes:
    """Serialise a reply to bytes that are equal exactly if the replies are."""
    given = _given_spelled({reply.state: reply.given})[reply.state]
    return json.dumps([reply.turn, reply.state, reply.move, given, reply.to]).encode()


def canonical_bytes_of_several(replies: RepliesAtOnce, typed: Mapping[Address, Given]) -> bytes:
    """Serialise several replies, and the drafts sent with them, in the same way."""
    return json.dumps([replies.turn, _given_spelled(replies.given), _given_spelled(typed)]).encode()


def canonical_bytes_of_taking_away(entry: str, version: int) -> bytes:
    """Serialise the removal of one entry."""
    return json.dumps(["take away", entry, version]).encode()


def _given_spelled(given: Mapping[Address, Given]) -> dict[Address, dict[str, list[str]]]:
    return {
        address: {name: list(texts) for name, texts in sorted(fields.items())}
        for address, fields in sorted(given.items())
    }
