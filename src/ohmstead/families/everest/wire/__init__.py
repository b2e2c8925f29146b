"""JSON-RPC 2.0 from both ends: bytes in, calls or answers out. Knows no connection and no clock."""

from __future__ import annotations

from ohmstead.families.everest.wire.answering import Call, Question, read_question
from ohmstead.families.everest.wire.asking import (
    Announcement,
    Answer,
    Failure,
    Incoming,
    read_answers,
    written,
)
from ohmstead.families.everest.wire.mode import Mode
from ohmstead.families.everest.wire.problem import Code, Problem
from ohmstead.families.everest.wire.text import Id

__all__ = [
    "Announcement",
    "Answer",
    "Call",
    "Code",
    "Failure",
    "Id",
    "Incoming",
    "Mode",
    "Problem",
    "Question",
    "read_answers",
    "read_question",
    "written",
]
