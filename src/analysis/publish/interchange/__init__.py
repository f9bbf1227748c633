"""Quotes, frames and coding out and in, in the forms that other programs read: one module a form, found by its name."""
