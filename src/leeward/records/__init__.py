"""What is stored: one Django app per context, a ladder in which no rung knows a higher one.

Each app has `models`, `selectors` (reads, which take a `viewer` and give finished values) and,
where rows are appended under rules, a `store`. Must not know use cases, pages or other machines.
"""
