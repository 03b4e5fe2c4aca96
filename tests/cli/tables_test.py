"""Tables that are there, that are slow, that are filled: stator test, tables and wait against an
endpoint that does as it is told (standin.py).

    python3 tests/cli/tables_test.py        or pytest
"""
import json
import os
import re
import sys
import unittest

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from harness import SECONDS, STATOR, Harness, indexed, table, wait_until  # noqa: E402
from standin import Refused  # noqa: E402


class Reuse(Harness):
    """Tables that are there already."""

    def test_a_table_that_is_there_is_an_error_and_stays(self):
        endpoint = self.endpoint()
        self.write("orders.json", table("orders"))
        self.write("tables.json", [table("orders"), table("customers")])
        self.run_stator("tables", "up", "--target", endpoint.url, "--tables", "orders.json")
        _, err = self.run_stator("test", "--target", endpoint.url, "--tables", "tables.json", "--",
                                 "touch", "ran", status=1)
        self.assertIn(f"stator: orders exists already at {endpoint.url}: use it with --reuse, or "
                      "have one of your own with --suffix run\n", err)
        self.assertEqual(set(endpoint.tables), {"orders"})
        self.assertFalse(os.path.exists(self.path("ran")))

    def test_an_equal_table_is_used_and_stays(self):
        endpoint = self.endpoint()
        self.write("orders.json", indexed("orders"))
        self.write("tables.json", [indexed("orders"), table("customers")])
        self.run_stator("tables", "up", "--target", endpoint.url, "--tables", "orders.json")
        endpoint.calls.clear()
        _, err = self.run_stator("test", "--reuse", "--target", endpoint.url, "--tables",
                                 "tables.json", "--", "true")
        self.assertIn("stator: using orders, there already\n", err)
        self.assertEqual(endpoint.names("CreateTable"), ["customers"])
        self.assertEqual(set(endpoint.tables), {"orders"})

    def test_a_different_table_is_an_error_that_shows_the_difference_and_touches_nothing(self):
        endpoint = self.endpoint()
        self.write("orders.json", indexed("orders"))
        self.run_stator("tables", "up", "--target", endpoint.url, "--tables", "orders.json")
        changed = indexed("orders")
        changed["GlobalSecondaryIndexes"][0]["Projection"] = {"ProjectionType": "KEYS_ONLY"}
        self.write("tables.json", [changed, table("customers")])
        for command in ["test", "--reuse"], ["tables", "up"]:
            endpoint.calls.clear()
            tail = ["--", "true"] if command[0] == "test" else []
            _, err = self.run_stator(*command, "--target", endpoint.url, "--tables",
                                     "tables.json", *tail, status=1)
            self.assertIn("stator: orders: GlobalSecondaryIndexes.by_day.Projection: tables.json "
                          "has KEYS_ONLY, the table has ALL\n", err)
            self.assertEqual({name for name, _ in endpoint.calls}, {"DescribeTable"})

    def test_a_table_that_is_being_deleted_is_waited_for(self):
        endpoint = self.endpoint(gone_after=0.7)
        self.write("tables.json", table("orders"))
        self.run_stator("tables", "up", "--target", endpoint.url, "--tables", "tables.json")
        with endpoint.lock:
            endpoint.delete_table({"TableName": "orders"})
        self.run_stator("test", "--reuse", "--target", endpoint.url, "--tables", "tables.json",
                        "--", "true")
        self.assertEqual(endpoint.names("CreateTable"), ["orders", "orders"])


class Waiting(Harness):
    """Until tables answer, and an endpoint that can't always."""

    def test_the_command_starts_when_tables_and_indexes_are_active_and_answer(self):
        endpoint = self.endpoint(active_after=0.2, index_after=0.4, hidden_reads=3)
        self.write("tables.json", indexed("orders"))
        _, err = self.run_stator("test", "--target", endpoint.url, "--tables", "tables.json", "--",
                                 "true")
        last = max(i for i, (name, _) in enumerate(endpoint.calls) if name == "Scan")
        probed = [body for name, body in endpoint.calls[:last + 1] if name == "Scan"]
        self.assertIn({"TableName": "orders", "Limit": 1}, probed)
        self.assertIn({"TableName": "orders", "Limit": 1, "IndexName": "by_day"}, probed)
        self.assertGreaterEqual(len(probed), 5)
        took = re.search(r"made orders \(([\d.]+) (ms|s)\)", err)
        self.assertGreaterEqual(float(took.group(1)) * {"ms": 1, "s": 1000}[took.group(2)], 400)

    def test_a_table_that_is_ready_at_once_costs_no_describe(self):
        endpoint = self.endpoint()
        self.write("tables.json", table("orders"))
        self.run_stator("test", "--target", endpoint.url, "--tables", "tables.json", "--", "true")
        names = [name for name, _ in endpoint.calls]
        self.assertEqual(names[:2], ["CreateTable", "Scan"])

    def test_what_passes_is_repeated(self):
        endpoint = self.endpoint(passing={
            "CreateTable": [Refused("LimitExceededException", "too many at once"),
                            Refused("ThrottlingException"),
                            Refused("InternalServerError", status=500)],
            "DeleteTable": [Refused("ThrottlingException")]})
        self.write("tables.json", table("orders"))
        self.run_stator("test", "--target", endpoint.url, "--tables", "tables.json", "--", "true")
        self.assertEqual(len(endpoint.names("CreateTable")), 4)
        self.assertEqual(endpoint.tables, {})

    def test_what_does_not_pass_is_said_at_once(self):
        endpoint = self.endpoint(denied={"CreateTable": Refused("AccessDeniedException", "no")})
        self.write("tables.json", table("orders"))
        self.assertEqual(self.say_error("test", "--target", endpoint.url, "--tables",
                                        "tables.json", "--", "true"),
                         "orders: CreateTable was refused: AccessDeniedException: no")
        self.assertEqual(len(endpoint.calls), 1)

    def test_a_table_whose_making_was_not_answered_is_removed_when_its_name_is_this_run_s(self):
        endpoint = self.endpoint(lost={"CreateTable": 1})
        self.write("tables.json", table("orders"))
        self.run_stator("test", "--target", endpoint.url, "--suffix", "run", "--tables",
                        "tables.json", "--", "true")
        self.assertEqual(len(endpoint.names("CreateTable")), 2)
        self.assertEqual(endpoint.tables, {})

    def test_a_table_whose_making_was_not_answered_is_left_when_it_may_be_another_s(self):
        endpoint = self.endpoint(lost={"CreateTable": 1})
        self.write("tables.json", table("orders"))
        _, err = self.run_stator("test", "--target", endpoint.url, "--tables", "tables.json", "--",
                                 "true", status=1)
        self.assertIn(f"stator: perhaps made at {endpoint.url}, nobody answered: orders: look "
                      f"with: stator tables plan --target {endpoint.url} --tables tables.json "
                      "--suffix none\n", err)
        self.assertEqual(endpoint.names("DeleteTable"), [])

    def test_a_table_still_in_the_making_is_removed_when_it_can_be(self):
        endpoint = self.endpoint(index_after=0.3, active_after=0.3,
                                 denied={"Scan": Refused("AccessDeniedException", "no")})
        self.write("tables.json", table("orders"))
        self.run_stator("test", "--target", endpoint.url, "--tables", "tables.json", "--", "true",
                        status=1)
        self.assertEqual(endpoint.tables, {})

    def test_a_protected_table_is_removed_too(self):
        endpoint = self.endpoint()
        self.write("tables.json", table("orders", DeletionProtectionEnabled=True))
        self.run_stator("test", "--target", endpoint.url, "--tables", "tables.json", "--", "true")
        self.assertEqual(endpoint.tables, {})

    def test_wait_ends_when_the_table_is_there_and_answers(self):
        endpoint = self.endpoint(active_after=0.3, index_after=0.3)
        waiting = self.start("wait", "orders", "--target", endpoint.url)
        wait_until(lambda: endpoint.calls)
        self.write("tables.json", indexed("orders"))
        self.run_stator("tables", "up", "--target", endpoint.url, "--tables", "tables.json")
        _, err = waiting.communicate(timeout=SECONDS)
        self.assertEqual(waiting.returncode, 0)
        self.assertRegex(err, r"^stator: ready: orders \(.*\)\n$")

    def test_wait_gives_up_in_time(self):
        endpoint = self.endpoint()
        self.assertEqual(self.say_error("wait", "orders", "--target", endpoint.url, "--timeout",
                                        "0.2"),
                         "orders: DescribeTable was refused: ResourceNotFoundException: Requested "
                         "resource not found: Table: orders not found")
        self.assertEqual(self.say_error("wait", "orders", "--target", "http://127.0.0.1:9",
                                        "--timeout", "0.2"),
                         "cannot reach http://127.0.0.1:9: Couldn't connect to server: start it "
                         "or check --target")


class Data(Harness):
    """stator.yaml, and the items it has put."""

    def test_the_config_names_tables_variables_data_and_the_command(self):
        endpoint = self.endpoint(unprocessed=2)
        os.mkdir(self.path("project"))
        self.write("project/orders.json", table("orders"))
        self.write("project/more.json", [table("aaa"), table("bbb")])
        items = [{"id": {"S": f"o{i}"}, "n": {"N": str(i)}} for i in range(60)]
        self.write("project/seeds.json", "\n".join(json.dumps(item) for item in items))
        self.write("project/stator.yaml",
                   "region: eu-west-1\n"
                   "tables:\n"
                   "  - from: orders.json\n"
                   "    env: MY_ORDERS\n"
                   "    data: seeds.json\n"
                   "  - from: more.json\n"
                   "test:\n"
                   "  command: [sh, -c, echo $MY_ORDERS $TABLE_NAME_AAA $AWS_REGION]\n"
                   f"  target: {endpoint.url}\n"
                   "  suffix: _c\n")
        out, err = self.run_stator("test", "--config", "project/stator.yaml")
        self.assertEqual(out, "orders_c aaa_c eu-west-1\n")
        self.assertIn("stator: put 60 items (", err)
        put = sorted(int(item["n"]["N"]) for item in endpoint.items["orders_c"])
        self.assertEqual(put, list(range(60)))

    def test_flags_win_over_the_config(self):
        endpoint = self.endpoint()
        self.write("orders.json", table("orders"))
        self.write("stator.yaml", "tables:\n  - from: orders.json\ntest:\n  command: [false]\n"
                   "  target: http://127.0.0.1:9\n  suffix: _c\n")
        out, _ = self.run_stator("test", "--target", endpoint.url, "--suffix", "_d", "--tables",
                                 "orders.json", "--", "sh", "-c", "echo $TABLE_NAME")
        self.assertEqual(out, "orders_d\n")

    def test_a_command_of_one_text_goes_through_the_shell(self):
        endpoint = self.endpoint()
        self.write("stator.yaml", "test:\n  command: echo a && exit 5\n"
                   f"  target: {endpoint.url}\n")
        out, _ = self.run_stator("test", status=5)
        self.assertEqual(out, "a\n")

    def test_mistakes_are_placed(self):
        self.write("orders.json", table("orders"))
        self.write("both.json", [table("aaa"), table("bbb")])
        for text, said in (
                ("tabels: []\n", "stator.yaml:1:1: unknown key 'tabels': known here are region, "
                 "tables and test"),
                ("tables:\n  - form: a\n", "stator.yaml:2:5: unknown key 'form': known here are "
                 "from, env, data and parameters"),
                ("tables:\n  - env: A\n", "stator.yaml:2:5: a table without 'from': name the file "
                 "that defines it"),
                ("tables: orders.json\n", "stator.yaml:1:9: tables are a list: write '- from: "
                 "FILE' lines"),
                ("tables:\n  - from: orders.json\n    env: 1A\n", "stator.yaml:3:10: '1A' is no "
                 "name of an environment variable: use letters, digits and '_'"),
                ("tables:\n  - from: both.json\n    env: A\n", "stator.yaml:2:5: both.json "
                 "defines 2 tables, env and data are for one: give each a file of its own"),
                ("tables:\n  - from: orders.json\n    data: no.json\n", "stator.yaml:2:5: data "
                 "file no.json does not exist: check the path"),
                ("tables:\n  - from: orders.json\n    parameters: {A: b}\n", "stator.yaml:3: no "
                 "template has a parameter A: mend its name or leave it out"),
                ("tables:\n  - from: orders.json\n    parameters: [A]\n", "stator.yaml:3:17: "
                 "parameters are a map: write 'NAME: VALUE' lines"),
                ("region: [a\n", "stator.yaml:2:1: not YAML: did not find expected ',' or ']': "
                 "mend the file")):
            self.write("stator.yaml", text)
            self.assertEqual(self.say_error("test", "--target", "http://127.0.0.1:9", "--",
                                            "true"), said)
        self.assertEqual(self.say_error("test", "--config", "no.yaml", "--", "true"),
                         "no.yaml: no such file: check the path, seen from here")

    def test_data_that_is_none_is_placed_and_all_is_removed(self):
        endpoint = self.endpoint()
        self.write("orders.json", table("orders"))
        self.write("seeds.json", '{"id": {"S": "a"}}\n{"id": "b"}\n')
        self.write("stator.yaml", "tables:\n  - from: orders.json\n    data: seeds.json\n")
        _, err = self.run_stator("test", "--target", endpoint.url, "--", "true", status=1)
        self.assertIn("stator: seeds.json:2:1: no item in DynamoDB JSON: one looks like "
                      '{"id":{"S":"a"}}\n', err)
        self.assertEqual(endpoint.tables, {})


class Tables(Harness):
    """stator tables plan, up, down and list."""

    def run_tables(self, endpoint, part, *options, **how):
        return self.run_stator("tables", part, "--target", endpoint.url, *options, **how)

    def test_plan_up_list_down(self):
        endpoint = self.endpoint()
        self.write("tables.json", [table(name) for name in ("aaa", "bbb", "ccc")])
        self.write("one.json", table("bbb"))
        self.run_tables(endpoint, "up", "--tables", "one.json")
        out, _ = self.run_tables(endpoint, "plan", "--tables", "tables.json")
        self.assertIn("    KeySchema                id HASH          tables.json:1\n", out)
        self.assertEqual(re.sub("(?m)^    .*\n", "", out),
                         "create  aaa  (tables.json: entry 1; key id HASH)\n"
                         "keep    bbb  (tables.json: entry 2; key id HASH)\n"
                         "create  ccc  (tables.json: entry 3; key id HASH)\n"
                         f"2 to create, 1 to keep, 0 that differ, at {endpoint.url}\n")
        self.assertEqual(set(endpoint.tables), {"bbb"})
        out, _ = self.run_tables(endpoint, "up", "--tables", "tables.json", "--json")
        self.assertEqual([(row["name"], row["created"]) for row in json.loads(out)["tables"]],
                         [("aaa", True), ("bbb", False), ("ccc", True)])
        out, _ = self.run_tables(endpoint, "list", "--json")
        self.assertEqual([row["name"] for row in json.loads(out)["tables"]], ["aaa", "bbb", "ccc"])
        out, _ = self.run_tables(endpoint, "down", "--tables", "one.json", "--json")
        self.assertEqual(json.loads(out)["tables"],
                         [{"name": "bbb", "base_name": "bbb", "removed": True}])
        _, err = self.run_tables(endpoint, "down", "--tables", "tables.json")
        self.assertIn("stator: not there: bbb\n", err)
        self.assertEqual(endpoint.tables, {})

    def test_plan_shows_each_difference_and_exits_1(self):
        endpoint = self.endpoint()
        self.write("tables.json", table("orders"))
        self.run_tables(endpoint, "up", "--tables", "tables.json")
        self.write("tables.json", indexed("orders"))
        out, _ = self.run_tables(endpoint, "plan", "--tables", "tables.json", status=1)
        self.assertIn("    GlobalSecondaryIndexes.by_day.KeySchema: tables.json has day HASH, the "
                      "table has nothing\n", out)
        out, _ = self.run_tables(endpoint, "plan", "--tables", "tables.json", "--json", status=1)
        shown = json.loads(out)["tables"][0]
        self.assertEqual(shown["action"], "differs")
        self.assertIn({"path": "AttributeDefinitions.day", "definition": "S", "table": None},
                      shown["differences"])

    def test_list_with_definitions_shows_theirs_alone(self):
        endpoint = self.endpoint()
        for suffix in "none", "run", "_x", "_y":
            self.write("tables.json", table("orders"))
            self.run_tables(endpoint, "up", "--tables", "tables.json", "--suffix", suffix)
        self.write("more.json", table("orderly"))
        self.run_tables(endpoint, "up", "--tables", "more.json")
        out, _ = self.run_tables(endpoint, "list", "--tables", "tables.json", "--suffix", "_y",
                                 "--json")
        names = [row["name"] for row in json.loads(out)["tables"]]
        self.assertEqual([re.sub("_run_.*", "_run_", name) for name in names],
                         ["orders", "orders_run_", "orders_y"])

    def test_up_puts_data_into_new_tables_alone(self):
        endpoint = self.endpoint()
        self.write("orders.json", table("orders"))
        self.write("seeds.json", [{"id": {"S": "a"}}])
        self.write("stator.yaml", "tables:\n  - from: orders.json\n    data: seeds.json\n")
        self.run_tables(endpoint, "up")
        self.run_tables(endpoint, "up")
        self.assertEqual(endpoint.items["orders"], [{"id": {"S": "a"}}])

    def test_the_endpoint_of_a_surrounding_test_is_the_local_one(self):
        endpoint = self.endpoint()
        self.write("tables.json", table("orders"))
        out, _ = self.run_stator("test", "--target", endpoint.url, "--tables", "tables.json", "--",
                                 STATOR, "tables", "list")
        self.assertIn("orders", out)


if __name__ == "__main__":
    unittest.main()
