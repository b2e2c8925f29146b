"""The interface as data, declared once: what it calls things, what they are made of, and what can be called."""
