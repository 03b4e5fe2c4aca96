"""Tables out of templates: stator tables plan with the origin of each value, stator tables drift
three ways, and what a test gets of them.

    python3 tests/cli/templates_test.py        or pytest
"""
import json
import os
import shutil
import sys
import unittest

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from harness import ROOT, STATOR, Harness, clean_environment, indexed, table  # noqa: E402
from standin import Refused  # noqa: E402

TEMPLATES = os.path.join(ROOT, "tests", "template")
PATHS = os.path.dirname(STATOR) + os.pathsep + os.environ["PATH"]
GIVE = ": give it with --parameter '{}=VALUE' or under parameters in stator.yaml\n"


class Templates(Harness):
    """A copy of the templates in the folder of the test."""

    def setUp(self):
        super().setUp()
        shutil.copytree(TEMPLATES, self.folder, dirs_exist_ok=True,
                        ignore=shutil.ignore_patterns("node_modules"))

    def inside(self, script, **how):
        """A script with a private server around it."""
        return self.run_stator("test", "--", "sh", "-ec", script,
                               env=clean_environment(PATH=PATHS), **how)


class Plan(Templates):
    """What would be made, and where each value comes from."""

    def test_values_have_their_lines_without_a_server(self):
        out, err = self.run_stator("tables", "plan", "--tables", "orders.yaml", "--parameter",
                                   "Team=sales", "--json")
        self.assertEqual(err, "")
        plan = json.loads(out)
        orders = plan["tables"][0]
        values = {row["path"]: (row["value"], row["from"]) for row in orders["values"]}
        self.assertEqual(orders["name"], "sales-orders-test")
        self.assertEqual(values["TableName"],
                         ("sales-orders-test", "orders.yaml:22, Team from --parameter, parameter "
                          "Stage at orders.yaml:3"))
        self.assertEqual(values["BillingMode"],
                         ("PAY_PER_REQUEST", "orders.yaml:30, condition IsLive is false"))
        self.assertEqual(values["KeySchema"], ("tenant HASH, id RANGE", "orders.yaml:28"))
        self.assertEqual(values["TableClass"], ("STANDARD", "orders.yaml:22, by default"))
        self.assertEqual([(row["path"], row["from"], row["why"]) for row in orders["left_out"]],
                         [("DeletionProtectionEnabled", "orders.yaml:45",
                           "a test table must be removable"),
                          ("SSESpecification", "orders.yaml:46",
                           "a test table is encrypted with the service's own key")])

    def test_what_a_template_does_not_know_is_asked_for(self):
        _, err = self.run_stator("tables", "plan", "--tables", "orders.yaml", status=1)
        self.assertEqual(err, "stator: orders.yaml:5:5: parameter Team has no value" +
                         GIVE.format("Team"))
        _, err = self.run_stator("tables", "plan", "--tables", "orders.yaml", "--parameter",
                                 "Team=a", "--parameter", "Stage=prod", status=1)
        self.assertIn("parameter Stage may not be 'prod', which --parameter gives: use one of its "
                      "AllowedValues\n", err)
        _, err = self.run_stator("tables", "plan", "--tables", "orders.yaml", "--parameter",
                                 "Team=a", "--parameter", "Stag=live", status=1)
        self.assertEqual(err, "stator: --parameter: no template has a parameter Stag: mend its "
                         "name or leave it out\n")
        _, err = self.run_stator("tables", "plan", "--tables", "orders.yaml", "--parameter",
                                 "Team", status=1)
        self.assertEqual(err, "stator: --parameter Team: not KEY=VALUE: write it so\n")

    def test_parameters_of_the_config_are_those_of_its_row_and_the_command_line_wins(self):
        self.write("stator.yaml", "tables:\n  - from: orders.yaml\n"
                   "    parameters: {Team: conf, Stage: live}\n")
        out, _ = self.run_stator("tables", "plan", "--json")
        orders = json.loads(out)["tables"][0]
        self.assertEqual(orders["name"], "conf-orders-live")
        self.assertEqual(orders["values"][0]["from"], "orders.yaml:22, Team from stator.yaml:3, "
                         "Stage from stator.yaml:3")
        out, _ = self.run_stator("tables", "plan", "--json", "--parameter", "Stage=test")
        self.assertEqual(json.loads(out)["tables"][0]["name"], "conf-orders-test")

    def test_the_same_table_in_two_stages_says_what_to_do(self):
        _, err = self.run_stator("tables", "plan", "--tables", "cdk/stages", status=1)
        self.assertEqual(err, "stator: table Customers6955EA0A is defined twice, in "
                         "cdk/stages/assembly-Test/TestOrdersC225794E.template.json:159: "
                         "Customers6955EA0A and in "
                         "cdk/stages/assembly-Live/LiveOrders80313CF0.template.json:159: "
                         "Customers6955EA0A: read one of the two templates alone, or rename one\n")

    @unittest.skipUnless(shutil.which("node"), "no node")
    def test_a_script_is_evaluated_by_node(self):
        out, err = self.run_stator("tables", "plan", "--tables", "jest-dynamodb-config.js",
                                   "--json")
        self.assertEqual([row["name"] for row in json.loads(out)["tables"]], ["files", "users"])
        self.assertIn("said by the script\n", err)
        self.write("bad.js", "throw new Error('no luck')\n")
        _, err = self.run_stator("tables", "plan", "--tables", "bad.js", status=1)
        self.assertIn("no luck", err)
        self.assertIn("stator: bad.js: node ended with status 1: mend the script\n", err)

    def test_a_script_without_node_says_so(self):
        _, err = self.run_stator("tables", "plan", "--tables", "jest-dynamodb-config.js",
                                 env=clean_environment(PATH="/nowhere"), status=1)
        self.assertEqual(err, "stator: jest-dynamodb-config.js: a script, and node cannot be "
                         "started: No such file or directory: install node, or export the tables "
                         "as JSON\n")


class Made(Templates):
    """Tables of templates on a server."""

    def test_every_kind_of_template_makes_tables(self):
        files = ["cdk/ledger", "cdk/shipping", "sam.yaml", "serverless/serverless.yml",
                 "orders.yaml", "workbench.json", "plan.tfplan.json"]
        options = [part for file in files for part in ("--tables", file)]
        out, err = self.run_stator(
            "test", *options, "--parameter", "Team=sales", "--parameter",
            "module.audit.aws_dynamodb_table.this[0].name=audit", "--", "stator", "tables",
            "list", "--json", env=clean_environment(PATH=PATHS))
        names = {row["name"] for row in json.loads(out)["tables"]}
        self.assertEqual(names, {
            "ledger", "quotas", "ledger-world", "quotas-world", "worldwide", "test-carriers",
            "audit-test-carriers", "ShippingStack-parcels-test", "Sessions",
            "us-east-1-counters", "shop-dev-carts-local", "shop-dev-orders-none",
            "sales-orders-test", "audit-sales-orders-test", "threads", "orders", "audit"})
        self.assertIn("stator: sales-orders-test: left out for a test table: "
                      "DeletionProtectionEnabled, SSESpecification\n", err)

    def test_a_table_is_equal_to_its_template(self):
        out, _ = self.inside("stator tables up --tables cdk/ledger; "
                             "stator tables plan --tables cdk/ledger")
        self.assertIn("0 to create, 5 to keep, 0 that differ", out)

    def test_settings_are_made_after_the_table_is_active(self):
        endpoint = self.endpoint(active_after=0.1)
        endpoint.denied = {"UpdateTimeToLive": Refused("UnknownOperationException"),
                           "UpdateContinuousBackups": Refused("UnknownOperationException")}
        _, err = self.run_stator("tables", "up", "--target", endpoint.url, "--tables",
                                 "cdk/orders")
        self.assertIn("stator: orders: no time to live: not on this endpoint\n", err)
        self.assertIn("stator: orders: no point-in-time recovery: not on this endpoint\n", err)
        calls = [name for name, _ in endpoint.calls]
        self.assertGreater(calls.index("UpdateTimeToLive"), calls.index("DescribeTable"))
        self.assertIn(("UpdateTimeToLive",
                       {"TableName": "orders", "TimeToLiveSpecification":
                        {"Enabled": True, "AttributeName": "expires"}}), endpoint.calls)
        self.assertIn(("UpdateContinuousBackups",
                       {"TableName": "orders", "PointInTimeRecoverySpecification":
                        {"PointInTimeRecoveryEnabled": True}}), endpoint.calls)

    def test_a_setting_that_is_refused_is_an_error(self):
        endpoint = self.endpoint()
        endpoint.denied = {"UpdateTimeToLive": Refused("ValidationException", "not so")}
        _, err = self.run_stator("tables", "up", "--target", endpoint.url, "--tables",
                                 "cdk/orders", status=1)
        self.assertIn("stator: orders: UpdateTimeToLive was refused: ValidationException: not so\n",
                      err)


TEMPLATE = """Resources:
  Orders:
    Type: AWS::DynamoDB::Table
    Properties:
      TableName: orders
      KeySchema: [{AttributeName: id, KeyType: HASH}]
      AttributeDefinitions:
        - {AttributeName: day, AttributeType: S}
        - {AttributeName: id, AttributeType: S}
      BillingMode: PAY_PER_REQUEST
      ProvisionedThroughput: {ReadCapacityUnits: 0, WriteCapacityUnits: 0}
      TableClass: STANDARD
      GlobalSecondaryIndexes:
        - IndexName: by_day
          KeySchema: [{AttributeName: day, KeyType: HASH}]
          Projection: {ProjectionType: ALL}
      DeletionProtectionEnabled: true
      TimeToLiveSpecification: {AttributeName: gone, Enabled: true}
"""


class Drift(Templates):
    """Template, CreateTable JSON and live table side by side."""

    def drift(self, *options, **how):
        return self.run_stator("tables", "drift", *options, **how)

    def test_what_makes_no_difference_is_none(self):
        self.write("template.yaml", TEMPLATE)
        self.write("orders.json", indexed("orders"))
        out, err = self.drift("--tables", "template.yaml", "--tables", "orders.json")
        self.assertEqual((out, err), ("1 tables, 0 differences\n", ""))

    def test_each_difference_is_a_line_with_its_places_and_the_mend(self):
        self.write("template.yaml", TEMPLATE)
        changed = indexed("orders")
        changed["GlobalSecondaryIndexes"][0]["Projection"]["ProjectionType"] = "KEYS_ONLY"
        changed["StreamSpecification"] = {"StreamEnabled": True, "StreamViewType": "NEW_IMAGE"}
        self.write("orders.json", json.dumps([changed, table("more")], indent=1))
        line = self.read("orders.json").split("\n")
        projection = next(i for i, text in enumerate(line, 1) if '"Projection"' in text)
        stream = next(i for i, text in enumerate(line, 1) if '"StreamSpecification"' in text)
        out, err = self.drift("--tables", "template.yaml", "--tables", "orders.json", status=1)
        self.assertEqual(err, "")
        self.assertEqual(out.split("\n"), [
            "orders: GlobalSecondaryIndexes.by_day.Projection: template.yaml:16 has ALL; "
            f"orders.json:{projection} has KEYS_ONLY: change orders.json:{projection}",
            f"orders: StreamSpecification: template.yaml:5 has nothing; orders.json:{stream} has "
            f"NEW_IMAGE: remove it from orders.json:{stream}",
            "more: TableName: orders.json: entry 2 has it, no template has it: add it to the "
            "template, or remove it here",
            "2 tables, 3 differences", ""])

    def test_three_ways(self):
        self.write("template.yaml", TEMPLATE.replace("ProjectionType: ALL",
                                                     "ProjectionType: KEYS_ONLY"))
        self.write("orders.json", indexed("orders"))
        script = "stator tables up --tables orders.json; " \
            "stator tables drift --live --tables template.yaml --tables orders.json --json"
        out, _ = self.inside(script, status=1)
        rows = json.loads(out)["differences"]
        row = next(r for r in rows
                   if r["path"] == "GlobalSecondaryIndexes.by_day.Projection")
        self.assertEqual((row["template"], row["definition"], row["live"]),
                         ("KEYS_ONLY", "ALL", "ALL"))
        self.assertEqual(row["mend"], "change orders.json:1, and deploy again, or stator tables "
                         "down and up")

    def test_a_live_table_that_is_missing_is_a_difference(self):
        self.write("orders.json", table("orders"))
        out, _ = self.inside("stator tables drift --live --tables orders.json", status=1)
        self.assertEqual(out, "orders: TableName: orders.json has it, it is not there: make it "
                         "with stator tables up\n1 tables, 1 differences\n")

    def test_a_live_table_that_is_as_defined_is_none(self):
        self.write("template.yaml", TEMPLATE.replace(
            "      TimeToLiveSpecification: {AttributeName: gone, Enabled: true}\n", ""))
        out, _ = self.inside("stator tables up --tables template.yaml --suffix _x; "
                             "stator tables drift --live --tables template.yaml --suffix _x")
        self.assertEqual(out, "1 tables, 0 differences\n")

    def test_an_unnamed_table_is_compared_with_the_only_other(self):
        self.write("template.yaml", TEMPLATE.replace("      TableName: orders\n", ""))
        self.write("orders.json", indexed("orders"))
        out, _ = self.drift("--tables", "template.yaml", "--tables", "orders.json")
        self.assertEqual(out, "1 tables, 0 differences\n")

    def test_one_side_alone_is_nothing_to_compare(self):
        self.write("template.yaml", TEMPLATE)
        _, err = self.drift("--tables", "template.yaml", status=1)
        self.assertEqual(err, "stator: nothing to compare with: name a template and CreateTable "
                         "JSON with --tables, or compare with what is there by --live\n")
        _, err = self.run_stator("tables", "up", "--live", "--tables", "template.yaml", status=2)
        self.assertEqual(err, "stator: --live: only drift looks at what is there so: see stator "
                         "tables --help\n")


if __name__ == "__main__":
    unittest.main()
