"""Value classes: equal to what holds the same, as dataclasses that Python itself freezes are."""

from dataclasses import dataclass, field, replace

from assistant.value_class import value_class


@value_class
class _Nothing:
    """Holds nothing."""


@value_class
class _Note:
    """Holds something that shows and something that does not."""

    words: str
    times: tuple[int, ...] = ()
    secret: bytes = field(default=b"", repr=False)
    looked_up: int = field(default=0, compare=False)


@value_class
class _LongNote(_Note):
    """A note that is also long."""

    lines: int = 0


@dataclass(frozen=True)
class _FrozenNote:
    """The same, frozen by Python."""

    words: str
    times: tuple[int, ...] = ()
    secret: bytes = field(default=b"", repr=False)
    looked_up: int = field(default=0, compare=False)


NOTES = (("bread", (1, 2), b"s", 0), ("bread", (1, 2), b"s", 7), ("bread", (1,), b"s", 0), ("", (), b"", 0))


def test_two_are_equal_just_when_frozen_dataclasses_are() -> None:
    for one in NOTES:
        for other in NOTES:
            are_equal = _FrozenNote(*one) == _FrozenNote(*other)
            assert (_Note(*one) == _Note(*other)) is are_equal
            assert (len({_Note(*one), _Note(*other)}) == 1) is are_equal


def test_another_class_is_not_equal() -> None:
    others: tuple[object, ...] = (_LongNote("bread"), _FrozenNote("bread"), "bread")
    assert _Note("bread") not in others
    assert _LongNote("bread", lines=1) != _LongNote("bread", lines=2)
    assert _Nothing() == _Nothing()
    assert hash(_Nothing()) == hash(_Nothing())


def test_it_shows_what_a_dataclass_shows() -> None:
    for one in NOTES:
        assert repr(_Note(*one)) == repr(_FrozenNote(*one)).replace("Frozen", "")
    assert repr(_Nothing()) == "_Nothing()"


def test_a_changed_copy_leaves_the_first_alone() -> None:
    note = _Note("bread")
    assert replace(note, words="milk") == _Note("milk")
    assert note == _Note("bread")
