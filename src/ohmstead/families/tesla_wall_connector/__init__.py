"""Tesla's third-generation Wall Connector."""
