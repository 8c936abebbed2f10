#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-only
"""Holds what the kernel tells of its policy against what it was told.

zpfdump.py watch NLMON FILE COMMAND...
    runs COMMAND and writes the messages that made a policy, as the netlink
    monitor NLMON of this namespace saw them, to FILE
zpfdump.py compare FILE
    the policy that runs, dumped, against FILE: a line a difference
zpfdump.py again
    sends what was dumped again, as a transaction, and compares

Both sides are put into one form: what a client may leave to a default is filled
in, messages that continue an object are joined, and attributes lose their order
where the contract gives them none. Exit status: 0 equal, 1 different.
"""
import pickle
import socket
import struct
import subprocess
import sys

from zpfnl import (C, COMMANDS, Msg, NLM_F_REQUEST, NETLINK_GENERIC, Nl, commit, decode)

ADDS = ("OPTIONS_SET", "SET_ADD", "TABLE_ADD", "RULE_ADD", "ZONE_ADD", "PAIR_ADD", "CHAIN_ADD")
GETS = ("OPTIONS_GET", "SET_GET", "TABLE_GET", "RULE_GET", "ZONE_GET", "PAIR_GET", "CHAIN_GET")
# What only a dump tells.
TOLD = ("GENERATION", "ENGINE", "INDEX_BYTES", "PROBES", "IFACE")


def watch(nlmon, path, command):
    tap = socket.socket(socket.AF_PACKET, socket.SOCK_RAW, socket.htons(3))
    tap.setsockopt(socket.SOL_SOCKET, 33, 256 << 20)        # SO_RCVBUFFORCE
    tap.bind((nlmon, 0))
    family = Nl().family
    status = subprocess.call(command)
    numbers = {C["ZPF_CMD_" + name]: name for name in ADDS}
    out = []
    while True:
        try:
            data, address = tap.recvfrom(4 << 20, socket.MSG_DONTWAIT)
        except BlockingIOError:
            break
        if address[1] != NETLINK_GENERIC:
            continue
        while len(data) >= 16:
            size, kind, flags = struct.unpack_from("=IHH", data)
            body = data[16:size]
            if kind == family and flags & NLM_F_REQUEST and body[0] in numbers:
                name = numbers[body[0]]
                out.append((name, decode(COMMANDS[name], body[4:])))
            data = data[size + (-size & 3):]
    with open(path, "wb") as f:
        pickle.dump(out, f)
    return status


def log(nest):
    nest = dict(nest)
    if "GROUP" in nest:
        if not nest.get("QTHRESHOLD", 1):
            del nest["QTHRESHOLD"]
    else:
        nest.setdefault("LEVEL", 4)
    return nest


def options(o):
    o.setdefault("FLAGS", 0)
    o.setdefault("LOG_INTERVAL_NS", 600_000_000)
    o.setdefault("LOG_BURST", 20)
    if o["FLAGS"] & C["ZPF_OPTION_LOG_UNLIMITED"]:
        del o["LOG_INTERVAL_NS"]        # there is no bucket
    states = o.setdefault("STATE_POLICY", [])
    for s in states:
        if "LOG" in s:
            s["LOG"] = log(s["LOG"])
    states.sort(key=lambda s: s["STATE"])


def rule(r):
    if "LOG" in r:
        r["LOG"] = log(r["LOG"])
    if "LIMIT_INTERVAL_NS" in r:
        r.setdefault("LIMIT_BURST", 5)
    for name in ("NUM", "CHANGE"):
        if name in r:
            r[name].sort(key=lambda n: n["WHAT"])


def zone(z):
    z.setdefault("FLAGS", 0)
    z.setdefault("DEFAULT_ACTION", C["ZPF_ACTION_DROP"])
    if z.get("INTRA_ACTION") == C["ZPF_ACTION_ACCEPT"]:
        del z["INTRA_ACTION"]


def join(objects):
    """Messages of one ID that follow one another are one object."""
    out = []
    for o in objects:
        if out and out[-1]["ID"] == o["ID"]:
            for name, value in o.items():
                if name != "ID":
                    out[-1][name] = out[-1][name] + value if name in out[-1] else value
        else:
            out.append(o)
    return out


def normal(kind, objects):
    """The objects of one kind, in the one form."""
    objects = [{n: v for n, v in o.items() if n not in TOLD} for o in objects]
    if kind in ("SET", "ZONE"):
        objects = join(objects)
    if kind == "ZONE":
        objects = [o for o in objects if o["ID"]]
    for o in objects:
        {"OPTIONS": options, "RULE": rule, "ZONE": zone}.get(kind, lambda _: None)(o)
    if kind in ("PAIR", "CHAIN"):
        objects.sort(key=lambda o: sorted(o.items()))
    return objects


def sent(path):
    with open(path, "rb") as f:
        messages = pickle.load(f)
    return {COMMANDS[add]: normal(COMMANDS[add], [o for name, o in messages if name == add])
            for add in ADDS}


def dumped(nl):
    return {COMMANDS[get]: normal(COMMANDS[get], nl.dump(get)) for get in GETS}


def compare(want, got):
    bad = 0
    for kind, objects in want.items():
        if len(objects) != len(got[kind]):
            print(f"{kind}: {len(objects)} sent, {len(got[kind])} dumped")
            bad = 1
        for i, (a, b) in enumerate(zip(objects, got[kind])):
            if a != b:
                print(f"{kind} {i}: sent {a}, dumped {b}")
                bad = 1
    print(" ".join(f"{len(objects)} {kind.lower()}" for kind, objects in want.items()))
    print("attributes", " ".join(sorted({f"{kind}.{name}" for kind, objects in want.items()
                                         for o in objects for name in o})))
    return bad


def plain(value):
    """A decoded object as zpfnl encodes it."""
    out = []
    for name, v in value.items():
        for one in v if isinstance(v, list) else [v]:
            out.append((name, plain(one) if isinstance(one, dict) else one))
    return out


def pieces(s):
    """A set as the messages it takes: an attribute has 16 bits of length."""
    at, elems = 32000, s.get("ELEMS", b"")
    yield {**s, "ELEMS": elems[:at]} if elems else s
    while at < len(elems):
        yield {"ID": s["ID"], "ELEMS": elems[at:at + 32000]}
        at += 32000


def again(nl):
    policy = dumped(nl)
    source = b"".join(o["TEXT"] for o in nl.dump("SOURCE_GET"))
    rules = {}
    for r in policy["RULE"]:
        rules.setdefault(r["TABLE"], []).append(r)
    messages = [("OPTIONS_SET", o) for o in policy["OPTIONS"]]
    messages += [("SET_ADD", o) for s in policy["SET"] for o in pieces(s)]
    for t in policy["TABLE"]:
        messages.append(("TABLE_ADD", t))
        messages += [("RULE_ADD", r) for r in rules.get(t["ID"], [])]
    for kind in ("ZONE", "PAIR", "CHAIN"):
        messages += [(kind + "_ADD", o) for o in policy[kind]]
    msgs = [Msg(cmd, plain(o)) for cmd, o in messages]
    msgs += [Msg("SOURCE_ADD", TEXT=source[i:i + 16384]) for i in range(0, len(source), 16384)]
    begin = Msg("TXN_BEGIN", SETS=len(policy["SET"]), TABLES=len(policy["TABLE"]),
                ZONES=len(policy["ZONE"]), SOURCE_BYTES=len(source))
    count = len(msgs)
    msgs = [begin, *msgs]
    for msg in msgs:                    # all of them are more than a datagram
        for _, refused in nl.batch([msg]):
            raise refused
    commit(nl, [Msg("TXN_COMMIT", MESSAGES=count)])
    return compare(policy, dumped(nl))


def main():
    if sys.argv[1:2] == ["watch"] and len(sys.argv) > 4:
        return watch(sys.argv[2], sys.argv[3], sys.argv[4:])
    if sys.argv[1:2] == ["compare"] and len(sys.argv) == 3:
        return compare(sent(sys.argv[2]), dumped(Nl()))
    if sys.argv[1:] == ["again"]:
        return again(Nl())
    print(__doc__, file=sys.stderr)
    return 2


if __name__ == "__main__":
    sys.exit(main())
