"""The clinical record in FHIR nouns: conditions, medicines, results, decisions, tasks."""
