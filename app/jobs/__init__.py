"""Durable background work: thin workflows that open a session and call one service."""
