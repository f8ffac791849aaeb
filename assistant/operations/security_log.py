"""`assistant security-log`: the security events as JSON lines, for monitoring."""

import asyncio
import json
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

import click

from assistant.config import Settings, refuse_empty_variables
from assistant.errors import CannotStart, NotSaved


@click.command("security-log", context_settings={"auto_envvar_prefix": "ASSISTANT"})
@click.option(
    "--data",
    default="data",
    show_default=True,
    type=click.Path(path_type=Path, readable=False),
    help="The server's data folder.",
)
@click.option("--database", help="The server's database URL, if not in that folder.")
@click.option(
    "--days", default=30, show_default=True, type=click.IntRange(1), help="Number of days to print."
)
def security_log(data: Path, database: str | None, days: int) -> None:
    """Print sign-ins and account changes as one JSON object per line, oldest first. Accounts are identified
    by id; assistant staff list --ids shows their names.
    """
    settings = Settings(data=data, database=database)
    try:
        refuse_empty_variables(("ASSISTANT_DATA", "ASSISTANT_DATABASE"))
        settings.check_where()
        if database is None and not settings.database_file.exists():
            raise CannotStart(f"There is no database in {data}; give the server's folder with --data.")
        for line in asyncio.run(_lines(settings, days)):
            click.echo(line)
    except CannotStart as reason:
        click.echo(str(reason), err=True)
        sys.exit(1)
    except NotSaved:
        click.echo("The database does not answer; check that it is running.", err=True)
        sys.exit(1)


async def _lines(settings: Settings, days: int) -> list[str]:
    from assistant.service.staff.security_log import exported, opened

    async with opened(settings.database_url) as log:
        events = await log.since(datetime.now(UTC) - timedelta(days=days))
    return [json.dumps(exported(event)) for event in events]
