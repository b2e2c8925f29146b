"""The family's commands."""
