"""Whoever listens hears of what is newer, once, and of nothing else."""

from assistant.service.broadcast import Broadcast


def test_a_listener_hears_of_a_newer_revision_of_its_documents() -> None:
    broadcast = Broadcast()
    with broadcast.listening("a", ("conversation.1", "draft.1")) as listener:
        assert not listener.take_news()
        broadcast.tell("a", "draft.1", 1)
        assert listener.take_news()
        assert not listener.take_news()


def test_other_documents_and_other_notebooks_wake_nobody() -> None:
    broadcast = Broadcast()
    with broadcast.listening("a", ("conversation.1",)) as listener:
        broadcast.tell("a", "conversation.2", 9)
        broadcast.tell("a", "notebook", 9)
        broadcast.tell("b", "conversation.1", 9)
        broadcast.tell_changed("b")
        assert not listener.take_news()


def test_what_was_seen_is_no_news() -> None:
    broadcast = Broadcast()
    with broadcast.listening("a", ("conversation.1",)) as listener:
        listener.saw({"conversation.1": 4, "notebook": 9})
        broadcast.tell("a", "conversation.1", 3)
        broadcast.tell("a", "conversation.1", 4)
        assert not listener.take_news()
        broadcast.tell("a", "conversation.1", 5)
        assert listener.take_news()


def test_what_is_told_while_one_looks_is_heard_afterwards() -> None:
    broadcast = Broadcast()
    with broadcast.listening("a", ("conversation.1",)) as listener:
        broadcast.tell("a", "conversation.1", 1)
        assert listener.take_news()
        broadcast.tell("a", "conversation.1", 2)
        listener.saw({"conversation.1": 1})
        assert listener.take_news()


def test_ten_thousand_revisions_wake_a_late_listener_once() -> None:
    broadcast = Broadcast()
    with broadcast.listening("a", ("conversation.1",)) as listener:
        for revision in range(1, 10_000):
            broadcast.tell("a", "conversation.1", revision)
        assert listener.take_news()
        assert not listener.take_news()


def test_a_listener_is_called_once_until_it_takes_the_news_and_never_after_it_stopped() -> None:
    broadcast, calls = Broadcast(), list[str]()
    listener = broadcast.listen("a", ("draft.1",), "staff", call=lambda: calls.append("called"))
    broadcast.tell("a", "draft.1", 1)
    broadcast.tell("a", "draft.1", 2)
    broadcast.tell_changed("staff")
    assert calls == ["called"]
    assert listener.take_news()
    broadcast.tell_changed("staff")
    assert calls == ["called"] * 2
    broadcast.stop(listener)
    listener.take_news()
    broadcast.tell("a", "draft.1", 3)
    listener.wake()
    assert calls == ["called"] * 2
    assert broadcast.listened_to == 0


def test_a_change_in_who_may_see_wakes_everybody_of_the_notebook() -> None:
    broadcast = Broadcast()
    with (
        broadcast.listening("a", ("conversation.1",)) as one,
        broadcast.listening("a", ("conversation.2",)) as other,
    ):
        broadcast.tell_changed("a")
        assert one.take_news()
        assert other.take_news()


def test_nobody_is_remembered_when_they_stop_listening() -> None:
    broadcast = Broadcast()
    for _ in range(3):
        with broadcast.listening("a", ()), broadcast.listening("a", ()), broadcast.listening("b", ()):
            assert broadcast.listened_to == 2
        assert broadcast.listened_to == 0
    broadcast.tell("a", "conversation.1", 1)
