"""The door for operators: serve, and check what authors wrote.

Commands import what they need when they run, so that `assistant check` starts quickly.
"""

import sys
from pathlib import Path

import click

from assistant.config import Settings, dialogues_folder, locales_folder
from assistant.errors import CannotStart


@click.group()
def main() -> None:
    """Før møtet: a guided conversation before a treatment meeting."""


@main.command()
@click.option("--host", default="127.0.0.1", show_default=True, help="The address to listen on.")
@click.option(
    "--port", default=8080, show_default=True, type=click.IntRange(0, 65535), help="0 takes a free one."
)
@click.option(
    "--data",
    default="data",
    show_default=True,
    type=click.Path(path_type=Path, readable=False),
    help="The folder for the database and the server's own secret; made at first start.",
)
@click.option(
    "--database", envvar="ASSISTANT_DATABASE", help="postgresql://… instead of SQLite in the data folder."
)
@click.option("--public-url", help="Where people reach it, when a proxy with https stands in front.")
@click.option("--plain-http", is_flag=True, help="Let other machines in without encryption, to try it out.")
@click.option("--operator", help="The body that runs the server; it stands on the first page.")
@click.option("--proxy", multiple=True, help="The address of a proxy whose X-Forwarded-For is believed.")
def serve(
    host: str,
    port: int,
    data: Path,
    database: str | None,
    public_url: str | None,
    plain_http: bool,
    operator: str | None,
    proxy: tuple[str, ...],
) -> None:
    """Serve the pages until stopped."""
    from assistant.web.serve import serve as run

    settings = Settings(
        host=host,
        port=port,
        data=data,
        database=database,
        public_url=public_url.rstrip("/") if public_url else None,
        plain_http=plain_http,
        operator=operator,
        proxies=frozenset(proxy),
    )
    try:
        run(settings)
    except CannotStart as reason:
        click.echo(str(reason), err=True)
        sys.exit(1)


@main.command()
@click.argument("folder", required=False, type=click.Path(path_type=Path))
@click.option("--codes", is_flag=True, help="Show what every code means instead.")
def check(folder: Path | None, codes: bool) -> None:
    """List every issue in every dialogue under FOLDER, in file order. Exit code 1 where there are any.

    What is meant as it stands is left alone where its line ends with a comment such as `# meant: D401`,
    or has that on the line above. What would stop a server is never left alone.
    """
    from assistant.workshop.check import check_folder, codes_explained

    if codes:
        click.echo("\n".join(codes_explained()))
        return
    try:
        checked = check_folder(folder or dialogues_folder(), dialogues_folder(), locales_folder())
    except CannotStart as reason:
        click.echo(str(reason))
        sys.exit(1)
    for line in checked.lines():
        click.echo(line)
    sys.exit(1 if checked.has_failed else 0)
