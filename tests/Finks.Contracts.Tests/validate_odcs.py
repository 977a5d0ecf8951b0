"""Prints what breaks a JSON Schema: validate_odcs.py SCHEMA CONTRACT...; exits with 1 when anything does."""
import json
import sys

import jsonschema
import yaml

with open(sys.argv[1], encoding="utf-8") as file:
    schema = json.load(file)
validator = jsonschema.validators.validator_for(schema)(schema)
failed = False
for path in sys.argv[2:]:
    with open(path, encoding="utf-8") as file:
        contract = yaml.safe_load(file)
    for error in validator.iter_errors(contract):
        failed = True
        print(f"{path}: {error.json_path}: {error.message}")
sys.exit(failed)
