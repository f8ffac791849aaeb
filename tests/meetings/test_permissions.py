"""Who may do what: every role, every act, every relation to the thing."""

from collections.abc import Iterator, Mapping
from dataclasses import FrozenInstanceError, fields
from itertools import combinations

import pytest

from assistant.meetings.permissions import (
    ACTS,
    KINDS,
    MAY,
    NOBODY,
    ROLES,
    Act,
    Actor,
    Kind,
    Resource,
    Role,
    kinds,
    may,
)

THING = Resource(
    owner="mine",
    readers={"reads": "open", "late": "expired", "former": "withdrawn"},
    facilitators={"leads": "running", "led": "over"},
)


def staff(id_: str, *roles: Role) -> Actor:
    return Actor("staff", id_, frozenset(roles))


ACTORS: Mapping[Kind, Actor] = {
    "nobody": NOBODY,
    "owner": Actor("user", "mine"),
    "other_user": Actor("user", "theirs"),
    "professional": staff("new", "professional"),
    "reader": staff("reads", "professional"),
    "late_reader": staff("late", "professional"),
    "former_reader": staff("former", "professional"),
    "peer_worker": staff("new", "peer_worker"),
    "facilitator": staff("leads", "peer_worker"),
    "late_facilitator": staff("led", "peer_worker"),
    "administrator": staff("new", "administrator"),
}
# spelled out once more, as it is meant: a slip in the table is not to be repeated here by the same hand
TABLES = (
    """
                    nobody owner other_user professional reader late_reader former_reader
share                  -     x        -           -         -        -            -
change_share           -     x        -           -         -        -            -
withdraw               -     x        -           -         -        -            -
see_audit              -     x        -           -         -        -            -
go_through             -     x        -           -         -        -            -
invite                 -     -        -           x         x        x            x
enter_code             -     -        -           x         x        x            x
open_share             -     -        -           -         x        -            -
answer                 -     -        -           -         x        -            -
copy                   -     -        -           -         x        -            -
open_guided_session    -     -        -           -         -        -            -
lead                   -     -        -           -         -        -            -
see_seat               -     -        -           -         -        -            -
put_forward            -     -        -           -         -        -            -
offer_words            -     -        -           -         -        -            -
use_desk               -     -        -           x         x        x            x
use_own_account        -     -        -           x         x        x            x
see_staff              -     -        -           -         -        -            -
add_staff              -     -        -           -         -        -            -
change_roles           -     -        -           -         -        -            -
disable_staff          -     -        -           -         -        -            -
reset_staff            -     -        -           -         -        -            -
rename_staff           -     -        -           -         -        -            -
remove_staff           -     -        -           -         -        -            -
""",
    """
                    peer_worker facilitator late_facilitator administrator
share                    -           -              -              -
change_share             -           -              -              -
withdraw                 -           -              -              -
see_audit                -           -              -              -
go_through               -           -              -              -
invite                   -           -              -              -
enter_code               -           -              -              -
open_share               -           -              -              -
answer                   -           -              -              -
copy                     -           -              -              -
open_guided_session      x           x              x              -
lead                     -           x              -              -
see_seat                 -           x              -              -
put_forward              -           x              -              -
offer_words              -           x              -              -
use_desk                 x           x              x              -
use_own_account          x           x              x              x
see_staff                -           -              -              x
add_staff                -           -              -              x
change_roles             -           -              -              x
disable_staff            -           -              -              x
reset_staff              -           -              -              x
rename_staff             -           -              -              x
remove_staff             -           -              -              x
""",
)


def rows() -> Iterator[tuple[str, str, bool]]:
    for table in TABLES:
        head, *lines = table.strip().splitlines()
        for line in lines:
            act, *marks = line.split()
            for kind, mark in zip(head.split(), marks, strict=True):
                yield act, kind, mark == "x"


def test_every_act_and_every_kind_stands_in_the_table() -> None:
    assert {(act, kind) for act, kind, _ in rows()} == {(act, kind) for act in ACTS for kind in KINDS}
    assert set(MAY) == set(ACTS)
    assert set(ACTORS) == set(KINDS)


@pytest.mark.parametrize("act", ACTS)
def test_each_may_do_what_the_table_says(act: Act) -> None:
    expected = {kind: is_allowed for a, kind, is_allowed in rows() if a == act}
    assert {kind: may(actor, act, THING) for kind, actor in ACTORS.items()} == expected


def test_an_actor_is_what_they_are_to_this_thing() -> None:
    for kind, actor in ACTORS.items():
        assert kinds(actor, THING) == {kind}


@pytest.mark.parametrize("act", ["open_share", "answer", "copy"])
def test_no_account_is_enough_to_read_by(act: Act) -> None:
    """Not even all roles at once, on what is not shared with them or on no thing at all."""
    for number in range(1, len(ROLES) + 1):
        for roles in combinations(ROLES, number):
            for thing in (
                None,
                Resource(),
                Resource(owner="mine"),
                Resource(owner="new", readers={"other": "open"}),
            ):
                assert not may(staff("new", *roles), act, thing)


@pytest.mark.parametrize("act", ["share", "change_share", "withdraw", "see_audit", "go_through"])
def test_staff_never_own_what_a_user_wrote(act: Act) -> None:
    """Also not when an account's id is spelled like a notebook's."""
    assert not may(staff("mine", *ROLES), act, THING)
    assert not may(Actor("user", ""), act, Resource())


def test_several_roles_may_what_each_of_them_may() -> None:
    for act in ACTS:
        each = [may(staff("reads", role), act, THING) for role in ROLES]
        assert may(staff("reads", *ROLES), act, THING) == any(each)


def test_a_reader_who_is_no_professional_any_more_reads_nothing() -> None:
    assert not may(staff("reads", "peer_worker"), "open_share", THING)
    assert not may(staff("reads"), "use_own_account", THING)


@pytest.mark.parametrize("one", [NOBODY, ACTORS["reader"], THING], ids=["nobody", "reader", "thing"])
def test_nothing_that_was_checked_can_be_altered_afterwards(one: Actor | Resource) -> None:
    for field in fields(one):
        with pytest.raises(FrozenInstanceError):
            setattr(one, field.name, None)
