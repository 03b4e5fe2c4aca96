"""README.md names the operations that are on, all of them and no other."""
import os
import re
import unittest

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))


def read(*path):
    with open(os.path.join(ROOT, *path), encoding="utf-8") as file:
        return file.read()


class Readme(unittest.TestCase):
    def test_what_it_does_is_what_is_on(self):
        files = re.search(r"operation_files = files\((.*?)\n\)", read("src", "ops", "meson.build"),
                          re.S).group(1)
        on = ["".join(word.capitalize() for word in name.split("_"))
              for name in re.findall(r"'(\w+)\.c'", files)]
        section = read("README.md").split("## What it does")[1]
        listed = "".join(re.findall(r"^- .*\n(?:  .*\n)*", section.split("With every")[0], re.M))
        words = re.findall(r"\b(?:[A-Z][a-z]+){2,}\b|\bQuery\b|\bScan\b", listed)
        self.assertIn("PutItem", on)
        self.assertEqual(sorted(words), sorted(on))


if __name__ == "__main__":
    unittest.main()
