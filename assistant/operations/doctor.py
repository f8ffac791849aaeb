"""`assistant doctor` and `assistant status`: is the installation right, and how is the server?"""

import asyncio
import os
import sys
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path

import click

from assistant.config import Settings
from assistant.errors import CannotStart, NotSaved
from assistant.operations.data_commands import refuse_empty_options, where_it_is
from assistant.operations.findings import has_fault, wants_colours

_ENVIRONMENT = {"auto_envvar_prefix": "ASSISTANT"}
FEWEST = 10
"""Smaller counts are not told: they could say something about a single person."""


@click.command(context_settings=_ENVIRONMENT)
@where_it_is
@click.option(
    "--service", type=click.Path(path_type=Path), help="The service file; by default the one in use."
)
@click.option("--zone", help="The time zone given to the server, if not in the service file.")
@click.option(
    "--url",
    "public_url",
    envvar="ASSISTANT_PUBLIC_URL",
    help="Also check this address from outside: https://…",
)
@click.option("--backups", type=click.Path(path_type=Path), help="The folder of the backups.")
def doctor(
    data: Path,
    database: str | None,
    keys: Path | None,
    service: Path | None,
    zone: str | None,
    public_url: str | None,
    backups: Path | None,
) -> None:
    """Check the installation, also while the server runs. Print one line for each thing checked, with what
    to do about it, and end with 1 if there is a fault. Nothing is changed, and no secret is printed.
    """
    from assistant.operations.local_checks import check_here
    from assistant.operations.outside_checks import check_outside

    refuse_empty_options()
    os.umask(0o077)
    now, colours = datetime.now(UTC), wants_colours()
    public_url = None if public_url is None else public_url.rstrip("/")
    settings = Settings(
        data=data, database=database, keys_folder=keys, service=service, zone=zone, public_url=public_url
    )
    _see_that_it_can_be_checked(settings)
    found = []
    for one in check_here(settings, backups, now):
        click.echo(one.line(colours=colours), color=colours)
        found.append(one)
    if public_url is not None:
        for one in check_outside(public_url, now):
            click.echo(one.line(colours=colours), color=colours)
            found.append(one)
    sys.exit(1 if has_fault(found) else 0)


def _see_that_it_can_be_checked(settings: Settings) -> None:
    try:
        settings.check_where()
        if settings.public_url is not None and not settings.is_https:
            raise CannotStart("--url is not an address with https; correct it.")
    except CannotStart as reason:
        click.echo(str(reason), err=True)
        sys.exit(1)


@click.command(context_settings=_ENVIRONMENT)
@where_it_is
@click.option("--host", default="127.0.0.1", show_default=True, help="Where the server listens.")
@click.option("--port", default=8080, show_default=True, type=click.IntRange(1, 65535))
def status(data: Path, database: str | None, keys: Path | None, host: str, port: int) -> None:
    """Say how the server is: its version, since when it runs, whether it is ready, and how much it holds.
    End with 1 if it is not ready. Counts below ten are not told.
    """
    from assistant.operations.running import ask_ready, started_as
    from assistant.service.operations.examination import examine

    refuse_empty_options()
    os.umask(0o077)
    settings = Settings(data=data, database=database, keys_folder=keys, host=host, port=port)
    try:
        settings.check_where()
        examined = asyncio.run(examine(settings.database_url))
    except CannotStart as reason:
        click.echo(str(reason), err=True)
        sys.exit(1)
    except NotSaved:
        click.echo("The database does not answer; check that it is running, and try again.", err=True)
        sys.exit(1)
    readiness, started = ask_ready(host, port), started_as(settings)
    click.echo(f"installed  {version('for-motet')}")
    if started is not None and readiness is not None:
        click.echo(f"running    {started.version}, since {started.at:%Y-%m-%d %H:%M} UTC")
    click.echo(f"health     {readiness or f'nothing answers at {host}:{port}'}")
    click.echo(f"database   {examined.kind}, schema {examined.schema}")
    for name, many in examined.counts.items():
        click.echo(f"{name:<10} {many if many >= FEWEST else f'fewer than {FEWEST}'}")
    if started is not None and readiness is not None and started.version != version("for-motet"):
        click.echo("The running server is of another version: restart it.", err=True)
    sys.exit(0 if readiness == "ok" else 1)
