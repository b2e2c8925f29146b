"""What can be added to a call that changes something, and what comes of it."""

from __future__ import annotations

from collections.abc import Set as AbstractSet

import msgspec

from ohmstead.families.everest.schema import extensions as ours
from ohmstead.families.everest.schema.enums import ResponseErrorEnum as Error
from ohmstead.families.everest.schema.methods import Method
from ohmstead.families.everest.schema.objects import EVSEStatusObj
from ohmstead.families.everest.schema.results import ErrorResObj


class Terms(msgspec.Struct, frozen=True, kw_only=True):
    """Of a wish. The reference ignores them."""

    is_strict: bool = False
    """Rather refused with ErrorOutOfRange than carried out as far as possible."""
    valid_for_s: float | None = None
    """Ends by itself unless it is repeated: above 0, at most a day."""

    @property
    def params(self) -> dict[str, object]:
        ends = {} if self.valid_for_s is None else {"valid_for_s": self.valid_for_s}
        return {**({"strict": True} if self.is_strict else {}), **ends}


class Outcome(msgspec.Struct, frozen=True, kw_only=True):
    """Of a call that changes something. `status` is read afterwards, and says what is in force now; `applied` says the
    same of the call's own values, from a server that granted `details`.
    """

    error: Error
    applied: ours.AppliedObj | ours.CombinedAppliedObj | None = None
    status: EVSEStatusObj | None = None

    @property
    def is_applied(self) -> bool:
        return self.error is Error.NO_ERROR


Result = ErrorResObj | ours.AppliedResObj | ours.SetResultObj


def outcome_kind(method: Method, granted: AbstractSet[str]) -> type[Result]:
    if method.extension:
        return ours.SetResultObj
    return ours.AppliedResObj if "details" in granted and method.result_for else ErrorResObj
