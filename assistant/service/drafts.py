"""What is typed and not given: how the draft of a conversation changes with what a person does."""

from collections.abc import Mapping

from assistant.dialogue.model import Address
from assistant.engine.conversation import Conversation
from assistant.engine.replies import filled_in
from assistant.engine.reply import Given, as_given
from assistant.engine.turn import Reply
from assistant.meetings.notebook import Draft


def draft_after(draft: Draft, now: Conversation, reply: Reply) -> Draft:
    """The draft after a reply: what was answered or taken away is no draft, all else that was typed is."""
    before = now.answers.get(reply.state)
    is_taken = reply.move == "answer"
    is_removed = reply.move == "skip" and before is not None and before.given
    typed: dict[Address, Given] = {reply.state: {} if is_taken or is_removed else reply.given}
    if reply.move == "forget" and reply.to is not None:
        typed[reply.to] = {}
    return with_drafts(draft, now, typed)


def with_drafts(draft: Draft, now: Conversation, typed: Mapping[Address, Given]) -> Draft:
    """The draft with what is typed under these; nothing, or just the answer again, is no draft."""
    fields = {address: dict(kept) for address, kept in draft.fields.items() if address not in typed}
    for address, given in typed.items():
        filled = filled_in(given)
        if filled and filled != filled_in(as_given(now.answers.get(address))):
            fields[address] = filled
    return Draft(fields=fields)
