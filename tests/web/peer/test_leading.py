"""What a peer worker sees and does, without JavaScript: the desk, the session, the screen and the paper."""

from collections.abc import Sequence
from pathlib import Path

import pytest
from aiohttp import web
from support.clock import Clock
from support.colleague import Colleague, a_colleague, an_administrator, as_colleague, in_role
from support.database import content
from support.page import Page, Submission
from support.person import CATALOGUES, NewPerson, Person
from support.quick import LOW_COST, our_texts

from assistant.config import Settings, locales_folder
from assistant.dialogue.model import Say
from assistant.languages import LANGUAGES, TAGS, Language
from assistant.meetings.guided.room import LONGEST
from assistant.web.app import make_app
from assistant.web.http.context import CONTEXT
from web.peer.test_guided_sessions import at_the_door, code_of, do, join, open_session, ticked

NB = CATALOGUES["nb"].say
PEER = our_texts().dialogues["peer_session"]
NOTES = [
    state.facilitator.in_(one) for state in PEER.states.values() if state.facilitator for one in LANGUAGES
]
TYPED = "Vil du lese det høyt?"
GUIDED = """
guided:
  owner: Avdelingslederen
  last_checked: 2026-11-22
  record: {nb: Ikke i journalen., nn: Ikkje i journalen., en: Not in the record.}
  call:
    number: "12 34 56 78"
    name: {nb: Vakten, nn: Vakta, en: On duty}
    what: {nb: en kollega, nn: ein kollega, en: a colleague}
"""


@pytest.fixture
async def peder(app: web.Application, new_person: NewPerson, clock: Clock) -> Colleague:
    colleague = as_colleague(await new_person(), clock)
    await in_role(app, colleague, "peer_worker", name="Peder")
    return colleague


async def three_lines(new_person: NewPerson, lead: Page) -> list[Person]:
    """Three people who have put a line forward."""
    people = [await new_person() for _ in range(3)]
    for number, one in enumerate(people):
        page = await one.open(f"{(await join(one, code_of(lead))).path}/guided/hold-up")
        page = await one.send(page.form("hold-up").write("line", f"Linje {number}").press())
        if page.has("hold-up"):  # seen as the group will see it, before it is put forward
            await one.send(page.form("hold-up").press())
    return people


def lines_on(page: Page) -> list[str]:
    return sorted(item.text for board in page.root.all("ul", class_="board") for item in board.all("li"))


class TestTheDesk:
    async def test_whom_to_call_is_on_every_page_where_it_is_needed(
        self, settings: Settings, clock: Clock, tmp_path: Path, aiohttp_client: object
    ) -> None:
        own = tmp_path / "service.yaml"
        own.write_text((locales_folder() / "service.yaml").read_text("utf-8") + GUIDED, "utf-8")
        app = make_app(settings.model_copy(update={"service": own}), clock, None, LOW_COST)
        peder = as_colleague(Person(await aiohttp_client(app)), clock)  # type: ignore[operator]
        await in_role(app, peder, "peer_worker", name="Peder")
        lead = await open_session(peder, "group")
        for path in ("/desk", "/desk/guided/plan", lead.path):
            page = await peder.open(path)
            assert page.root.has("a", href="tel:12345678"), path
            assert "Vakten" in page.main, path

    async def test_each_role_has_its_own_sections(
        self, app: web.Application, new_person: NewPerson, clock: Clock
    ) -> None:
        both, kari = [as_colleague(await new_person(), clock) for _ in range(2)]
        await in_role(app, both, "professional", "peer_worker", name="Begge")
        await in_role(app, kari, "professional", name="Kari")
        desk = await both.open("/desk")
        assert desk.has("sessions")
        assert desk.has("invitations")
        await open_session(both, "one")
        assert NB("lead.form_one") in (await both.open("/desk")).main
        desk = await kari.open("/desk")
        assert desk.has("invitations")
        assert not desk.has("sessions")

    async def test_three_at_once_and_what_is_typed_comes_back(self, peder: Colleague) -> None:
        for _ in range(3):
            await open_session(peder, "group")
        page = await open_session(peder, "group", welcome="Fint at du kom")
        assert page.status == 422
        assert page.trouble == NB("refusal.TooManyGuidedSessions", limit="3")
        assert page.form("open-session").text("welcome") == "Fint at du kom"
        assert page.form("open-session").picked("kind") == ["group"]

    @pytest.mark.parametrize("language", LANGUAGES)
    async def test_every_page_in_each_language(self, peder: Colleague, language: Language) -> None:
        say = CATALOGUES[language].say
        desk = await peder.open("/desk")
        await peder.send(desk.form("staff-language").press(language))
        lead = await open_session(peder, "group")
        for path, heading in (
            ("/desk", "desk.heading"),
            ("/desk/guided", "lead.open_heading"),
            ("/desk/guided/over", "lead.over"),
            ("/desk/guided/plan", "plan.heading"),
            ("/desk/guided/notes/peer_session", "notes.heading"),
            ("/desk/guided/notes/before_meeting", "notes.heading"),
            (lead.path, "lead.form_group"),
            (f"{lead.path}/slips", "slips.guided_heading"),
        ):
            page = await peder.open(path)
            assert (page.status, page.language, page.heading) == (200, language, say(heading)), path


class TestTheSession:
    async def test_what_is_said_before_a_question_comes_with_its_notes(self, peder: Colleague) -> None:
        lead = await open_session(peder, "group")
        first = PEER.states["opening/what"]
        assert first.facilitator
        assert first.prompt.in_("nb") in lead.main
        assert first.facilitator.in_("nb") in lead.main
        lead = await do(peder, lead.path, "go:onward/step")
        for address in ("onward/breathe", "onward/step"):
            state = PEER.states[address]
            assert state.facilitator
            assert state.facilitator.in_("nb") in lead.main
            assert state.prompt.in_("nb") in lead.main
        assert first.prompt.in_("nb") not in lead.main

    async def test_nothing_is_ticked_before_it_is_read(self, peder: Colleague, new_person: NewPerson) -> None:
        lead = await open_session(peder, "group")
        await do(peder, lead.path, "go:matters/now")
        await three_lines(new_person, lead)
        lead = await peder.open(lead.path)
        assert lead.form("waiting").picked("line") == []
        refused = await peder.send(lead.form("waiting").press("forward"))
        assert (refused.status, refused.trouble) == (422, NB("refusal.FewerThanThree"))
        assert lines_on(await peder.open(f"{lead.path}/screen")) == []
        await peder.send(ticked(lead).press("forward"))
        assert lines_on(await peder.open(f"{lead.path}/screen")) == ["Linje 0", "Linje 1", "Linje 2"]

    async def test_everything_sent_twice_is_done_once(
        self, peder: Colleague, new_person: NewPerson, person: Person
    ) -> None:
        lead = await open_session(peder, "group")
        await do(peder, lead.path, "go:matters/now")
        await three_lines(new_person, lead)
        lead = await peder.open(lead.path)
        until = lead.root.one(id="counts").text
        forward = ticked(lead).press("forward")
        more = [b.attributes["value"] for b in lead.form("lead").buttons if "more:" in b.attributes["value"]]
        twice: Sequence[Submission] = (
            lead.form("rest").write("until", "14:25").press("rest"),
            lead.form("note-form").write("note", "Vi snakker én og én").press("note"),
            lead.form("lead").press(more[0]),
            forward,
            lead.form("lead").press("close"),
            lead.form("lead").press("close").instead("act", "door"),
        )
        for what in twice:
            first, second = [await peder.send(what) for _ in range(2)]
            assert (first.status, second.status) == (200, 200), what
            assert first.root.one(id="counts").text == second.root.one(id="counts").text
            assert second.has("door")
            assert ("share-code" in first.html) == ("share-code" in second.html)
        lead = await peder.open(lead.path)
        assert lead.root.one(id="counts").text != until
        assert len(lines_on(await peder.open(f"{lead.path}/screen"))) == 3
        code = code_of(lead)
        await peder.send(twice[-1])
        assert code_of(await peder.open(lead.path)) == code, "an open door keeps its code"
        end = (await peder.open(f"{lead.path}/end")).form("lead").press("end")
        assert [(await peder.send(end)).heading for _ in range(2)] == [NB("lead.over")] * 2

    async def test_ending_is_asked_before_it_is_done(self, peder: Colleague) -> None:
        lead = await open_session(peder, "group")
        assert "end" not in [b.attributes.get("value") for form in lead.forms() for b in form.buttons]
        (way,) = [a.attributes["href"] for a in lead.root.all("a") if a.text == NB("lead.end")]
        asked = await peder.open(way)
        assert asked.heading == NB("lead.end_ask")
        assert NB("lead.end_what") in asked.main
        (back,) = [a.attributes["href"] for a in asked.root.all("a") if a.text == NB("slips.to_session")]
        assert (await peder.open(back)).heading == NB("lead.form_group"), "nothing has ended"
        assert (await peder.send(asked.form("lead").press("end"))).heading == NB("lead.over")
        assert (await peder.open(asked.path)).heading == NB("lead.over"), "Back, once more"

    async def test_a_message_is_sent_once_and_comes_back_when_nobody_is_there(
        self, peder: Colleague, person: Person
    ) -> None:
        lead = await open_session(peder, "one")
        empty = await peder.send(lead.form("say").press("say"))
        assert (empty.status, empty.trouble) == (422, NB("lead.NothingSaid"))
        refused = await peder.send(
            lead.form("say").write("text", TYPED).take("at", "matters/now").press("say")
        )
        assert (refused.status, refused.trouble) == (422, NB("lead.SeatEmpty"))
        form = refused.form("say")
        assert (form.text("text"), form.text("at")) == (TYPED, "matters/now")
        page = await join(person, code_of(lead))
        for _ in range(2):
            await peder.send(form.press("say"))
        assert (await peder.open(lead.path)).main.count(TYPED) == 1
        assert (await person.open(f"{page.path}/guided")).main.count(TYPED) == 1

    async def test_a_second_facilitator_is_equal(
        self, app: web.Application, new_person: NewPerson, clock: Clock, person: Person
    ) -> None:
        administrator = await an_administrator(app, new_person, clock)
        peder, liv = [
            await a_colleague(administrator, new_person, one, "peer_worker") for one in ("Peder", "Liv")
        ]
        kari = await a_colleague(administrator, new_person, "Kari", "professional")
        lead = await open_session(peder, "group")
        assert [o.text for o in lead.root.one("select", id="second").all("option")] == ["Liv"]
        invite = lead.form("invite").press("invite")
        for _ in range(2):
            assert (await peder.send(invite)).status == 200
        hers = await liv.open(lead.path)
        assert code_of(hers) == code_of(lead)
        assert NB("lead.form_group") in (await liv.open("/desk")).main
        assert "Peder og Liv" in (await at_the_door(person, code_of(lead))).main
        await do(liv, lead.path, "go:matters/now")
        now = await peder.open(lead.path)
        assert now.root.one("h2", id="now").text == PEER.question("matters/now").prompt.in_("nb")
        assert (await kari.send(invite)).status == 404
        await do(liv, lead.path, "end")
        assert (await peder.open(lead.path)).heading == NB("lead.over")


class TestTheScreen:
    async def test_it_has_only_what_is_for_everybody(self, peder: Colleague, new_person: NewPerson) -> None:
        lead = await open_session(peder, "group")
        gathering = await peder.open(f"{lead.path}/screen")
        assert code_of(gathering) == code_of(lead)
        await three_lines(new_person, await do(peder, lead.path, "go:matters/now"))
        screen = await peder.open(f"{lead.path}/screen")
        assert screen.main == PEER.question("matters/now").prompt.in_("nb")
        noted = (
            (await peder.open(lead.path)).form("note-form").write("note", "Vi snakker én og én").press("note")
        )
        await peder.send(noted)
        screen = await peder.open(f"{lead.path}/screen")
        assert screen.main.endswith("Vi snakker én og én")
        main = screen.root.one("main")
        assert not list(main.all("form"))
        assert not list(main.all("a"))
        for secret in ("Peder", "Linje", NB("lead.joined", count=3), code_of(lead), *NOTES):
            assert secret not in screen.main

    async def test_it_says_before_each_question_what_the_guide_says_there(self, peder: Colleague) -> None:
        lead = await open_session(peder, "group")
        seen = []
        for address, state in PEER.states.items():
            if not isinstance(state, Say):
                await do(peder, lead.path, f"go:{address}")
                main = (await peder.open(f"{lead.path}/screen")).main
                assert main.endswith(state.prompt.in_("nb")), address
                seen += [one for one in PEER.states.values() if isinstance(one, Say) and _in(one, main)]
        assert seen, "something is said between the questions"
        assert len(seen) == len({one.prompt.in_("nb") for one in seen}), "each is said before one question"

    async def test_it_is_in_the_language_of_the_session(self, peder: Colleague) -> None:
        page = await peder.open("/desk/guided")
        form = page.form("open-session").choose("kind", "group").take("language", "nn")
        lead = await peder.send(form.press())
        await do(peder, lead.path, "go:matters/now")
        screen = await peder.open(f"{lead.path}/screen")
        assert (screen.language, screen.main) == ("nn", PEER.question("matters/now").prompt.in_("nn"))
        assert lead.language == "nb"


def _in(state: Say, main: str) -> bool:
    return " ".join(state.prompt.in_("nb").split()) in main


class TestThePaper:
    @pytest.fixture
    def settings(self, settings: Settings) -> Settings:
        """Of a service with a name."""
        return settings.model_copy(update={"operator": "Eksempel kommune"})

    @pytest.mark.parametrize(("form", "number"), [("one", 1), ("group", 20)])
    async def test_slips_and_cards_are_in_the_language_of_the_session(
        self, peder: Colleague, form: str, number: int
    ) -> None:
        page = await peder.open("/desk/guided")
        wish = page.form("open-session").choose("kind", form).take("language", "en")
        lead = await peder.send(wish.press())
        page = await peder.open(f"{lead.path}/slips")
        assert page.language == "nb"
        own = [next(page.root.all("ol", class_=name)) for name in ("slips", "cards")]
        sheet = page.root.one("div", class_="table-sheet code-card")
        assert {part.attributes["lang"] for part in (sheet, *own)} == {TAGS["en"]}
        slips, cards = [[child for child in part.inside if not isinstance(child, str)] for part in own]
        assert (len(slips), len(cards)) == (number, number)
        assert all(len(list(card.all("li"))) == 7 for card in cards)
        for part in (sheet, *slips):
            assert code_of(lead) in part.text
            assert "From Eksempel kommune: a session with" in part.text
            assert CATALOGUES["en"].say("slips.guided_free") in part.text
            assert part.has("svg")
        assert "/en/r" in cards[0].text

    async def test_no_slips_for_a_closed_door(self, peder: Colleague) -> None:
        lead = await open_session(peder, "group")
        await do(peder, lead.path, "close")
        page = await peder.open(f"{lead.path}/slips")
        assert page.path == lead.path
        assert NB("lead.door_closed") in page.main


class TestWhoMay:
    async def test_a_session_of_others_is_no_session(
        self, app: web.Application, peder: Colleague, new_person: NewPerson, clock: Clock, person: Person
    ) -> None:
        lead = await open_session(peder, "group")
        await join(person, code_of(lead))
        press = lead.form("lead").press("close")
        over = await open_session(peder, "one")
        await do(peder, over.path, "end")
        missing = f"/desk/guided/{'0' * 32}"
        liv, kari, anne = [as_colleague(await new_person(), clock) for _ in range(3)]
        await in_role(app, liv, "peer_worker", name="Liv")
        await in_role(app, kari, "professional", name="Kari")
        await in_role(app, anne, "administrator", name="Anne")
        stranger = await new_person()

        async def answers(who: Person, path: str) -> list[tuple[int, str]]:
            found = []
            for more in ("", "/events", "/screen", "/slips"):
                got = await who.client.get(f"{path}{more}", allow_redirects=False)
                found.append((got.status, got.headers.get("Location", "")))
                got.close()
            sent = Submission(path, press.fields)
            return [*found, ((await who.send(sent, follow=False)).status, "")]

        foreign = [(303, "/desk/guided/over"), (404, ""), (404, ""), (404, ""), (404, "")]
        assert await answers(liv, lead.path) == await answers(liv, missing) == foreign
        assert await answers(peder, over.path) == await answers(peder, missing) == foreign
        for other in (kari, anne):
            assert await answers(other, lead.path) == [(404, "")] * 5
        for one in (person, stranger):
            assert {status for status, _ in await answers(one, lead.path)} == {401}
        for path in ("", "/plan", "/over", "/notes/peer_session"):
            for asked, status in ((liv, 200), (kari, 404), (anne, 404), (stranger, 401)):
                assert (await asked.open(f"/desk/guided{path}")).status == status, path
        assert code_of(await peder.open(lead.path)) == code_of(lead)


def drafts_in(settings: Settings) -> int:
    return len([line for line in content(settings) if line.startswith('INSERT INTO "form_drafts"')])


class TestWhatIsTyped:
    async def test_a_half_written_note_and_message_stay_and_are_gone_with_the_session(
        self, peder: Colleague, settings: Settings
    ) -> None:
        lead = await open_session(peder, "one", "before_meeting")
        for form, field in (("note-form", "note"), ("say", "text")):
            lead = await peder.send(lead.form(form).write(field, TYPED).press("here"))
        lead = await do(peder, lead.path, "go:matters/now")
        assert lead.form("note-form").text("note") == lead.form("say").text("text") == TYPED
        assert drafts_in(settings) == 2
        await do(peder, lead.path, "end")
        assert drafts_in(settings) == 0

    async def test_drafts_of_a_session_that_ends_by_itself_are_swept_with_it(
        self, peder: Colleague, settings: Settings, app: web.Application, clock: Clock
    ) -> None:
        lead = await open_session(peder, "one", "before_meeting")
        await peder.send(lead.form("say").write("text", TYPED).press("here"))
        clock.pass_by(LONGEST)
        await app[CONTEXT].services.form_drafts.sweep(clock())
        assert drafts_in(settings) == 0

    async def test_a_refused_act_keeps_no_page_with_what_a_user_may_take_back(
        self, peder: Colleague, settings: Settings
    ) -> None:
        lead = await open_session(peder, "one", "before_meeting")
        sent = lead.form("say").write("text", "x" * 5000).press("say")
        page = await peder.send(sent, {"Accept": "text/html"}, follow=False)
        assert page.status == 422
        assert drafts_in(settings) == 1, "the draft alone"
