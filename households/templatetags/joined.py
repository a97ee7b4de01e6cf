"""``{% joined %} … {% endjoined %}``: lines that are one line.

Chinese is written without spaces, so a line break between two pieces of a sentence would show as one. Inside this tag a
line break and the indentation around it are nothing; between the attributes of an HTML tag they are one space. It is
done once, when the template is read; what variables hold is left alone.
"""

import re
from typing import cast

from django import template
from django.template.base import NodeList, Parser, Token, TokenType

register = template.Library()
BREAK = re.compile(r"\s*\n\s*")
PIECE = re.compile(r"""\s*\n\s*|<(?=[a-zA-Z/])|>|"|'|[^\s<>"']+|.""", re.DOTALL)


class Joiner:
    """Joins the lines of text after text; it knows whether the last one ended inside an HTML tag or a quoted value."""

    def __init__(self) -> None:
        self.in_tag = False
        self.quote = ""

    def join(self, text: str) -> str:
        """The text on one line."""
        return "".join(self._piece(piece) for piece in PIECE.findall(text))

    def _piece(self, piece: str) -> str:
        if BREAK.fullmatch(piece):
            return " " if self.in_tag and not self.quote else ""
        if self.quote:
            self.quote = "" if piece == self.quote else self.quote
        elif piece in "<>":
            self.in_tag = piece == "<"
        elif self.in_tag and piece in "\"'":
            self.quote = piece
        return piece


@register.tag
def joined(parser: Parser, _token: Token) -> "Joined":
    """The nodes up to the end, read as if they had been written on one line. Raises TemplateSyntaxError when nested."""
    joiner = Joiner()
    for token in reversed(cast("list[Token]", parser.tokens)):  # the next one is the last
        if token.token_type == TokenType.TEXT:
            token.contents = joiner.join(token.contents)
        elif token.token_type == TokenType.BLOCK and token.contents == "endjoined":
            break
        elif token.token_type == TokenType.BLOCK and token.contents == "joined":
            raise template.TemplateSyntaxError("{% joined %} stands inside another one")
    nodes = parser.parse(["endjoined"])
    parser.delete_first_token()
    return Joined(nodes)


class Joined(template.Node):
    """The nodes between."""

    def __init__(self, nodelist: NodeList) -> None:
        self.nodelist = nodelist

    def render(self, context: template.Context) -> str:
        """As they are."""
        return self.nodelist.render(context)
