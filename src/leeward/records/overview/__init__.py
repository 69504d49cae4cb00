"""Read models that need several contexts: the board, the patient page. Stores nothing."""
