"""What a template asks for, read from its syntax tree: also in branches that no sample takes."""

from __future__ import annotations

from collections.abc import Iterator

from jinja2 import Environment, nodes

WORDS = "w"  # the name under which templates see the language's words


def asked_for(environment: Environment, name: str) -> set[str]:
    """Names, first attributes and words that ``name`` and everything it includes ask for.

    ``"stands"``, ``"doc.label"`` and ``"w[column.date]"``; names that a template sets itself are not among them.
    """
    found: set[str] = set()
    seen: set[str] = set()
    waiting = [name]
    while waiting:
        template = waiting.pop()
        if template in seen:
            continue
        seen.add(template)
        assert environment.loader is not None
        source = environment.loader.get_source(environment, template)[0]
        tree = environment.parse(source, template, template)
        own = {node.name for node in tree.find_all(nodes.Name) if node.ctx in ("store", "param")} | _declared(tree)
        found |= {asked for asked in _asked(tree) if asked.split(".")[0].split("[")[0] not in own}
        waiting += _referenced(tree)
    return found


def _asked(tree: nodes.Template) -> Iterator[str]:
    inner: set[int] = set()
    for attribute in tree.find_all(nodes.Getattr):
        owner = attribute.node
        if isinstance(owner, nodes.Name):
            inner.add(id(owner))
            if owner.name != WORDS:
                yield f"{owner.name}.{attribute.attr}"
    for item in tree.find_all(nodes.Getitem):
        owner = item.node
        if isinstance(owner, nodes.Name) and owner.name == WORDS:
            inner.add(id(owner))
            yield from (f"{WORDS}[{key}]" for key in _constants(item.arg))
    for call in tree.find_all(nodes.Call):
        if _says(call.node) and call.args:
            yield from (f"{WORDS}[{key}]" for key in _constants(call.args[0]))
    for node in tree.find_all(nodes.Name):
        if node.ctx == "load" and id(node) not in inner:
            yield node.name


def _says(owner: nodes.Node) -> bool:
    return (
        isinstance(owner, nodes.Getattr)
        and owner.attr == "say"
        and isinstance(owner.node, nodes.Name)
        and owner.node.name == WORDS
    )


def _constants(node: nodes.Node) -> list[str]:
    """The key, or both keys of ``"a" if … else "b"``."""
    if isinstance(node, nodes.Const):
        return [str(node.value)]
    if isinstance(node, nodes.CondExpr):
        return [key for part in (node.expr1, node.expr2) if part is not None for key in _constants(part)]
    return []


def _declared(tree: nodes.Template) -> set[str]:
    """Macros, imports and the names that Jinja itself gives."""
    names = {"self", "caller", "loop", "super"} | {node.name for node in tree.find_all(nodes.Macro)}
    for node in tree.find_all(nodes.FromImport):
        names |= {one[1] if isinstance(one, tuple) else one for one in node.names}
    return names


def _referenced(tree: nodes.Template) -> list[str]:
    named = [
        *(node.template for node in tree.find_all(nodes.Extends)),
        *(node.template for node in tree.find_all(nodes.Include)),
        *(node.template for node in tree.find_all(nodes.FromImport)),
        *(node.template for node in tree.find_all(nodes.Import)),
    ]
    return [one.value for one in named if isinstance(one, nodes.Const)]
