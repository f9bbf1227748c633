"""Quotes: every stretch of reported speech or writing, with its cue, its speaker and the rule that found it."""

from analysis.annotate.quotes.table import find_quotes

__all__ = ["find_quotes"]
