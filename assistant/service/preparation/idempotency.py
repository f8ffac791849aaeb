"""What a request says, as bytes that are equal exactly when it says the same: then it is taken once."""

import json
from collections.abc import Mapping

from assistant.dialogue.model import Address
from assistant.engine.replies import RepliesAtOnce
from assistant.engine.reply import Given
from assistant.engine.turn import Reply


def canonical_bytes(reply: Reply) -> bytes:
    """A reply as bytes that are equal exactly when the reply is."""
    given = _given_spelled({reply.state: reply.given})[reply.state]
    return json.dumps([reply.turn, reply.state, reply.move, given, reply.to]).encode()


def canonical_bytes_of_several(replies: RepliesAtOnce, typed: Mapping[Address, Given]) -> bytes:
    """Several replies, and what is typed beside them, in the same way."""
    return json.dumps([replies.turn, _given_spelled(replies.given), _given_spelled(typed)]).encode()


def _given_spelled(given: Mapping[Address, Given]) -> dict[Address, dict[str, list[str]]]:
    return {
        address: {name: list(texts) for name, texts in sorted(fields.items())}
        for address, fields in sorted(given.items())
    }
