"""Calls of macros whose arguments are known when a template is compiled.

jinja sorts the arguments of a macro at each call, which takes longer than most of our macros.
"""

from collections import Counter
from collections.abc import Mapping, Sequence

from jinja2 import nodes

STRAIGHT = "straight"
"""The name of the filter that such a call is until the code is written; its result is HTML."""
STRAIGHT_TEXT = "straight_text"
"""The same, for a result that goes into the page as it is."""
_SPECIAL = {"caller", "kwargs", "varargs"}

Signatures = Mapping[str, Sequence[str]]
"""The names of the arguments of each macro."""


def signatures(tree: nodes.Template) -> Signatures:
    """Return the arguments of each macro whose name means nothing else in this template."""
    macros = list(tree.find_all(nodes.Macro))
    times = Counter(macro.name for macro in macros)
    other = {one.name for one in tree.find_all(nodes.Name) if one.ctx != "load"}
    return {
        macro.name: [argument.name for argument in macro.args]
        for macro in macros
        if times[macro.name] == 1
        and macro.name not in other
        and _SPECIAL.isdisjoint(one.name for one in macro.find_all(nodes.Name))
    }


def straight_call(call: nodes.Call, names: Sequence[str]) -> nodes.Filter | None:
    """Return the call with its arguments in order, None for each that is left out; or None if it does not
    fit.
    """
    given = dict(zip(names, call.args, strict=False))
    by_name = {one.key: one.value for one in call.kwargs}
    if len(call.args) > len(names) or not by_name.keys() <= set(names) - given.keys():
        return None
    given |= by_name
    arguments = [given.get(name) for name in names]
    return nodes.Filter(call.node, STRAIGHT, arguments, [], None, None, lineno=call.lineno)
