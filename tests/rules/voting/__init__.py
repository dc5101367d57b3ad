"""Tests of the voting rules: tables of cases, and properties against a count written a second time."""
