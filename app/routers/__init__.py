"""One noun per file: reads the request, calls one service, answers."""
