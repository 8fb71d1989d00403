"""One thin file a command: it reads the command line, calls one function, and gives the exit code."""
