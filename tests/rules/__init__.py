"""Tests of the rules of the game: cases and invariants, no database."""
