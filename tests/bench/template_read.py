"""How long it takes to read a template of 200 resources with 30 tables: CPU of whole runs of
`stator tables drift`, which reads it without a network and compares it with 30 definitions.

    python3 tests/bench/template_read.py [STATOR]
"""
import json
import os
import resource
import subprocess
import sys
import tempfile

RUNS = 20
TABLES = 30
FUNCTIONS = 170
ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))


def keys():
    return {"AttributeDefinitions": [{"AttributeName": name, "AttributeType": "S"}
                                     for name in ("id", "a", "b", "c")],
            "KeySchema": [{"AttributeName": "id", "KeyType": "HASH"}],
            "GlobalSecondaryIndexes": [
                {"IndexName": "by_" + name,
                 "KeySchema": [{"AttributeName": name, "KeyType": "HASH"}],
                 "Projection": {"ProjectionType": "ALL"}} for name in "abc"]}


def table(number):
    return {"Type": "AWS::DynamoDB::Table", "Properties": {
        "TableName": {"Fn::Sub": "${Stage}-table-" + str(number)},
        "BillingMode": {"Fn::If": ["Live", "PROVISIONED", "PAY_PER_REQUEST"]}, **keys(),
        "Tags": [{"Key": "stage", "Value": {"Ref": "Stage"}}]}}


def function(number):
    arns = [{"Fn::GetAtt": [f"T{(number + k) % TABLES}", "Arn"]} for k in range(3)]
    return {"Type": "AWS::Lambda::Function",
            "Metadata": {"aws:cdk:path": f"Stack/F{number}/Resource"},
            "Properties": {
                "Handler": "index.handler", "Runtime": "nodejs22.x",
                "Code": {"S3Bucket": {"Fn::Sub": "assets-${AWS::AccountId}-${AWS::Region}"},
                         "S3Key": "a" * 64 + ".zip"},
                "Environment": {"Variables": {f"V{k}": {"Ref": f"T{(number + k) % TABLES}"}
                                              for k in range(8)}},
                "Policies": [{"Effect": "Allow", "Action": ["dynamodb:GetItem", "dynamodb:Query"],
                              "Resource": [arn, {"Fn::Join": ["", [arn, "/index/*"]]}]}
                             for arn in arns]}}


def template():
    resources = {f"F{i}": function(i) for i in range(FUNCTIONS)}
    resources.update({f"T{i}": table(i) for i in range(TABLES)})
    return {"Parameters": {"Stage": {"Type": "String", "Default": "test"}},
            "Conditions": {"Live": {"Fn::Equals": [{"Ref": "Stage"}, "live"]}},
            "Resources": resources}


def as_yaml(value, indent=0):
    """Block style, as people write it."""
    space = "  " * indent
    if isinstance(value, dict):
        return "".join(f"{space}{json.dumps(name)}:" + as_member(member, indent)
                       for name, member in value.items())
    return "".join(f"{space}-" + as_member(member, indent) for member in value)


def as_member(value, indent):
    if isinstance(value, (dict, list)) and value:
        return "\n" + as_yaml(value, indent + 1)
    return " " + json.dumps(value) + "\n"


def cpu_ms(command, status):
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    for _ in range(RUNS):
        done = subprocess.run(command, stdout=subprocess.DEVNULL, check=False)
        assert done.returncode == status, (command, done.returncode)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    used = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return used * 1000 / RUNS


def main():
    stator = sys.argv[1] if len(sys.argv) > 1 else os.path.join(ROOT, "build", "stator")
    with tempfile.TemporaryDirectory() as folder:
        files = {"big.json": json.dumps(template(), indent=1), "big.yaml": as_yaml(template()),
                 "create.json": json.dumps([{"TableName": f"test-table-{i}",
                                             "BillingMode": "PAY_PER_REQUEST", **keys()}
                                            for i in range(TABLES)])}
        for name, text in files.items():
            with open(os.path.join(folder, name), "w", encoding="utf-8") as file:
                file.write(text)
        print(f"start alone: {cpu_ms([stator, 'version'], 0):.1f} ms of CPU")
        for name in "big.json", "big.yaml":
            spent = cpu_ms([stator, "tables", "drift", "--tables", os.path.join(folder, name),
                            "--tables", os.path.join(folder, "create.json")], 0)
            print(f"{name}, {len(files[name]) >> 10} KB: {spent:.1f} ms of CPU")


if __name__ == "__main__":
    main()
