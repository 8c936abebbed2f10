#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-only
"""A second client of the zpf family, written from uapi/linux/zpf.h alone.

Plain sockets, no library: it can say what zpfctl never says, and shows what
the kernel answers, extended acks included. Constants are read from the header,
so that the two cannot drift. Used by the scripts in selftests/packet; run
without arguments for the list of commands.
"""
import errno
import ipaddress
import json
import os
import re
import signal
import socket
import struct
import sys
import time

HEADER = os.environ.get("ZPF_UAPI") or os.path.join(
    os.path.dirname(os.path.realpath(__file__)), "../../uapi/linux/zpf.h")

NLM_F_REQUEST, NLM_F_MULTI, NLM_F_ACK, NLM_F_DUMP = 1, 2, 4, 0x300
NLM_F_CAPPED, NLM_F_ACK_TLVS = 0x100, 0x200
NLMSG_ERROR, NLMSG_DONE = 2, 3
NLA_F_NESTED = 0x8000
SOL_NETLINK, NETLINK_GENERIC = 270, 16
NETLINK_ADD_MEMBERSHIP, NETLINK_CAP_ACK = 1, 10
NETLINK_EXT_ACK, NETLINK_GET_STRICT_CHK = 11, 12
GENL_ID_CTRL, CTRL_GETFAMILY = 0x10, 3


def constants(path):
    """Every enumerator and plain number of a header: name -> value."""
    with open(path, encoding="ascii") as f:
        text = re.sub(r"/\*.*?\*/", "", f.read(), flags=re.S)
    out = {}
    for body in re.findall(r"enum\s+\w+\s*\{(.*?)\}", text, re.S):
        value = 0
        for item in filter(None, (i.strip() for i in body.split(","))):
            name, _, expr = (s.strip() for s in item.partition("="))
            value = eval(expr, {}, out) if expr else value  # header of ours
            out[name] = value
            value += 1
    for name, expr in re.findall(r"^#define\s+(ZPF_\w+)\s+([^\"\n]+)$", text, re.M):
        out[name] = eval(re.sub(r"(\d)U(LL)?\b", r"\1", expr), {}, out)
    return out


C = constants(HEADER)
for _name, _value in C.items():
    globals().setdefault(_name[4:], _value)     # ACTION_DROP, STATE_NEW ...

# Attributes of each space: name -> type; "@X" is a nest of space X, "*" marks
# what may stand more than once.
SPACES = {space: dict(w.split(":") for w in words.split()) for space, words in {
    "TXN": "SETS:u32 TABLES:u32 ZONES:u32 SOURCE_BYTES:u32 MESSAGES:u32 "
           "BASE_GENERATION:u32 GENERATION:u32 BUILD_NS:u64 FLAGS:u32 "
           "CONFIRM_SECONDS:u32",
    "OPTIONS": "FLAGS:u32 STATE_POLICY:*@STATE_POLICY LOG_INTERVAL_NS:u64 LOG_BURST:u32 "
               "OFFSETS:bin",
    "STATE_POLICY": "STATE:u8 ACTION:u8 LOG:@LOG",
    "LOG": "LEVEL:u8 GROUP:u16 SNAPLEN:u32 QTHRESHOLD:u16",
    "SET": "ID:u32 KIND:u8 COUNT:u32 ELEMS:bin IFNAME:*str NAME:str DYNAMIC:flag MEMBERS:bin",
    "TABLE": "ID:u32 FAMILY:u8 NAME:str RULES:u32 ROWS:u32",
    "RULE": "TABLE:u32 ROW:u32 RULESET:str NUMBER:u32 MEANING:u64 ACTION:u8 HIT:u32 "
            "MISS:u32 LOG:@LOG STATE:u8 PROTO:bin SADDR:bin DADDR:bin SADDR_SET:u32 "
            "DADDR_SET:u32 SPORT:bin DPORT:bin SPORT_SET:u32 DPORT_SET:u32 IN_SET:u32 "
            "OUT_SET:u32 ICMP_TYPE:u8 ICMP_CODE:u8 TCP_FLAGS:bin NOT:u32 "
            "LIMIT_INTERVAL_NS:u64 LIMIT_BURST:u32 SADDR_MASK:bin "
            "DADDR_MASK:bin NUM:*@NUM CHANGE:*@CHANGE RECENT_COUNT:u32 RECENT_NS:u64 "
            "ADD_SADDR_SET:u32 ADD_SADDR_NS:u64 ADD_DADDR_SET:u32 ADD_DADDR_NS:u64",
    "NUM": "WHAT:u8 SET:u32",
    "CHANGE": "WHAT:u8 VALUE:u32",
    "ZONE": "ID:u32 NAME:str FLAGS:u32 DEFAULT_ACTION:u8 DEFAULT_TABLE4:u32 "
            "DEFAULT_TABLE6:u32 INTRA_ACTION:u8 INTRA_TABLE4:u32 INTRA_TABLE6:u32 "
            "MEMBER:*@MEMBER IFACE:*@IFACE",
    "MEMBER": "NAME:str VRF:flag",
    "IFACE": "INDEX:u32 NAME:str MEMBER:u32",
    "PAIR": "FROM:u32 TO:u32 FAMILY:u8 TABLE:u32",
    "CHAIN": "HOOK:u8 FAMILY:u8 TABLE:u32",
    "SOURCE": "TEXT:bin GENERATION:u32",
    "COUNTER": "GENERATION:u32 KIND:u8 FAMILY:u8 FROM:u32 TO:u32 HOOK:u8 STATE:u8 "
               "TABLE:str RULESET:str NUMBER:u32 ACTION:u8 REASON:u8 PACKETS:u64 "
               "BYTES:u64 LAST_NS:u64",
    "SITE": "GENERATION:u32 PREFIX:str INTERVAL_NS:u64 BURST:u32 LOGGED:u64 "
            "SUPPRESSED:u64 UNDELIVERABLE:u64",
    "STATUS": "VERSION:str MODE:u8 GENERATION:u32 ZONES:u32 PAIRS:u32 TABLES:u32 "
              "RULES:u32 SETS:u32 MEMORY_BYTES:u64 COUNTER_BYTES:u64 MALFORMED:u64 "
              "BOOTTIME_NS:u64 EVENTS:u64 CONFIRM_SECONDS:u32 BACK_GENERATION:u32 "
              "BACK_MODE:u8",
    "DISARM": "MODE:u8",
    "CONFIRM": "GENERATION:u32",
    "DROP": "CPU:u32 FROM:str TO:str FAMILY:u8 RULESET:str NUMBER:u32 STATE:u8 REASON:u8 "
            "ACTION:u8 PROTO:u8 PORT:u16 ICMP_TYPE:u8 SOURCE:bin PACKETS:u64 BYTES:u64 "
            "MISSED:u64 FIRST_NS:u64 LAST_NS:u64 SRC:bin DST:bin SPORT:u16 SPI:u32 IN:str "
            "OUT:str LOST_PACKETS:u64 LOST_BYTES:u64",
    "EVENT": "TYPE:u8 GENERATION:u32 MODE:u8 IFINDEX:u32 IFNAME:str ZONE:str SEQ:u64 "
             "DROP:@DROP SECONDS:u32",
}.items()}

# The attribute space of each command.
COMMANDS = {
    "STATUS_GET": "STATUS", "TXN_BEGIN": "TXN", "TXN_COMMIT": "TXN",
    "TXN_ABORT": "TXN", "OPTIONS_SET": "OPTIONS", "SET_ADD": "SET",
    "TABLE_ADD": "TABLE", "RULE_ADD": "RULE", "ZONE_ADD": "ZONE",
    "PAIR_ADD": "PAIR", "CHAIN_ADD": "CHAIN", "SOURCE_ADD": "SOURCE",
    "ZONE_GET": "ZONE", "COUNTER_GET": "COUNTER", "SITE_GET": "SITE",
    "SOURCE_GET": "SOURCE", "COUNTER_CLEAR": "STATUS", "DISARM": "DISARM",
    "CONFIRM": "CONFIRM", "ROLLBACK": "CONFIRM",
    "EVENT": "EVENT", "DROP_GET": "DROP", "DROP_CLEAR": "STATUS",
    "TABLE_GET": "TABLE", "OPTIONS_GET": "OPTIONS", "SET_GET": "SET",
    "RULE_GET": "RULE", "PAIR_GET": "PAIR", "CHAIN_GET": "CHAIN",
}
DUMPS = ("ZONE_GET", "COUNTER_GET", "SITE_GET", "SOURCE_GET", "DROP_GET", "TABLE_GET",
         "OPTIONS_GET", "SET_GET", "RULE_GET", "PAIR_GET", "CHAIN_GET")
SCALAR = {"u8": "=B", "u16": "=H", "u32": "=I", "u64": "=Q"}


def attr_number(space, name):
    return name if isinstance(name, int) else C[f"ZPF_{space}_A_{name}"]


def attr_names(space):
    return {attr_number(space, n): n for n in SPACES[space]}


class Raw(bytes):
    """A payload that is sent as it is, with the type's flag bits given."""
    def __new__(cls, payload=b"", flags=0):
        self = super().__new__(cls, payload)
        self.flags = flags
        return self


def nla(kind, payload):
    size = 4 + len(payload)
    return struct.pack("=HH", size, kind) + payload + b"\0" * (-size & 3)


def encode(space, attrs):
    """Attributes [(name, value)] of a space as bytes.

    A value is an int, str, list (nest), True (flag), bytes or Raw.
    """
    out = []
    for name, value in attrs:
        number = attr_number(space, name)
        kind = "bin" if isinstance(name, int) else SPACES[space][name].lstrip("*")
        if isinstance(value, Raw):
            out.append(nla(number | value.flags, value))
        elif isinstance(value, bytes):
            out.append(nla(number, value))
        elif isinstance(value, str):
            out.append(nla(number, value.encode() + b"\0"))
        elif value is True:
            out.append(nla(number, b""))
        elif isinstance(value, list):
            out.append(nla(number | NLA_F_NESTED, encode(kind[1:], value)))
        else:
            out.append(nla(number, struct.pack(SCALAR[kind], value)))
    return b"".join(out)


def walk(data):
    """(offset, type, payload) of the attributes in data."""
    at = 0
    while at + 4 <= len(data):
        size, kind = struct.unpack_from("=HH", data, at)
        if size < 4 or at + size > len(data):
            return
        yield at, kind & 0x3fff, data[at + 4:at + size]
        at += size + (-size & 3)


def decode(space, data):
    out, names = {}, attr_names(space)
    for _, number, payload in walk(data):
        name = names.get(number)
        if name is None:
            continue
        kind = SPACES[space][name]
        base = kind.lstrip("*")
        if base in SCALAR:
            value = struct.unpack(SCALAR[base], payload)[0]
        elif base == "str":
            value = payload.rstrip(b"\0").decode()
        elif base == "flag":
            value = True
        elif base == "bin":
            value = payload
        else:
            value = decode(base[1:], payload)
        if kind[0] == "*":
            out.setdefault(name, []).append(value)
        else:
            out[name] = value
    return out


def attr_at(space, data, offset, base=0):
    """The path of the attribute that starts at an offset, or None."""
    names = attr_names(space)
    for at, number, payload in walk(data):
        name = names.get(number, f"#{number}")
        if base + at == offset:
            return name
        kind = SPACES[space].get(name, "").lstrip("*")
        if kind.startswith("@"):
            inner = attr_at(kind[1:], payload, offset, base + at + 4)
            if inner:
                return f"{name}.{inner}"
    return None


class Msg:
    """A request: a command and its attributes, in order."""
    def __init__(self, cmd, attrs=(), flags=0, **kw):
        self.cmd, self.flags = cmd, flags
        self.attrs = list(attrs) + list(kw.items())
        self.version, self.reserved, self.tail = 1, 0, b""
        self.bytes = None

    def freeze(self):
        """Encodes it once and for all."""
        self.bytes = self.body()
        return self

    @property
    def space(self):
        return COMMANDS.get(self.cmd, "STATUS")

    def number(self):
        return self.cmd if isinstance(self.cmd, int) else C["ZPF_CMD_" + self.cmd]

    def body(self):
        if self.bytes is not None:
            return self.bytes
        return struct.pack("=BBH", self.number(), self.version, self.reserved) + \
            encode(self.space, self.attrs) + self.tail

    def copy(self):
        m = Msg(self.cmd, self.attrs, self.flags)
        m.version, m.reserved, m.tail = self.version, self.reserved, self.tail
        return m            # not frozen


class NlError(Exception):
    """What the kernel refused: errno, text and attribute of the extended ack."""
    def __init__(self, code, text=None, attr=None, miss=None):
        self.code, self.text, self.attr, self.miss = code, text, attr, miss
        super().__init__(self.__str__())

    def __str__(self):
        where = f" [{self.attr}]" if self.attr else ""
        where += f" [missing {self.miss}]" if self.miss else ""
        return f"{errno.errorcode.get(self.code, self.code)}: {self.text or '-'}{where}"


class Nl:
    """A socket of the family. The kernel answers within sendmsg, so nothing
    here ever has to wait, but for events."""
    def __init__(self, family=True):
        self.sock = socket.socket(socket.AF_NETLINK, socket.SOCK_RAW, NETLINK_GENERIC)
        self.sock.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4 << 20)
        self.sock.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, 4 << 20)
        for opt in (NETLINK_EXT_ACK, NETLINK_CAP_ACK, NETLINK_GET_STRICT_CHK):
            self.sock.setsockopt(SOL_NETLINK, opt, 1)
        self.sock.bind((0, 0))
        self.seq = 0
        self.family, self.groups = self.resolve() if family else (0, {})

    def close(self):
        self.sock.close()

    def resolve(self):
        body = struct.pack("=BBH", CTRL_GETFAMILY, 1, 0) + nla(2, b"zpf\0")
        self.sock.send(struct.pack("=IHHII", 16 + len(body), GENL_ID_CTRL,
                                   NLM_F_REQUEST, 0, 0) + body)
        data = self.sock.recv(65536)
        if struct.unpack_from("=H", data, 4)[0] == NLMSG_ERROR:
            raise NlError(-struct.unpack_from("=i", data, 16)[0], "no family zpf")
        attrs = {kind: payload for _, kind, payload in walk(data[20:])}
        groups = {}
        for _, _, group in walk(attrs.get(7, b"")):
            inner = {kind: payload for _, kind, payload in walk(group)}
            groups[inner[1].rstrip(b"\0").decode()] = struct.unpack("=I", inner[2])[0]
        return struct.unpack("=H", attrs[1])[0], groups

    def pack(self, msg, flags=0):
        """The bytes of a message; takes the next sequence number."""
        self.seq += 1
        body = msg.body()
        return struct.pack("=IHHII", 16 + len(body), self.family,
                           NLM_F_REQUEST | msg.flags | flags, self.seq, 0) + body

    def drain(self, sent=None, wait=False):
        """What the kernel has answered: [(seq, value)], value a dict, None
        (ack or end of a dump) or an NlError. sent: seq -> Msg, for names."""
        out = []
        while True:
            try:
                data = self.sock.recv(1 << 20, 0 if wait and not out else socket.MSG_DONTWAIT)
            except BlockingIOError:
                return out
            out += self.parse(data, sent or {})

    def parse(self, data, sent):
        out = []
        while len(data) >= 16:
            size, kind, flags, seq, _ = struct.unpack_from("=IHHII", data)
            body = data[16:size]
            data = data[size + (-size & 3):]
            if kind in (NLMSG_ERROR, NLMSG_DONE):
                code = struct.unpack_from("=i", body)[0] if len(body) >= 4 else 0
                tlvs = b""
                if flags & NLM_F_ACK_TLVS:
                    tlvs = body[20:] if kind == NLMSG_ERROR else body[4:]
                out.append((seq, self.error(-code, tlvs, sent.get(seq)) if code else None))
            elif kind == self.family:
                space = COMMANDS.get(next((c for c in COMMANDS if
                                           C["ZPF_CMD_" + c] == body[0]), ""), "STATUS")
                out.append((seq, decode(space, body[4:])))
        return out

    @staticmethod
    def error(code, tlvs, msg):
        attrs = {kind: payload for _, kind, payload in walk(tlvs)}
        text = attrs[1].rstrip(b"\0").decode() if 1 in attrs else None
        attr = miss = None
        if 2 in attrs:
            offset = struct.unpack("=I", attrs[2])[0]
            attr = f"offset {offset}"
            if msg is not None:
                attr = attr_at(msg.space, msg.body()[4:], offset - 20) or attr
        if 5 in attrs:
            miss = struct.unpack("=I", attrs[5])[0]
            if msg is not None:
                names = attr_names(msg.space)
                if 6 in attrs:      # inside a nest: named by its parent only
                    offset = struct.unpack("=I", attrs[6])[0]
                    attr = attr_at(msg.space, msg.body()[4:], offset - 20) or attr
                    kind = SPACES[msg.space].get((attr or "").split(".")[-1], "")
                    names = attr_names(kind.lstrip("*@")) if "@" in kind else {}
                miss = names.get(miss, miss)
        return NlError(code, text, attr, miss)

    def batch(self, msgs, flags=0):
        """Sends messages in one go; [(index, value)] of the answers."""
        first, sent, data = self.seq + 1, {}, []
        for m in msgs:
            data.append(self.pack(m, flags))
            data[-1] += b"\0" * (-len(data[-1]) & 3)
            sent[self.seq] = m
        self.sock.send(b"".join(data))
        return [(seq - first, value) for seq, value in self.drain(sent)]

    def call(self, cmd, attrs=(), **kw):
        """One command with an ack; its answer, or {}; raises NlError."""
        out = {}
        for _, value in self.batch([Msg(cmd, attrs, **kw)], NLM_F_ACK):
            if isinstance(value, NlError):
                raise value
            out = value or out
        return out

    def dump(self, cmd, attrs=()):
        msg = Msg(cmd, attrs)
        self.sock.send(self.pack(msg, NLM_F_DUMP))
        out = []
        while True:
            for _, value in self.drain({self.seq: msg}, wait=True):
                if isinstance(value, NlError):
                    raise value
                if value is None:
                    return out
                out.append(value)

    def join(self):
        self.sock.setsockopt(SOL_NETLINK, NETLINK_ADD_MEMBERSHIP, self.groups["events"])


def range4(lo, hi=None):
    lo = ipaddress.IPv4Network(lo)
    hi = ipaddress.IPv4Network(hi) if hi else lo
    return struct.pack("=II", int(lo[0]), int(hi[-1]))


def range6(lo, hi=None):
    lo = ipaddress.IPv6Network(lo)
    hi = ipaddress.IPv6Network(hi) if hi else lo
    words = []
    for a in (int(lo[0]), int(hi[-1])):
        words += [a >> 64, a & (1 << 64) - 1]
    return struct.pack("=QQQQ", *words)


def ports(lo, hi=None):
    return struct.pack("=HH", lo, lo if hi is None else hi)


SOURCE = b"set firewall zone A member interface r0\nset firewall zone B member interface r1\n"


def policy(lan="za0", wan="zb0", copies=1, port=80):
    """A valid policy that uses every command and most attributes: [(label, Msg)].

    copies: IPv4 tables of one kind, for size. From lan to wan, UDP to port and
    to 443 to 445 passes, and what goes to other ports the default drops.
    """
    v4, v6 = 2, 10
    acc, drop, ret = C["ZPF_ACTION_ACCEPT"], C["ZPF_ACTION_DROP"], C["ZPF_ACTION_RETURN"]
    jump, cont = C["ZPF_ACTION_JUMP"], C["ZPF_ACTION_CONTINUE"]
    out = [
        ("begin", Msg("TXN_BEGIN", SETS=6, TABLES=3 + copies, ZONES=3, SOURCE_BYTES=len(SOURCE))),
        ("options", Msg("OPTIONS_SET", [
            ("FLAGS", 0),
            ("STATE_POLICY", [("STATE", C["ZPF_STATE_INVALID"]), ("ACTION", drop),
                              ("LOG", [("LEVEL", 6)])]),
            ("LOG_INTERVAL_NS", 10 ** 9), ("LOG_BURST", 5)])),
        ("set4", Msg("SET_ADD", ID=0, KIND=C["ZPF_SET_IPV4"], COUNT=3,
                     ELEMS=range4("10.0.0.0/24") + range4("10.0.2.0/24"))),
        ("set4+", Msg("SET_ADD", ID=0, ELEMS=range4("10.0.4.0", "10.0.4.9"))),
        ("set6", Msg("SET_ADD", ID=1, KIND=C["ZPF_SET_IPV6"], COUNT=2,
                     ELEMS=range6("fd00::/64") + range6("fd00:0:0:2::/64"))),
        ("setp", Msg("SET_ADD", ID=2, KIND=C["ZPF_SET_PORT"], COUNT=2,
                     ELEMS=ports(port) + ports(443, 445))),
        ("seti", Msg("SET_ADD", [("ID", 3), ("KIND", C["ZPF_SET_IFACE"]), ("COUNT", 2),
                                 ("IFNAME", lan), ("IFNAME", "eth1.*")])),
        ("sete", Msg("SET_ADD", ID=4, KIND=C["ZPF_SET_IPV4"], COUNT=0)),
        ("setz", Msg("SET_ADD", ID=5, KIND=C["ZPF_SET_IPV6"], COUNT=0)),
    ]
    for t in range(copies):
        out += [
            (f"table4.{t}" if t else "table4", Msg("TABLE_ADD", ID=t, FAMILY=v4,
                                                   NAME=f"A_B{t or ''}", RULES=8, ROWS=8)),
            ("jump", Msg("RULE_ADD", TABLE=t, ROW=0, NUMBER=10, MEANING=1, ACTION=jump,
                         HIT=1, MISS=3, PROTO=b"\x06")),
            ("sub", Msg("RULE_ADD", TABLE=t, ROW=1, RULESET="SUB", NUMBER=5, MEANING=2, ACTION=acc,
                        PROTO=b"\x06", DPORT=ports(22), STATE=C["ZPF_STATE_NEW"],
                        TCP_FLAGS=b"\x12\x02", LOG=[("LEVEL", 4)])),
            ("subdef", Msg("RULE_ADD", TABLE=t, ROW=2, RULESET="SUB", NUMBER=0, MEANING=3,
                           ACTION=ret, HIT=3)),
            ("udp", Msg("RULE_ADD", TABLE=t, ROW=3, NUMBER=20, MEANING=4, ACTION=acc,
                        PROTO=b"\x11\x06", DADDR_SET=0, DPORT_SET=2, NOT=C["ZPF_NOT_DADDR"])),
            ("addr", Msg("RULE_ADD", TABLE=t, ROW=4, NUMBER=30, MEANING=5, ACTION=acc,
                         SADDR=range4("10.9.0.0/16"), DADDR=range4("10.8.0.1"), IN_SET=3,
                         LOG=[("GROUP", 7), ("SNAPLEN", 64), ("QTHRESHOLD", 1)])),
            ("icmp", Msg("RULE_ADD", TABLE=t, ROW=5, NUMBER=40, MEANING=6, ACTION=acc,
                         PROTO=b"\x01", ICMP_TYPE=8, ICMP_CODE=0,
                         LIMIT_INTERVAL_NS=10 ** 9, LIMIT_BURST=5)),
            ("cont", Msg("RULE_ADD", TABLE=t, ROW=6, NUMBER=50, MEANING=7, ACTION=cont,
                         PROTO=b"\x11", SPORT=ports(53), SADDR_SET=4)),
            ("default", Msg("RULE_ADD", TABLE=t, ROW=7, NUMBER=0, MEANING=8, ACTION=drop, LOG=[])),
        ]
    n = copies
    out += [
        ("table6", Msg("TABLE_ADD", ID=n, FAMILY=v6, NAME="A_B6", RULES=3, ROWS=3)),
        ("udp6", Msg("RULE_ADD", TABLE=n, ROW=0, NUMBER=10, MEANING=1, ACTION=acc, PROTO=b"\x11",
                     DADDR_SET=1, DPORT_SET=2, NOT=C["ZPF_NOT_DADDR"])),
        ("icmp6", Msg("RULE_ADD", TABLE=n, ROW=1, NUMBER=20, MEANING=2, ACTION=acc, PROTO=b"\x3a",
                      ICMP_TYPE=128, SADDR=range6("fd00::/64"))),
        ("default6", Msg("RULE_ADD", TABLE=n, ROW=2, NUMBER=0, MEANING=3, ACTION=drop)),
        ("tablef", Msg("TABLE_ADD", ID=n + 1, FAMILY=v4, NAME="forward filter", RULES=2, ROWS=2)),
        ("rulef", Msg("RULE_ADD", TABLE=n + 1, ROW=0, NUMBER=10, MEANING=1, ACTION=drop, IN_SET=3,
                      OUT_SET=3, NOT=C["ZPF_NOT_OUT"], PROTO=b"\x2f")),
        ("defaultf", Msg("RULE_ADD", TABLE=n + 1, ROW=1, NUMBER=0, MEANING=2, ACTION=acc)),
        ("tablel", Msg("TABLE_ADD", ID=n + 2, FAMILY=v4, NAME="A_L", RULES=1, ROWS=1)),
        ("defaultl", Msg("RULE_ADD", TABLE=n + 2, ROW=0, NUMBER=0, MEANING=2, ACTION=acc)),
        ("zone1", Msg("ZONE_ADD", ID=1, NAME="A", DEFAULT_ACTION=drop,
                      MEMBER=[("NAME", lan)], DEFAULT_TABLE4=0)),
        ("zone2", Msg("ZONE_ADD", [("ID", 2), ("NAME", "B"), ("FLAGS", 2),
                                   ("MEMBER", [("NAME", wan)]),
                                   ("MEMBER", [("NAME", "pppoe*")]),
                                   ("MEMBER", [("NAME", "blue"), ("VRF", True)]),
                                   ("INTRA_TABLE4", 0)])),
        ("zone3", Msg("ZONE_ADD", ID=3, NAME="L", FLAGS=C["ZPF_ZONE_LOCAL"])),
        ("pair4", Msg("PAIR_ADD", FROM=1, TO=2, FAMILY=v4, TABLE=0)),
        ("pair6", Msg("PAIR_ADD", FROM=1, TO=2, FAMILY=v6, TABLE=n)),
        ("pairl", Msg("PAIR_ADD", FROM=1, TO=3, FAMILY=v4, TABLE=n + 2)),
        ("chain", Msg("CHAIN_ADD", HOOK=C["ZPF_HOOK_FORWARD"], FAMILY=v4, TABLE=n + 1)),
        ("source", Msg("SOURCE_ADD", TEXT=SOURCE[:40])),
        ("source+", Msg("SOURCE_ADD", TEXT=SOURCE[40:])),
    ]
    return out + [("commit", Msg("TXN_COMMIT", MESSAGES=len(out) - 1))]


def commit(nl, msgs):
    """Sends a transaction; the answer to its commit; raises the first error."""
    answer = None
    for index, value in nl.batch(msgs):
        if isinstance(value, NlError):
            raise value
        if index == len(msgs) - 1 and value:
            answer = value
    if answer is None:
        raise NlError(errno.EPROTO, "the commit was not answered")
    return answer


# ---- commands of the scripts -------------------------------------------

def show(value):
    def plain(v):
        return v.decode("utf-8", "replace") if isinstance(v, bytes) else str(v)
    print(json.dumps(value, default=plain))


def cmd_status(_args):
    """status: STATUS_GET as JSON"""
    show(Nl().call("STATUS_GET"))


def cmd_dump(args):
    """dump ZONE_GET|COUNTER_GET|...: a dump as JSON lines"""
    for row in Nl().dump(args[0]):
        show(row)


def cmd_load(args):
    """load [LAN WAN [COPIES]]: commits the built-in policy"""
    copies = int(args[2]) if len(args) > 2 else 1
    show(commit(Nl(), [m for _, m in policy(*args[:2], copies=copies)]))


def cmd_commits(args):
    """commits N LAN WAN PORT...: the built-in policy N times, ports in turn"""
    nl = Nl()
    turns = [[m.freeze() for _, m in policy(*args[1:3], port=int(p))] for p in args[3:]]
    for i in range(int(args[0])):
        print(commit(nl, turns[i % len(turns)])["GENERATION"])


def cmd_events(args):
    """events FILE N: writes N events, one JSON line each, after 'joined'"""
    nl = Nl()
    nl.join()
    names = {C["ZPF_EVENT_" + n]: n.lower() for n in ("COMMIT", "DISARM", "JOIN", "LEAVE")}
    with open(args[0], "w", encoding="ascii", buffering=1) as f:
        print("joined", file=f)
        left = int(args[1])
        while left > 0:
            for _, e in nl.drain(wait=True):
                e["TYPE"] = names.get(e["TYPE"], e["TYPE"])
                print(json.dumps(e), file=f)
                left -= 1


def cmd_ops(_args):
    """ops: tries every command of the header and the group; prints 'NAME errno' for each"""
    try:
        nl = Nl()
    except NlError as e:
        print("family", errno.errorcode[e.code])
        return
    for name, number in C.items():
        cmd = name.removeprefix("ZPF_CMD_")
        if cmd in (name, "UNSPEC", "EVENT", "MAX"):
            continue
        known = cmd if cmd in COMMANDS else number
        try:
            if cmd.endswith("_GET") and cmd != "STATUS_GET":
                nl.dump(known)
            else:
                nl.call(known, [("MODE", 0)] if cmd == "DISARM" else [])
            print(cmd, "0")
        except NlError as e:
            print(cmd, errno.errorcode[e.code])
    try:
        nl.join()
        print("join 0")
    except OSError as e:
        print("join", errno.errorcode[e.errno])


def cmd_kill(args):
    """kill LAN WAN: clients killed after 1, 2 ... messages of a transaction

    Prints 'STAGE generation' for each; the last one dies after its commit.
    """
    msgs = policy(*args)
    for stage in range(1, len(msgs) + 1):
        nl = Nl()
        up, down = os.pipe()
        pid = os.fork()
        if pid == 0:
            nl.close()
            own = Nl()
            own.batch([m for _, m in msgs[:stage]])
            os.write(down, b"x")
            while True:
                signal.pause()
        os.read(up, 1)
        os.kill(pid, signal.SIGKILL)
        os.waitpid(pid, 0)
        os.close(up)
        os.close(down)
        print(msgs[stage - 1][0], nl.call("STATUS_GET").get("GENERATION", 0))
        nl.close()


def cmd_hold(args):
    """hold FILE what...: holds things open until killed: 'txn' (half a
    transaction), 'dump' (a dump that is not read to its end), 'events'"""
    keep = []
    for what in args[1:]:
        nl = Nl()
        if what == "txn":
            nl.batch([m for _, m in policy()[:15]])
        elif what == "dump":
            nl.sock.send(nl.pack(Msg("COUNTER_GET"), NLM_F_DUMP))
        elif what == "events":
            nl.join()
        keep.append(nl)
    with open(args[0], "w", encoding="ascii") as f:
        f.write("held\n")
    while True:
        signal.pause()


def expect(number, text, good, detail=""):
    print(f"{'ok' if good else 'not ok'} {number} {text}" + ("" if good else f" # {detail}"))
    return good


def cmd_txn(args):
    """txn LAN WAN: how transactions of several sockets meet; KTAP lines"""
    msgs = [m for _, m in policy(*args)]
    count = len(msgs) - 2
    a, b = Nl(), Nl()
    cases = []

    def errno_of(fn, *arg, **kw):
        try:
            fn(*arg, **kw)
            return 0
        except NlError as e:
            return e.code

    def generation():
        return a.call("STATUS_GET").get("GENERATION", 0)

    def case(text, got, want):
        cases.append(expect(len(cases) + 1, text, got == want, f"got {got!r}, want {want!r}"))

    start = commit(a, msgs)["GENERATION"]
    case("a second begin on one socket is EBUSY",
         (a.batch(msgs[:1]), errno_of(a.call, "TXN_BEGIN"))[1], errno.EBUSY)
    errno_of(a.call, "TXN_ABORT")
    case("abort without a transaction is ENOENT", errno_of(a.call, "TXN_ABORT"), errno.ENOENT)
    case("commit without a transaction is ENOENT",
         errno_of(a.call, "TXN_COMMIT", MESSAGES=count), errno.ENOENT)
    half = len(msgs) // 2
    a.batch(msgs[:half])
    b.batch(msgs[:half])
    case("two transactions at once: the first commits", commit(a, msgs[half:])["GENERATION"],
         start + 1)
    case("and the second commits after it", commit(b, msgs[half:])["GENERATION"], start + 2)
    a.batch(msgs[:-1])
    case("a commit on a generation that is gone is ESTALE",
         errno_of(a.call, "TXN_COMMIT", MESSAGES=count, BASE_GENERATION=start), errno.ESTALE)
    case("which changes nothing", generation(), start + 2)
    case("and discards the transaction", errno_of(a.call, "TXN_COMMIT", MESSAGES=count), errno.ENOENT)
    a.batch(msgs[:-1])
    commit(b, msgs)
    case("a commit that lost the race is ESTALE",
         errno_of(a.call, "TXN_COMMIT", MESSAGES=count, BASE_GENERATION=start + 2), errno.ESTALE)
    a.batch(msgs[:-1])
    case("a commit on the running generation is done",
         a.call("TXN_COMMIT", MESSAGES=count, BASE_GENERATION=start + 3).get("GENERATION"),
         start + 4)
    a.batch(msgs[:half])
    a.call("TXN_ABORT")
    case("after an abort the messages are ENOENT",
         [v.code for _, v in a.batch(msgs[half:half + 2])], [errno.ENOENT] * 2)
    case("an abort changes nothing", generation(), start + 4)
    a.batch(msgs[:half])
    bad = Msg("PAIR_ADD", FROM=1, TO=1, FAMILY=2, TABLE=0)
    codes = [v.code for _, v in a.batch([bad] + msgs[half:])]
    case("after an error every message is ENOENT until the next begin",
         codes[1:], [errno.ENOENT] * (len(msgs) - half))
    case("the error itself is not", codes[0] in (0, errno.ENOENT), False)
    case("a transaction refused half-way changes nothing", generation(), start + 4)
    case("a new begin starts from nothing", commit(a, msgs)["GENERATION"], start + 5)
    a.batch(msgs[:half])
    a.close()
    case("closing the socket changes nothing", b.call("STATUS_GET")["GENERATION"], start + 5)
    print(f"1..{len(cases)}")
    sys.exit(0 if all(cases) else 1)


def cmd_nflog(args):
    """nflog FILE GROUP N: N packets of an NFLOG group: 'prefix length' lines"""
    group, left = int(args[1]), int(args[2])
    s = socket.socket(socket.AF_NETLINK, socket.SOCK_RAW, 12)
    s.bind((0, 0))

    def config(kind, payload, family=0):
        body = struct.pack("=BBH", family, 0, socket.htons(group)) + nla(kind, payload)
        s.send(struct.pack("=IHHII", 16 + len(body), 4 << 8 | 1, NLM_F_REQUEST | NLM_F_ACK,
                           0, 0) + body)
        code = struct.unpack_from("=i", s.recv(65536), 16)[0]
        if code:
            raise OSError(-code, "nflog")

    config(1, b"\x01")                                   # bind the group
    config(2, struct.pack("!IBB", 0xffff, 2, 0))         # copy packets
    config(5, struct.pack("!I", 1))                      # one at a time
    with open(args[0], "w", encoding="ascii", buffering=1) as f:
        print("bound", file=f)
        while left > 0:
            data = s.recv(1 << 20)
            while len(data) >= 16:
                size, kind = struct.unpack_from("=IH", data)
                if kind == 4 << 8:
                    attrs = {k: p for _, k, p in walk(data[20:size])}
                    prefix = attrs.get(10, b"").rstrip(b"\0").decode()
                    print(prefix.strip(), len(attrs.get(9, b"")), file=f)
                    left -= 1
                data = data[size + (-size & 3):]


def cmd_hooks(_args):
    """hooks: number of zpf's netfilter hooks; 'unknown' without nfnetlink_hook"""
    s = socket.socket(socket.AF_NETLINK, socket.SOCK_RAW, 12)
    s.bind((0, 0))
    found = 0
    for family in (2, 10):
        for hook in range(5):
            body = struct.pack("=BBH", family, 0, 0) + nla(1, struct.pack("!I", hook))
            s.send(struct.pack("=IHHII", 16 + len(body), 12 << 8, NLM_F_REQUEST | NLM_F_DUMP,
                               0, 0) + body)
            done = False
            while not done:
                data = s.recv(1 << 20)
                while len(data) >= 16:
                    size, kind = struct.unpack_from("=IH", data)
                    code = struct.unpack_from("=i", data, 16)[0] if kind in (2, 3) else 0
                    # ENOENT: nothing is hooked there.
                    if kind == NLMSG_ERROR and code not in (0, -errno.ENOENT):
                        print("unknown")
                        return
                    done = done or kind in (NLMSG_ERROR, NLMSG_DONE)
                    if kind == 12 << 8:
                        attrs = {k: p for _, k, p in walk(data[20:size])}
                        found += attrs.get(5, b"").rstrip(b"\0") == b"zpf"
                    data = data[size + (-size & 3):]
    print(found)


def cmd_hammer(args):
    """hammer FILE [CMD...]: requests and dumps until SIGTERM, errors ignored"""
    stop = []
    signal.signal(signal.SIGTERM, lambda *_: stop.append(1))
    done = refused = 0
    cmds = args[1:] or ["STATUS_GET", *DUMPS]
    with open(args[0], "w", encoding="ascii", buffering=1) as f:
        print("started", file=f)
        while not stop:
            try:
                nl = Nl()
                for cmd in cmds:
                    if cmd in DUMPS:
                        nl.dump(cmd)
                    else:
                        nl.call(cmd)
                    done += 1
            except (NlError, OSError):
                refused += 1
            time.sleep(0.005)       # commits want the processor too
        print("done", done, refused, file=f)


def cmd_flood(args):
    """flood FILE DST PORT [CPU [MS]]: UDP packets until SIGTERM; then 'sent N'"""
    stop = []
    signal.signal(signal.SIGTERM, lambda *_: stop.append(1))
    if len(args) > 3:
        os.sched_setaffinity(0, {int(args[3])})
    pause = int(args[4]) / 1000 if len(args) > 4 else 0
    family = socket.AF_INET6 if ":" in args[1] else socket.AF_INET
    s = socket.socket(family, socket.SOCK_DGRAM)
    s.connect((args[1], int(args[2])))
    sent = 0
    with open(args[0], "w", encoding="ascii", buffering=1) as f:
        print("started", file=f)
        while not stop:
            try:
                s.send(b"01234567")
                sent += 1
            except OSError:     # the router, or the way to it, is gone
                time.sleep(0.01)
            if pause:
                time.sleep(pause)
        print("sent", sent, file=f)


def main():
    commands = {n[4:]: f for n, f in globals().items() if n.startswith("cmd_")}
    if len(sys.argv) < 2 or sys.argv[1] not in commands:
        print("usage: zpfnl.py COMMAND [ARG...]", file=sys.stderr)
        for f in commands.values():
            print("  " + f.__doc__.split("\n")[0], file=sys.stderr)
        sys.exit(2)
    try:
        commands[sys.argv[1]](sys.argv[2:])
    except NlError as e:
        print(f"zpfnl: {e}", file=sys.stderr)
        sys.exit(1)


if __name__ == "__main__":
    main()
