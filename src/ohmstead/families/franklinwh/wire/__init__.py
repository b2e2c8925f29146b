"""The cloud's words, both ends of the line, without I/O: tunnel envelope, answers, login."""
