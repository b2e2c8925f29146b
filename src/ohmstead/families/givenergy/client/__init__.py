"""The client: asks the devices behind one adapter, and keeps what it hears."""
