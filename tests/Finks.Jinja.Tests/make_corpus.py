"""What Jinja2 3.1 makes of templates: a string, or {"error": "<exception>"}.

    python make_corpus.py Corpus.txt Corpus.json     writes the expectations of the corpus
    python make_corpus.py --render templates.json    prints the results of a JSON list of templates

Corpus.txt holds one template on each line, in which \\n, \\r and \\\\ stand for a line feed, a carriage return and a backslash;
lines that begin with #### are headings.
"""
import datetime
import decimal
import json
import sys

from jinja2.sandbox import SandboxedEnvironment


def context():
    return {
        "name": "Ada",
        "nothing": None,
        "numbers": [3, 1, 2],
        "words": ["pear", "Apple", "fig", "apple"],
        "people": [
            {"name": "Bo", "age": 30, "tags": ["x"]},
            {"name": "al", "age": 25, "tags": []},
            {"name": "Cy", "age": 30, "tags": ["y", "z"]},
        ],
        "d": {"b": 1, "a": 2, "items": "shadowed", "n": {"k": [1, {"z": 9}]}},
        "day": datetime.date(2020, 1, 2),
        "moment": datetime.datetime(2020, 1, 2, 3, 4, 5),
        "price": decimal.Decimal("12.50"),
        "big": 2**70,
        "tree": [{"v": 1, "kids": [{"v": 2, "kids": []}]}, {"v": 3, "kids": []}],
    }


def render(source):
    environment = SandboxedEnvironment(extensions=["jinja2.ext.do", "jinja2.ext.loopcontrols"])
    try:
        return environment.from_string(source).render(context())
    except Exception as error:
        return {"error": type(error).__name__}


def main():
    if sys.argv[1] == "--render":
        with open(sys.argv[2], encoding="utf-8") as given:
            json.dump([render(template) for template in json.load(given)], sys.stdout)
        return
    templates = []
    with open(sys.argv[1], encoding="utf-8", newline="") as source:
        for line in source.read().split("\n"):
            # One template on a line; \n, \r and \\ are written as such.
            if line and not line.startswith("####"):
                templates.append(line.replace("\\\\", "\0").replace("\\n", "\n").replace("\\r", "\r").replace("\0", "\\"))
    with open(sys.argv[2], "w", encoding="utf-8", newline="\n") as target:
        json.dump([{"template": t, "expected": render(t)} for t in templates], target, indent=1, ensure_ascii=False)
        target.write("\n")


main()
