"""Tests of durable jobs, against a real database and with processes that are really killed."""
