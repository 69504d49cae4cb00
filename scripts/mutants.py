"""Change each candidacy rule by one step, see that a case notices, and write the result down.

Usage: python scripts/mutants.py. The exit code is 1 when a mutant survives.
"""

import sys
from pathlib import Path

ROOT = Path(__file__).parents[1]
PAGE = ROOT / "docs" / "science" / "mutants.md"
sys.path.insert(0, str(ROOT))

if __name__ == "__main__":
    from tests.content.candidacy.mutation_run import report, run

    found = run()
    PAGE.write_text(report(found.made, found.survivors), encoding="utf-8")
    for name in found.survivors:
        print(f"survives: {name}")
    print(f"{found.made.total()} mutants, {len(found.survivors)} survive. {PAGE}")
    sys.exit(1 if found.survivors else 0)
