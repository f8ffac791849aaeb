"""Sign-ins and what is done with accounts: saved with the act, exported as JSON, kept half a year."""

import json
import secrets
from datetime import timedelta
from pathlib import Path
from typing import Any

from aiohttp import web
from support.clock import Clock
from support.colleague import PASSWORD, a_colleague, an_administrator
from support.commands import run
from support.page import Page
from support.person import NewPerson

from assistant.config import Settings
from assistant.retention import RELEASED
from assistant.web.http.context import CONTEXT


def exported(settings: Settings, *arguments: str, folder: Path) -> list[dict[str, Any]]:
    """What the command prints."""
    done = run("security-log", "--data", str(settings.data), "--days", "9999", *arguments, folder=folder)
    assert (done.returncode, done.stderr) == (0, "")
    return [json.loads(line) for line in done.stdout.splitlines()]


async def test_everything_that_happens_to_accounts_is_in_it_and_no_name_word_or_secret(
    app: web.Application, settings: Settings, new_person: NewPerson, clock: Clock, tmp_path: Path
) -> None:
    anne = await an_administrator(app, new_person, clock)
    kari = await a_colleague(anne, new_person, "Kari Fagperson", "professional")
    accounts = {a.member.name: a.member.id for a in await app[CONTEXT].services.staff.accounts.all()}
    one = f"/admin/staff/{accounts['Kari Fagperson']}"

    async def press(path: str, form: str, **written: str) -> Page:
        filled = (await kari.open(path)).form(form)
        for name, text in written.items():
            filled.write(name, text)
        return await kari.send(filled.press())

    wrong = f"galt passord {secrets.token_hex(8)}"
    await kari.send((await kari.open("/staff/account")).form("new-codes").press())
    await press("/staff/account", "change-password", password=wrong, new=PASSWORD, again=PASSWORD)
    await press("/staff/account", "change-password", password=PASSWORD, new=PASSWORD, again=PASSWORD)
    stranger = await new_person()
    sign_in = (await stranger.open("/nb/staff")).form("sign-in")
    for name in ("Kari Fagperson", "Kari Fagperson", f"Ingen {wrong}"):
        sign_in.write("name", name).write("password", wrong).write("code", "000000")
        await stranger.send(sign_in.press())
    roles = (await anne.open(one)).form("roles").choose("role", "professional", "peer_worker")
    await anne.send(roles.press())
    for form in ("disable", "enable"):
        await anne.send((await anne.open(one)).form(form).press())
    await anne.send((await anne.open(f"{one}/reset")).form("reset").press())

    told = exported(settings, folder=tmp_path)
    named = {id_: name for name, id_ in accounts.items()} | {"operator": "operator", "": ""}
    found = {(e["event"], named[e.get("account", "")], named[e.get("by", "")]) for e in told}
    anne_, kari_ = "Anne Administrator", "Kari Fagperson"
    assert found == {
        ("account_made", anne_, "operator"),
        ("account_set_up", anne_, ""),
        ("signed_in", anne_, ""),
        ("account_made", kari_, anne_),
        ("account_set_up", kari_, ""),
        ("signed_in", kari_, ""),
        ("recovery_codes_made", kari_, ""),
        ("password_change_failed", kari_, ""),
        ("password_changed", kari_, ""),
        ("sign_in_failed", kari_, ""),
        ("sign_in_failed", "", ""),
        ("roles_changed", kari_, anne_),
        ("account_closed", kari_, anne_),
        ("account_opened", kari_, anne_),
        ("account_reset", kari_, anne_),
    }
    failed = [e["times"] for e in told if e["event"] == "sign_in_failed" and "account" in e]
    assert sum(failed) == 2
    assert {key for event in told for key in event} == {"at", "event", "times", "account", "by"}
    assert all(len(event["at"]) == len("2026-11-22T09:00+00:00") for event in told), "to the minute"
    text = json.dumps(told, ensure_ascii=False)
    for hidden in ("Kari", "Anne", "Ingen", wrong, PASSWORD, *kari.codes, "127.0.0.1"):
        assert hidden not in text


async def test_it_is_kept_for_half_a_year_and_no_longer(
    app: web.Application, new_person: NewPerson, clock: Clock
) -> None:
    await an_administrator(app, new_person, clock)
    staff = app[CONTEXT].services.staff
    begun = clock() - timedelta(hours=1)
    clock.pass_by(RELEASED.security_log - timedelta(hours=1))
    assert (await staff.sweep(clock()))["security_events"] == 0
    assert len(await staff.security_log.since(begun)) == 3
    clock.pass_by(timedelta(hours=2))
    assert (await staff.sweep(clock()))["security_events"] == 3
    assert await staff.security_log.since(begun) == []


async def test_what_an_operator_does_is_told_and_ids_can_be_looked_up(
    app: web.Application, settings: Settings, tmp_path: Path
) -> None:
    assert run("staff", "add", "Kari", "--role", "professional", folder=tmp_path).returncode == 0
    assert run("staff", "disable", "Kari", folder=tmp_path).returncode == 0
    told = exported(Settings(data=tmp_path / "data"), folder=tmp_path)
    assert [(event["event"], event["by"]) for event in told] == [
        ("account_closed", "operator"),
        ("account_made", "operator"),
    ]
    listed = run("staff", "list", "--ids", folder=tmp_path).stdout
    assert listed.startswith(f"{told[0]['account']} Kari: ")


def test_a_mistyped_folder_is_said_and_nothing_is_made_there(tmp_path: Path) -> None:
    done = run("security-log", "--data", "elsewhere", folder=tmp_path)
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr == "There is no database in elsewhere; give the server's folder with --data.\n"
    assert not (tmp_path / "elsewhere").exists()
