"""A language model as one more coder, under the same codebook, held against people by the same measures.

`prompt` turns a codebook into questions and a study's sentences and sources into requests; `answers` checks what comes
back; `ledger` keeps each answer as soon as it is there; `sending` sends requests to an address, `batch` by way of files.
"""
