"""Tests: real database, real browser, real mail server; files mirror `app/`."""
