"""tools/check reads the closing lines of every runner that it counts."""
import importlib.machinery
import importlib.util
import os
import unittest

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
PATH = os.path.join(ROOT, "tools", "check")
LOADER = importlib.machinery.SourceFileLoader("check", PATH)
check = importlib.util.module_from_spec(importlib.util.spec_from_loader("check", LOADER))
LOADER.exec_module(check)

CLOSINGS = [
    ("[  PASSED  ] 4 test(s).\n12 passed, 1 failed, 2 skipped\n", (12, 1, 2)),
    ("# tests 9\n# pass 5\n# fail 1\n# cancelled 1\n# skipped 1\n# todo 1\n", (5, 2, 2)),
    ("\u2139 tests 3\n\u2139 pass 3\n\u2139 fail 0\n\u2139 skipped 0\n", (3, 0, 0)),
    ("90 passed, 2 skipped in 2.14s\n", (90, 0, 2)),
    ("=== 1 failed, 3 passed, 1 error in 75.10s (0:01:15) ===\n", (3, 2, 0)),
    ("\x1b[1mTests:       \x1b[22m1 failed, 1 skipped, 7 passed, 9 total\n", (7, 1, 1)),
    ("no test at all\n", (0, 0, 0)),
]


class Counts(unittest.TestCase):
    def test_each_runner_is_read(self):
        for text, counts in CLOSINGS:
            self.assertEqual(check.counts_of(text), counts, text)

    def test_every_group_names_steps_that_exist(self):
        for names in check.GROUPS.values():
            for name in names:
                self.assertIn(name, check.STEPS)


if __name__ == "__main__":
    unittest.main()
