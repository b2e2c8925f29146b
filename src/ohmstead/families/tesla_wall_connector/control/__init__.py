"""Ways to limit a unit's current, from the cheapest to the one that wears its memory."""
