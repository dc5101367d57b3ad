"""Our counts of votes against those of public libraries, on random profiles.

`python -m app.bench.oracles` needs the libraries and of the application only its rules: `make oracles` runs it with the
Python of .venv-oracles.
"""
