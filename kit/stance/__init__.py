"""Stance: how firmly things are said, by whom, and of whom."""
