"""What each field of a struct means, in the words that stand below it: for manuals, and for forms that know no family."""

from __future__ import annotations

import ast
import inspect
from collections.abc import Iterator, Mapping
from functools import cache
from itertools import pairwise
from textwrap import dedent


@cache
def meanings(kind: type) -> Mapping[str, str]:
    """By field, inherited ones too, each in one line. Empty where the source is not at hand."""
    return {
        name: " ".join(text.split()) for parent in reversed(kind.__mro__[:-1]) for name, text in _said(parent)
    }


def _said(kind: type) -> Iterator[tuple[str, str]]:
    try:
        (body,) = ast.parse(dedent(inspect.getsource(kind))).body
    except (OSError, TypeError):
        return
    statements = body.body if isinstance(body, ast.ClassDef) else []
    for field, below in pairwise(statements):
        match field, below:
            case ast.AnnAssign(target=ast.Name(id=name)), ast.Expr(value=ast.Constant(value=str(text))):
                yield name, text
