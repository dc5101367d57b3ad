"""The content of the demo consultation: texts, people, cast and missions, written for it."""
