"""Permissions: one table of who may do what with a share, a review, an invitation or an account.

It is checked before each of these acts, and a test removes each row in turn and verifies that the act is
refused. It is the second protection: the first is that a sealed text cannot be decrypted without its key. A
user's acts in their own notebook are not in the table, because only their key opens it.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal, get_args

Role = Literal["professional", "peer_worker", "administrator"]
ROLES: tuple[Role, ...] = get_args(Role)

GuidedState = Literal["running", "over"]
ShareState = Literal["open", "expired", "withdrawn"]

Kind = Literal[
    "nobody",
    "owner",
    "other_user",
    "professional",
    "reader",
    "late_reader",
    "former_reader",
    "peer_worker",
    "facilitator",
    "late_facilitator",
    "administrator",
]
"""The actor's relation to the resource. A `reader` is a professional it is shared with, a `late_reader` one
whose share has expired, a `former_reader` one whose share was withdrawn.
"""
KINDS: tuple[Kind, ...] = get_args(Kind)

Act = Literal[
    "share",
    "change_share",
    "withdraw",
    "see_audit",
    "go_through",
    "invite",
    "enter_code",
    "open_share",
    "answer",
    "copy",
    "open_guided_session",
    "lead",
    "see_seat",
    "put_forward",
    "offer_words",
    "use_desk",
    "see_staff",
    "add_staff",
    "change_roles",
    "disable_staff",
    "reset_staff",
    "rename_staff",
    "remove_staff",
    "use_own_account",
]
ACTS: tuple[Act, ...] = get_args(Act)


@dataclass(frozen=True)
class Actor:
    """The acting person: a user, identified by their notebook, or a member of staff, by their account."""

    kind: Literal["nobody", "user", "staff"]
    id: str = ""
    roles: frozenset[Role] = frozenset()


NOBODY = Actor("nobody")


@dataclass(frozen=True)
class Resource:
    """The target of the act: something in a notebook, a share, or, without an owner, something that contains
    no words.
    """

    owner: str | None = None
    """The notebook it belongs to."""
    readers: Mapping[str, ShareState] | None = None
    """For a share: the state of each reader's access, by staff id."""
    facilitators: Mapping[str, GuidedState] | None = None
    """For a guided session: its state for each facilitator, by staff id."""


_STAFF: frozenset[Kind] = frozenset(
    {
        "professional",
        "reader",
        "late_reader",
        "former_reader",
        "peer_worker",
        "facilitator",
        "late_facilitator",
        "administrator",
    }
)
_PEER_WORKERS: frozenset[Kind] = frozenset({"peer_worker", "facilitator", "late_facilitator"})
_PROFESSIONALS = _STAFF - _PEER_WORKERS - {"administrator"}
_FACILITATOR: frozenset[Kind] = frozenset({"facilitator"})
_ADMINISTRATOR: frozenset[Kind] = frozenset({"administrator"})
_OWNER: frozenset[Kind] = frozenset({"owner"})
_READER: frozenset[Kind] = frozenset({"reader"})

MAY: Mapping[Act, frozenset[Kind]] = {
    # what the user shares
    "share": _OWNER,
    "change_share": _OWNER,
    "withdraw": _OWNER,
    "see_audit": _OWNER,
    "go_through": _OWNER,
    # what professionals do before anything is shared with them
    "invite": _PROFESSIONALS,
    "enter_code": _PROFESSIONALS,
    # shared data, while the share is open
    "open_share": _READER,
    "answer": _READER,
    "copy": _READER,
    # guided sessions, while they run
    "open_guided_session": _PEER_WORKERS,
    "lead": _FACILITATOR,
    "see_seat": _FACILITATOR,
    "put_forward": _FACILITATOR,
    "offer_words": _FACILITATOR,
    # accounts, which contain no words
    "use_desk": _STAFF - _ADMINISTRATOR,
    "use_own_account": _STAFF,
    "see_staff": _ADMINISTRATOR,
    "add_staff": _ADMINISTRATOR,
    "change_roles": _ADMINISTRATOR,
    "disable_staff": _ADMINISTRATOR,
    "reset_staff": _ADMINISTRATOR,
    "rename_staff": _ADMINISTRATOR,
    "remove_staff": _ADMINISTRATOR,
}

_BY_STATE: Mapping[ShareState, Kind] = {
    "open": "reader",
    "expired": "late_reader",
    "withdrawn": "former_reader",
}
_BY_GUIDED_STATE: Mapping[GuidedState, Kind] = {"running": "facilitator", "over": "late_facilitator"}


def may(actor: Actor, act: Act, thing: Resource | None = None) -> bool:
    """Return whether this actor may perform this act on this resource."""
    return not MAY[act].isdisjoint(kinds(actor, thing or Resource()))


def kinds(actor: Actor, thing: Resource) -> frozenset[Kind]:
    """Return the actor's relations to the resource; staff may have several."""
    if actor.kind == "user":
        return frozenset({"owner" if thing.owner is not None and thing.owner == actor.id else "other_user"})
    if actor.kind == "nobody" or not actor.roles:
        return frozenset({"nobody"})
    found: set[Kind] = set(actor.roles & {"administrator"})
    if "peer_worker" in actor.roles:
        leads = (thing.facilitators or {}).get(actor.id)
        found.add("peer_worker" if leads is None else _BY_GUIDED_STATE[leads])
    if "professional" in actor.roles:
        state = (thing.readers or {}).get(actor.id)
        found.add("professional" if state is None else _BY_STATE[state])
    return frozenset(found)
