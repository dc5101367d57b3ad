"""The demonstration: invented people and texts, and their story told through the services that people use."""
