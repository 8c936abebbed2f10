#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-only
"""The drop ledger against what two packet captures saw.

  dropcap.py send IFACE MAC COUNT SEED NETS PORTS
        random packets of both families, as frames to that MAC address: UDP,
        TCP, ICMP echo and others, ESP; from NETS networks to ports up to PORTS
  dropcap.py compare IN.pcap OUT.pcap SLOTS < show-drops.json
        what went in and did not come out, by the ledger's key, is what its
        rows say: exactly where nothing is lost, otherwise with an error of at
        most packets / SLOTS; all rows and the lost ones together are exact.
        Prints "DROPPED KINDS LOST", and a line for each thing that is wrong.

A kind is what of the ledger's key a capture knows: family, protocol, port or
ICMP type, network of the source. A host routes 10.10.0.0/16 and fd01:10::/64
here (see lib.sh), so IPv6 sources differ in fd01:10:0:NET::.
"""
import collections
import json
import random
import socket
import struct
import sys

TCP, UDP, ICMP, ICMP6, ESP = 6, 17, 1, 58, 50
NAMES = {TCP: "tcp", UDP: "udp", ICMP: "icmp", ICMP6: "icmpv6", ESP: "esp"}


def checksum(data):
    total = sum(struct.unpack(f"!{len(data) // 2}H", data))
    while total >> 16:
        total = (total & 0xffff) + (total >> 16)
    return ~total & 0xffff


def frame(rng, nets, ports):
    """One random packet. Checksums above IP are wrong, which no firewall on
    the way minds: conntrack calls it invalid."""
    six, net, host = rng.random() < .5, rng.randrange(nets), rng.randrange(1, 255)
    proto = rng.choice((UDP, UDP, UDP, TCP, TCP, ICMP6 if six else ICMP, ESP))
    if proto in (UDP, TCP):
        body = struct.pack("!HH", rng.randrange(1024, 65536), rng.randrange(1, ports + 1))
        body += struct.pack("!HH", 8, 0) if proto == UDP else \
            struct.pack("!IIBBHHH", rng.getrandbits(32), 0, 0x50, 2, 1024, 0, 0)
    elif proto == ESP:
        body = rng.randbytes(24)
    else:
        body = bytes([rng.choice((128, 129, 1, 3) if six else (8, 0, 3, 11))]) + bytes(43)
    if six:
        return b"\x86\xdd" + struct.pack("!IHBB", 6 << 28, len(body), proto, 64) + \
            socket.inet_pton(socket.AF_INET6, f"fd01:10:0:{net:x}::{host:x}") + \
            socket.inet_pton(socket.AF_INET6, "fd01:40::1") + body
    head = struct.pack("!BBHHHBBH", 0x45, 0, 20 + len(body), rng.getrandbits(16), 0, 64, proto, 0) + \
        bytes([10, 10, net, host, 10, 40, 0, 1])
    return b"\x08\x00" + head[:10] + struct.pack("!H", checksum(head)) + head[12:] + body


def send(iface, mac, count, seed, nets, ports):
    rng = random.Random(int(seed))
    s = socket.socket(socket.AF_PACKET, socket.SOCK_RAW)
    s.bind((iface, 0))
    macs = bytes.fromhex(mac.replace(":", "")) + s.getsockname()[4]
    for _ in range(int(count)):
        s.send(macs + frame(rng, int(nets), int(ports)))


def kind(packet):
    """Of an Ethernet frame; None: not one of ours."""
    if packet[12:14] == b"\x08\x00":
        ip, proto, l4 = packet[14:], packet[23], packet[14 + 4 * (packet[14] & 15):]
        family, source = "ipv4", socket.inet_ntop(socket.AF_INET, ip[12:15] + b"\0") + "/24"
    elif packet[12:14] == b"\x86\xdd":
        ip, proto, l4 = packet[14:], packet[20], packet[54:]
        family, source = "ipv6", socket.inet_ntop(socket.AF_INET6, ip[8:16] + bytes(8)) + "/64"
    else:
        return None
    if proto in (TCP, UDP):
        return family, NAMES[proto], struct.unpack("!H", l4[2:4])[0], source
    if proto in (ICMP, ICMP6):
        return family, NAMES[proto], -l4[0], source
    return family, NAMES.get(proto, str(proto)), None, source


def capture(path):
    kinds = collections.Counter()
    with open(path, "rb") as f:
        data = f.read()
    order = "<" if data[:4] == b"\xd4\xc3\xb2\xa1" else ">"
    at = 24
    while at < len(data):
        length = struct.unpack_from(order + "I", data, at + 8)[0]
        kinds[kind(data[at + 16:at + 16 + length])] += 1
        at += 16 + length
    return kinds


def compare(path_in, path_out, slots):
    dropped = capture(path_in)
    dropped.subtract(capture(path_out))
    ledger = json.load(sys.stdin)
    rows = collections.Counter()
    for row in ledger["drops"]:
        port = row["dport"] if row["icmp_type"] is None else -row["icmp_type"]
        rows[row["family"], row["protocol"], port, row["source"]] += row["packets"]
    total, lost = sum(dropped.values()), ledger["lost"]
    print(total, sum(n > 0 for n in dropped.values()), lost)
    wrong = []
    if sum(rows.values()) + lost != total:
        wrong.append(f"rows have {sum(rows.values())}, {lost} are lost, {total} were dropped")
    bound = total // int(slots) if lost else 0
    for k in dropped.keys() | rows.keys():
        if not rows[k] <= dropped[k] <= rows[k] + bound:
            wrong.append(f"{k}: {dropped[k]} were dropped, its row has {rows[k]}")
    print("\n".join(wrong[:10]), end="\n" if wrong else "")
    return bool(wrong)


if sys.argv[1] == "send":
    send(*sys.argv[2:])
else:
    sys.exit(compare(*sys.argv[2:]))
