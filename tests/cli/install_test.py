"""What `make install` puts in place: program, library, header, pkg-config file, man pages."""
import os
import re
import shutil
import subprocess
import tempfile
import unittest

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
BUILD = os.path.dirname(os.environ.get("STATOR", os.path.join(ROOT, "build", "stator")))
PREFIX = "usr/local"


class Install(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.folder = tempfile.TemporaryDirectory()
        cls.addClassCleanup(cls.folder.cleanup)
        subprocess.run(["meson", "install", "-C", BUILD, "--no-rebuild", "--quiet",
                        "--destdir", cls.folder.name], check=True)

    def find(self, pattern):
        """The one installed file whose path fits."""
        found = []
        for folder, _, names in os.walk(self.folder.name):
            paths = (os.path.join(folder, name) for name in names)
            found += [path for path in paths if re.search(pattern, path)]
        self.assertEqual(len(found), 1, f"files like {pattern}: {found}")
        return found[0]

    def environment(self):
        return {**os.environ, "PKG_CONFIG_SYSROOT_DIR": self.folder.name,
                "PKG_CONFIG_LIBDIR": os.path.dirname(self.find(r"/stator\.pc$"))
                + os.pathsep + self.usual_folders()}

    def usual_folders(self):
        shown = subprocess.run(["pkg-config", "--variable", "pc_path", "pkg-config"],
                               capture_output=True, text=True, check=True)
        return shown.stdout.strip()

    def test_the_installed_program_runs(self):
        program = self.find(r"/bin/stator$")
        said = subprocess.run([program, "version"], capture_output=True, text=True, check=True)
        self.assertIn("stator", said.stdout)

    def test_every_command_explains_itself_on_one_screen(self):
        program = self.find(r"/bin/stator$")
        for words in ("", "serve", "test", "tables", "tables plan", "tables up", "tables down",
                      "tables list", "wait", "version"):
            said = subprocess.run([program, *words.split(), "--help"], capture_output=True,
                                  text=True, check=False)
            self.assertEqual((said.returncode, said.stderr), (0, ""), words)
            self.assertLess(len(said.stdout.splitlines()), 60, words)

    def test_every_command_has_a_man_page(self):
        shown = subprocess.run([self.find(r"/bin/stator$"), "--help"], capture_output=True,
                               text=True, check=True).stdout
        commands = re.findall(r"^  (\w+) +[a-z].*$", shown.split("Usage:")[1], re.M)
        self.assertIn("serve", commands)
        self.find(r"/man1/stator\.1$")
        for command in commands:
            if command != "version":
                self.find(rf"/man1/stator-{command}\.1$")

    def test_man_pages_name_every_option(self):
        program = self.find(r"/bin/stator$")
        for command in ("serve", "test", "tables", "wait"):
            shown = subprocess.run([program, command, "--help"], capture_output=True, text=True,
                                   check=True).stdout
            options = set(re.findall(r"^  (--[a-z-]+)", shown, re.M))
            self.assertTrue(options)
            with open(self.find(rf"/man1/stator-{command}\.1$"), encoding="utf-8") as file:
                page = file.read().replace("\\-", "-")
            self.assertEqual(sorted(o for o in options if o not in page), [], command)

    def build_example(self, *arguments):
        """Builds the example against what was installed; gives the program's output."""
        with tempfile.TemporaryDirectory() as folder:
            for name in ("Makefile", "put_get.c"):
                shutil.copy(os.path.join(ROOT, "examples", "libstator", name), folder)
            subprocess.run(["make", "-s", "-C", folder, *arguments], check=True,
                           env=self.environment())
            libraries = os.path.dirname(os.path.dirname(self.find(r"/stator\.pc$")))
            name = "DYLD_LIBRARY_PATH" if os.uname().sysname == "Darwin" else "LD_LIBRARY_PATH"
            return subprocess.run([os.path.join(folder, "put_get")], capture_output=True,
                                  text=True, check=True,
                                  env={**os.environ, name: libraries}).stdout

    def test_the_example_builds_against_the_shared_library(self):
        self.assertIn('GetItem: 200 {"Item":', self.build_example())

    def test_the_example_builds_against_the_static_library(self):
        self.assertIn('GetItem: 200 {"Item":', self.build_example("STATIC=1"))


if __name__ == "__main__":
    unittest.main()
