"""One module a format; see `analysis.read.registry` for what each has."""
