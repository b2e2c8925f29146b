"""A simulated FranklinWH cloud with its gateways: real HTTP, over plants that live in the simulated home."""
