"""Commands for the operator's data and keys: backup, restore, purge, figures, and pepper rotation."""

import asyncio
import json
import os
import sys
from collections.abc import Callable, Coroutine
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, TypeVar

import click

from assistant.config import Settings, refuse_empty_variables
from assistant.errors import CannotStart, NotSaved

T = TypeVar("T")
_ENVIRONMENT = {"auto_envvar_prefix": "ASSISTANT"}


def where_it_is(command: Callable[..., None]) -> Callable[..., None]:
    """Add the options that select the database and the keys."""
    folder = click.Path(path_type=Path, readable=False)
    for option in (
        click.option("--keys", type=folder, help="The folder of the server's own secrets, if elsewhere."),
        click.option("--database", help="The server's database URL, if not in the data folder."),
        click.option("--data", default="data", show_default=True, type=folder, help="The data folder."),
    ):
        command = option(command)
    return command


def refuse_empty_options() -> None:
    """End the command where a variable of one of its options is set and empty."""
    context = click.get_current_context()
    names = [str(one.name).upper() for one in context.command.params if isinstance(one, click.Option)]
    try:
        refuse_empty_variables(f"ASSISTANT_{name}" for name in names)
    except CannotStart as reason:
        click.echo(str(reason), err=True)
        sys.exit(1)


def _settings(data: Path, database: str | None, keys: Path | None) -> Settings:
    refuse_empty_options()
    os.umask(0o077)
    return Settings(data=data, database=database, keys_folder=keys)


def _done(act: Coroutine[Any, Any, T]) -> T:
    """Run the act and return its result; report an error in a sentence and exit with code 1."""
    try:
        return asyncio.run(act)
    except CannotStart as reason:
        click.echo(str(reason), err=True)
    except NotSaved:
        click.echo("The database does not answer; check that it is running, and try again.", err=True)
    sys.exit(1)


def _note_backup(settings: Settings) -> None:
    """Let the metrics tell when the newest backup was finished."""
    try:
        settings.data.mkdir(mode=0o700, parents=True, exist_ok=True)
        settings.last_backup.write_text(f"{datetime.now(UTC).isoformat(timespec='seconds')}\n")
    except OSError as error:
        click.echo(f"Metrics cannot report this backup: {settings.last_backup} ({error.strerror}).", err=True)


@click.command(context_settings=_ENVIRONMENT)
@click.argument("file", type=click.Path(path_type=Path))
@where_it_is
def backup(file: Path, data: Path, database: str | None, keys: Path | None) -> None:
    """Copy the whole database into the new FILE, also while the server runs.

    For PostgreSQL this runs pg_dump. The keys are not in it: keep a copy of the keys folder somewhere else.
    """
    from assistant.service.operations.backups import back_up

    settings = _settings(data, database, keys)
    found = _done(back_up(settings.database_url, file))
    _note_backup(settings)
    click.echo(f"{file}: {found['notebooks']} notebooks, {found['shares']} open shares.")
    click.echo("The keys are not in it; keep a copy of the keys folder apart from the backups.")


@click.command(context_settings=_ENVIRONMENT)
@click.argument("file", type=click.Path(path_type=Path))
@click.option(
    "--deleted",
    "files",
    multiple=True,
    type=click.Path(path_type=Path),
    help="A file of deletions made since; by default `deleted` in the data folder. Give one for each host.",
)
@click.option("--yes", is_flag=True, help="Replace an existing database.")
@where_it_is
def restore(
    file: Path, files: tuple[Path, ...], yes: bool, data: Path, database: str | None, keys: Path | None
) -> None:
    """Replace the database with the backup FILE. The server must be stopped.

    What was withdrawn or deleted after the backup was made is deleted again.
    """
    from assistant.service.operations.backups import restore as put_back

    settings = _settings(data, database, keys)
    graves = files or (settings.graves,)
    missing = [path for path in graves if not path.is_file()]
    if missing and not (missing == [settings.graves] and yes):
        click.echo(
            f"There is no file {missing[0]} of deletions after the backup, so deleted data would come back. "
            "Give it with --deleted; if there is none, add --yes.",
            err=True,
        )
        sys.exit(1)
    there = [path for path in graves if path not in missing]
    address, now = settings.database_url, datetime.now(UTC)
    done = _done(put_back(address, settings.keys, file, there, now, overwrite=yes))
    again = done.deleted_again
    click.echo(f"Restored: {done.now['notebooks']} notebooks, {done.now['shares']} open shares.")
    click.echo(
        f"Deleted again, since they were deleted after the backup: {again['notebooks']} notebooks, "
        f"{again['shares']} shares, {again['meetings']} meetings. Everyone must open or sign in again."
    )
    if missing:
        click.echo("There was no file of later deletions; deleted data may have come back.", err=True)


@click.command(context_settings=_ENVIRONMENT)
@click.option("--yes", is_flag=True, help="Confirm the clock, so that the server may delete expired data.")
@where_it_is
def purge(yes: bool, data: Path, database: str | None, keys: Path | None) -> None:
    """Let the server delete expired data again after a jump of the clock. Without --yes, only report the
    state.
    """
    from assistant.service.operations.clock_guard import opened_guard

    async def act() -> None:
        async with opened_guard(_settings(data, database, keys).database_url) as guard:
            reading = await guard.only_look()
            newest = reading.newest.isoformat(timespec="minutes") if reading.newest else "never"
            click.echo(
                f"The newest time seen is {newest}; the clock says {reading.now:%Y-%m-%dT%H:%M+00:00}."
            )
            click.echo(f"Expired by this clock: {await guard.count_over()} notebooks.")
            if yes:
                await guard.trust()
                click.echo("The clock is confirmed. A running server deletes within ten minutes.")
            elif reading.has_jumped:
                click.echo("Nothing is deleted. If the clock is right, run: assistant purge --yes")
            else:
                click.echo("The clock has not jumped; the server deletes expired data by itself.")

    _done(act())


@click.command(context_settings=_ENVIRONMENT)
@where_it_is
def insight(data: Path, database: str | None, keys: Path | None) -> None:
    """Print the service's figures, newest quarter first: what users chose to have counted, in whole tens.
    Nothing is printed about the running quarter. They need `insight: true` in the service file.
    """
    from assistant.service.insight import figures_in

    def said(number: int) -> str:
        return f"at least {number}" if number else "too few to show"

    found = _done(figures_in(_settings(data, database, keys).database_url))
    for one in found:
        click.echo(
            f"{one.quarter}: preparations shared, {said(one.shared)}; wishes answered, {said(one.answered)}"
        )
    if not found:
        click.echo("There are no figures: no quarter is over in which enough people were counted.")


@click.group()
def keys() -> None:
    """Manage the server's own secrets."""


@keys.command(context_settings=_ENVIRONMENT)
@where_it_is
def provider(data: Path, database: str | None, keys: Path | None) -> None:
    """Make the key for the identity provider, unless there is one, and print its public part as a JSON Web
    Key, to be registered there. For Entra ID, put the private key and its certificate in the file instead.
    """
    from assistant.openid.client_key import FILE, make_client_key

    settings = _settings(data, database, keys)
    try:
        key = make_client_key(settings.keys / FILE)
    except CannotStart as reason:
        click.echo(str(reason), err=True)
        sys.exit(1)
    click.echo(json.dumps(key.public(), indent=2))
    click.echo(f"The private key is in {settings.keys / FILE}; keep a copy with the other keys.", err=True)


@keys.command(context_settings=_ENVIRONMENT)
@click.option("--only-make", is_flag=True, help="Only create the new version, to copy it to the other hosts.")
@where_it_is
def rotate(only_make: bool, data: Path, database: str | None, keys: Path | None) -> None:
    """Rotate the pepper, also while the server runs. An interrupted rotation is resumed.

    The codenames' salt is never changed.
    """
    from assistant.service.operations.key_rotation import rotate as carry

    settings = _settings(data, database, keys)
    done = _done(carry(settings.database_url, settings.keys, only_make=only_make, report=click.echo))
    if done is not None:
        click.echo(f"Done: {done.rows} rows are under the new version.")
        if done.broken:
            click.echo(f"{done.broken} damaged rows open with no version; they are unchanged.", err=True)
