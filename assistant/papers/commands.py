"""`assistant papers`: list the papers a service is asked for, and print one."""

import sys
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from assistant.config import MOST_WORKERS, Settings, service_file
from assistant.errors import CannotStart

if TYPE_CHECKING:
    from assistant.papers.printing import Paper

_ENVIRONMENT = {"auto_envvar_prefix": "ASSISTANT"}


@click.group()
def papers() -> None:
    """Print the papers a service is asked for: each is a draft for its own judgement."""


def _language(context: click.Context, option: click.Parameter, value: str | None) -> str:
    from assistant.languages import LANGUAGES
    from assistant.papers.lists import PAPER_LANGUAGES

    if value is not None and value not in PAPER_LANGUAGES:
        raise click.BadParameter(f"'{value}' is none of {', '.join(PAPER_LANGUAGES)}.", context, option)
    return value or next(one for one in (*LANGUAGES, *PAPER_LANGUAGES) if one in PAPER_LANGUAGES)


_LANGUAGE = click.option("--language", callback=_language, help="By default the first offered.")
_SERVICE = click.option(
    "--service", type=click.Path(path_type=Path), help="The service file; by default the one in use."
)

_OUTPUT = click.option(
    "--output", type=click.Path(path_type=Path, dir_okay=False), help="The file to write; otherwise stdout."
)


@papers.command("list")
@_LANGUAGE
@_SERVICE
def list_papers(language: str, service: Path | None) -> None:
    """List every paper: its name, its title, and how many fields are left for the service to fill in."""
    from assistant.papers.printing import PAPERS
    from assistant.papers.server_files import FILES

    for name in PAPERS:
        paper = _printed(name, language, service)
        click.echo(f"{name:<15}{paper.title}  ({len(paper.left_open)} to fill in)")
    click.echo("\nTo run the program:")
    for name, (_, about) in FILES.items():
        click.echo(f"{name:<15}{about}  (assistant papers {name})")


@papers.command()
@click.argument("name")
@_LANGUAGE
@_SERVICE
@click.option("--format", "kind", type=click.Choice(["md", "pdf"]), default="md", show_default=True)
@_OUTPUT
def show(name: str, language: str, service: Path | None, kind: str, output: Path | None) -> None:
    """Print the paper NAME as Markdown or PDF."""
    from assistant.papers.printing import PAPERS

    if name not in PAPERS:
        raise click.UsageError(f"There is no paper called '{name}'; choose from {', '.join(PAPERS)}.")
    if kind == "pdf" and output is None and sys.stdout.isatty():
        raise click.UsageError("A PDF cannot be read in a terminal; add --output FILE.")
    paper = _printed(name, language, service)
    _give(paper.pdf() if kind == "pdf" else paper.text.encode(), output)


def _give(content: bytes, output: Path | None) -> None:
    """Print the content, or write it into the file."""
    if output is None:
        click.echo(content, nl=False)
        return
    try:
        output.write_bytes(content)
    except OSError as error:
        click.echo(f"{output} cannot be written ({error.strerror}). Choose another file.", err=True)
        sys.exit(1)


def _printed(name: str, language: str, service: Path | None) -> "Paper":
    from assistant.papers.printing import print_paper
    from assistant.web.http.service_file import read_service

    try:
        return print_paper(name, language, read_service(service or service_file()))
    except CannotStart as reason:
        click.echo(str(reason), err=True)
        sys.exit(1)


_WORKERS = click.option(
    "--workers",
    default=1,
    show_default=True,
    type=click.IntRange(1, MOST_WORKERS),
    help="How many processes serve; several need PostgreSQL.",
)


def _how_it_runs(command: Callable[..., None]) -> Callable[..., None]:
    """Add the options of the files that run the program."""
    served = Settings()
    for option in (
        _OUTPUT,
        click.option(
            "--public-url", default="https://motet.example.no", show_default=True, help="The public address."
        ),
        click.option(
            "--host", default=served.host, show_default=True, help="Where the proxy reaches the program."
        ),
        click.option("--port", default=served.port, show_default=True, type=click.IntRange(1, 65535)),
    ):
        command = option(command)
    return command


def _certificate(otherwise: str) -> Callable[[Callable[..., None]], Callable[..., None]]:
    """Add the options of the certificate."""

    def add(command: Callable[..., None]) -> Callable[..., None]:
        command = click.option("--key", help="The file of the certificate's key.")(command)
        return click.option("--certificate", help=f"The file of the certificate; {otherwise}")(command)

    return add


def _print_server_file(name: str, output: Path | None, **given: Any) -> None:
    from assistant.papers.server_files import print_server_file, server_facts

    given["public_url"] = given["public_url"].rstrip("/")
    try:
        content = print_server_file(name, server_facts(**given))
    except CannotStart as reason:
        click.echo(str(reason), err=True)
        sys.exit(1)
    _give(content.encode(), output)


@papers.command(context_settings=_ENVIRONMENT)
@click.option(
    "--data",
    default="/var/lib/for-motet",
    show_default=True,
    type=click.Path(path_type=Path, readable=False),
    help="The data folder, below /var/lib.",
)
@click.option("--program", help="The path of the installed program; by default this one.")
@_WORKERS
@_how_it_runs
def unit(**given: Any) -> None:
    """Print a hardened systemd unit."""
    _print_server_file("unit", **given)


@papers.command(context_settings=_ENVIRONMENT)
@_certificate("by default as certbot names it.")
@_how_it_runs
def nginx(**given: Any) -> None:
    """Print the site for nginx, which logs no private path."""
    _print_server_file("nginx", **given)


@papers.command(context_settings=_ENVIRONMENT)
@_certificate("by default Caddy fetches one.")
@_how_it_runs
def caddy(**given: Any) -> None:
    """Print the site for Caddy, which logs no path."""
    _print_server_file("caddy", **given)


@papers.command(context_settings=_ENVIRONMENT)
@_how_it_runs
def containerfile(**given: Any) -> None:
    """Print a Containerfile that installs this version's wheel."""
    _print_server_file("containerfile", **given)


@papers.command(context_settings=_ENVIRONMENT)
@_WORKERS
@_how_it_runs
def compose(**given: Any) -> None:
    """Print a compose file: the image, and PostgreSQL."""
    _print_server_file("compose", **given)


@papers.command(context_settings=_ENVIRONMENT)
@_how_it_runs
def door(**given: Any) -> None:
    """Print a link and a button to the first page, for the service's own website."""
    _print_server_file("door", **given)
