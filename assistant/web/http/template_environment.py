"""The templates as jinja compiles them: once for all languages, each with an environment of its own.

What jinja looks up and calls at run time is most of what a page costs. So what every page says is called
straight, and what depends on the language alone is rendered once: a constant include, and a call of an
imported macro with constant arguments. A test holds pages equal to those of plain jinja, byte by byte.
"""

from collections.abc import Callable, Collection, Mapping, Sequence
from functools import cache
from keyword import iskeyword
from typing import Any

import jinja2
from jinja2 import meta, nodes
from jinja2.compiler import CodeGenerator, Frame
from jinja2.visitor import NodeTransformer
from markupsafe import Markup

from assistant.dialogue.model import Text
from assistant.languages import Catalogue, Language
from assistant.web.http.compiled_templates import FOLDER, compiled_templates
from assistant.web.http.escaped_text import escaped, joined
from assistant.web.http.macro_calls import STRAIGHT, STRAIGHT_TEXT, Signatures, signatures, straight_call

OPTIONS: Mapping[str, Any] = {
    "autoescape": True,
    "undefined": jinja2.StrictUndefined,
    "trim_blocks": True,
    "lstrip_blocks": True,
    "auto_reload": False,
}
_LOADER = jinja2.FileSystemLoader(FOLDER)
_CALLED = ("say", "static")
_SENTENCES = "sentences"
MAPPINGS = frozenset({"given", "limits"})
"""The fields of pages whose items templates name as attributes."""
_Context = jinja2.runtime.Context


class _StraightCode(CodeGenerator):
    """Code that asks the environment for a sentence, and escapes a plain text without wrapping it."""

    def visit_Getitem(self, node: nodes.Getitem, frame: Frame) -> None:  # noqa: N802  jinja's name
        if not isinstance(node.node, nodes.EnvironmentAttribute):
            super().visit_Getitem(node, frame)
            return
        self.visit(node.node, frame)
        self.write("[")
        self.visit(node.arg, frame)
        self.write("]")

    def visit_Getattr(self, node: nodes.Getattr, frame: Frame) -> None:  # noqa: N802  jinja's name
        # pages are typed objects: what they lack is a bug, and no item of theirs is meant
        named = node.node.name if isinstance(node.node, nodes.Name) else ""
        if named in MAPPINGS or iskeyword(node.attr):
            super().visit_Getattr(node, frame)
            return
        self.write("(")
        self.visit(node.node, frame)
        self.write(f").{node.attr}")

    def visit_Concat(self, node: nodes.Concat, frame: Frame) -> None:  # noqa: N802  jinja's name
        self.write("environment.joined((")
        for each in node.nodes:
            self.visit(each, frame)
            self.write(", ")
        self.write("))")

    def visit_Filter(self, node: nodes.Filter, frame: Frame) -> None:  # noqa: N802  jinja's name
        if node.name in (STRAIGHT, STRAIGHT_TEXT) and node.node is not None:
            self.write("(" if node.name == STRAIGHT_TEXT else "Markup(")
            self.visit(node.node, frame)
            self.write("._func(")
            for given in node.args:
                if given is None:
                    self.write("missing")
                else:
                    self.visit(given, frame)
                self.write(", ")
            self.write("))")
            return
        if node.name != "in_language" or node.node is None:
            super().visit_Filter(node, frame)
            return
        self.write("environment.said(")
        self.visit(node.node, frame)
        self.write(")")

    def _output_child_pre(self, node: nodes.Expr, frame: Frame, finalize: Any) -> None:
        if finalize.src is not None or frame.eval_ctx.volatile or not frame.eval_ctx.autoescape:
            super()._output_child_pre(node, frame, finalize)
        elif isinstance(node, nodes.Getitem) and isinstance(node.node, nodes.EnvironmentAttribute):
            self.write("(")
            node.node = nodes.EnvironmentAttribute(f"escaped_{_SENTENCES}")
        elif isinstance(node, nodes.Filter) and node.name == STRAIGHT:
            self.write("(")
            node.name = STRAIGHT_TEXT
        else:
            self.write("environment.escaped(")


class SpokenEnvironment(jinja2.Environment):
    """The templates in one language, with what they all know."""

    code_generator_class = _StraightCode

    def __init__(self, catalogue: Catalogue, known: Mapping[str, Any]) -> None:
        super().__init__(loader=_LOADER, bytecode_cache=compiled_templates(), **OPTIONS)
        self._rendered: dict[object, Markup] = {}
        self._modules: dict[str, Any] = {}
        self.sentences = catalogue.sentences
        self.escaped_sentences = {key: str(escaped(text)) for key, text in catalogue.sentences.items()}
        self.escaped, self.said, self.joined = escaped, _speaker(catalogue.language), joined
        # few: jinja looks at each of them for every template that has a part in a page
        self.globals = {
            "namespace": jinja2.utils.Namespace,
            "range": range,
            "say": catalogue.say,
            **known,
        }
        self.filters |= {
            "say": _at_run_time(catalogue.say),
            "static": _at_run_time(known["static"]),
            "in_language": _at_run_time(self.said),
            "imported": _at_run_time(self._imported),
            "included": _at_run_time(self._included),
            "called": _at_run_time(self._called),
        }

    def compile(self, source: Any, *args: Any, **options: Any) -> Any:
        """Compile a template as `_Direct` rewrites it."""
        if isinstance(source, str):
            tree = self.parse(source, *args[:2])
            source = _Direct(self, tree).visit(tree)
        return super().compile(source, *args, **options)

    def is_constant(self, name: str) -> bool:
        """Return whether a template, with all it refers to, needs only what all templates know."""
        needed, others = _needs(name)
        return needed <= self.globals.keys() and all(
            other is not None and self.is_constant(other) for other in others
        )

    def _imported(self, name: str) -> Any:
        if name not in self._modules:
            self._modules[name] = self.get_template(name).module
        return self._modules[name]

    def _included(self, name: str) -> Markup:
        if name not in self._rendered:
            self._rendered[name] = Markup(self.get_template(name).render())  # noqa: S704  of our own templates
        return self._rendered[name]

    def _called(self, name: str, macro: str, *given: object) -> Markup:
        key = (name, macro, given)
        if key not in self._rendered:
            self._rendered[key] = getattr(self.get_template(name).module, macro)(*given)
        return self._rendered[key]


def _parsed(name: str) -> nodes.Template:
    plain = jinja2.Environment(**OPTIONS)  # noqa: S701  the options escape
    source, _, _ = _LOADER.get_source(plain, name)
    return plain.parse(source)


@cache
def _macros_of(name: str) -> Signatures:
    return signatures(_parsed(name))


@cache
def _needs(name: str) -> tuple[frozenset[str], tuple[str | None, ...]]:
    """Return the names that a template takes from elsewhere, and the templates it refers to."""
    tree = _parsed(name)
    return frozenset(meta.find_undeclared_variables(tree)), tuple(meta.find_referenced_templates(tree))


def _speaker(language: Language) -> Callable[[Text], str]:
    return lambda text: text.in_(language)


def _at_run_time(called: Callable[..., Any]) -> Callable[..., Any]:
    """Make a filter that jinja does not call while it compiles: what is compiled serves every language."""

    @jinja2.pass_context
    def filter_(_: _Context, *given: Any, **facts: Any) -> Any:
        return called(*given, **facts)

    return filter_


class _Direct(NodeTransformer):
    """Calls straight what every page says, and marks what depends on the language alone."""

    def __init__(
        self, templates: SpokenEnvironment, tree: nodes.Template, around: Collection[str] = ()
    ) -> None:
        self._templates = templates
        self._own = {one.name for one in tree.find_all(nodes.Name) if one.ctx != "load"} | set(around)
        self._macros = signatures(tree)
        self._modules: dict[str, str] = {}
        self._imported: dict[str, str] = {}

    def visit_Import(self, node: nodes.Import) -> nodes.Node:  # noqa: N802  jinja's name
        named = node.template
        if isinstance(named, nodes.Const) and node.target not in self._own:
            self._modules[node.target] = named.value
        if (
            isinstance(named, nodes.Const)
            and not node.with_context
            and self._templates.is_constant(named.value)
        ):
            self._imported[node.target] = named.value
            imported = nodes.Name(node.target, "store", lineno=node.lineno)
            return nodes.Assign(imported, _filter(named, "imported", []), lineno=node.lineno)
        return node

    def visit_Test(self, node: nodes.Test) -> nodes.Node:  # noqa: N802  jinja's name
        """Let what may not be there be looked for, where a template asks whether it is."""
        self.generic_visit(node)
        if isinstance(node.node, nodes.Getattr):
            name = nodes.Const(node.node.attr, lineno=node.lineno)
            node.node = nodes.Getitem(node.node.node, name, "load", lineno=node.lineno)
        return node

    def visit_Include(self, node: nodes.Include) -> nodes.Node:  # noqa: N802  jinja's name
        if not isinstance(node.template, nodes.Const):
            return node
        if self._templates.is_constant(node.template.value):
            return nodes.Output([_filter(node.template, "included", [])], lineno=node.lineno)
        tree = _parsed(node.template.value)
        if tree.find(nodes.Block) or tree.find(nodes.Extends):
            return node
        # a template that is part of another needs no context of its own
        part = _Direct(self._templates, tree, self._own).visit(tree)
        return nodes.Scope(part.body, lineno=node.lineno)

    def visit_Call(self, node: nodes.Call) -> nodes.Node:  # noqa: N802  jinja's name
        self.generic_visit(node)
        named, given = node.node, node.args
        if node.dyn_args or node.dyn_kwargs:
            return node
        are_constant = not node.kwargs and all(isinstance(one, nodes.Const) for one in given)
        if isinstance(named, nodes.Getattr):
            if named.attr == "in_" and [self._name_of(one) for one in given] == ["language"]:
                return _filter(named.node, "in_language", [])
            if are_constant and isinstance(named.node, nodes.Name) and named.node.name in self._imported:
                template = nodes.Const(self._imported[named.node.name], lineno=node.lineno)
                return _filter(template, "called", [nodes.Const(named.attr, lineno=node.lineno), *given])
        called = self._name_of(named)
        if called not in _CALLED:
            arguments = self._arguments_of(named)
            return node if arguments is None else straight_call(node, arguments) or node
        if called == "say" and not node.kwargs and len(given) == 1:
            sentences = nodes.EnvironmentAttribute(_SENTENCES, lineno=node.lineno)
            return nodes.Getitem(sentences, _key(given[0]), "load", lineno=node.lineno)
        return _filter(given[0], called, given[1:], node.kwargs)

    def _arguments_of(self, named: nodes.Node) -> Sequence[str] | None:
        """Return the arguments of a macro of this template or of one it imports."""
        if isinstance(named, nodes.Name):
            return self._macros.get(named.name)
        if isinstance(named, nodes.Getattr) and isinstance(named.node, nodes.Name):
            module = self._modules.get(named.node.name)
            return None if module is None else _macros_of(module).get(named.attr)
        return None

    def _name_of(self, node: nodes.Node) -> str | None:
        """Return a name that the template does not give another meaning."""
        return node.name if isinstance(node, nodes.Name) and node.name not in self._own else None


def _key(node: nodes.Expr) -> nodes.Expr:
    """Return a key of the catalogue. jinja joins `"way." ~ state` as it joins HTML, which takes long."""
    if not isinstance(node, nodes.Concat) or not isinstance(node.nodes[0], nodes.Const):
        return node
    begins = nodes.Const(f"{node.nodes[0].value}{'%s' * len(node.nodes[1:])}", lineno=node.lineno)
    return nodes.Mod(begins, nodes.Tuple(node.nodes[1:], "load"), lineno=node.lineno)


def _filter(
    node: nodes.Expr, name: str, given: list[nodes.Expr], facts: list[nodes.Keyword] | None = None
) -> nodes.Filter:
    return nodes.Filter(node, name, given, facts or [], None, None, lineno=node.lineno)
