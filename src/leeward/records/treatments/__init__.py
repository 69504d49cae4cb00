"""Treatment sessions: the append-only event log, device bindings and vital-sign samples."""
