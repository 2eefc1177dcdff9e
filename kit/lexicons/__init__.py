"""Lexicons as data: TOML files, one a subject."""
