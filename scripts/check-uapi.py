#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-only
"""
Compares the two forms of the netlink contract, uapi/linux/zpf.h and
uapi/zpf.yaml, in both directions: names, values, types and documentation.
Also finds values of the header without a kernel-doc line. Prints one line a
difference; exit status 0 equal, 1 different, 2 a file cannot be read.

The header's kernel-doc is the master: a doc of the spec is its text, without
the type an attribute's line begins with, which is the spec's `type`.
"""
import re
import sys
from pathlib import Path

try:
    import yaml
except ImportError:
    sys.exit("check-uapi.py: needs python3-yaml")

TOP = Path(__file__).resolve().parent.parent
HEADER = TOP / "uapi/linux/zpf.h"
SPEC = TOP / "uapi/zpf.yaml"

SCALARS = ("u8", "u16", "u32", "u64", "string", "nest", "binary", "flag")
ATTR_DOC = re.compile(r"^(%s)\b(, multi)?(?:[,:;]\s*|\s+|$)" % "|".join(SCALARS))
C_SIZES = {"__u8": ("u8", 1), "__u16": ("u16", 2), "__u32": ("u32", 4),
           "__u64": ("u64", 8)}


def squeeze(text):
    return " ".join((text or "").split())


def c_name(name):
    return name.upper().replace("-", "_")


def number(expr, known):
    """The value of a constant expression of C."""
    expr = re.sub(r"\b(0x[0-9a-fA-F]+|\d+)(?:ULL|UL|U|LL|L)\b", r"\1", expr)
    expr = re.sub(r"\b[A-Za-z_]\w*", lambda m: str(known[m.group()]), expr)
    if not re.fullmatch(r"[\s0-9a-fA-Fx()<|+*-]+", expr):
        raise ValueError(expr)
    return eval(expr, {"__builtins__": {}})  # digits and operators only


class Header:
    """What the header defines.

    defines: name -> value; docs of the comment behind it in define_docs
    enums, structs: name -> list of (name, value or type); what their
    kernel-doc says in docs[name], with the member None for the short text
    """

    def __init__(self, text, problems):
        self.defines, self.define_docs = {}, {}
        self.enums, self.structs, self.docs = {}, {}, {}
        known = {}
        for kind, name, body in re.findall(
                r"^(enum|struct) (\w+) \{\n(.*?)^\};", text, re.S | re.M):
            body = re.sub(r"/\*.*?\*/", "", body, flags=re.S)
            if kind == "struct":
                self.structs[name] = re.findall(r"(\w+) (\w+(?:\[\d+\])?);", body)
                continue
            values, nxt = [], 0
            for item in filter(None, (i.strip() for i in body.split(","))):
                member, _, expr = (s.strip() for s in item.partition("="))
                nxt = number(expr, known) if expr else nxt
                known[member] = nxt
                values.append((member, nxt))
                nxt += 1
            self.enums[name] = values
        for name, rest in re.findall(r"^#define (ZPF_\w+)[ \t]+(.+)$", text, re.M):
            value, _, doc = rest.partition("/*")
            value = value.strip()
            try:
                self.defines[name] = value.strip('"') if value.startswith('"') \
                    else number(value, {**known, **self.defines})
            except (ValueError, KeyError):
                problems.append(f"zpf.h: {name}: cannot read the value '{value}'")
            self.define_docs[name] = squeeze(doc.replace("*/", ""))
        for block in re.findall(r"/\*\*\n(.*?)\*/", text, re.S):
            self.kernel_doc(block, problems)

    def kernel_doc(self, block, problems):
        lines = [re.sub(r"^\s*\* ?", "", line) for line in block.splitlines()]
        head = re.match(r"(enum|struct) (\w+) - (.*)", lines[0])
        if not head:
            return
        docs = self.docs.setdefault(head.group(2), {})
        current, docs[None] = None, head.group(3)
        for line in lines[1:]:
            member = re.match(r"@(\w+): ?(.*)", line)
            if member:
                current = member.group(1)
                if current in docs:
                    problems.append(f"zpf.h: {head.group(2)}: {current} has two kernel-doc lines")
                docs[current] = member.group(2)
            elif not line.strip():
                current = ""    # what follows belongs to no member
            elif current != "":
                docs[current] += " " + line
        for key in docs:
            docs[key] = squeeze(docs[key])

    def check_docs(self, problems):
        for name, values in {**self.enums, **self.structs}.items():
            docs = self.docs.get(name)
            if docs is None:
                problems.append(f"zpf.h: {name} has no kernel-doc")
                continue
            if name in self.enums:
                members = [v for v, _ in values if real(v)]
            else:
                members = [re.sub(r"\[.*", "", v) for _, v in values]
            for member in members:
                if member not in docs:
                    problems.append(f"zpf.h: {name}: {member} has no kernel-doc line")
            for member in docs:
                if member and member not in members:
                    problems.append(f"zpf.h: {name}: kernel-doc names {member}, which is not there")


def real(value):
    """Is it a value of its own, not the first or last of an enum?"""
    return not value.endswith("_UNSPEC") and not value.startswith("__")


class Compare:
    def __init__(self, header, spec, problems):
        self.h, self.spec, self.problems = header, spec, problems
        self.seen_enums, self.seen_defines, self.seen_structs = set(), set(), set()
        self.definitions = {d["name"]: d for d in spec.get("definitions", [])}
        self.sets = {s["name"]: s for s in spec.get("attribute-sets", [])}

    def say(self, text):
        self.problems.append("zpf.yaml: " + text)

    def same(self, where, what, spec, header):
        if spec != header:
            self.say(f"{where}: {what} is '{spec}', in the header '{header}'")

    def doc(self, where, spec, header):
        self.same(where, "doc", squeeze(spec), squeeze(header))

    def run(self):
        spec, d = self.spec, self.h.defines
        for key, name in (("c-family-name", "ZPF_GENL_NAME"),
                          ("c-version-name", "ZPF_GENL_VERSION")):
            self.same("family", key, c_name(str(spec.get(key))), name)
            self.seen_defines.add(name)
        self.same("family", "name", spec.get("name"), d.get("ZPF_GENL_NAME"))
        self.same("family", "version", spec.get("version"), d.get("ZPF_GENL_VERSION"))
        for group in spec.get("mcast-groups", {}).get("list", []):
            name = c_name(group.get("c-define-name", ""))
            self.same(f"group {group['name']}", "name", group["name"], d.get(name))
            self.seen_defines.add(name)
        for item in spec.get("definitions", []):
            getattr(self, item["type"])(item)
        for attrs in spec.get("attribute-sets", []):
            self.attribute_set(attrs)
        self.operations(spec.get("operations", {}))
        self.left_over()

    def const(self, item):
        name = "ZPF_" + c_name(item["name"])
        self.seen_defines.add(name)
        if name not in self.h.defines:
            return self.say(f"constant {item['name']}: the header has no {name}")
        self.same(f"constant {item['name']}", "value", item["value"], self.h.defines[name])
        self.doc(f"constant {item['name']}", item.get("doc"), self.h.define_docs[name])

    def enum(self, item):
        self.values(item, lambda v: v, item.get("value-start", 0))

    def flags(self, item):
        self.values(item, lambda v: 1 << v, 0)

    def values(self, item, to_c, start):
        where = f"{item['type']} {item['name']}"
        prefix, entries = c_name(item["name-prefix"]), []
        for entry in item["entries"]:
            entry = entry if isinstance(entry, dict) else {"name": entry}
            start = entry.get("value", start)
            entries.append((prefix + c_name(entry["name"]), to_c(start), entry.get("doc")))
            start += 1
        if item.get("enum-name"):
            enum = item["enum-name"].replace("-", "_")
            if enum not in self.h.enums:
                return self.say(f"{where}: the header has no enum {enum}")
            self.seen_enums.add(enum)
            self.members(where, enum, entries)
            self.doc(where, item.get("doc"), self.h.docs.get(enum, {}).get(None))
        else:
            for name, value, _ in entries:
                self.seen_defines.add(name)
                self.same(f"{where}: {name}", "value", value, self.h.defines.get(name))

    def members(self, where, enum, entries):
        values = {n: v for n, v in self.h.enums[enum] if real(n)}
        docs = self.h.docs.get(enum, {})
        for name, value, doc in entries:
            if name not in values:
                self.say(f"{where}: the header's enum {enum} has no {name}")
                continue
            self.same(f"{where}: {name}", "value", value, values.pop(name))
            self.doc(f"{where}: {name}", doc, docs.get(name))
        for name in values:
            self.say(f"{where}: {name} is missing")

    def struct(self, item):
        where, name = f"struct {item['name']}", "zpf_" + item["name"].replace("-", "_")
        members = self.h.structs.get(name)
        if members is None:
            return self.say(f"{where}: the header has no struct {name}")
        self.seen_structs.add(name)
        docs = self.h.docs.get(name, {})
        self.doc(where, item.get("doc"), docs.get(None))
        want = []
        for ctype, member in members:
            base, _, count = member.partition("[")
            kind, size = C_SIZES[ctype]
            want.append((base, "binary" if count else kind,
                         size * int(count.rstrip("]")) if count else None))
        have = [(m["name"], m["type"], m.get("len")) for m in item["members"]]
        self.same(where, "members", have, want)
        for m in item["members"]:
            self.doc(f"{where}: {m['name']}", m.get("doc"), docs.get(m["name"]))

    def attribute_set(self, attrs):
        where, enum = f"attribute set {attrs['name']}", attrs["enum-name"].replace("-", "_")
        if enum not in self.h.enums:
            return self.say(f"{where}: the header has no enum {enum}")
        self.seen_enums.add(enum)
        self.same(where, "enum-name", enum, f"zpf_{attrs['name'].replace('-', '_')}_attr")
        docs = self.h.docs.get(enum, {})
        self.doc(where, attrs.get("doc"), docs.get(None))
        values, at = {n: v for n, v in self.h.enums[enum] if real(n)}, 1
        for attr in attrs["attributes"]:
            name = c_name(attrs["name-prefix"]) + c_name(attr["name"])
            at = attr.get("value", at)
            if name not in values:
                self.say(f"{where}: the header's enum {enum} has no {name}")
                continue
            self.same(f"{where}: {name}", "value", at, values.pop(name))
            self.attribute(f"{where}: {name}", attr, docs.get(name, ""))
            at += 1
        for name in values:
            self.say(f"{where}: {name} is missing")

    def attribute(self, where, attr, doc):
        want = attribute_of(doc, self.definitions)
        for key in ("type", "multi-attr", "nested-attributes", "enum", "struct"):
            self.same(where, key, attr.get(key), want.get(key))
        self.doc(where, attr.get("doc"), want["doc"])
        for key, known in (("nested-attributes", self.sets), ("enum", self.definitions),
                           ("struct", self.definitions)):
            if key in attr and attr[key] not in known:
                self.say(f"{where}: {key} {attr[key]} is not defined")

    def operations(self, ops):
        enum = ops.get("enum-name", "").replace("-", "_")
        if enum not in self.h.enums:
            return self.say(f"operations: the header has no enum {enum}")
        self.seen_enums.add(enum)
        docs, at, entries = self.h.docs.get(enum, {}), 1, []
        for op in ops["list"]:
            at = op.get("value", at)
            name = c_name(ops["name-prefix"]) + c_name(op["name"])
            entries.append((name, at, op.get("doc")))
            self.operation(f"operation {op['name']}", op, docs.get(name, ""))
            at += 1
        self.members("operations", enum, entries)

    def operation(self, where, op, doc):
        mode = {"do": "do", "dump": "dump", "notification": "event"}.get(
            re.match(r"\w*", doc).group())
        have = [m for m in ("do", "dump", "event") if m in op]
        self.same(where, "mode", have, [mode])
        attrs = re.search(r"&enum zpf_(\w+)_attr", doc)
        self.same(where, "attribute-set", op.get("attribute-set"),
                  attrs.group(1).replace("_", "-") if attrs else None)
        if mode != "event":
            self.same(where, "flags", op.get("flags"), ["admin-perm"])
        known = {a["name"] for a in self.sets.get(op.get("attribute-set"), {}).get("attributes", [])}
        for part in (op.get("do", {}), op.get("dump", {}), {"event": op.get("event", {})}):
            for side in part.values():
                for name in side.get("attributes", []):
                    if name not in known:
                        self.say(f"{where}: attribute {name} is not in its set")

    def left_over(self):
        for enum in self.h.enums:
            if enum not in self.seen_enums:
                self.say(f"enum {enum} of the header is missing")
        for name in self.h.structs:
            if name not in self.seen_structs:
                self.say(f"struct {name} of the header is missing")
        maxima = {f"{v[2:]}" for values in self.h.enums.values() for v, _ in values
                  if v.startswith("__")}
        for name in self.h.defines:
            if name not in self.seen_defines and name not in maxima:
                self.say(f"constant {name} of the header is missing")


def attribute_of(doc, definitions):
    """Properties an attribute must have in the spec, from its kernel-doc."""
    lead = ATTR_DOC.match(doc)
    if not lead:
        return {"type": "pad", "doc": doc}
    want = {"type": lead.group(1), "doc": doc[lead.end():]}
    if lead.group(2):
        want["multi-attr"] = True
    ref = re.search(r"&(enum|struct) zpf_(\w+)", doc)
    if not ref:
        return want
    name = ref.group(2).replace("_", "-")
    if ref.group(1) == "struct":
        want["struct"] = name
    elif want["type"] == "nest":
        want["nested-attributes"] = re.sub(r"-attr$", "", name)
    elif name in definitions:
        want["enum"] = name
    else:
        want["enum"] = f"{name} (not in the spec)"
    return want


def main():
    problems = []
    try:
        header = Header(HEADER.read_text(), problems)
        spec = yaml.safe_load(SPEC.read_text())
    except (OSError, yaml.YAMLError) as err:
        print(f"check-uapi.py: {err}", file=sys.stderr)
        return 2
    header.check_docs(problems)
    try:
        Compare(header, spec, problems).run()
    except (KeyError, TypeError, AttributeError) as err:
        problems.append(f"zpf.yaml: does not have the form of a netlink spec: {err!r}")
    for problem in problems:
        print(problem)
    if problems:
        return 1
    ops = len(spec["operations"]["list"])
    attrs = sum(len(s["attributes"]) for s in spec["attribute-sets"])
    print(f"uapi: header and spec agree: {ops} operations, {attrs} attributes, "
          f"{len(header.defines)} constants")
    return 0


if __name__ == "__main__":
    sys.exit(main())
