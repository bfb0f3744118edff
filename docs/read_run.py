#!/usr/bin/env python3
"""Reads a run folder without Mnemonics Lab: Python's standard library and numpy.

    python3 read_run.py RUN [--json]

Prints each phase's accuracies and how far its exemplars moved. Checks every checksum, and that the files agree with the
events; what is damaged or missing is one sentence and exit code 1. The format is described in run-folder.md.
"""
import hashlib
import json
import os
import sys
import zlib

import numpy as np

SCHEMA_VERSION = 1
DTYPES = {"F64": "<f8", "F32": "<f4", "F16": "<f2", "I64": "<i8", "I32": "<i4", "I16": "<i2", "I8": "i1", "U8": "u1", "BOOL": "?"}


class Damaged(Exception):
    """What is wrong with a file, and with which."""


def expect(condition, problem):
    if not condition:
        raise Damaged(problem)


def checked(value, place):
    """Refuses what a newer version wrote."""
    expect(value["schemaVersion"] <= SCHEMA_VERSION, f"{place} has schemaVersion {value['schemaVersion']}, known here up to {SCHEMA_VERSION}.")
    return value


def open_ordinary(path):
    """Not a pipe, which would be waited for, nor a device."""
    expect(os.path.isfile(path), f"{path} is missing, or no ordinary file.")
    return open(path, "rb")


def check_digest(path, data, digest):
    """A file has the sha256 of itself with zeros for these 64 digits; one of an earlier version has none."""
    if digest is not None:
        zeroed = bytes(data).replace(digest.encode(), b"0" * 64, 1)
        expect(hashlib.sha256(zeroed).hexdigest() == digest, f"{path} is not as it was written, by its checksum.")


def read_json(path):
    with open_ordinary(path) as file:
        data = file.read()
    value = checked(json.loads(data), path)
    check_digest(path, data, value.get("sha256"))
    return value


def read_safetensors(path):
    """A file's tensors by name, and its metadata (strings by name)."""
    with open_ordinary(path) as file:
        data = file.read()
    length = int.from_bytes(data[:8], "little")
    header = json.loads(data[8 : 8 + length])
    metadata = header.pop("__metadata__", {})
    check_digest(path, data, metadata.get("sha256"))
    tensors = {}
    for name, entry in header.items():
        begin, end = (8 + length + offset for offset in entry["data_offsets"])
        tensors[name] = np.frombuffer(data[begin:end], DTYPES[entry["dtype"]]).reshape(entry["shape"])
    return tensors, metadata


def read_events(path):
    """All events of the log; a last line without its line break was never finished and doesn't count."""
    with open_ordinary(path) as file:
        lines = file.read().split(b"\n")[:-1]
    crc = 0
    for i, line in enumerate(lines):
        sealed, mark, digits = line.partition(b',"crc32":"')
        crc = zlib.crc32(sealed, crc) if mark else zlib.crc32(line + b"\n", crc)
        if mark:
            expect(digits == b'%08x"}' % crc, f"Line {i + 1} of {path}, or one before it, was changed.")
            crc = 0
    events = [checked(json.loads(line), f"Line {i + 1} of {path}") for i, line in enumerate(lines)]
    expect([event["seq"] for event in events] == list(range(len(events))), f"{path} lacks lines.")
    return events


def what_counts(events):
    """The run's line of facts: without what a process did after the resume point from which the next one went on."""
    plan = {}
    counted = []
    for event in events:
        if event["kind"] == "run-started":
            plan = {phase["phase"]: [stage["stage"] for stage in phase["stages"]] for phase in event["plan"]["phases"]}
        if event["kind"] == "run-continued" and event["stage"] is not None:
            counted = [earlier for earlier in counted if not superseded(earlier, event, plan)]
        counted.append(event)
    return counted


def superseded(event, resumed, plan):
    if event["kind"] in ("run-started", "run-continued", "setting-changed", "warning", "paused", "resumed"):
        return False  # they happened, and are marked where they did
    if event["phase"] != resumed["phase"]:
        return event["phase"] > resumed["phase"]
    if event["kind"] == "phase-started":
        return False
    if event["stage"] is None:
        return True
    order = plan[event["phase"]]
    at, back_to = order.index(event["stage"]), order.index(resumed["stage"])
    if at != back_to:
        return at > back_to
    return event["kind"] == "stage-ended" or event["step"] > resumed["step"]


def read_phase(folder, phase):
    """What a phase stored before the log said that it was evaluated."""
    at = os.path.join(folder, f"phase-{phase:02d}")
    evaluation = read_json(os.path.join(at, "evaluation.json"))
    exemplars, _ = read_safetensors(os.path.join(at, "exemplars.safetensors"))
    model, _ = read_safetensors(os.path.join(at, "model.safetensors"))
    confusion = {name: np.array(matrix) for name, matrix in evaluation["confusion"].items()}
    # The accuracies follow from the confusion matrix: rows are true classes.
    for name, matrix in confusion.items():
        accuracy = evaluation["metrics"][name]["accuracy"]
        expect(np.isclose(np.trace(matrix) / matrix.sum(), accuracy), f"{at}: the confusion matrix by {name} is not of its accuracy.")
    return {
        "phase": phase,
        "classes": len(evaluation["classes"]),
        "softmax": evaluation["metrics"]["softmax"]["accuracy"],
        "nearestMean": evaluation["metrics"]["nearestMean"]["accuracy"],
        "exemplars": int(exemplars["classes"].size),
        "meanChange": float(np.abs(exemplars["after"] - exemplars["before"]).mean(dtype=np.float64)),
        "weights": int(sum(tensor.size for tensor in model.values())),
    }


def events_at_resume_point(folder):
    """How many events the log had when the newest resume point was made; 0 where it doesn't say so, or is damaged itself."""
    try:
        _, metadata = read_safetensors(os.path.join(folder, "state.safetensors"))
        return json.loads(metadata["details"]).get("events", 0)
    except (Damaged, OSError, ValueError, KeyError, AttributeError):
        return 0


def read_run(folder):
    run = read_json(os.path.join(folder, "run.json"))
    events = read_events(os.path.join(folder, "events.jsonl"))
    expect(not events or events[0]["runId"] == run["id"], f"{folder} has the log of another run.")
    ended = run["status"] == "running" or (events and events[-1]["kind"] == "run-ended")
    expect(ended, f"{folder} has a log that lacks its last lines: the run is {run['status']}.")
    expect(len(events) >= events_at_resume_point(folder), f"{folder} has a log that lacks its last lines: the resume point had more.")
    counted = what_counts(events)
    evaluated = {event["phase"]: event["metrics"] for event in counted if event["kind"] == "evaluated"}
    seconds = [event["seconds"] for event in counted if event["kind"] == "stage-ended"]
    phases = [read_phase(folder, number) for number in sorted(evaluated)]
    for phase in phases:
        for classifier in ("softmax", "nearestMean"):
            told = evaluated[phase["phase"]][classifier]["accuracy"]
            expect(told == phase[classifier], f"Phase {phase['phase']} of {folder}: evaluation.json and events.jsonl disagree.")
    return {
        "id": run["id"],
        "status": run["status"],
        "host": run["config"]["host"],
        "exemplarMethod": run["config"]["exemplarMethod"],
        "events": len(events),
        "eventsThatCount": len(counted),
        "seconds": sum(seconds),
        "phases": phases,
    }


def main(arguments):
    names = [argument for argument in arguments if argument != "--json"]
    if len(names) != 1:
        raise SystemExit(__doc__)
    try:
        result = read_run(names[0])
    except Damaged as problem:
        raise SystemExit(str(problem)) from None
    except (OSError, ValueError, KeyError, TypeError, IndexError) as problem:
        raise SystemExit(f"{names[0]} is damaged: {type(problem).__name__}: {problem}") from None
    if "--json" in arguments:
        print(json.dumps(result))
        return
    print(f"{result['id']}: {result['host']} with {result['exemplarMethod']}, {result['status']}, {result['seconds']:.1f} s at work")
    print("phase  classes  softmax  nearest mean  exemplars  mean change")
    for phase in result["phases"]:
        print(
            f"{phase['phase']:5d}  {phase['classes']:7d}  {100 * phase['softmax']:5.1f} %  {100 * phase['nearestMean']:10.1f} %"
            f"  {phase['exemplars']:9d}  {phase['meanChange']:11.4f}"
        )


if __name__ == "__main__":
    main(sys.argv[1:])
