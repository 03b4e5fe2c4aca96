"""tools/tidy.py finds what it is there to find, and is content with what is right."""
import importlib.util
import os
import unittest

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
SPEC = importlib.util.spec_from_file_location("tidy", os.path.join(ROOT, "tools", "tidy.py"))
tidy = importlib.util.module_from_spec(SPEC)
SPEC.loader.exec_module(tidy)

ORDER = ["base", "item", "store", "engine", "server"]


def found(check, path, *arguments):
    findings = tidy.Findings()
    check(findings, path, *arguments)
    return [line for _, _, line in findings.lines]


def function_of(lines):
    return "int f(void)\n{\n" + "    f();\n" * (lines - 3) + "}\n"


class Tidy(unittest.TestCase):
    def finds(self, what, lines):
        self.assertEqual(len(lines), 1, lines)
        self.assertIn(what, lines[0])

    def test_a_long_function_is_found_and_a_shorter_one_is_not(self):
        for lines, count in ((60, 0), (61, 1)):
            text = "/* x */\n\n" + function_of(lines)
            self.assertEqual(len(found(tidy.check_lengths, "a.c", text, tidy.blank(text))), count)

    def test_two_functions_are_not_one(self):
        text = function_of(40) + "\n" + function_of(40)
        self.assertEqual(found(tidy.check_lengths, "a.c", text, tidy.blank(text)), [])

    def test_long_lines_and_files_are_found(self):
        self.finds("101 columns", found(tidy.check_lengths, "a.c", "x" * 101 + "\n", ""))
        self.finds("601 lines", found(tidy.check_lengths, "a.c", "x\n" * 601, ""))

    def test_a_file_names_itself(self):
        right = "/* item/key.c - keys as bytes. */\n"
        self.assertEqual(found(tidy.check_opening, "src/item/key.c", right), [])
        for wrong in ("int x;\n", "/* key.c - keys as bytes. */\n", "/* item/key.c */\n"):
            self.finds("no opening sentence", found(tidy.check_opening, "src/item/key.c", wrong))

    def test_a_header_has_a_guard(self):
        text = "/* item/key.h - keys as bytes. */\n"
        self.finds("no include guard", found(tidy.check_opening, "src/item/key.h", text))

    def test_an_include_upwards_is_found(self):
        for name, count in (("base/span.h", 0), ("item/key.h", 0), ("engine/exec.h", 1)):
            lines = found(tidy.check_includes, "src/item/a.c", f'#include "{name}"\n', ORDER)
            self.assertEqual(len(lines), count, name)

    def test_a_library_stays_at_home(self):
        for path, name, count in (("src/server/a.c", "uv.h", 0), ("src/engine/a.c", "uv.h", 1),
                                  ("src/store/sqlite/a.c", "sqlite3.h", 0),
                                  ("src/store/memory/a.c", "sqlite3.h", 1),
                                  ("src/server/a.c", "openssl/evp.h", 1)):
            lines = found(tidy.check_includes, path, f"#include <{name}>\n", ORDER)
            self.assertEqual(len(lines), count, f"{name} in {path}")

    def test_a_folder_without_a_layer_is_found(self):
        self.finds("is in no layer", found(tidy.check_includes, "src/new/a.c", "", ORDER))

    def test_banned_calls_are_found_and_their_likes_are_not(self):
        for code, count in (("strcpy(a, b);", 1), ("x = atoi(s);", 1), ("time(NULL);", 1),
                            ("free(p);", 1), ("memory_free(p);", 0), ("run->time(1);", 0),
                            ("run.free(p);", 0), ("snprintf(a, 1, b);", 0),
                            ('say("strcpy(");', 0), ("/* sprintf( */", 0)):
            lines = found(tidy.check_calls, "src/item/a.c", tidy.blank(code))
            self.assertEqual(len(lines), count, code)

    def test_base_alone_has_malloc_and_the_clock(self):
        for code in ("malloc(1);", "clock_gettime(a, b);"):
            self.assertEqual(found(tidy.check_calls, "src/base/a.c", code), [])
            self.assertEqual(len(found(tidy.check_calls, "src/item/a.c", code)), 1)
        self.finds("call of strcpy", found(tidy.check_calls, "src/base/a.c", "strcpy(a, b);"))

    def test_the_layers_are_those_of_meson(self):
        order = tidy.layers()
        self.assertEqual(order[0], "base")
        self.assertLess(order.index("store"), order.index("engine"))
        self.assertLess(order.index("ops"), order.index("server"))


if __name__ == "__main__":
    unittest.main()
