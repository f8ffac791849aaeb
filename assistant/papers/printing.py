"""Print a paper: its template, filled with the facts of the program and with what the service file says."""

from collections.abc import Callable, Mapping, Sequence
from functools import cache
from pathlib import Path

import jinja2

from assistant.config import locales_folder
from assistant.exports.paper_sheet import PaperFigure
from assistant.exports.pdf import job_of, typeset
from assistant.languages import TAGS, Catalogue, Language, read_catalogue
from assistant.meetings.insight import LEAST
from assistant.papers.drawing import as_mermaid, as_svg
from assistant.papers.facts import Facts, columns_of
from assistant.papers.lists import TEXTS, flow, listed_column, risks, texts_by_name
from assistant.papers.markdown import fields_in, read_paper
from assistant.value_class import value_class
from assistant.web.http.pages import PrivacyTopic
from assistant.web.http.service_file import Reachable, Service
from assistant.web.public.privacy_topics import privacy_topics

PAPERS = (
    "dpia",
    "risk",
    "record",
    "flow",
    "processor",
    "information",
    "accessibility",
    "access",
    "incident",
    "archive",
)
"""Every paper, in the order in which a service usually needs them."""
_FIGURE_IN = "flow"


@value_class
class Paper:
    """A printed paper."""

    name: str
    language: Language
    text: str
    """The whole paper in Markdown."""

    @property
    def title(self) -> str:
        """Return the title."""
        return self.text.partition("\n")[0].removeprefix("# ")

    @property
    def left_open(self) -> Sequence[str]:
        """Return the fields that only the service can fill in."""
        return fields_in(self.text)

    def pdf(self) -> bytes:
        """Return the paper as a tagged PDF."""
        figure = None
        if self.name == _FIGURE_IN:
            figure = PaperFigure(as_svg(flow(), self.language), self.title)
        return typeset(job_of(read_paper(self.text, TAGS.get(self.language, self.language), figure)))


def print_paper(name: str, language: Language, service: Service, facts: Facts | None = None) -> Paper:
    """Print a paper in one of the languages that papers are written in."""
    facts = facts or Facts.of(service.retention)
    catalogue = _catalogue(locales_folder(), language).keeping(facts.periods.retention)
    printed = (
        _templates(language)
        .get_template(f"{name}.md")
        .render(
            facts=facts,
            periods=facts.periods.by_name,
            own=service.privacy,
            provider=service.sign_in,
            insight_least=LEAST if service.insight else 0,
            units=service.units,
            language=language,
            span=catalogue.span,
            months=[catalogue.months(months) for months in facts.month_choices],
            listed=catalogue.listed,
            office=_office,
            **_tables(facts, catalogue),
            topics=lambda: [_topic(catalogue, topic) for topic in privacy_topics(catalogue, service)],
        )
    )
    return Paper(name, language, printed.strip() + "\n")


@cache
def _catalogue(folder: Path, language: Language) -> Catalogue:
    # reading it takes twenty times as long as printing a paper
    return read_catalogue(folder, language)


@cache
def _templates(language: Language) -> jinja2.Environment:
    return jinja2.Environment(
        loader=jinja2.FileSystemLoader(TEXTS / language),
        autoescape=False,  # noqa: S701 -- Markdown of our own, with nothing a visitor wrote
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )


def _office(one: Reachable) -> str:
    ways = (one.phone, one.email, one.address, one.link)
    return ", ".join(filter(None, (one.name, *ways))).replace("|", "/")


def _topic(catalogue: Catalogue, topic: PrivacyTopic) -> Mapping[str, object]:
    heading = catalogue.say(f"privacy.{topic.name}_heading")
    return {"heading": heading, "lines": [*topic.lines, *map(_office, topic.offices)]}


def _tables(facts: Facts, catalogue: Catalogue) -> Mapping[str, Callable[..., str]]:
    """Return the tables a template may ask for, each with the headings that the template gives."""
    language, span = catalogue.language, catalogue.span

    def periods(*head: str) -> str:
        said = texts_by_name("periods")
        rows = [[said[name].in_(language), span(lasts)] for name, lasts in facts.periods.by_name.items()]
        return _table(head, rows)

    def cookies(*head: str, closed: str) -> str:
        said = texts_by_name("cookies")
        rows = [
            [f"`{one.name}`", said[one.key].in_(language), span(one.lasts) if one.lasts else closed]
            for one in facts.cookies
        ]
        return _table(head, rows)

    def database(*head: str, ids: str, nothing: str, **kinds: str) -> str:
        said = texts_by_name("tables")
        rows = []
        for table in facts.tables:
            listed = [listed_column(table, column) for column in columns_of(table)]
            open_ = [one.about.in_(language) for one in listed if one.about]
            open_ += [ids] if any(one.kind == "reference" for one in listed) else []
            rest = dict.fromkeys(kinds[one.kind] for one in listed if one.kind in kinds)
            rows.append(
                [
                    said[table].in_(language),
                    f"`{table}`",
                    "; ".join(open_) or nothing,
                    ", ".join(rest) or nothing,
                ]
            )
        return _table(head, rows)

    def flows(*head: str) -> str:
        boxes = flow().boxes
        rows = [
            [
                str(number),
                f"{boxes[one.source].name.in_(language)} {'↔' if one.both else '→'} "
                f"{boxes[one.to].name.in_(language)}",
                one.what.in_(language),
                one.kept.in_(language),
            ]
            for number, one in enumerate(flow().arrows, start=1)
        ]
        return _table(head, rows)

    def assessed(*head: str, fill: str) -> str:
        rows = [
            [
                str(number),
                one.risk.in_(language),
                one.measure.in_(language),
                one.left.in_(language),
                f"[[{fill}]]",
                f"[[{fill}]]",
            ]
            for number, one in enumerate(risks(), start=1)
        ]
        return _table(head, rows)

    def mapped(*head: str, none: str) -> str:
        rows = [
            [
                str(number),
                ", ".join(map(str, one.sheets)) or none,
                " ".join(f"`{test}`" for test in one.tests),
            ]
            for number, one in enumerate(risks(), start=1)
        ]
        return _table(head, rows)

    return {
        "periods_table": periods,
        "cookies_table": cookies,
        "database_table": database,
        "flow_table": flows,
        "risk_table": assessed,
        "normen_table": mapped,
        "drawing": lambda: as_mermaid(flow(), language),
    }


def _table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join(
        f"|{'|'.join(line)}|" if line[0] == "---" else f"| {' | '.join(line)} |" for line in lines
    )
