"""What should not have come: a clear sentence each, nothing lost, and never a fault of ours."""

import gzip
import logging
from collections.abc import Mapping

import pytest
from aiohttp import web
from support.page import Page, Submission
from support.person import CATALOGUES, FORM, NewPerson, Person
from support.preparing import whole

from assistant.dialogue.model import TEXT_LIMIT
from assistant.languages import LANGUAGES, Language
from assistant.web.http.context import CONTEXT
from assistant.web.http.forms import BODY_LIMIT

NB = CATALOGUES["nb"].say
STRANGE = {
    "html": "<b>barna</b> & <script>alert('x')</script><img src=x onerror=alert(1)>",
    "template": "{{ 7 * 7 }} {% raw %} ${7*7} #{7*7} %(x)s {0} {name}",
    "textarea": "</textarea></form><h1>x</h1>",
    "attribute": '" onfocus="alert(1)" autofocus=\'',
    "entities": "&lt;b&gt; &amp;amp; &#60;",
    "comment": "<!-- x --><![CDATA[ x ]]>",
    "emoji": "👩🏽‍🍳 🏳️‍🌈 🇳🇴 👍🏿",
    "combining": "Z̸̢a̷̛l̶̕g̵o og a\u030a mot å",
    "right-to-left": "\u202eשלום עליכם\u202c og مرحبا",
    "spaces": "\u00a0\u2003\u3000 ord \u200b\u200d\ufeff",
    "lines": "\nførst en tom linje\n\n\tog en tabulator\n",
    "sami": "Mun lean ŋŧđžčšáâäǥǧǩ",
    "beyond": "𝔘𝔫𝔦𝔠𝔬𝔡𝔢 𠜎",
    "sql": "'; DROP TABLE notebooks; --",
    "path": "../../etc/passwd\\..\\",
    "json": '{"a": "\\u0000"}',
    "header": "Set-Cookie: s=1\nLocation: /x",
    "query": "a=b&c=d;e%00=f+g",
    "noncharacter": "\ufffe\uffff\U0010ffff",
    "invisible": "\u00ad\u2060\u061c\u180e",
}


async def sent(person: Person, text: str) -> Page:
    page = await person.reach("matters/now")
    return await person.send(page.form("reply").say(text).press())


async def refused(person: Person, text: str) -> Page:
    page = await sent(person, text)
    assert page.state == "matters/now"
    assert page.root.one(id="trouble").attributes["tabindex"] == "-1"
    return page


async def test_any_text_comes_through_as_it_was_written(
    app: web.Application, person: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    # more acts than a person makes in so short a time
    monkeypatch.setattr(app[CONTEXT].limits.acts, "wait_for", lambda _key: 0.0)
    page = await person.reach("matters/now")
    for text in STRANGE.values():
        form = page.form("reply")
        page = await person.send(form.say(text).press("more"))
        form = page.form("reply")
        assert form.text(form.words[0]) == text, "as a draft"
        page = await person.send(form.press())
        so_far = await person.open(f"{page.path}/transcript")
        assert [e.text for e in so_far.root.all("p", class_="own")] == [text], "as what was said so far"
        page = await person.send(page.form("reply").press("back"))
        form = page.form("reply")
        assert form.text(form.words[0]) == text, "as an answer to change"
        page = await person.send(form.say(text + "!").write(form.words[0], "").press())
        assert page.status == 422
        page = await person.send(page.form("reply").say(text).press())
        summary = await person.open(f"{page.path}/summary")
        assert summary.entries == [("matters", text)]
        page = await person.send(page.form("reply").press("back"))


@pytest.mark.parametrize("text", ["", " ", "\n\n\t ", "\u00a0"])
async def test_nothing_said_is_a_skip_and_no_answer(person: Person, text: str) -> None:
    page = await sent(person, text)
    assert (page.status, page.state) == (200, "wishes/wish")
    assert (await person.open(f"{page.path}/summary")).entries == []


@pytest.mark.parametrize("text", ["", " "])
async def test_an_emptied_field_removes_no_answer(person: Person, text: str) -> None:
    page = await sent(person, "Barna mine.")
    page = await person.send(page.form("reply").press("back"))
    page = await person.send(page.form("reply").say(text).press())
    assert (page.status, page.trouble) == (422, NB("refusal.NothingSaid"))
    link = page.root.one(id="trouble").one("a")
    assert link.attributes["href"] == "#" + page.form("reply").words[0]
    remove = next(b for b in page.form("reply").buttons if b.attributes.get("value") == "skip")
    assert remove.text == NB("reply.remove"), "the button that the sentence names is there"


@pytest.mark.parametrize(
    "state", ["meeting/kind", "meeting/day", "matters/now", "balance/now", "questions/ask"]
)
async def test_each_kind_of_question_can_be_left_unanswered_without_an_error(
    person: Person, state: str
) -> None:
    page = await person.reach(state)
    left = page.form("reply").press()
    page = await person.send(left)
    assert page.status == 200
    assert not page.has("trouble")
    again = await person.send(left)
    assert (again.status, again.heading) == (200, page.heading), "sent twice, it is one turn"


@pytest.mark.parametrize("language", LANGUAGES)
async def test_four_thousand_characters_are_taken_and_one_more_is_given_back(
    person: Person, language: Language
) -> None:
    longest = "ø\n" * (TEXT_LIMIT // 2 - 1) + "👍ø"
    assert len(longest) == TEXT_LIMIT
    page = await person.begin(language)
    page = await person.reach("matters/now", page)
    page = await person.send(page.form("reply").say(longest + "å").press())
    catalogue = CATALOGUES[language]
    assert page.status == 422
    assert page.trouble == catalogue.say(
        "refusal.TextTooLong", length=catalogue.number(4001), limit=catalogue.number(4000)
    )
    assert ("4,001" if language == "en" else "4\u00a0001") in page.trouble
    assert page.form("reply").text("statement.new1") == longest + "å"
    page = await person.send(page.form("reply").say(longest).press())
    page = await person.summary(page)
    assert page.entries == [("matters", longest)]


@pytest.mark.parametrize(
    ("hidden", "left"),
    [
        ("\0", ""),
        ("\x07", ""),
        ("\x1b[31m", "[31m"),
        ("\x7f", ""),
        ("\v", "\n"),
        ("\x85", "\n"),
        ("\x96", "–"),
    ],
)
async def test_a_character_no_page_can_show_is_taken_out_and_said(
    person: Person, hidden: str, left: str
) -> None:
    page = await refused(person, f"Barna{hidden} mine")
    assert (page.status, page.trouble) == (422, NB("refusal.HiddenCharacter"))
    assert page.form("reply").text("statement.new1") == f"Barna{left} mine"
    page = await whole(person, await person.send(page.form("reply").press()))
    assert page.state == "wishes/wish"


@pytest.mark.parametrize(
    ("state", "field", "texts"),
    [
        ("meeting/kind", "option", ("everything",)),
        ("meeting/kind", "option", ("<script>",)),
        ("balance/now", "support.level", ("much",)),
        ("balance/now", "support.level", ("less", "more")),
        ("balance/now", "challenge.forms", ("time",)),
    ],
)
async def test_an_option_that_is_not_offered_is_refused(
    person: Person, state: str, field: str, texts: tuple[str, ...]
) -> None:
    page = await person.reach(state)
    page = await person.send(page.form("reply").press().instead(field, *texts))
    assert (page.status, page.trouble) == (422, NB("refusal.NoSuchOption"))


async def test_one_choice_is_one(person: Person) -> None:
    page = await person.reach("meeting/kind")
    page = await person.send(page.form("reply").press().instead("option", "first", "review"))
    assert (page.status, page.trouble) == (422, NB("refusal.TooManyChosen").format(limit="1"))


async def test_a_day_that_cannot_be_read_is_given_back(person: Person) -> None:
    page = await person.reach("meeting/day")
    for day in ("31.2.2027", "i morgen", "2027-13-01", "0.0.0", "99999-01-01", "\0", "1" * 5000):
        page = await person.send(page.form("reply").write("on", day).write("at", "12:30").press())
        assert (page.status, page.trouble) == (422, NB("refusal.DayUnreadable"))
        assert (page.form("reply").text("on"), page.form("reply").text("at")) == (day, "12:30")


async def test_a_time_that_cannot_be_read_is_given_back(person: Person) -> None:
    page = await person.reach("meeting/day")
    for at in ("25:00", "middag", "12:60", "1" * 5000):
        page = await person.send(page.form("reply").write("on", "5.1.2027").write("at", at).press())
        assert (page.status, page.trouble) == (422, NB("refusal.ClockUnreadable"))
        assert page.form("reply").text("at") == at


async def test_ten_megabytes_are_told_so_and_go_on_as_if_never_sent(person: Person) -> None:
    page = await person.reach("matters/now")
    told = await person.send(page.form("reply").say("a" * 10_000_000).press())
    assert told.status == 413
    assert told.heading == NB("trouble.too_large_heading")
    page = await person.send(page.form("reply").say("kortere").press())
    assert page.state == "wishes/wish"


async def test_a_form_larger_than_the_document_is_told_so_and_given_back(person: Person) -> None:
    page = await person.reach("matters/now")
    text = "a" * (BODY_LIMIT - 2000)
    page = await person.send(page.form("reply").say(text).press("back"))
    assert (page.status, page.trouble) == (422, NB("refusal.DocumentFull"))
    assert page.form("reply").text("statement.new1") == text


@pytest.mark.parametrize(
    ("headers", "body"),
    [
        ({"Content-Type": "application/json"}, b'{"move": "answer"}'),
        ({"Content-Type": "multipart/form-data; boundary=x"}, b"--x--"),
        ({"Content-Type": "text/plain"}, b"move=answer"),
        ({"Content-Type": ""}, b"move=answer"),
        ({"Content-Type": "/;;="}, b"move=answer"),
        ({"Content-Type": FORM, "Content-Encoding": "gzip"}, gzip.compress(b"move=answer", mtime=0)),
        ({"Content-Type": FORM, "Content-Encoding": "deflate"}, b"x"),
        ({"Content-Type": FORM}, "move=å".encode()),
        ({"Content-Type": FORM}, b"statement.new1=%ff%fe"),
        ({"Content-Type": FORM}, b"statement.new1=%ED%A0%80"),
        ({"Content-Type": f"{FORM}; charset=utf-16"}, "move=answer".encode("utf-16")),
        ({"Content-Type": FORM}, b"&".join(b"f%d=x" % n for n in range(10_000))),
    ],
)
async def test_a_body_that_is_no_form_of_ours_is_not_read(
    person: Person, headers: Mapping[str, str], body: bytes
) -> None:
    page = await person.reach("matters/now")
    response = await person.client.post(page.path, data=body, headers=headers)
    assert response.status == 400
    assert NB("trouble.unreadable_heading") in await response.text()
    assert (await person.open(page.path)).state == "matters/now"


@pytest.mark.parametrize("missing", ["request", "turn", "state", "language", "move", "statement.new1"])
async def test_a_form_with_a_field_missing_is_answered_all_the_same(person: Person, missing: str) -> None:
    page = await person.reach("matters/now")
    sent = page.form("reply").say("Barna mine.").press()
    answered = await person.send(sent.without(missing))
    assert answered.status in (200, 409, 422)
    assert missing == "statement.new1" or "Barna mine." in answered.html


async def test_a_form_with_nonsense_in_a_field_is_answered_all_the_same(person: Person) -> None:
    nonsense = ("", "-1", "x" * 3000, "go:", "go:nowhere/x", "answer:x", "\0", "９", "1e9", "../..", "end")
    page = await person.reach("matters/now")
    here = page.path
    for name in ("turn", "state", "move", "request", "language", "speak"):
        for text in nonsense:
            sent = page.form("reply").say("Barna mine.").press().instead(name, text)
            answered = await person.send(sent)
            assert answered.status in (200, 409, 422), (name, text)
            page = await person.open(here)
            if page.state != "matters/now":
                page = await person.send(page.form("reply").press("go:matters/now"))


async def test_an_empty_form_is_answered_all_the_same(person: Person) -> None:
    page = await person.reach("matters/now")
    assert (await person.send(Submission(page.path, []))).status == 409
    assert (await person.send(Submission(f"{page.path}/continue", []))).has("summary")
    for path in ("/device", "/language", "/nb/r"):
        assert (await person.send(Submission(path, []))).status in (200, 422)


@pytest.mark.parametrize(
    "back",
    [
        "//evil.example",
        "https://evil.example/",
        "/\\evil.example",
        "/\t/evil.example",
        "/x\ny",
        "\0",
        "/nb/?" + "x" * 9000,
    ],
)
@pytest.mark.parametrize("path", ["/language", "/device"])
async def test_a_way_back_leads_nowhere_but_here(person: Person, path: str, back: str) -> None:
    await person.begin()
    page = await person.send(Submission(path, [("language", "nb"), ("back", back)]), follow=False)
    assert (page.status, page.headers["Location"]) == (303, "/")


async def test_what_is_somebody_elses_looks_as_if_it_never_was(new_person: NewPerson) -> None:
    owner, other = await new_person(), await new_person()
    theirs = (await owner.reach("matters/now")).path
    await other.begin()
    madeup = f"/meetings/{'0' * 32}"
    for end in ("", "/summary", "/show", "/pause"):
        answers = [await other.open(path + end) for path in (theirs, madeup)]
        assert [page.status for page in answers] == [404, 404]
        assert answers[0].html == answers[1].html
    for move in ("answer", "skip", "back", "keep", "more", "delete"):
        given = [("turn", "2"), ("state", "matters/now"), ("move", move), ("option", "first")]
        answers = [await other.send(Submission(path, given)) for path in (theirs, madeup)]
        assert [page.status for page in answers] == [404, 404]
        assert answers[0].html == answers[1].html
    await other.send(Submission(f"{theirs}/continue", [("move", "back"), ("turn", "2")]))
    assert (await owner.open(theirs)).form("reply").text("turn") == "2"


@pytest.mark.parametrize("cookie", ["", "x", "å" * 10, "a" * 4000, "A" * 43, '"', "../", "%00"])
async def test_a_broken_cookie_is_nobodys(new_person: NewPerson, cookie: str) -> None:
    person = await new_person()
    page = await person.reach("matters/now")
    stranger = await new_person()
    for path in (page.path, f"{page.path}/summary", "/delete"):
        answered = await stranger.open(path, {"Cookie": f"s={cookie}"})
        assert (answered.status, answered.has("unlock")) == (401, True)
    assert (await stranger.open("/nb/", {"Cookie": f"s={cookie}; s=2; =; ;"})).status == 200


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("GET", "/nowhere", 404),
        ("GET", "/sv/", 404),
        ("GET", "/NB/", 404),
        ("GET", "/de/help", 404),
        ("GET", "/sv/r", 404),
        ("POST", "/sv/r", 404),
        ("POST", "/sv/start", 404),
        ("GET", "/meetings/", 404),
        ("GET", "/meetings/x", 404),
        ("POST", "/meetings/%0ax/continue", 404),
        ("GET", "/meetings/%00", 404),
        ("GET", "/static/../../etc/passwd", 404),
        ("GET", "/static/x/site.css", 404),
        ("GET", "/static/%2e%2e/%2e%2e%2fapp.py", 404),
        ("GET", "/nb/help/", 404),
        ("GET", "/" + "x" * 5000, 404),
        ("PUT", "/nb/", 405),
        ("DELETE", "/delete", 405),
        ("POST", "/nb/", 405),
        ("GET", "/leave", 405),
        ("PATCH", "/nb/start", 405),
        ("OPTIONS", "/nb/", 405),
        ("TRACE", "/nb/", 405),
        ("PROPFIND", "/nb/help", 405),
    ],
)
async def test_a_page_that_is_not_there_says_so(person: Person, method: str, path: str, status: int) -> None:
    response = await person.client.request(method, path, headers={"Accept-Language": "nn"})
    page = Page(path, response.status, response.headers, await response.text())
    assert page.status == status
    assert page.language == ("nb" if path.startswith("/nb/") else "nn")
    assert page.heading == CATALOGUES["nb" if path.startswith("/nb/") else "nn"].say(
        "trouble.not_found_heading"
    )
    assert (status == 405) == ("Allow" in page.headers)


async def test_no_log_holds_a_word_an_id_or_a_link(person: Person, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    page = await person.reach("matters/now", await person.begin())  # all of it by the pages: it is logged
    marker = "PLANTED"
    way_back = await person.open(f"{page.path}/pause")
    link = way_back.root.one("input", id="link").attributes["value"].partition("#")[2]
    cookie = next(iter(person.client.session.cookie_jar)).value
    for text in (marker, marker * 1000, f"{marker}\0", ""):
        page = await person.send(page.form("reply").say(text).press())
        if page.state != "matters/now":
            page = await person.send(page.form("reply").press("back"))
    for name in ("turn", "state", "move", "request", "link", "on"):
        await person.send(page.form("reply").press().instead(name, marker))
    for path in (f"/{marker}", f"/meetings/{marker}", f"/nb/r?{marker}"):
        await person.open(path, {"Cookie": f"s={marker}"})
    door = await person.open("/nb/r")
    await person.send(door.form("open").write("link", f"{marker}-{link}").press())
    await person.send(door.form("open").write("link", link).press())
    await person.client.post(page.path, data=marker.encode(), headers={"Content-Type": marker})
    said = " ".join(f"{record.getMessage()} {record.exc_text} {record.args}" for record in caplog.records)
    for secret in (marker, link, link.replace("-", ""), cookie, page.path.rpartition("/")[2], "127.0.0.1"):
        assert secret not in said
