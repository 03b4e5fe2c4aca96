"""However a run of stator test ends, nothing of it stays behind.

    python3 tests/cli/signals_test.py        or pytest
"""
import os
import pty
import re
import select
import shlex
import signal
import sys
import time
import unittest

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from harness import (SECONDS, STATOR, Harness, clean_environment, is_alive,  # noqa: E402
                     table, wait_until)


class Signals(Harness):
    """However a run ends, nothing of it stays behind."""

    def run_until_started(self, endpoint, script, *options, **how):
        self.write("tables.json", table("orders"))
        process = self.start("test", "--target", endpoint.url, "--tables", "tables.json",
                             *options, "--", "sh", "-c", script, **how)
        wait_until(lambda: os.path.exists(self.path("started")))
        return process

    def test_signals_reach_the_command_s_whole_group_and_tables_are_removed(self):
        for number in signal.SIGINT, signal.SIGTERM, signal.SIGHUP:
            endpoint = self.endpoint()
            process = self.run_until_started(
                endpoint, "sleep 60 & echo $! >child; touch started; wait")
            process.send_signal(number)
            process.communicate(timeout=SECONDS)
            self.assertEqual(process.returncode, 128 + number)
            self.assertEqual(endpoint.tables, {})
            child = int(self.read("child"))
            wait_until(lambda: not is_alive(child))  # pylint: disable=cell-var-from-loop
            os.remove(self.path("started"))

    def test_a_command_that_ends_well_on_a_signal_keeps_its_status(self):
        endpoint = self.endpoint()
        process = self.run_until_started(
            endpoint, "trap 'echo bye; exit 3' TERM; touch started; while :; do sleep 0.05; done")
        process.terminate()
        out, _ = process.communicate(timeout=SECONDS)
        self.assertEqual((out, process.returncode), ("bye\n", 3))
        self.assertEqual(endpoint.tables, {})

    def test_a_second_signal_kills_a_command_that_does_not_listen(self):
        endpoint = self.endpoint()
        process = self.run_until_started(
            endpoint, "trap '' INT; touch started; while :; do sleep 0.05; done")
        process.send_signal(signal.SIGINT)
        time.sleep(0.2)
        self.assertIsNone(process.poll())
        process.send_signal(signal.SIGINT)
        process.communicate(timeout=SECONDS)
        self.assertEqual(process.returncode, 137)
        self.assertEqual(endpoint.tables, {})

    def test_a_signal_before_the_command_removes_what_was_made(self):
        endpoint = self.endpoint(active_after=60, gone_after=0.1)
        self.write("tables.json", table("orders"))
        process = self.start("test", "--target", endpoint.url, "--tables", "tables.json", "--",
                             "touch", "ran")
        wait_until(lambda: endpoint.names("DescribeTable"))
        process.terminate()
        with endpoint.lock:
            endpoint.tables["orders"]["_active"] = 0
        _, err = process.communicate(timeout=SECONDS)
        self.assertEqual(process.returncode, 143)
        self.assertIn("stator: stopped by a signal\n", err)
        self.assertEqual(endpoint.tables, {})
        self.assertFalse(os.path.exists(self.path("ran")))

    def test_a_second_ctrl_c_says_what_is_left_and_how_to_remove_it(self):
        endpoint = self.endpoint(gone_after=60)
        process = self.run_until_started(
            endpoint, "touch started; while :; do sleep 0.05; done", "--suffix", "run")
        process.send_signal(signal.SIGINT)
        wait_until(lambda: endpoint.names("DeleteTable"))
        process.send_signal(signal.SIGINT)
        _, err = process.communicate(timeout=SECONDS)
        self.assertEqual(process.returncode, 130)
        name = endpoint.names("CreateTable")[0]
        said = re.search(r"^stator: left at (\S+): (\S+): remove with: (.*)$", err, re.M)
        self.assertEqual((said.group(1), said.group(2)), (endpoint.url, name))
        with endpoint.lock:
            endpoint.tables[name]["_gone"] = 0
            endpoint.gone_after = 0
        words = shlex.split(said.group(3))
        self.assertEqual(words[0], "stator")
        self.run_stator(*words[1:])
        self.assertEqual(endpoint.tables, {})

    def test_keep_leaves_the_tables_and_says_how_to_remove_them(self):
        endpoint = self.endpoint()
        self.write("two tables.json", table("orders"))
        _, err = self.run_stator("test", "--keep", "--target", endpoint.url, "--suffix", "run",
                                 "--tables", "two tables.json", "--", "true")
        self.assertEqual(len(endpoint.tables), 1)
        said = re.search(r"^stator: kept at \S+: \S+: remove with: stator (.*)$", err, re.M)
        self.run_stator(*shlex.split(said.group(1)))
        self.assertEqual(endpoint.tables, {})

    def start_in_terminal(self, endpoint, script):
        self.write("tables.json", table("orders"))
        process, terminal = pty.fork()
        if process == 0:
            os.chdir(self.folder)
            os.execve(STATOR, [STATOR, "test", "--target", endpoint.url, "--tables", "tables.json",
                               "--", "sh", "-c", script], clean_environment())
        self.addCleanup(os.close, terminal)
        return process, terminal

    def read_until(self, terminal, text):
        seen = b""
        while text not in seen:
            self.assertTrue(select.select([terminal], [], [], SECONDS)[0], seen)
            seen += os.read(terminal, 4096)

    def test_ctrl_c_in_a_terminal_ends_the_command_and_removes_the_tables(self):
        endpoint = self.endpoint()
        process, terminal = self.start_in_terminal(
            endpoint, "read line; echo got $line; while :; do sleep 0.05; done")
        os.write(terminal, b"hello\n")  # the command has the terminal: it can read from it
        self.read_until(terminal, b"got hello")
        os.write(terminal, b"\x03")
        _, status = os.waitpid(process, 0)
        self.assertEqual(os.waitstatus_to_exitcode(status), 130)
        self.assertEqual(endpoint.tables, {})

    def test_ctrl_z_in_a_terminal_stops_both_and_both_go_on(self):
        endpoint = self.endpoint()
        process, terminal = self.start_in_terminal(
            endpoint, "echo ready; read line; echo got $line; exit 5")
        self.read_until(terminal, b"ready")
        os.write(terminal, b"\x1a")
        _, status = os.waitpid(process, os.WUNTRACED)
        self.assertTrue(os.WIFSTOPPED(status))
        os.kill(process, signal.SIGCONT)
        os.write(terminal, b"hello\n")
        self.read_until(terminal, b"got hello")
        _, status = os.waitpid(process, 0)
        self.assertEqual(os.waitstatus_to_exitcode(status), 5)
        self.assertEqual(endpoint.tables, {})


if __name__ == "__main__":
    unittest.main()
