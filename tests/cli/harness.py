"""What the tests of the harness share: a folder for each test, and ways to run stator in it."""
import json
import os
import subprocess
import tempfile
import time
import unittest

from standin import standin

FOLDER = os.path.dirname(os.path.abspath(__file__))

ROOT = os.path.dirname(os.path.dirname(FOLDER))
STATOR = os.environ.get("STATOR", os.path.join(ROOT, "build", "stator"))
SECONDS = 30


def table(name, **more):
    return {"TableName": name,
            "KeySchema": [{"AttributeName": "id", "KeyType": "HASH"}],
            "AttributeDefinitions": [{"AttributeName": "id", "AttributeType": "S"}],
            "BillingMode": "PAY_PER_REQUEST", **more}


def indexed(name):
    made = table(name, GlobalSecondaryIndexes=[
        {"IndexName": "by_day", "KeySchema": [{"AttributeName": "day", "KeyType": "HASH"}],
         "Projection": {"ProjectionType": "ALL"}}])
    made["AttributeDefinitions"].append({"AttributeName": "day", "AttributeType": "S"})
    return made


def clean_environment(**more):
    env = {name: value for name, value in os.environ.items()
           if not name.startswith(("AWS_", "TABLE_NAME", "STATOR"))}
    return {**env, **more}


def is_alive(process):
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    with open(f"/proc/{process}/stat", encoding="utf-8") as stat:
        return stat.read().rsplit(")", 1)[1].split()[0] != "Z"


def wait_until(holds, seconds=SECONDS):
    until = time.monotonic() + seconds
    while not holds():
        if time.monotonic() > until:
            raise AssertionError("that does not come to hold")
        time.sleep(0.01)


class Harness(unittest.TestCase):
    """A folder of its own for each test, and ways to run stator in it."""

    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = folder.name

    def path(self, name):
        return os.path.join(self.folder, name)

    def write(self, name, content):
        with open(self.path(name), "w", encoding="utf-8") as file:
            file.write(content if isinstance(content, str) else json.dumps(content))
        return name

    def read(self, name):
        with open(self.path(name), encoding="utf-8") as file:
            return file.read()

    def start(self, *arguments, env=None, **how):
        process = subprocess.Popen([STATOR, *arguments], cwd=self.folder, text=True,
                                   stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                                   stderr=subprocess.PIPE, env=env or clean_environment(), **how)
        self.addCleanup(process.stdout.close)
        self.addCleanup(process.stderr.close)
        self.addCleanup(lambda: process.poll() is None and process.kill())
        return process

    def run_stator(self, *arguments, status=0, env=None, **how):
        process = self.start(*arguments, env=env, **how)
        out, err = process.communicate(timeout=SECONDS)
        self.assertEqual(process.returncode, status, out + err)
        return out, err

    def say_error(self, *arguments, status=1):
        """The one line that the command fails with."""
        out, err = self.run_stator(*arguments, status=status)
        self.assertEqual(out, "")
        lines = err.splitlines()
        self.assertEqual(len(lines), 1, err)
        self.assertTrue(lines[0].startswith("stator: "), err)
        return lines[0].removeprefix("stator: ")

    def endpoint(self, **behaviour):
        opened = standin(**behaviour)
        made = opened.__enter__()
        self.addCleanup(opened.__exit__, None, None, None)
        return made
