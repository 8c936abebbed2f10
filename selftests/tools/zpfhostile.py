#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-only
"""Hostile netlink messages against the zpf family, as KTAP.

A valid policy is sent with one thing wrong in it; the kernel has to refuse it
with an extended ack that names the attribute or says why, discard the
transaction and leave the running policy alone.

  zpfhostile.py cases LAN WAN        hand-written and generated cases
  zpfhostile.py flips LAN WAN SEED N random bit flips and truncations
  zpfhostile.py ops LAN WAN          commands with what they do not take
  zpfhostile.py nomem LAN WAN arm|commit   the n-th allocation fails
"""
import errno
import os
import random
import socket
import struct
import sys
import threading

from zpfnl import (ACTION_ACCEPT, ACTION_CONTINUE, ACTION_DROP, ACTION_REJECT, ACTION_RETURN, C,
                   COMMANDS, DUMPS, NLA_F_NESTED, SPACES, Msg, Nl, NlError, Raw, attr_number,
                   commit, nla, policy, ports, range4, range6)

DEL = object()
MANDATORY = {
    "SET": {"ID", "KIND", "COUNT"}, "TABLE": {"ID", "FAMILY", "NAME", "RULES", "ROWS"},
    "RULE": {"TABLE", "ROW", "NUMBER", "ACTION"}, "ZONE": {"ID", "NAME"},
    "MEMBER": {"NAME"}, "PAIR": {"FROM", "TO", "FAMILY", "TABLE"},
    "TXN": {"MESSAGES"}, "CHAIN": {"HOOK", "FAMILY", "TABLE"}, "SOURCE": {"TEXT"}, "STATE_POLICY": {"STATE", "ACTION"},
}
WIDTH = {"u8": 1, "u16": 2, "u32": 4, "u64": 8}
TORN = ("of a torn attribute", "of three bytes")     # the kernel core names nothing
STRING_CAP = {("TABLE", "NAME"): 96, ("RULE", "RULESET"): 96, ("ZONE", "NAME"): 48,
              ("MEMBER", "NAME"): 15, ("SET", "IFNAME"): 15}


class Draft:
    """The valid policy as a list that the cases spoil."""
    def __init__(self, base):
        self.items = list(base)

    def index(self, label):
        return next(i for i, (l, _) in enumerate(self.items) if l == label)

    def own(self, index):
        """The message at an index, for changes."""
        label, m = self.items[index]
        m = m.copy()
        self.items[index] = (label, m)
        return m

    def set(self, label, **kw):
        """Replaces attributes of a message, appends new ones, DEL removes."""
        m = self.own(self.index(label))
        for name, value in kw.items():
            at = [i for i, (n, _) in enumerate(m.attrs) if n == name]
            if value is DEL:
                m.attrs = [a for a in m.attrs if a[0] != name]
            elif at:
                m.attrs[at[0]] = (name, value)
            else:
                m.attrs.append((name, value))
        return self

    def add(self, label, *attrs):
        self.own(self.index(label)).attrs += attrs
        return self

    def drop(self, *labels):
        for label in labels:
            del self.items[self.index(label)]
        return self

    def after(self, label, msg, name="new"):
        self.items.insert(self.index(label) + 1, (name, msg))
        return self

    def move(self, label, behind):
        item = self.items.pop(self.index(label))
        self.items.insert(self.index(behind) + 1, item)
        return self


class Corpus:
    def __init__(self, lan, wan):
        self.nl = Nl()
        self.base = [(label, m.freeze()) for label, m in policy(lan, wan)]
        self.commit_good()
        self.number = self.failed = 0

    def commit_good(self):
        self.generation = commit(self.nl, [m for _, m in self.base])["GENERATION"]

    def line(self, text, why):
        self.number += 1
        self.failed += bool(why)
        print(f"{'not ok' if why else 'ok'} {self.number} {text}" + (f" # {why}" if why else ""))

    def send(self, msgs):
        """(first error with its index or None, what is wrong with the rest)."""
        answers = self.nl.batch([Msg("TXN_ABORT")] + msgs + [Msg("STATUS_GET")])
        if not answers or answers[-1][0] != len(msgs) + 1:
            return None, "the kernel stopped answering"
        generation = answers[-1][1].get("GENERATION", 0)
        errors = [(i - 1, v) for i, v in answers if i and isinstance(v, NlError)]
        why = "" if generation == self.generation else "the generation changed"
        if not errors:
            why = "accepted" if generation == self.generation + 1 else "no error, no commit"
        elif not why and errors[-1][0] != len(msgs) - 1:
            why = "the commit was not refused"
        self.generation = generation
        return errors[0] if errors else None, why

    def judge(self, draft, where=None, names=None, codes=None):
        """What is wrong with the kernel's answer to a spoilt policy, or ''."""
        labels = [l for l, _ in draft.items]
        msgs = [m for _, m in draft.items]
        if msgs[-1].bytes is not None:
            msgs[-1] = Msg("TXN_COMMIT", MESSAGES=len(msgs) - 2)
        error, why = self.send(msgs)
        if error is None:
            return why
        index, e = error
        if why:
            return f"{why} ({labels[index]}: {e})"
        if where and labels[index] not in where:
            return f"refused at {labels[index]}: {e}"
        if codes and e.code not in codes:
            return f"wrong errno: {e}"
        if not e.text and e.miss is None:
            return f"no reason given: {e}"
        if names and not any(n in f"{e.attr} {e.miss}".replace(".", " ").split() for n in names):
            return f"names another attribute: {e}"
        return ""

    def case(self, text, spoil, where=None, names=None, codes=None):
        draft = Draft(self.base)
        spoil(draft)
        where = [where] if isinstance(where, str) else where
        names = names.split() if names else None
        self.line(text, self.judge(draft, where, names, codes))

    # -- generated: every attribute of every message ----------------------

    def shapes(self, space, name, value):
        """Payloads of the wrong shape for an attribute: (what, value)."""
        kind = SPACES[space][name].lstrip("*")
        if kind in WIDTH:
            good = value.to_bytes(WIDTH[kind], sys.byteorder)
            yield "empty", Raw()
            yield "short", Raw(good[:-1])
            yield "long", Raw(good + b"\0")
            yield "marked as a nest", Raw(good, NLA_F_NESTED)
        elif kind == "str":
            good = value.encode()
            yield "without NUL", Raw(good)
            yield "of no byte", Raw()
            yield "empty", Raw(b"\0")
            if (space, name) in STRING_CAP:
                yield "too long", Raw(b"x" * (STRING_CAP[space, name] + 1) + b"\0")
            yield "far too long", Raw(b"x" * 5000 + b"\0")
        elif kind == "bin" and (space, name) != ("SOURCE", "TEXT"):
            yield "empty", Raw()
            if len(value) > 2:
                yield "short", Raw(value[:-1])
            yield "long", Raw(value + b"\0" * (1 if len(value) != 1 else 2))
            yield "marked as a nest", Raw(value, NLA_F_NESTED)
        elif kind == "flag":
            yield "with a payload", Raw(b"\1")
        elif kind.startswith("@"):
            yield "without the nest flag", Raw(nla(1, b"\1"))
            yield "of a torn attribute", Raw(b"\x40\0\x01\0", NLA_F_NESTED)
            yield "of three bytes", Raw(b"\x01\0\0", NLA_F_NESTED)
            yield "with an unknown attribute", Raw(nla(60, b"\0\0\0\0"), NLA_F_NESTED)
            deep = nla(1, b"")
            for _ in range(200):
                deep = nla(1 | NLA_F_NESTED, deep)
            yield "200 deep", Raw(deep, NLA_F_NESTED)

    def spoilt(self, space, attrs, path=()):
        """Attribute lists that differ in one attribute: (what, names, attrs);
        names: the attribute or the nest it is in."""
        for i, (name, value) in enumerate(attrs):
            full = ".".join(path + (name,))
            for what, payload in self.shapes(space, name, value):
                names = None if what in TORN else path + (name,)
                yield f"{full} {what}", names, attrs[:i] + [(name, payload)] + attrs[i + 1:]
            if name in MANDATORY.get(space, ()) and sum(n == name for n, _ in attrs) == 1:
                yield f"{full} missing", path + (name,), attrs[:i] + attrs[i + 1:]
            if isinstance(value, list):
                inner = SPACES[space][name].lstrip("*@")
                for what, names, sub in self.spoilt(inner, value, path + (name,)):
                    yield what, names, attrs[:i] + [(name, sub)] + attrs[i + 1:]
        for number in (max(attr_number(space, n) for n in SPACES[space]) + 1, 0x3fff, 0):
            yield f"attribute {number}", None, attrs + [(number, b"\0\0\0\0")]

    def generated(self):
        for index, (label, msg) in enumerate(self.base):
            bad, count = [], 0
            todo = list(self.spoilt(msg.space, msg.attrs))
            if label == "set4+":        # to append names no more than the id
                todo = [t for t in todo if not t[0].endswith("missing") or t[1] == ("ID",)]
            for what, names, attrs in todo:
                draft = Draft(self.base)
                draft.own(index).attrs = attrs
                draft.items[index + 3:] = draft.items[max(index + 3, len(self.base) - 1):]
                why = self.judge(draft, [label], names)
                count += 1
                if why:
                    bad.append(f"{what}: {why}")
            for what, field, value in (("trailing bytes", "tail", b"\1\2\3"),
                                       ("a reserved field", "reserved", 1)):
                draft = Draft(self.base)
                setattr(draft.own(index), field, value)
                error, why = self.send([m for _, m in draft.items])
                count += 1
                if error is None or error[0] != index:
                    bad.append(f"{what}: {why or error}")
            self.line(f"{label} ({msg.cmd}): {count} misshapen messages are refused by name",
                      "; ".join(bad[:6]) + (f"; {len(bad)} in all" if len(bad) > 6 else ""))

    # -- written by hand: what the shape does not show --------------------

    def written(self):
        c = self.case
        v4, v6 = 2, 10
        for attr, value in (("SETS", C["ZPF_MAX_SETS"] + 1), ("TABLES", C["ZPF_MAX_TABLES"] + 1),
                            ("ZONES", C["ZPF_MAX_ZONES"] + 1),
                            ("SOURCE_BYTES", C["ZPF_MAX_SOURCE"] + 1)):
            c(f"begin: {attr} above the cap", lambda d, a=attr, v=value: d.set("begin", **{a: v}),
              "begin", attr)
            c(f"begin: {attr} 2^32-1", lambda d, a=attr: d.set("begin", **{a: 2 ** 32 - 1}),
              "begin", attr)
        for attr in ("GENERATION", "BUILD_NS", "FLAGS", "BASE_GENERATION"):
            c(f"begin: does not take {attr}", lambda d, a=attr: d.set("begin", **{a: 1}),
              "begin", attr)
        for attr in ("SETS", "TABLES", "ZONES", "SOURCE_BYTES", "GENERATION", "FLAGS"):
            c(f"commit: does not take {attr}", lambda d, a=attr: d.set("commit", **{a: 1}),
              "commit", attr)

        c("options: unknown flag", lambda d: d.set("options", FLAGS=C["ZPF_OPTION_ALL"] + 1),
          "options", "FLAGS")
        c("options: unknown high flag", lambda d: d.set("options", FLAGS=1 << 31),
          "options", "FLAGS")
        c("options: interval 0", lambda d: d.set("options", LOG_INTERVAL_NS=0),
          "options", "LOG_INTERVAL_NS")
        c("options: interval above the cap",
          lambda d: d.set("options", LOG_INTERVAL_NS=C["ZPF_MAX_LIMIT_NS"] + 1),
          "options", "LOG_INTERVAL_NS")
        c("options: burst 0", lambda d: d.set("options", LOG_BURST=0), "options", "LOG_BURST")
        offset = struct.pack("=QQ", 9, 3600)
        for what, offsets in (
                ("an offset and a half", offset + offset[:8]), ("less than one", offset[:15]),
                ("a week", struct.pack("=QQ", 9, C["ZPF_WEEK"])),
                ("more than a week", struct.pack("=QQ", 9, 2 ** 64 - 1)),
                ("the same moment twice", offset + offset),
                ("a moment before the last", offset + struct.pack("=QQ", 8, 0)),
                ("too many", b"".join(struct.pack("=QQ", i, 0)
                                      for i in range(C["ZPF_MAX_OFFSETS"] + 1)))):
            c(f"options: offsets, {what}", lambda d, o=offsets: d.set("options", OFFSETS=o),
              "options", "OFFSETS")
        c("options: given twice", lambda d: d.after("options", Msg("OPTIONS_SET", FLAGS=0)), "new")
        state = {"STATE": C["ZPF_STATE_INVALID"], "ACTION": ACTION_DROP}
        for what, change, name in (
                ("state new", {"STATE": 1}, "STATE"), ("state 0", {"STATE": 0}, "STATE"),
                ("two states at once", {"STATE": 6}, "STATE"), ("state 16", {"STATE": 16}, "STATE"),
                ("action 0", {"ACTION": 0}, "ACTION"), ("action return", {"ACTION": 4}, "ACTION"),
                ("action 255", {"ACTION": 255}, "ACTION")):
            c(f"options: state policy, {what}",
              lambda d, x={**state, **change}: d.set("options", STATE_POLICY=list(x.items())),
              "options", name)
        c("options: a state twice",
          lambda d: d.add("options", ("STATE_POLICY", list(state.items()))), "options",
          "STATE STATE_POLICY")

        for label in ("default", "addr"):
            for what, log, names in (
                    ("level 8", [("LEVEL", 8)], "LEVEL"),
                    ("level with group", [("LEVEL", 4), ("GROUP", 1)], "LEVEL GROUP"),
                    ("snapshot without group", [("SNAPLEN", 64)], "SNAPLEN GROUP"),
                    ("threshold without group", [("QTHRESHOLD", 1)], "QTHRESHOLD GROUP"),
                    ("snapshot above 9000", [("GROUP", 1), ("SNAPLEN", 9001)], "SNAPLEN")):
                c(f"log of {label}: {what}", lambda d, l=label, x=log: d.set(l, LOG=x),
                  label, names)

        self.written_sets(c)
        self.written_tables(c)
        self.written_rules(c)
        self.written_zones(c, v4, v6)

    def written_sets(self, c):
        c("set: id out of order", lambda d: d.set("set4", ID=1), "set4", "ID")
        c("set: id 2^32-1", lambda d: d.set("set4", ID=2 ** 32 - 1), "set4", "ID")
        c("set: one more than begun", lambda d: d.after(
            "setz", Msg("SET_ADD", ID=6, KIND=1, COUNT=0)), "new")
        c("set: append to an older one", lambda d: d.move("set4+", "set6"), "set4+", "ID")
        for kind in (0, C["__ZPF_SET_MAX"], 255):
            c(f"set: kind {kind}", lambda d, k=kind: d.set("set4", KIND=k), "set4", "KIND")
        c("set: count above the cap",
          lambda d: d.set("set4", COUNT=C["ZPF_MAX_SET_ELEMS"] + 1), "set4", "COUNT")
        c("set: more elements than counted", lambda d: d.set("set4", COUNT=1), "set4")
        c("set: more elements than counted, by a later message",
          lambda d: d.set("set4", COUNT=2), "set4+")
        c("set: fewer elements than counted", lambda d: d.set("set4", COUNT=4),
          ["set6", "table4", "commit"])
        c("set: kind again", lambda d: d.set("set4+", KIND=1), "set4+", "KIND")
        c("set: count again", lambda d: d.set("set4+", COUNT=3), "set4+", "COUNT")
        a, b = range4("10.0.0.0/24"), range4("10.0.2.0/24")
        for what, elems in (
                ("unsorted", b + a), ("twice the same", a + a),
                ("overlapping", range4("10.0.0.0/22") + b),
                ("touching", a + range4("10.0.1.0/24")),
                ("upside down", struct.pack("=IIII", 10, 9, 20, 30)),
                ("behind the last address", range4("0.0.0.0/0") + a),
                ("wrapping", struct.pack("=IIII", 5, 2 ** 32 - 1, 0, 3))):
            c(f"set of v4: {what}", lambda d, e=elems: d.set("set4", ELEMS=e), "set4", "ELEMS")
        for what, elems in (("overlapping", range4("10.0.2.128", "10.0.3.0")),
                            ("touching", range4("10.0.3.0/24")), ("before", range4("10.0.1.0"))):
            c(f"set of v4: {what} over two messages",
              lambda d, e=elems: d.set("set4+", ELEMS=e), "set4+", "ELEMS")
        x, y = range6("fd00::/64"), range6("fd00:0:0:2::/64")
        for what, elems in (
                ("unsorted", y + x), ("overlapping", x + range6("fd00::ffff:ffff", "fd00:1::")),
                ("touching over the 64-bit border", x + range6("fd00:0:0:1::/64")),
                ("upside down in the low half", struct.pack("=QQQQ", 1, 9, 1, 8) + y),
                ("upside down in the high half", struct.pack("=QQQQ", 2, 0, 1, 9) + y),
                ("behind the last address", range6("::/0") + x)):
            c(f"set of v6: {what}", lambda d, e=elems: d.set("set6", ELEMS=e), "set6", "ELEMS")
        for what, elems in (
                ("unsorted", ports(443) + ports(80)), ("touching", ports(80) + ports(81)),
                ("overlapping", ports(80, 90) + ports(85, 99)),
                ("upside down", ports(443, 80) + ports(500)),
                ("wrapping", ports(1, 65535) + ports(0))):
            c(f"set of ports: {what}", lambda d, e=elems: d.set("setp", ELEMS=e), "setp", "ELEMS")
        c("set of interfaces: elements", lambda d: d.set("seti", ELEMS=ports(80)), "seti", "ELEMS")
        c("set of v4: interface name", lambda d: d.set("set4", IFNAME="eth0"), "set4", "IFNAME")
        for name in ("a*b", "**", "a b", "a/b", "eth0\n"):
            c(f"set of interfaces: name {name!r}",
              lambda d, n=name: d.set("seti", IFNAME=n), "seti", "IFNAME")
        c("set of interfaces: too many", lambda d: d.drop("seti").after("setp", Msg(
            "SET_ADD", [("ID", 3), ("KIND", 4), ("COUNT", 1025)] +
            [("IFNAME", f"if{i}") for i in range(1025)]), "seti"), "seti")

    def written_tables(self, c):
        c("table: id out of order", lambda d: d.set("table4", ID=1), "table4", "ID")
        c("table: one more than begun", lambda d: d.after("defaultl", Msg(
            "TABLE_ADD", ID=4, FAMILY=2, NAME="X", RULES=1, ROWS=1)), "new")
        for family in (0, 1, 3, 7, 255):
            c(f"table: family {family}", lambda d, f=family: d.set("table4", FAMILY=f),
              "table4", "FAMILY")
        c("table: no rule", lambda d: d.set("table4", RULES=0), "table4", "RULES")
        c("table: rules above the cap",
          lambda d: d.set("table4", RULES=C["ZPF_MAX_TABLE_RULES"] + 1), "table4", "RULES")
        c("table: no row", lambda d: d.set("table4", ROWS=0), "table4", "ROWS")
        c("table: more rows than rules", lambda d: d.set("table4", ROWS=9), "table4", "ROWS")
        c("table: not filled when the next begins", lambda d: d.drop("default"),
          ["table6", "commit"])
        c("table: not filled when a zone comes", lambda d: d.drop("defaultl"),
          ["zone1", "commit"])
        c("table: not filled at the commit", lambda d: d.drop(
            "defaultl", "zone1", "zone2", "zone3", "pair4", "pair6", "pairl", "chain", "source",
            "source+"), "commit")
        c("table: a rule too many", lambda d: d.after("default", Msg(
            "RULE_ADD", TABLE=0, ROW=0, NUMBER=60, MEANING=1, ACTION=2)), "new")
        c("rule before any table", lambda d: d.move("udp6", "setz"), "udp6")
        c("table: more rows than announced", lambda d: d.set("table4", ROWS=7), "default")
        c("table: fewer rows than announced", lambda d: d.set("table6", ROWS=2, RULES=2).drop(
            "icmp6").set("udp6", ROW=0, NUMBER=0, PROTO=DEL, DADDR_SET=DEL, DPORT_SET=DEL, NOT=DEL,
                         ACTION=2, MEANING=3).set("default6", ROW=0), ["default6", "udp6", "commit"])
        c("table: without its default", lambda d: d.set("default", NUMBER=60))
        c("table: with another ruleset's default alone",
          lambda d: d.set("default", RULESET="SUC"))
        c("table: a walk that ends by no match",
          lambda d: d.set("default", NUMBER=60, PROTO=b"\x06"))

    def written_rules(self, c):
        c("rule: of another table", lambda d: d.set("udp", TABLE=1), "udp", "TABLE")
        c("rule: of no table", lambda d: d.set("udp", TABLE=2 ** 32 - 1), "udp", "TABLE")
        c("rule: row left out", lambda d: d.set("udp", ROW=4), "udp", "ROW")
        c("rule: row 2^32-1", lambda d: d.set("udp", ROW=2 ** 32 - 1), "udp", "ROW")
        c("rule: copy with another number", lambda d: d.set("udp", ROW=0), "udp",
          "ROW NUMBER MEANING ACTION RULESET")
        copy = {"ROW": 1, "NUMBER": 5, "RULESET": "SUB", "MEANING": 2}
        for what, change in (("number", {"NUMBER": 6}), ("ruleset", {"RULESET": "SUC"}),
                             ("meaning", {"MEANING": 3}), ("action", {"ACTION": ACTION_DROP})):
            c(f"rule: copy with another {what} than the row",
              lambda d, x={**copy, **change}: d.set("udp", **x), "udp",
              "ROW NUMBER MEANING ACTION RULESET")
        c("rule: number above the cap", lambda d: d.set("udp", NUMBER=1000000), "udp", "NUMBER")
        c("rule: default with a match", lambda d: d.set("default", PROTO=b"\x06"), "default",
          "PROTO NUMBER ACTION")
        c("rule: default with a state", lambda d: d.set("default", STATE=1), "default",
          "STATE NUMBER ACTION")
        for action in (0, C["ZPF_ACTION_MAX"] + 1, 255):
            c(f"rule: action {action}", lambda d, a=action: d.set("udp", ACTION=a), "udp",
              "ACTION")
        c("rule: accept with HIT", lambda d: d.set("udp", HIT=4), "udp", "HIT")
        c("rule: drop with HIT", lambda d: d.set("udp", ACTION=ACTION_DROP, HIT=4), "udp", "HIT")
        c("rule: MISS to the end", lambda d: d.set("udp", MISS=8), "udp", "MISS")
        for what, to in (("itself", 3), ("back", 2), ("0", 0), ("beyond the end", 9),
                         ("2^32-1", 2 ** 32 - 1), ("2^31", 2 ** 31)):
            c(f"rule: MISS to {what}", lambda d, t=to: d.set("udp", MISS=t), "udp", "MISS")
            c(f"rule: HIT to {what}", lambda d, t=to: d.set(
                "udp", ACTION=ACTION_CONTINUE, HIT=t), "udp", "HIT")
        c("rule: no state", lambda d: d.set("sub", STATE=0), "sub", "STATE")
        c("rule: unknown state", lambda d: d.set("sub", STATE=0x11), "sub", "STATE")
        c("rule: three protocols", lambda d: d.set("udp", PROTO=b"\x06\x11\x01"), "udp", "PROTO")
        c("rule: extension header and protocol",
          lambda d: d.set("icmp6", PROTO=b"\x00\x06", ICMP_TYPE=DEL), "icmp6", "PROTO")
        c("rule: two extension headers",
          lambda d: d.set("icmp6", PROTO=b"\x2b\x2c", ICMP_TYPE=DEL), "icmp6", "PROTO")
        up = struct.pack("=II", 9, 8)
        c("rule: source upside down", lambda d: d.set("addr", SADDR=up), "addr", "SADDR")
        c("rule: destination upside down", lambda d: d.set("addr", DADDR=up), "addr", "DADDR")
        c("rule: v6 source upside down", lambda d: d.set(
            "icmp6", SADDR=struct.pack("=QQQQ", 1, 2, 1, 1)), "icmp6", "SADDR")
        c("rule: v6 address in a v4 table", lambda d: d.set("addr", SADDR=range6("fd00::1")),
          "addr", "SADDR")
        c("rule: v4 address in a v6 table", lambda d: d.set("icmp6", SADDR=range4("10.0.0.1")),
          "icmp6", "SADDR")
        c("rule: source twice", lambda d: d.set("addr", SADDR_SET=0), "addr", "SADDR SADDR_SET")
        c("rule: destination twice", lambda d: d.set("addr", DADDR_SET=0), "addr",
          "DADDR DADDR_SET")
        c("rule: v6 set in a v4 table", lambda d: d.set("udp", DADDR_SET=1), "udp", "DADDR_SET")
        c("rule: v4 set in a v6 table", lambda d: d.set("udp6", DADDR_SET=0), "udp6", "DADDR_SET")
        c("rule: port set as addresses", lambda d: d.set("udp", DADDR_SET=2), "udp", "DADDR_SET")
        c("rule: interface set as addresses", lambda d: d.set("udp", DADDR_SET=3), "udp",
          "DADDR_SET")
        c("rule: address set as ports", lambda d: d.set("udp", DPORT_SET=0), "udp", "DPORT_SET")
        c("rule: address set as interfaces", lambda d: d.set("addr", IN_SET=0), "addr", "IN_SET")
        for attr, label in (("SADDR_SET", "cont"), ("DADDR_SET", "udp"), ("DPORT_SET", "udp"),
                            ("SPORT_SET", "udp6"), ("IN_SET", "addr"), ("OUT_SET", "rulef")):
            for to in (6, 2 ** 32 - 1):
                c(f"rule: {attr} {to} does not exist",
                  lambda d, l=label, a=attr, t=to: d.set(l, **{a: t}), label, attr)
        c("rule: ports upside down", lambda d: d.set("sub", DPORT=ports(23, 22)), "sub", "DPORT")
        c("rule: destination port twice", lambda d: d.set("udp", DPORT=ports(22)), "udp",
          "DPORT DPORT_SET")
        c("rule: source port twice", lambda d: d.set("cont", SPORT_SET=2), "cont",
          "SPORT SPORT_SET")
        for what, proto in (("no protocol", DEL), ("icmp", b"\x01"), ("tcp or icmp", b"\x06\x01")):
            c(f"rule: port with {what}", lambda d, p=proto: d.set("cont", PROTO=p), "cont",
              "SPORT PROTO")
            c(f"rule: port set with {what}", lambda d, p=proto: d.set("udp", PROTO=p), "udp",
              "DPORT_SET PROTO")
        c("rule: port with an inverted protocol",
          lambda d: d.set("cont", NOT=C["ZPF_NOT_PROTO"]), "cont", "SPORT PROTO NOT")
        for what, proto in (("no protocol", DEL), ("icmpv6", b"\x3a"), ("icmp or tcp", b"\x01\x06"),
                            ("tcp", b"\x06")):
            c(f"rule: icmp type with {what}", lambda d, p=proto: d.set("icmp", PROTO=p), "icmp",
              "ICMP_TYPE ICMP_CODE PROTO")
        c("rule: icmp type in a v6 table with icmp", lambda d: d.set("icmp6", PROTO=b"\x01"),
          "icmp6", "ICMP_TYPE PROTO")
        c("rule: icmp type with an inverted protocol",
          lambda d: d.set("icmp", NOT=C["ZPF_NOT_PROTO"]), "icmp", "ICMP_TYPE ICMP_CODE PROTO NOT")
        c("rule: icmp code without type", lambda d: d.set("icmp", ICMP_TYPE=DEL), "icmp",
          "ICMP_CODE ICMP_TYPE")
        for what, proto in (("no protocol", DEL), ("udp", b"\x11"), ("tcp or udp", b"\x06\x11")):
            c(f"rule: tcp flags with {what}", lambda d, p=proto: d.set(
                "sub", PROTO=p, DPORT=DEL), "sub", "TCP_FLAGS PROTO")
        c("rule: unknown inversion", lambda d: d.set("udp", NOT=0x80 | C["ZPF_NOT_DADDR"]), "udp",
          "NOT")
        for bit in ("SADDR", "SPORT", "IN", "OUT"):
            c(f"rule: inversion of {bit} that is not asked for",
              lambda d, b=bit: d.set("udp", NOT=C["ZPF_NOT_" + b]), "udp", "NOT")
        c("rule: limit of 0", lambda d: d.set("icmp", LIMIT_INTERVAL_NS=0), "icmp",
          "LIMIT_INTERVAL_NS")
        c("rule: limit above the cap", lambda d: d.set(
            "icmp", LIMIT_INTERVAL_NS=C["ZPF_MAX_LIMIT_NS"] + 1), "icmp", "LIMIT_INTERVAL_NS")
        c("rule: burst 0", lambda d: d.set("icmp", LIMIT_BURST=0), "icmp", "LIMIT_BURST")
        c("rule: burst without limit", lambda d: d.set("icmp", LIMIT_INTERVAL_NS=DEL), "icmp",
          "LIMIT_BURST LIMIT_INTERVAL_NS")

    def written_zones(self, c, v4, v6):
        for to in (0, 2, 4, 257, 2 ** 32 - 1):
            c(f"zone: id {to} out of order", lambda d, t=to: d.set("zone1", ID=t), "zone1", "ID")
        c("zone: one more than begun", lambda d: d.after("zone3", Msg(
            "ZONE_ADD", ID=4, NAME="X", MEMBER=[("NAME", "x0")])), "new")
        c("zone: fewer than begun", lambda d: d.drop("zone3", "pairl"), "commit")
        c("zone: name twice", lambda d: d.set("zone2", NAME="A"), "zone2", "NAME")
        c("zone: unknown flag", lambda d: d.set("zone1", FLAGS=4), "zone1", "FLAGS")
        for action in (0, ACTION_ACCEPT, ACTION_RETURN, 255):
            c(f"zone: default action {action}",
              lambda d, a=action: d.set("zone1", DEFAULT_ACTION=a), "zone1", "DEFAULT_ACTION")
        for action in (0, ACTION_REJECT, 255):
            c(f"zone: intra action {action}",
              lambda d, a=action: d.set("zone1", INTRA_ACTION=a), "zone1", "INTRA_ACTION")
        for attr, wrong in (("DEFAULT_TABLE4", 1), ("DEFAULT_TABLE6", 0), ("INTRA_TABLE4", 1),
                            ("INTRA_TABLE6", 0)):
            c(f"zone: {attr} of the other family",
              lambda d, a=attr, w=wrong: d.set("zone1", **{a: w}), "zone1", attr)
            c(f"zone: {attr} does not exist", lambda d, a=attr: d.set("zone1", **{a: 4}),
              "zone1", attr)
        c("zone: local with a member", lambda d: d.add("zone3", ("MEMBER", [("NAME", "x0")])),
          "zone3", "MEMBER FLAGS")
        c("zone: two local", lambda d: d.set("zone2", FLAGS=1, INTRA_TABLE4=DEL, MEMBER=DEL),
          "zone3", "FLAGS")
        for name in ("a*b", "**", "a b", "a/b"):
            c(f"zone: member {name!r}", lambda d, n=name: d.set("zone1", MEMBER=[("NAME", n)]),
              "zone1", "NAME MEMBER")
        c("zone: member twice", lambda d: d.add("zone1", d.items[d.index("zone1")][1].attrs[3]),
          "zone1", "NAME MEMBER")
        c("zone: member of two zones",
          lambda d: d.set("zone2", MEMBER=[a for a in self.base[
              d.index("zone1")][1].attrs if a[0] == "MEMBER"][0][1]), "zone2", "NAME MEMBER")
        c("zone: too many members", lambda d: d.add(
            "zone1", *[("MEMBER", [("NAME", f"if{i}")]) for i in range(1024)]), "zone1")
        c("zone: does not take IFACE", lambda d: d.add("zone1", ("IFACE", [("INDEX", 1)])),
          "zone1", "IFACE")
        for side, other in (("FROM", 2), ("TO", 1)):
            for to in (0, other, 4, 2 ** 32 - 1):
                c(f"pair: {side} {to}", lambda d, s=side, t=to: d.set("pair4", **{s: t}),
                  "pair4", "FROM TO")
        for label in ("pair4", "chain"):
            for family in (0, 7, 255):
                c(f"{label}: family {family}", lambda d, l=label, f=family: d.set(l, FAMILY=f),
                  label, "FAMILY")
            c(f"{label}: table of the other family", lambda d, l=label: d.set(l, FAMILY=v6),
              label, "TABLE FAMILY")
            for to in (4, 2 ** 32 - 1):
                c(f"{label}: table {to} does not exist", lambda d, l=label, t=to: d.set(
                    l, TABLE=t), label, "TABLE")
        c("pair: twice", lambda d: d.after("pair4", Msg(
            "PAIR_ADD", FROM=1, TO=2, FAMILY=v4, TABLE=0)), "new")
        c("pair: before its zones", lambda d: d.move("pair4", "zone1"), "pair4")
        for hook in (0, 4, 255):
            c(f"chain: hook {hook}", lambda d, h=hook: d.set("chain", HOOK=h), "chain", "HOOK")
        c("chain: twice", lambda d: d.after("chain", Msg(
            "CHAIN_ADD", HOOK=2, FAMILY=v4, TABLE=2)), "new")
        c("source: longer than announced", lambda d: d.set("source+", TEXT=b"x" * 100),
          "source+", "TEXT")
        c("source: shorter than announced", lambda d: d.drop("source+"), "commit")
        c("source: a chunk above the cap", lambda d: d.set(
            "begin", SOURCE_BYTES=100000).set("source", TEXT=b"x" * 32769), "source", "TEXT")
        c("commit: fewer tables than begun",
          lambda d: d.drop("tablel", "defaultl", "pairl"), ["zone1", "commit"])
        c("commit: fewer sets than begun", lambda d: d.drop("setz"), ["table4", "commit"])
        c("commit: nothing sent", lambda d: d.items.__setitem__(slice(1, -1), []), "commit")
        for wrong in (0, len(self.base) - 3, len(self.base) - 1, 2 ** 32 - 1):
            c(f"commit: says {wrong} messages",
              lambda d, w=wrong: d.set("commit", MESSAGES=w), "commit", "MESSAGES")
        for wrong in (0, C["ZPF_MAX_CONFIRM"] + 1, 2 ** 32 - 1):
            c(f"commit: {wrong} seconds to confirm",
              lambda d, w=wrong: d.set("commit", CONFIRM_SECONDS=w), "commit", "CONFIRM_SECONDS")
        c("commit: a pair did not arrive", lambda d: d.drop("pair6").set(
            "commit", MESSAGES=len(self.base) - 2), "commit", "MESSAGES")

    # -- random ------------------------------------------------------------

    def flips(self, seed, count):
        """Bit flips and cuts. What is accepted has to be a generation more,
        what is refused none; every refusal of ours has a reason."""
        rng = random.Random(seed)
        bodies = [m.body() for _, m in self.base]
        stats, bad = {}, []
        for turn in range(count):
            index = rng.randrange(len(bodies))
            body = bytearray(bodies[index])
            if rng.random() < 0.15 and len(body) > 8:
                body = body[:4 + rng.randrange(len(body) - 4)]
            for _ in range(rng.choice((1, 1, 1, 2, 4, 8))):
                bit = rng.randrange(len(body) * 8)
                body[bit >> 3] ^= 1 << (bit & 7)
            # Three times of four without what comes after, for speed.
            rest = bodies[index + 1:] if turn % 4 == 0 else bodies[-1:]
            sent = [Msg("TXN_ABORT").body()] + bodies[:index] + [bytes(body)] + rest
            sent.append(Msg("STATUS_GET").body())
            data = b""
            first = self.nl.seq + 1
            for b in sent:
                self.nl.seq += 1
                data += struct.pack("=IHHII", 16 + len(b), self.nl.family, 1, self.nl.seq, 0)
                data += b + b"\0" * (-len(b) & 3)
            self.nl.sock.send(data)
            answers = [(q - first, v) for q, v in self.nl.drain() if q != first]
            errors = [v for _, v in answers if isinstance(v, NlError)]
            committed = [v for q, v in answers if q == len(sent) - 2 and
                         isinstance(v, dict) and v.get("GENERATION")]
            if not answers or answers[-1][0] != len(sent) - 1:
                bad.append(f"turn {turn}: the kernel stopped answering")
                continue
            now = answers[-1][1]
            want = self.generation + len(committed)
            if now.get("MODE") != C["ZPF_MODE_ARMED"]:
                # A flip can make a valid DISARM: the one change that is meant.
                stats["disarm"] = stats.get("disarm", 0) + 1
                self.commit_good()
                continue
            if now["GENERATION"] != want:
                # Or a COMMIT where nothing had been sent wrong: an answer too.
                if not any(isinstance(v, dict) and "GENERATION" in v for _, v in answers[:-1]):
                    bad.append(f"turn {turn}: generation {now['GENERATION']}, want {want}")
            self.generation = now["GENERATION"]
            key = errno.errorcode.get(errors[0].code, "?") if errors else "accepted"
            stats[key] = stats.get(key, 0) + 1
            if errors and not errors[0].text and errors[0].miss is None and \
                    errors[0].code not in (errno.EOPNOTSUPP, errno.ENOENT) and body[2:4] == b"\0\0":
                bad.append(f"turn {turn} ({self.base[index][0]}): no reason: {errors[0]}")
        said = " ".join(f"{k} {v}" for k, v in sorted(stats.items()))
        self.line(f"{count} random messages, seed {seed}: refused with a reason, or a "
                  f"generation more ({said})", "; ".join(bad[:5]) + (
                      f"; {len(bad)} in all" if len(bad) > 5 else ""))

    # -- other operations ----------------------------------------------------

    def ops(self):
        def refused(text, msg, codes, names=None):
            answers = self.nl.batch([msg], 4)
            error = next((v for _, v in answers if isinstance(v, NlError)), None)
            why = ""
            if error is None:
                why = f"accepted: {answers}"
            elif error.code not in codes:
                why = str(error)
            elif names and names not in (error.attr, error.miss):
                why = f"names another attribute: {error}"
            now = self.nl.call("STATUS_GET")
            if now.get("GENERATION") != self.generation or now["MODE"] != C["ZPF_MODE_ARMED"]:
                why = f"the policy changed: {now} {why}"
                self.commit_good()
            self.line(text, why)

        einval = (errno.EINVAL, errno.ERANGE)
        for cmd in ("STATUS_GET", "TXN_ABORT", "COUNTER_CLEAR"):
            msg = Msg(cmd)
            msg.tail = nla(1, b"\0\0\0\0")
            refused(f"{cmd} takes no attribute", msg, einval)
        refused("disarm without a mode", Msg("DISARM"), einval, "MODE")
        for mode in (C["ZPF_MODE_ARMED"], 3, 255):
            refused(f"disarm with mode {mode}", Msg("DISARM", MODE=mode), einval, "MODE")
        for cmd in ("CONFIRM", "ROLLBACK"):
            refused(f"{cmd} where nothing waits", Msg(cmd), (errno.ENOENT,))
        for number in (0, C["ZPF_CMD_EVENT"], C["ZPF_CMD_MAX"] + 1, 255):
            refused(f"command {number} does not exist", Msg(number), (errno.EOPNOTSUPP,))
        for cmd in DUMPS:
            refused(f"{cmd} is only a dump", Msg(cmd), (errno.EOPNOTSUPP,))
            try:
                self.nl.dump(cmd, [(1, b"\0\0\0\0")])
                why = "accepted"
            except NlError as e:
                why = "" if e.code in einval else str(e)
            self.line(f"{cmd} takes no attribute", why)
        for cmd in [c for c in COMMANDS if c not in DUMPS and c != "EVENT"]:
            try:
                self.nl.dump(cmd)
                why = "accepted"
            except NlError as e:
                why = "" if e.code == errno.EOPNOTSUPP else str(e)
            self.line(f"{cmd} is no dump", why)
        for size in (17, 19):
            self.nl.seq += 1
            self.nl.sock.send(struct.pack("=IHHII", size, self.nl.family, 5, self.nl.seq, 0) +
                              b"\1\0\0\0")
            answers = self.nl.drain()
            self.line(f"a message of {size} bytes is refused",
                      "" if answers and isinstance(answers[0][1], NlError) else str(answers))


def tracked():
    with open("/proc/sys/net/netfilter/nf_conntrack_count", encoding="ascii") as f:
        return int(f.read())


def traffic():
    """Something for conntrack to see, where it is on."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as s:
        try:
            s.sendto(b"x", ("127.0.0.1", 9))
        except OSError:
            pass


def nomem(lan, wan, mode):
    """A whole policy in one system call of which the n-th allocation fails.

    It must stay below a page: netlink allocates room for more by vmalloc(), and
    where that fails the kernel reports it.
    """
    watch = Nl()
    msgs = [m for _, m in policy(lan, wan)]
    if mode == "commit":
        commit(watch, msgs)
    before = watch.call("STATUS_GET")
    bad, failed, through = [], 0, 0
    nth = os.open(f"/proc/self/task/{threading.get_native_id()}/fail-nth", os.O_RDWR)
    for n in range(1, 100000):
        nl = Nl()
        data = b""
        for m in msgs:
            packed = nl.pack(m)
            data += packed + b"\0" * (-len(packed) & 3)
        assert len(data) < 3700, len(data)
        error = ""
        os.write(nth, str(n).encode())
        try:
            nl.sock.send(data)
        except OSError as e:
            error = os.strerror(e.errno)
        left = os.pread(nth, 32, 0).strip(b"\0\n ")
        os.write(nth, b"0")
        committed = False
        try:
            for _, value in nl.drain():
                if isinstance(value, NlError):
                    error = error or str(value)
                elif value:
                    committed = True
        except OSError as e:
            error = error or os.strerror(e.errno)
        nl.close()
        now = watch.call("STATUS_GET")
        if left != b"0":        # fewer than n allocations: none has failed
            if not committed:
                bad.append(f"{n}: the policy was refused without need: {error}")
            break
        failed += 1
        want = before.get("GENERATION", 0) + committed
        if now.get("GENERATION", 0) != want:
            bad.append(f"{n}: generation {now.get('GENERATION')}, want {want} ({error})")
        if not committed and not error:
            bad.append(f"{n}: no answer and no error")
        if committed:
            through += 1
            if mode == "arm":
                watch.call("DISARM", MODE=C["ZPF_MODE_OFF"])
        elif mode == "arm":
            if now["MODE"] != C["ZPF_MODE_OFF"]:
                bad.append(f"{n}: mode {now['MODE']}")
            traffic()
            if tracked():
                bad.append(f"{n}: conntrack is still on")
        before = watch.call("STATUS_GET")
        for key in ("ZONES", "PAIRS", "TABLES", "RULES", "MEMORY_BYTES"):
            if not committed and mode == "commit" and now.get(key) != before.get(key):
                bad.append(f"{n}: {key} changed")
    os.close(nth)
    print(f"# {failed} allocations failed, {through} of these loads were done all the same")
    text = ("a first load that runs out of memory leaves nothing" if mode == "arm" else
            "a later load that runs out of memory changes nothing")
    why = "; ".join(bad[:8]) + (f"; {len(bad)} in all" if len(bad) > 8 else "")
    print(f"{'not ok' if bad else 'ok'} 1 {text}" + (f" # {why}" if bad else ""))
    print(f"{'ok' if failed > 20 else 'not ok'} 2 {mode}: allocations did fail # {failed}"[
        :None if failed <= 20 else -len(f" # {failed}")])
    print("1..2")


def main():
    mode, args = sys.argv[1], sys.argv[2:]
    if mode == "nomem":
        nomem(*args)
        return
    corpus = Corpus(*args[:2])
    if mode == "cases":
        corpus.generated()
        corpus.written()
    elif mode == "flips":
        corpus.flips(int(args[2]), int(args[3]))
    else:
        corpus.ops()
    print(f"1..{corpus.number}")
    sys.exit(1 if corpus.failed else 0)


if __name__ == "__main__":
    main()
