"""How public templates become Python: what is known is worked out, calls and texts go short ways.

Jinja looks at each call for a function that wants its context, and makes an object of each text it
escapes; a page has hundreds of both.
"""

from functools import cache

from django.templatetags.static import static
from jinja2 import nodes
from jinja2.compiler import CodeGenerator
from jinja2.ext import Extension
from jinja2.lexer import Token
from jinja2.utils import _PassArg as Wants
from markupsafe import Markup, escape

from wpssite.base import fragments, page_meta
from wpssite.base.language import gettext, language
from wpssite.base.paths import path_to

CONSTANT = {  # where all that they take is text
    "_": gettext,
    "url": path_to,
    "static": cache(static),
    "own": fragments.own,
    "zone_options": page_meta.zone_options,
    "language": language,
    "locale": page_meta.locale,
}


class Constants(Extension):
    """Puts text in the place of `_("…")`, `url("…")`, `static("…")`, `own()` as it compiles.

    Where nothing else stands between the braces, it becomes part of the text around them.
    """

    def filter_stream(self, stream):
        tokens, place = [*stream, *[Token(0, "eof", "")] * 3], 0
        while tokens[place].type != "eof":
            token, place = constant(tokens, place) or (tokens[place], place + 1)
            yield token


def constant(tokens: list, place: int) -> tuple[Token, int] | None:
    """Return the constant that begins at a place of a template and the place after it, if any."""
    alone = tokens[place].type == "variable_begin"
    name, paren = tokens[place + alone : place + alone + 2]
    is_call = (name.type, paren.type) == ("name", "lparen") and name.value in CONSTANT
    if not is_call or place and tokens[place - 1].type in {"dot", "pipe"}:
        return None
    end = place + alone + 2
    while tokens[end].type in {"string", "comma"}:
        end += 1
    alone = alone and tokens[end + 1].type == "variable_end"
    if tokens[end].type != "rparen" or tokens[place].type == "variable_begin" and not alone:
        return None
    text = CONSTANT[name.value](*(t.value for t in tokens[place:end] if t.type == "string"))
    if alone:
        return Token(name.lineno, "data", str(escape(text))), end + 2
    return None if isinstance(text, Markup) else (Token(name.lineno, "string", text), end + 1)


def is_attribute(node) -> bool:
    return isinstance(node, nodes.Getattr)


class Generator(CodeGenerator):
    """Jinja's own, but for methods and plain functions, rows of a record, and what is shown."""

    def __init__(self, *given, **named):
        super().__init__(*given, **named)
        self.imported = set()  # names of macros

    def visit_FromImport(self, node, frame):
        self.imported.update(name if isinstance(name, str) else name[1] for name in node.names)
        super().visit_FromImport(node, frame)

    def visit_Call(self, node, frame, **options):
        asked = node.node
        if isinstance(asked, nodes.Getattr) and asked.attr == "all" and is_attribute(asked.node):
            self.write("environment.rows(")
            self.visit(asked.node.node, frame)
            self.write(f", {asked.node.attr!r})")
        elif not options and self.is_plain(asked):
            self.write("environment.called(")
            self.visit(asked, frame)
            self.signature(node, frame)
            self.write(")")
        else:
            super().visit_Call(node, frame, **options)

    def is_plain(self, function) -> bool:
        """Whether it is a method, or a macro or function of ours that takes its values only."""
        if isinstance(function, nodes.Name):
            if function.name in self.imported:
                return True  # It escapes as where it was written: everywhere.
            found = self.environment.globals.get(function.name)
            return found is not None and Wants.from_obj(found) is None
        return is_attribute(function)

    def _output_child_pre(self, node, frame, finalize):
        if frame.eval_ctx.volatile or not frame.eval_ctx.autoescape or finalize.src is not None:
            super()._output_child_pre(node, frame, finalize)
        else:
            self.write("environment.shown(")
