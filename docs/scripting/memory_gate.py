#!/usr/bin/python3
"""Fails when a process grew by more than it may between two snapshots, both as JSON (webvmmap-agent snapshot, or the hub's API).

Usage: memory_gate.py BEFORE.json AFTER.json CATEGORY=LIMIT...    for example  Heap=10MiB "Managed Heap=0" Total=50MiB
A limit is on private bytes; CATEGORY:COLUMN takes another column (size, committed, totalWs, ...).
Exit code: 0 within the limits, 1 beyond one, 2 wrong usage or no snapshot.
"""
import json
import re
import sys

UNITS = {"": 1, "B": 1, "KiB": 1 << 10, "MiB": 1 << 20, "GiB": 1 << 30}


def rows(path):
    with open(path, encoding="utf-8") as file:
        snapshot = json.load(file)
    return {row["category"]: row for row in snapshot["summary"] + [snapshot["total"]]}


def limit(text):
    match = re.fullmatch(r"(?P<category>[A-Za-z ]+)(:(?P<column>\w+))?=(?P<number>\d+)\s*(?P<unit>B|KiB|MiB|GiB)?", text)
    if not match:
        raise ValueError(f"'{text}' is no limit: write CATEGORY=NUMBER with KiB, MiB or GiB behind it")
    return match["category"], match["column"] or "private", int(match["number"]) * UNITS[match["unit"] or ""]


def main(arguments):
    if len(arguments) < 3:
        print(__doc__, file=sys.stderr)
        return 2
    try:
        before, after = rows(arguments[0]), rows(arguments[1])
        limits = [limit(text) for text in arguments[2:]]
        grown = [(category, column, allowed, after[category][column] - before[category][column]) for category, column, allowed in limits]
    except (OSError, ValueError, KeyError, TypeError) as wrong:
        print(f"memory gate: {wrong!r}", file=sys.stderr)
        return 2
    for category, column, allowed, growth in grown:
        print(f"{'FAIL' if growth > allowed else 'ok':4}  {category} ({column}): {growth:+,} bytes, {allowed:,} allowed")
    return int(any(growth > allowed for _, _, allowed, growth in grown))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
