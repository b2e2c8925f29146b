"""Tools for families. Nothing here knows a vendor."""
