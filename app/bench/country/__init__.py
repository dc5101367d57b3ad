"""A country at work, for measuring: missions with all that their pages show, written in bulk from one seed."""
