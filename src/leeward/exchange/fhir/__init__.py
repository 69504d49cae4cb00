"""FHIR R4 in and out.

In: `reader` finds the resources in a file, one module per resource turns them into the plain
values of `usecases.imported`, `importing` feeds those to the use case, `report` says what came of
it. Out: `session_bundle`. Reading knows nothing of Django, so the command line and CDS Hooks use
it without a database.
"""
