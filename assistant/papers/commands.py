"""`assistant papers`: list the papers a service is asked for, and print one."""

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from assistant.config import service_file
from assistant.errors import CannotStart

if TYPE_CHECKING:
    from assistant.papers.printing import Paper


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


@papers.command("list")
@_LANGUAGE
@_SERVICE
def list_papers(language: str, service: Path | None) -> None:
    """List every paper: its name, its title, and how many fields are left for the service to fill in."""
    from assistant.papers.printing import PAPERS

    for name in PAPERS:
        paper = _printed(name, language, service)
        click.echo(f"{name:<15}{paper.title}  ({len(paper.left_open)} to fill in)")


@papers.command()
@click.argument("name")
@_LANGUAGE
@_SERVICE
@click.option("--format", "kind", type=click.Choice(["md", "pdf"]), default="md", show_default=True)
@click.option(
    "--output", type=click.Path(path_type=Path, dir_okay=False), help="The file to write; otherwise stdout."
)
def show(name: str, language: str, service: Path | None, kind: str, output: Path | None) -> None:
    """Print the paper NAME as Markdown or PDF."""
    from assistant.papers.printing import PAPERS

    if name not in PAPERS:
        raise click.UsageError(f"There is no paper called '{name}'; choose from {', '.join(PAPERS)}.")
    if kind == "pdf" and output is None and sys.stdout.isatty():
        raise click.UsageError("A PDF cannot be read in a terminal; add --output FILE.")
    paper = _printed(name, language, service)
    content = paper.pdf() if kind == "pdf" else paper.text.encode()
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
