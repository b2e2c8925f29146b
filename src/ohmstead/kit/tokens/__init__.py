"""Access tokens: one store for everything that lets people and programs in, whatever it speaks."""

from __future__ import annotations

from ohmstead.kit.tokens.gate import Gate, Judgement, Verdict
from ohmstead.kit.tokens.store import FILE_NAME, Scope, Token, TokenStore

__all__ = ["FILE_NAME", "Gate", "Judgement", "Scope", "Token", "TokenStore", "Verdict"]
