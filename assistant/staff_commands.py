"""Commands for staff accounts, also while the server runs."""

import asyncio
import os
import sys
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

import click

from assistant.config import Settings, refuse_empty_variables, service_file
from assistant.errors import CannotStart, NotFound, NotSaved, Refusal
from assistant.retention import RELEASED
from assistant.zone import local_day

if TYPE_CHECKING:
    from assistant.service.staff.accounts import StaffAccounts

T = TypeVar("T")
_LOCAL = "http://127.0.0.1:8080"


@click.group(context_settings={"auto_envvar_prefix": "ASSISTANT"})
@click.option(
    "--data",
    default="data",
    show_default=True,
    type=click.Path(path_type=Path, readable=False),
    help="The server's data folder.",
)
@click.option("--database", help="The server's database URL, if not in that folder.")
@click.option(
    "--keys",
    type=click.Path(path_type=Path, readable=False),
    help="The folder of the server's own secrets, if not keys in the data folder.",
)
@click.option("--public-url", help="The public address of the server, used at the start of links.")
@click.pass_context
def staff(
    context: click.Context, data: Path, database: str | None, keys: Path | None, public_url: str | None
) -> None:
    """Manage staff accounts, also while the server runs. Each option can also be set by an environment
    variable: ASSISTANT_DATA, ASSISTANT_DATABASE, ASSISTANT_KEYS, ASSISTANT_PUBLIC_URL.
    """
    os.umask(0o077)  # files created from here on are readable by this user only
    settings = Settings(
        data=data,
        database=database,
        keys_folder=keys,
        public_url=public_url.rstrip("/") if public_url is not None else None,
    )
    try:
        refuse_empty_variables_of(context)
        settings.check_where()
    except CannotStart as reason:
        click.echo(str(reason), err=True)
        sys.exit(1)
    context.obj = settings


def refuse_empty_variables_of(context: click.Context) -> None:
    """Raise `CannotStart` for an environment variable that sets an option of this command and is empty."""
    names = [option.name.upper() for option in context.command.params if option.name]
    refuse_empty_variables(f"{context.auto_envvar_prefix}_{name}" for name in names)


@staff.command("list")
@click.option("--ids", is_flag=True, help="Include each account's id, as used in the security log.")
@click.pass_obj
def list_staff(settings: Settings, ids: bool) -> None:
    """List all accounts: name, roles, state, and the day they last signed in, if the security log has it."""
    for account in _among_staff(settings, lambda accounts: accounts.all()):
        roles = ", ".join(sorted(account.member.roles))
        how = "disabled" if account.disabled_at else "in use" if account.is_set_up else "not set up"
        id_ = f"{account.member.id} " if ids else ""
        last = f"; last signed in {local_day(account.signed_in_at)}" if account.signed_in_at else ""
        click.echo(f"{id_}{account.member.name or '(no name yet)'}: {roles}; {how}{last}")


@staff.command("add")
@click.argument("name")
@click.option(
    "--role", "roles", multiple=True, required=True, help="professional, peer_worker, administrator"
)
@click.pass_obj
def add_staff(settings: Settings, name: str, roles: tuple[str, ...]) -> None:
    """Add an account for NAME and print its one-time link."""
    from assistant.meetings.permissions import ROLES, Role

    wanted: frozenset[Role] = frozenset(role for role in ROLES if role in roles)
    if len(wanted) != len(set(roles)):
        raise click.UsageError(f"Choose roles from {', '.join(ROLES)}.")
    request = os.urandom(16).hex()
    _, link = _among_staff(settings, lambda accounts: accounts.add(name, wanted, request))
    _say_link(settings, link)


@staff.command("disable")
@click.argument("name")
@click.pass_obj
def disable_staff(settings: Settings, name: str) -> None:
    """Disable NAME's account and end all of its sessions at once."""

    async def act(accounts: "StaffAccounts") -> None:
        await accounts.disable((await accounts.named(name)).member.id)

    _among_staff(settings, act)


@staff.command("enable")
@click.argument("name")
@click.pass_obj
def enable_staff(settings: Settings, name: str) -> None:
    """Enable NAME's account again."""

    async def act(accounts: "StaffAccounts") -> None:
        await accounts.enable((await accounts.named(name)).member.id)

    _among_staff(settings, act)


@staff.command("reset")
@click.argument("name")
@click.pass_obj
def reset_staff(settings: Settings, name: str) -> None:
    """Delete NAME's password, app and keys, and print a new one-time link. Nothing shared with them before
    can be opened again without its code.
    """

    async def act(accounts: "StaffAccounts") -> str:
        return await accounts.reset((await accounts.named(name)).member.id)

    _say_link(settings, _among_staff(settings, act))


@staff.command("rename")
@click.argument("name")
@click.argument("new_name")
@click.pass_obj
def rename_staff(settings: Settings, name: str, new_name: str) -> None:
    """Give NAME's account the name NEW_NAME, with which they sign in from now on."""

    async def act(accounts: "StaffAccounts") -> None:
        await accounts.rename((await accounts.named(name)).member.id, new_name)

    _among_staff(settings, act)
    click.echo("If the service file has the old name under readers:, correct it there too.", err=True)


@staff.command("remove")
@click.argument("name")
@click.option("--yes", is_flag=True, help="Confirm that the name and the keys are deleted for good.")
@click.pass_obj
def remove_staff(settings: Settings, name: str, yes: bool) -> None:
    """Delete NAME's disabled account for good. Users then read that someone who no longer works here opened
    their summary; nothing shared with them can be opened again without its code.
    """

    async def act(accounts: "StaffAccounts") -> str:
        account = await accounts.named(name)
        if account.disabled_at is None:
            return "The account is in use. First end what its owner has open: assistant staff disable NAME"
        if not yes:
            return "Nothing is deleted. To delete the name and the keys for good, add --yes."
        await accounts.remove(account.member.id)
        return ""

    if refused := _among_staff(settings, act):
        click.echo(refused, err=True)
        sys.exit(1)


@staff.command("first")
@click.pass_obj
def first_administrator(settings: Settings) -> None:
    """Print a one-time link for the first administrator, unless there is one already."""
    link = _among_staff(settings, lambda accounts: accounts.first_link())
    if link is None:
        click.echo(
            "There is an administrator already. To let one in again: assistant staff reset NAME", err=True
        )
        sys.exit(1)
    _say_link(settings, link)


def _say_link(settings: Settings, link: str | None) -> None:
    from assistant.web.staff.first_link import address_to_set_up

    assert link is not None, "a new account has a link"
    click.echo(address_to_set_up(settings.public_url or _LOCAL, link))
    if settings.public_url is None:
        said = f"The link begins with {_LOCAL}. If people reach the server elsewhere, give --public-url"
        click.echo(f"{said} or ASSISTANT_PUBLIC_URL.", err=True)


def _among_staff(settings: Settings, act: Callable[["StaffAccounts"], Awaitable[T]]) -> T:
    """Run an act on the accounts; print a refusal as one line."""
    from assistant.service.staff.accounts import LastAdministrator
    from assistant.service.staff.among_staff import among_staff
    from assistant.web.http.service_file import look_at_service

    try:
        kept = look_at_service(service_file()).service
        retention = kept.retention if kept else RELEASED  # `serve` and `check` tell what is wrong in the file
        return asyncio.run(among_staff(settings.database_url, settings.keys, act, retention))
    except CannotStart as reason:
        click.echo(str(reason), err=True)
    except LastAdministrator:
        click.echo("This is the last administrator. First make another: assistant staff first", err=True)
    except NotFound:
        click.echo("There is no account with this name; to list all accounts: assistant staff list", err=True)
    except (Refusal, NotSaved) as reason:
        said = {"NameTaken": "Another account has this name.", "NothingSaid": "A name is missing."}
        click.echo(said.get(type(reason).__name__, "The command failed; nothing was changed."), err=True)
    sys.exit(1)
