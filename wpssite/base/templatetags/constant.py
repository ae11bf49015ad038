"""Django's `translate`, `url` and `static`, worked out once in each language where nothing varies.

Settings put this library in the place of Django's own `i18n` and `static`, so templates are
written as everywhere. A page has about a hundred such tags.
"""

from django.template import Library, Node
from django.template.base import FilterExpression, Variable, token_kwargs
from django.template.defaulttags import url as url_node
from django.templatetags import i18n
from django.templatetags import static as statics
from django.utils.translation import get_language

MOST = 200  # texts kept of one part of a page

register = Library()
register.tags |= i18n.register.tags | statics.register.tags
register.filters |= i18n.register.filters


class Constant(Node):
    """A tag whose text depends on the language alone; `name`: the variable that takes it."""

    child_nodelists = ()

    def __init__(self, node, name):
        self.node, self.name = node, name
        self.texts = {}

    def render(self, context):
        key = get_language(), context.autoescape
        if key not in self.texts:
            text = self.node.render(context)
            self.texts[key] = context[self.name] if self.name else text
        if not self.name:
            return self.texts[key]
        context[self.name] = self.texts[key]
        return ""


def is_constant(expression: FilterExpression) -> bool:
    """Return whether an expression of a template is a bare text."""
    value = expression.var
    literal = value.literal if isinstance(value, Variable) else value
    return isinstance(literal, str) and not expression.filters


@register.tag
def translate(parser, token):
    node = i18n.do_translate(parser, token)
    constant = is_constant(node.filter_expression) and not (node.noop or node.message_context)
    return Constant(node, node.asvar) if constant else node


@register.tag
def url(parser, token):
    node = url_node(parser, token)
    values = [node.view_name, *node.args, *node.kwargs.values()]
    of_the_desk = "admin:" in token.contents  # It may have several instances.
    return node if of_the_desk or not all(map(is_constant, values)) else Constant(node, node.asvar)


@register.tag
def static(parser, token):
    node = statics.do_static(parser, token)
    return Constant(node, node.varname) if is_constant(node.path) else node


class Once(Node):
    """Part of a page that depends on the language and on a few named values alone."""

    def __init__(self, nodelist, values):
        self.nodelist, self.values = nodelist, values
        self.child_nodelists = ("nodelist",)
        self.texts = {}

    def render(self, context):
        values = {name: value.resolve(context) for name, value in self.values.items()}
        key = get_language(), *values.values()
        text = self.texts.get(key)
        if text is None:
            text = self.nodelist.render(context.new(values))
            if len(self.texts) < MOST:
                self.texts[key] = text
        return text


@register.tag
def once(parser, token):
    """Render what stands up to `{% endonce %}` once in each language: `{% once section=href %}`.

    It sees the named values and nothing else of the page; few values are possible for each.
    """
    values = token_kwargs(token.split_contents()[1:], parser)
    nodelist = parser.parse(["endonce"])
    parser.delete_first_token()
    return Once(nodelist, values)
