"""The command line for operators and authors.

Commands import what they need when they run, so that `assistant check` starts quickly.
"""

import gc
import os
import sys
from datetime import UTC, datetime
from importlib import import_module
from pathlib import Path

import click

from assistant.config import (
    MOST_WORKERS,
    Settings,
    dialogues_folder,
    locales_folder,
    refuse_empty_variables,
    service_file,
)
from assistant.errors import CannotStart
from assistant.operations.light_start import without_lists_of_this_machine
from assistant.zone import DEFAULT_ZONE, ZONE, local_day, use_zone

_ELSEWHERE = {
    "backup": "assistant.operations.data_commands",
    "doctor": "assistant.operations.doctor",
    "insight": "assistant.operations.data_commands",
    "keys": "assistant.operations.data_commands",
    "papers": "assistant.papers.commands",
    "purge": "assistant.operations.data_commands",
    "restore": "assistant.operations.data_commands",
    "security-log": "assistant.operations.security_log",
    "staff": "assistant.staff_commands",
    "status": "assistant.operations.doctor",
}
"""The modules of other commands."""


class AllCommands(click.Group):
    """The commands of this module, and those of others, each imported when it is asked for."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Return the names of all commands, as `--help` lists them."""
        return sorted([*super().list_commands(ctx), *_ELSEWHERE])

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Return the command of this name."""
        if cmd_name not in _ELSEWHERE:
            return super().get_command(ctx, cmd_name)
        command: click.Command = getattr(import_module(_ELSEWHERE[cmd_name]), cmd_name.replace("-", "_"))
        return command


class OfferedLanguage(click.ParamType[str]):
    """A language option. The list of offered languages is read only when a value is given."""

    name = "language"

    def convert(self, value: str, param: click.Parameter | None, ctx: click.Context | None) -> str:
        """Return the language. A list that cannot be read is reported as a usage error, like any other."""
        languages = _languages()
        if value not in languages:
            self.fail(f"'{value}' is not offered; choose from {', '.join(languages)}.", param, ctx)
        return value


def _languages() -> tuple[str, ...]:
    try:
        from assistant.languages import LANGUAGES
    except CannotStart as reason:
        click.echo(str(reason), err=True)
        sys.exit(1)
    return LANGUAGES


@click.group(
    cls=AllCommands,
    context_settings={"auto_envvar_prefix": "ASSISTANT", "help_option_names": ["-h", "--help"]},
)
@click.version_option(package_name="for-motet", prog_name="assistant", message="%(prog)s %(version)s")
def main() -> None:
    """Før møtet: a guided conversation before a treatment meeting."""


@main.command(context_settings={"auto_envvar_prefix": "ASSISTANT"})
@click.option("--host", default="127.0.0.1", show_default=True, help="The address to listen on.")
@click.option(
    "--port",
    default=8080,
    show_default=True,
    type=click.IntRange(0, 65535),
    help="0 uses a free port.",
)
@click.option(
    "--data",
    default="data",
    show_default=True,
    type=click.Path(path_type=Path, readable=False),
    help="The folder for the database and the server's own secrets; created at first start.",
)
@click.option("--database", help="A postgresql://… URL to use instead of SQLite in the data folder.")
@click.option(
    "--keys",
    type=click.Path(path_type=Path, readable=False),
    help="The folder for the server's own secrets; by default keys in the data folder.",
)
@click.option("--public-url", help="The public address, behind an https proxy.")
@click.option(
    "--plain-http", is_flag=True, help="Serve other machines without encryption, for trying it out."
)
@click.option("--operator", help="The organisation that runs the server.")
@click.option(
    "--proxy",
    multiple=True,
    help="Address or network of a trusted proxy (X-Forwarded-For): 10.0.0.7, 10.0.0.0/24.",
)
@click.option(
    "--service",
    type=click.Path(path_type=Path),
    help="The file with the service's own words; by default locales/service.yaml.",
)
@click.option(
    "--metrics-port",
    type=click.IntRange(0, 65535),
    help="Publish metrics on this port, for this machine only.",
)
@click.option(
    "--security-log-days",
    type=click.IntRange(1),
    help="How many days the security log is kept; by default as the service file says, or 180.",
)
@click.option("--zone", envvar=ZONE, help="The time zone; by default the service file's, or Europe/Oslo.")
@click.option(
    "--workers",
    default=1,
    show_default=True,
    type=click.IntRange(1, MOST_WORKERS),
    help="How many processes serve, each on a processor of its own; several need PostgreSQL.",
)
@click.option(
    "--watch",
    is_flag=True,
    help="Reload edited texts while running; /authors shows issues, /nb/patterns the parts of pages.",
)
@click.pass_context
def serve(
    context: click.Context,
    host: str,
    port: int,
    data: Path,
    database: str | None,
    keys: Path | None,
    public_url: str | None,
    plain_http: bool,
    operator: str | None,
    proxy: tuple[str, ...],
    service: Path | None,
    metrics_port: int | None,
    security_log_days: int | None,
    zone: str | None,
    workers: int,
    watch: bool,
) -> None:
    """Serve the pages until stopped.

    Every option can also be set by an environment variable: --public-url by ASSISTANT_PUBLIC_URL. Separate
    several proxies with spaces.
    """
    settings = Settings(
        host=host,
        port=port,
        data=data,
        database=database,
        keys_folder=keys,
        public_url=public_url.rstrip("/") if public_url is not None else None,
        plain_http=plain_http,
        operator=operator,
        proxies=frozenset(proxy),
        service=service,
        zone=zone or None,
        workers=workers,
        watch=watch,
        security_log_days=security_log_days,
    )
    from assistant.web.first_start import compile_beforehand

    try:
        refuse_empty_variables(f"ASSISTANT_{one.name}".upper() for one in context.command.params)
        settings.check()
        gc.disable()  # all that is made at the start stays; the server enables it when it is ready
        compile_beforehand(settings)
        with without_lists_of_this_machine():
            from assistant.operations.serving import run  # this already reads the list of languages

        run(settings, metrics_port)
    except CannotStart as reason:
        click.echo(str(reason), err=True)
        sys.exit(1)


@main.command()
@click.argument("folder", required=False, type=click.Path(path_type=Path))
@click.option(
    "--service", type=click.Path(path_type=Path), help="Also check this file with the service's own words."
)
@click.option(
    "--data",
    type=click.Path(path_type=Path, readable=False),
    help="Also check in this server's data folder that every reader has an account.",
)
@click.option("--database", help="The server's database URL, if not in that folder.")
@click.option("--codes", is_flag=True, help="Only list every code with its meaning.")
def check(
    folder: Path | None, service: Path | None, data: Path | None, database: str | None, codes: bool
) -> None:
    """List every issue in every dialogue under FOLDER, in file order. The exit code is 1 if there are any.

    Without FOLDER, check the dialogues in use and the service file, and compile the templates, which a
    server that may not write beside the program would do at each start. Outdated or missing entries in
    the service file are warnings and do not fail the check.

    A comment such as `# meant: D401` at the end of a line, or on the line above it, silences that code
    there. Issues that stop a server cannot be silenced.
    """
    try:
        from assistant.web.first_start import compile_all
        from assistant.web.http.service_file import zone_in
        from assistant.workshop.check import check_folder, codes_explained
        from assistant.workshop.service_file_warnings import service_issues

        if codes:
            click.echo("\n".join(codes_explained()))
            return
        checked = check_folder(folder or dialogues_folder(), dialogues_folder(), locales_folder())
        if folder is None or service is not None:
            words = service or service_file()
            use_zone(os.environ.get(ZONE) or zone_in(words) or DEFAULT_ZONE)
            checked.issues += service_issues(words, local_day(datetime.now(UTC)))
            if folder is None and not checked.has_failed:
                compile_all(words)
        if data is not None:
            from assistant.operations.readers import issues_of_readers

            checked.issues += issues_of_readers(
                Settings(data=data, database=database), service or service_file()
            )
    except CannotStart as reason:
        click.echo(str(reason))
        sys.exit(1)
    for line in checked.lines():
        click.echo(line)
    sys.exit(1 if checked.has_failed else 0)


@main.command()
@click.argument("dialogue")
@click.option("--language", type=OfferedLanguage(), help="By default the first offered.")
@click.option(
    "--keep", type=click.Path(path_type=Path), help="Save the conversation as a walk in this new file."
)
def talk(dialogue: str, language: str | None, keep: Path | None) -> None:
    """Hold the conversation DIALOGUE (a name or a folder) in the terminal."""
    from assistant.workshop.terminal import talk_in_terminal

    try:
        talk_in_terminal(dialogue, language or _languages()[0], keep)
    except CannotStart as reason:
        click.echo(str(reason), err=True)
        sys.exit(1)


@main.command()
@click.argument("dialogue")
@click.option("--language", type=OfferedLanguage(), help="By default the first offered.")
@click.option("--format", "kind", type=click.Choice(["svg", "mermaid"]), default="svg", show_default=True)
def draw(dialogue: str, language: str | None, kind: str) -> None:
    """Draw the dialogue DIALOGUE (a name or a folder) as SVG or Mermaid."""
    from assistant.workshop.dialogue_lookup import dialogue_called, words_of
    from assistant.workshop.standalone_pages import as_mermaid, drawing_alone

    try:
        asked_for = dialogue_called(dialogue)
    except CannotStart as reason:
        click.echo(str(reason), err=True)
        sys.exit(1)
    drawn = as_mermaid if kind == "mermaid" else drawing_alone
    click.echo(drawn(asked_for, words_of(language or _languages()[0])), nl=False)


@main.command()
@click.argument("dialogue")
@click.option("--language", type=OfferedLanguage(), help="By default the first offered.")
@click.option("--facilitator", is_flag=True, help="Include the notes for peer workers.")
def show(dialogue: str, language: str | None, facilitator: bool) -> None:
    """Write the whole script of DIALOGUE (a name or a folder) as one printable HTML page."""
    from assistant.workshop.dialogue_lookup import dialogue_called
    from assistant.workshop.standalone_pages import script_alone

    try:
        asked_for = dialogue_called(dialogue)
    except CannotStart as reason:
        click.echo(str(reason), err=True)
        sys.exit(1)
    click.echo(script_alone(asked_for, language or _languages()[0], facilitator=facilitator))


@main.group()
def words() -> None:
    """Export texts for a translator and import a translated language."""


@words.command("export")
@click.option("--to", "language", required=True, help="The language to translate into, such as pl.")
@click.option("--from", "source", help="The language to translate from; by default the first offered.")
@click.option("--dialogue", "name", help="Export the texts of this dialogue.")
@click.option("--service", "name", flag_value="service", help="Export the service's own words.")
@click.option("--interface", "name", flag_value="interface", help="Export the texts of the interface.")
def export(language: str, source: str | None, name: str | None) -> None:
    """Write a gettext catalogue (.po) for a translator."""
    from assistant.languages import LANGUAGES
    from assistant.workshop.words import WordsRefused, export_words

    if name is None:
        raise click.UsageError("Choose what to export: --dialogue NAME, --service or --interface.")
    try:
        first = next(one for one in LANGUAGES if one != language)
        click.echo(export_words(name, language, source or first), nl=False)
    except WordsRefused as refused:
        click.echo(str(refused), err=True)
        sys.exit(1)


@words.command("import")
@click.argument("file", type=click.Path(path_type=Path))
def import_(file: Path) -> None:
    """Import a translator's catalogue into the files its texts came from: all of it, or nothing."""
    from assistant.workshop.words import WordsRefused, import_words

    try:
        taken = import_words(file)
        taken.write()
    except WordsRefused as refused:
        click.echo(str(refused), err=True)
        sys.exit(1)
    click.echo(f"{taken.written} texts written in {taken.language}, {taken.left_open} still missing.")
    for written in taken.files:
        click.echo(str(written))


@main.command("catalogue")
@click.option("--language", multiple=True, help="Also check this language, which is not offered yet.")
@click.option("--issues", "only_issues", is_flag=True, help="Only list issues.")
def look_through_catalogue(language: tuple[str, ...], only_issues: bool) -> None:
    """List every interface text, where it is used, and its issues."""
    from assistant.config import dialogues_folder, locales_folder
    from assistant.languages import LANGUAGES
    from assistant.web.authoring.catalogue_report import check_catalogues, report_lines
    from assistant.workshop.interface_wording import wording_of_the_interface

    languages = tuple(dict.fromkeys((*LANGUAGES, *language)))
    report = check_catalogues(locales_folder(), languages)
    worded, notes = wording_of_the_interface(locales_folder(), dialogues_folder(), languages)
    issues = [*report.issues, *worded]
    for line in [] if only_issues else report_lines(report, languages):
        click.echo(line)
    for line in (*map(str, issues), *notes):
        click.echo(line)
    many = f"{len(issues)} issues" if issues else "no issues"
    click.echo(f"{len(report.sentences)} sentences in {', '.join(languages)}: {many}")
    sys.exit(1 if issues else 0)
