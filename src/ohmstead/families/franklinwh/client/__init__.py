"""The client of the cloud: an account, its gateways, and one line to each."""
