"""Asks a unit: on the home network, and over its own access point. Whoever only reads does not load protobuf."""
