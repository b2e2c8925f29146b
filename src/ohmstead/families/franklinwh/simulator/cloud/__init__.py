"""The vendor's cloud over simulated plants: accounts, calls, the tunnel, and everything that goes wrong on the way."""
