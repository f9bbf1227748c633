"""One module a text export of a database; see `analysis.read.texts` for what each has."""
