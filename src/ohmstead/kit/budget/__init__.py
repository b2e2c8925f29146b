"""Wear and call budgets: so much per sliding window, remembered by a store so that a restart forgives nothing."""

from __future__ import annotations

from ohmstead.kit.budget.budgets import Budgets
from ohmstead.kit.budget.kept import KEPT, KeptStore
from ohmstead.kit.budget.store import BudgetStore, MemoryStore, Spending

__all__ = ["KEPT", "BudgetStore", "Budgets", "KeptStore", "MemoryStore", "Spending"]
