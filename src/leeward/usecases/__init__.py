"""What a clinic does: one module per workflow, each use case one function `verb_noun`.

A use case checks who may, opens the transaction, asks a pure core, writes through the stores,
audits, and wakes the live pages after the commit. Must not know pages, other machines or settings;
what lies outside is reached through `ports`.
"""
