"""stator test as its users meet it: against an endpoint that does as it is told (standin.py), and
against Stator itself.

    python3 tests/cli/harness_test.py        or pytest
"""
import json
import os
import re
import signal
import subprocess
import sys
import unittest

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from harness import (SECONDS, STATOR, Harness, clean_environment, indexed,  # noqa: E402
                     table, wait_until)
from standin import ACCESS_KEY, SECRET  # noqa: E402

RICH = [
    {"TableName": "rich", "TableClass": "STANDARD_INFREQUENT_ACCESS",
     "KeySchema": [{"AttributeName": "a", "KeyType": "HASH"},
                   {"AttributeName": "b", "KeyType": "RANGE"}],
     "AttributeDefinitions": [{"AttributeName": "a", "AttributeType": "S"},
                              {"AttributeName": "b", "AttributeType": "N"},
                              {"AttributeName": "c", "AttributeType": "B"}],
     "ProvisionedThroughput": {"ReadCapacityUnits": 5, "WriteCapacityUnits": 6},
     "LocalSecondaryIndexes": [
         {"IndexName": "local", "KeySchema": [{"AttributeName": "a", "KeyType": "HASH"},
                                              {"AttributeName": "c", "KeyType": "RANGE"}],
          "Projection": {"ProjectionType": "INCLUDE", "NonKeyAttributes": ["z", "y"]}}],
     "GlobalSecondaryIndexes": [
         {"IndexName": "global", "KeySchema": [{"AttributeName": "c", "KeyType": "HASH"}],
          "Projection": {"ProjectionType": "KEYS_ONLY"},
          "ProvisionedThroughput": {"ReadCapacityUnits": 1, "WriteCapacityUnits": 2}}],
     "StreamSpecification": {"StreamEnabled": True, "StreamViewType": "NEW_AND_OLD_IMAGES"},
     "SSESpecification": {"Enabled": True, "SSEType": "KMS"},
     "DeletionProtectionEnabled": True, "Tags": [{"Key": "k", "Value": "v"}]},
    {**indexed("paid"), "OnDemandThroughput": {"MaxReadRequestUnits": 10,
                                               "MaxWriteRequestUnits": 20},
     "WarmThroughput": {"ReadUnitsPerSecond": 12000, "WriteUnitsPerSecond": 4000}},
]


class Running(Harness):
    """What stator test does around the command."""

    def test_tables_are_made_under_their_names_and_removed_afterwards(self):
        endpoint = self.endpoint()
        self.write("tables.json", [table("orders"), table("customers")])
        self.run_stator("test", "--target", endpoint.url, "--tables", "tables.json", "--", "true")
        self.assertEqual(sorted(endpoint.names("CreateTable")), ["customers", "orders"])
        self.assertEqual(sorted(set(endpoint.names("DeleteTable"))), ["customers", "orders"])
        self.assertEqual(endpoint.tables, {})

    def test_the_definition_is_sent_as_it_was_written(self):
        endpoint = self.endpoint()
        self.write("tables.json", indexed("orders"))
        self.run_stator("test", "--target", endpoint.url, "--suffix", "_x", "--tables",
                        "tables.json", "--", "true")
        created = next(body for name, body in endpoint.calls if name == "CreateTable")
        self.assertEqual(created, {**indexed("orders"), "TableName": "orders_x"})

    def test_the_environment_gets_what_is_promised_and_nothing_else_changes(self):
        endpoint = self.endpoint()
        self.write("tables.json", table("order-items.v2"))
        env = clean_environment(KEPT="a=b c", EMPTY="")
        self.run_stator("test", "--target", endpoint.url, "--tables", "tables.json", "--suffix",
                        "run", "--", sys.executable, "-c",
                        "import json,os; json.dump(dict(os.environ), open('env.json','w'))",
                        env=env)
        seen = json.loads(self.read("env.json"))
        run_id = seen["STATOR_RUN_ID"]
        self.assertRegex(run_id, "^[a-z0-9]{8}$")
        added = {name: value for name, value in seen.items() if env.get(name) != value}
        added.pop("LC_CTYPE", None)  # Python's own doing
        self.assertEqual(added, {
            "TABLE_NAME": f"order-items.v2_run_{run_id}",
            "TABLE_NAME_ORDER_ITEMS_V2": f"order-items.v2_run_{run_id}",
            "AWS_REGION": "us-east-1", "STATOR_TARGET": endpoint.url, "STATOR_RUN_ID": run_id,
            "AWS_ENDPOINT_URL_DYNAMODB": endpoint.url,
            "AWS_ENDPOINT_URL_DYNAMODB_STREAMS": endpoint.url,
            "AWS_ACCESS_KEY_ID": "stator", "AWS_SECRET_ACCESS_KEY": "stator"})
        self.assertEqual(set(env) - set(seen), set())

    def test_credentials_and_region_that_are_set_stay(self):
        endpoint = self.endpoint(secret=SECRET)
        self.write("tables.json", [table("orders"), table("more")])
        env = clean_environment(AWS_ACCESS_KEY_ID=ACCESS_KEY, AWS_SECRET_ACCESS_KEY=SECRET,
                                AWS_REGION="eu-west-1")
        out, _ = self.run_stator("test", "--target", endpoint.url, "--tables", "tables.json", "--",
                                 "sh", "-c", "echo $AWS_ACCESS_KEY_ID $AWS_SECRET_ACCESS_KEY "
                                 "$AWS_REGION ${TABLE_NAME-unset} $TABLE_NAME_MORE", env=env)
        self.assertEqual(out, f"{ACCESS_KEY} {SECRET} eu-west-1 unset more\n")

    def test_a_profile_counts_as_credentials(self):
        endpoint = self.endpoint()
        out, _ = self.run_stator("test", "--target", endpoint.url, "--", "sh", "-c",
                                 "echo ${AWS_ACCESS_KEY_ID-unset}",
                                 env=clean_environment(AWS_PROFILE="dev"))
        self.assertEqual(out, "unset\n")

    def test_a_wrong_secret_is_refused_by_an_endpoint_that_checks(self):
        endpoint = self.endpoint(secret=SECRET)
        self.write("tables.json", table("orders"))
        self.assertEqual(
            self.say_error("test", "--target", endpoint.url, "--tables", "tables.json", "--",
                           "true"),
            "orders: CreateTable was refused: InvalidSignatureException: the signature does not "
            "match")

    def test_it_exits_with_the_command_s_status(self):
        for command, status in (["true"], 0), (["sh", "-c", "exit 42"], 42), \
                (["sh", "-c", "kill -TERM $$"], 143), (["sh", "-c", "kill -KILL $$"], 137):
            endpoint = self.endpoint()
            self.write("tables.json", table("orders"))
            self.run_stator("test", "--target", endpoint.url, "--tables", "tables.json", "--",
                            *command, status=status)
            self.assertEqual(endpoint.tables, {})

    def test_a_command_that_cannot_start_is_said_and_all_is_removed(self):
        self.write("no-program", "text")
        for command, status, text in (
                ("no-such-program", 127, "cannot be started, there is no such command: check its "
                 "name and PATH"),
                ("./no-program", 126, "cannot be started: Permission denied: mend that, or name "
                 "another")):
            endpoint = self.endpoint()
            self.write("tables.json", table("orders"))
            _, err = self.run_stator("test", "--target", endpoint.url, "--tables", "tables.json",
                                     "--", command, status=status)
            self.assertIn(f"stator: {command}: {text}\n", err)
            self.assertEqual(endpoint.tables, {})

    def test_its_lines_go_to_stderr_and_end_in_their_time(self):
        endpoint = self.endpoint()
        self.write("tables.json", table("orders"))
        out, err = self.run_stator("test", "--target", endpoint.url, "--tables", "tables.json",
                                   "--", "echo", "hello")
        self.assertEqual(out, "hello\n")
        lines = [re.sub(r" \(\d+ ms\)$", "", line) for line in err.splitlines()]
        self.assertEqual(lines, ["stator: made orders", "stator: echo ended with status 0",
                                 "stator: removed orders"])

    def test_options_end_at_the_command(self):
        out, _ = self.run_stator("test", "--target", self.endpoint().url, "echo", "--keep")
        self.assertEqual(out, "--keep\n")

    def test_the_report_tells_the_run(self):
        endpoint = self.endpoint()
        self.write("tables.json", table("orders"))
        self.run_stator("test", "--target", endpoint.url, "--tables", "tables.json", "--suffix",
                        "_x", "--report", "report.json", "--", "sh", "-c", "exit 3", status=3)
        report = json.loads(self.read("report.json"))
        self.assertEqual(report["tables"], [{
            "base_name": "orders", "name": "orders_x", "file": "tables.json", "items_put": 0,
            "outcome": "removed"}])
        self.assertEqual((report["exit_status"], report["error"], report["target"],
                          report["endpoint"], report["suffix"], report["command"]),
                         (3, None, endpoint.url, endpoint.url, "_x", ["sh", "-c", "exit 3"]))
        self.assertEqual([step["name"] for step in report["steps"]],
                         ["make tables", "run command", "remove tables"])

    def test_a_report_that_cannot_be_written_is_known_before_anything_is_made(self):
        endpoint = self.endpoint()
        self.assertEqual(self.say_error("test", "--target", endpoint.url, "--report",
                                        "no/report.json", "--", "true"),
                         "--report no/report.json: cannot be written: No such file or directory")
        self.assertEqual(endpoint.calls, [])


class Names(Harness):
    """Suffixes, and names that can't be."""

    def name_of(self, *options, folder=None):
        endpoint = self.endpoint()
        self.write("tables.json", table("orders"))
        out, _ = self.run_stator("test", "--target", endpoint.url, "--tables",
                                 self.path("tables.json"), *options, "--", "sh", "-c",
                                 "echo $TABLE_NAME")
        return out.strip()

    def test_the_suffix_is_a_run_s_a_commit_s_none_or_a_text(self):
        self.assertEqual(self.name_of(), "orders")
        self.assertEqual(self.name_of("--suffix", "none"), "orders")
        self.assertEqual(self.name_of("--suffix", "-alice"), "orders-alice")
        first, second = self.name_of("--suffix", "run"), self.name_of("--suffix", "run")
        self.assertRegex(first, "^orders_run_[a-z0-9]{8}$")
        self.assertNotEqual(first, second)

    def test_a_commit_s_suffix_is_the_start_of_its_hash(self):
        git = ["git", "-c", "user.name=n", "-c", "user.email=n@example.com"]
        subprocess.run([*git, "init", "-q"], cwd=self.folder, check=True)
        subprocess.run([*git, "commit", "-q", "--allow-empty", "-m", "x"], cwd=self.folder,
                       check=True)
        head = subprocess.run(["git", "rev-parse", "HEAD"], cwd=self.folder, text=True,
                              capture_output=True, check=True).stdout
        self.assertEqual(self.name_of("--suffix", "commit"), "orders_commit_" + head[:8])

    def test_a_commit_s_suffix_needs_a_commit(self):
        self.write("tables.json", table("orders"))
        self.assertEqual(self.say_error("test", "--suffix", "commit", "--", "true"),
                         "--suffix commit: no commit can be found here: run it inside a git "
                         "checkout, or use --suffix run")

    def test_a_suffix_that_no_table_may_have(self):
        self.assertEqual(self.say_error("test", "--suffix", "a b", "--", "true"),
                         "--suffix a b: not part of a table's name: use letters, digits, '_', '-' "
                         "and '.'")

    def test_a_name_may_have_255_characters_with_its_suffix(self):
        endpoint = self.endpoint()
        for extra in 0, 1:
            self.write("tables.json", table("o" * (251 + extra)))
            arguments = ["test", "--target", endpoint.url, "--tables", "tables.json", "--suffix",
                         "_abc", "--", "true"]
            if extra == 0:
                self.run_stator(*arguments)
            else:
                self.assertRegex(self.say_error(*arguments),
                                 "^o{252}_abc: 256 characters with its suffix, 255 are allowed: "
                                 "shorten the name or the suffix$")

    def test_names_that_one_variable_would_tell_are_refused(self):
        self.write("tables.json", [table("order-items"), table("orderItems")])
        self.assertEqual(self.say_error("test", "--target", "http://127.0.0.1:9", "--tables",
                                        "tables.json", "--", "true"),
                         "tables order-items and orderItems would both be "
                         "TABLE_NAME_ORDER_ITEMS: rename one")

    def test_one_name_is_defined_once(self):
        self.write("a.json", table("orders"))
        self.write("b.json", [table("more"), table("orders")])
        self.assertEqual(self.say_error("test", "--target", "http://127.0.0.1:9", "--tables",
                                        "a.json", "--tables", "b.json", "--", "true"),
                         "table orders is defined twice, in a.json and in b.json: entry 2: remove "
                         "or rename one")


class BadInput(Harness):
    """Each mistake is one line that says what is wrong and what to do."""

    def test_files(self):
        self.write("empty.json", "")
        self.write("text.json", '{\n  "TableName": oops\n}')
        self.write("other.json", {"name": "no table"})
        self.write("template.json", {"Resources": {}})
        os.mkdir(self.path("folder"))
        for file, text in (
                ("missing.json", "missing.json: no such file: check the path, seen from here"),
                ("empty.json", "empty.json: the file is empty: put a table definition in it"),
                ("other.json", "other.json: no table definition: one is CreateTable's input or "
                 "what DescribeTable answers, an object with TableName and KeySchema, or a "
                 "template that has tables"),
                ("template.json", "template.json: no table in this template: name one that has "
                 "AWS::DynamoDB::Table, AWS::DynamoDB::GlobalTable or "
                 "AWS::Serverless::SimpleTable"),
                ("folder", "folder: no table definition in this directory: it needs a .json file "
                 "that has one")):
            self.assertEqual(self.say_error("test", "--target", "http://127.0.0.1:9", "--tables",
                                            file, "--", "true"), text)
        self.assertRegex(self.say_error("test", "--target", "http://127.0.0.1:9", "--tables",
                                        "text.json", "--", "true"),
                         "^text.json:2:16: not JSON: .*: mend the file$")

    def test_usage(self):
        for arguments, text in (
                (["test"], "no command to run: put it behind --: see stator test --help"),
                (["test", "--"], "no command to run: put it behind --: see stator test --help"),
                (["test", "--tabels", "x", "--", "true"],
                 "unknown option --tabels: see stator test --help"),
                (["test", "-x", "--", "true"], "unknown option -x: see stator test --help"),
                (["test", "--tables"], "--tables needs a value: see stator test --help"),
                (["test", "--seed", "x", "--", "true"],
                 "--seed x: not a number: see stator test --help"),
                (["test", "--like", "aws", "--", "true"],
                 "--like aws: not there yet, only local is: see stator test --help"),
                (["test", "--find-stale-reads", "--", "true"],
                 "--find-stale-reads: not there yet: see stator test --help"),
                (["tables"], "plan, up, down, list or drift is needed: see stator tables --help"),
                (["tables", "raise"],
                 "raise: unknown: plan, up, down, list and drift are known: see stator tables "
                 "--help"),
                (["tables", "up", "x"], "x: not expected here: see stator tables --help"),
                (["wait"], "no table named: see stator wait --help"),
                (["wait", "orders", "--timeout", "soon"],
                 "--timeout soon: not a number of seconds: see stator wait --help")):
            self.assertEqual(self.say_error(*arguments, status=2), text)

    def test_targets(self):
        self.assertEqual(self.say_error("test", "--target", "aws", "--", "true"),
                         "--target aws: not there yet: use local or the URL of an endpoint")
        for target in "localhost:8000", "ftp://x", "http:", "http://x:0", "http://x:port", \
                "http://a b", "http://x/path":
            self.assertEqual(self.say_error("test", "--target", target, "--", "true"),
                             f"{target}: not an endpoint: give http://HOST:PORT or "
                             "https://HOST")

    def test_an_endpoint_that_nobody_serves(self):
        self.write("tables.json", table("orders"))
        self.assertEqual(self.say_error("test", "--target", "http://127.0.0.1:9", "--tables",
                                        "tables.json", "--", "true"),
                         "cannot reach http://127.0.0.1:9: Couldn't connect to server: start it "
                         "or check --target")

    def test_a_missing_libcurl_is_named(self):
        process = self.start("tables", "list", env=clean_environment(STATOR_LIBCURL="/no/lib.so"))
        _, err = process.communicate(timeout=SECONDS)
        self.assertEqual(err, "stator: libcurl is missing, which calls to an endpoint need: "
                         "install it (Debian and Ubuntu: apt-get install libcurl4; macOS has "
                         "it)\n")
        self.assertEqual(process.returncode, 1)

    def test_every_command_explains_itself_on_one_screen_examples_first(self):
        for command in ["test"], ["tables"], ["tables", "plan"], ["tables", "up"], \
                ["tables", "down"], ["tables", "list"], ["tables", "drift"], ["wait"]:
            out, err = self.run_stator(*command, "--help")
            self.assertEqual(err, "")
            self.assertTrue(out.startswith("stator " + " ".join(command[:1])), out)
            self.assertLessEqual(len(out.splitlines()), 24, command)
            self.assertLessEqual(max(map(len, out.splitlines())), 100, command)


class Local(Harness):
    """The private server of --target local."""

    def test_it_serves_the_run_and_ends_with_it(self):
        out, _ = self.run_stator("test", "--", "sh", "-c", "echo $AWS_ENDPOINT_URL_DYNAMODB "
                                 "$STATOR_TARGET; curl -s $AWS_ENDPOINT_URL_DYNAMODB")
        url, rest = out.split(" ", 1)
        self.assertRegex(url, r"^http://127\.0\.0\.1:\d+$")
        self.assertTrue(rest.startswith("local\nhealthy: "), rest)
        self.assert_gone(url)

    def assert_gone(self, url):
        wait_until(lambda: subprocess.run(["curl", "-s", url], capture_output=True,
                                          check=False).returncode != 0)

    def test_two_runs_at_once_have_a_server_each(self):
        runs = [self.start("test", "--", "sh", "-c", "echo $AWS_ENDPOINT_URL_DYNAMODB; sleep 0.3")
                for _ in range(2)]
        urls = [run.communicate(timeout=SECONDS)[0] for run in runs]
        self.assertEqual([run.returncode for run in runs], [0, 0])
        self.assertNotEqual(urls[0], urls[1])

    def test_it_ends_when_the_run_is_killed(self):
        process = self.start("test", "--", "sh", "-c",
                             "echo $AWS_ENDPOINT_URL_DYNAMODB; exec sleep 2")
        url = process.stdout.readline().strip()
        process.kill()
        process.wait(SECONDS)
        self.assert_gone(url)

    def test_ctrl_c_does_not_end_it_before_the_command(self):
        process = self.start("test", "--", "sh", "-c",
                             "trap 'curl -s $AWS_ENDPOINT_URL_DYNAMODB; exit 4' INT; echo ready; "
                             "while :; do sleep 0.05; done", start_new_session=True)
        process.stdout.readline()
        os.killpg(process.pid, signal.SIGINT)
        out, _ = process.communicate(timeout=SECONDS)
        self.assertIn("healthy", out)
        self.assertEqual(process.returncode, 4)

    def test_keep_leaves_the_server_running(self):
        _, err = self.run_stator("test", "--keep", "--", "true")
        said = re.search(r"kept: server at (\S+): end it with: kill (\d+)", err)
        try:
            answer = subprocess.run(["curl", "-s", said.group(1)], capture_output=True, text=True,
                                    check=True).stdout
            self.assertTrue(answer.startswith("healthy"))
        finally:
            os.kill(int(said.group(2)), signal.SIGTERM)
        self.assert_gone(said.group(1))

    def test_a_table_is_equal_to_what_it_was_made_from_and_to_what_describes_it(self):
        self.write("tables.json", RICH)
        out, _ = self.run_stator("test", "--", "sh", "-ec", """
            stator tables up --tables tables.json
            stator tables plan --tables tables.json
            for table in rich paid; do
                curl -s "$AWS_ENDPOINT_URL_DYNAMODB" -d "{\\"TableName\\":\\"$table\\"}" \\
                    -H 'Content-Type: application/x-amz-json-1.0' \\
                    -H 'X-Amz-Target: DynamoDB_20120810.DescribeTable' -H "X-Amz-Date: $DATE" \\
                    -H "Authorization: $SIGNED" >described-$table.json
            done
            stator tables down --tables tables.json
            stator tables up --tables described-rich.json --tables described-paid.json
            stator tables plan --tables tables.json
            """, env=clean_environment(
                DATE="20260101T000000Z", SIGNED="AWS4-HMAC-SHA256 Credential=a/20260101/us-east-1/"
                "dynamodb/aws4_request, SignedHeaders=host;x-amz-date, Signature=0",
                PATH=os.path.dirname(STATOR) + os.pathsep + os.environ["PATH"]))
        self.assertEqual(re.findall(r"^(\d+) to create, (\d+) to keep, (\d+)", out, re.M),
                         [("0", "2", "0")] * 2)

    def test_calls_are_signed_so_that_a_server_that_checks_takes_them(self):
        self.write("keys", [{"AccessKeyId": ACCESS_KEY, "SecretAccessKey": SECRET}])
        server = self.start("serve", "--memory", "--port", "0", "--credentials", "keys")
        url = server.stdout.readline().split()[-1]
        self.run_stator("tables", "list", "--target", url, env=clean_environment(
            AWS_ACCESS_KEY_ID=ACCESS_KEY, AWS_SECRET_ACCESS_KEY=SECRET))
        _, err = self.run_stator("tables", "list", "--target", url, status=1,
                                 env=clean_environment(AWS_ACCESS_KEY_ID=ACCESS_KEY,
                                                       AWS_SECRET_ACCESS_KEY="wrong"))
        self.assertIn("InvalidSignatureException", err)
        server.terminate()
        server.wait(SECONDS)

    def test_the_server_does_not_load_libcurl(self):
        server = self.start("serve", "--memory", "--port", "0")
        self.assertIn("listening", server.stdout.readline())
        with open(f"/proc/{server.pid}/maps", encoding="utf-8") as maps:
            self.assertNotIn("libcurl", maps.read())
        server.terminate()
        server.wait(SECONDS)


if __name__ == "__main__":
    unittest.main()
