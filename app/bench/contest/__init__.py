"""Everybody whose grouping is measured, ours and peers, each run by one program in processes of their own.

`python -m app.bench.contest NAME JOBS.json` needs numpy and nothing of the application unless NAME is "ours": it runs
with the Python of .venv-peers too, and speaks by files alone.
"""
