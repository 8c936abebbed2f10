# SPDX-License-Identifier: GPL-2.0-only
"""Part 3 of the benchmark: whole packets through a router on a stick. pktgen
hands tagged frames to the trunk's receive path, the router forwards them from
one VLAN subinterface to another, and the trunk, a dummy, counts and frees
them: all in one call chain on one processor. The generators of all contestants
run at once, in turns of a tick, so that each meets the machine as quick and as
slow as the others do."""
import concurrent.futures
import contextlib
import ctypes
import os
import re

import report
from rig import Contestant, Nft, Tuned, Vyos, Wrong, Zpf, run
from rules import PORT0, Policy

FLOWS = 64
PACKETS = 60_000        # of a batch: several turns
COPIES = 12             # routers of each contestant: where its memory lies is worth some percent
SOURCE0 = 40000         # source port of the first flow
POLICY = Policy(state_rule=True)
IN, OUT = (POLICY.interfaces()[i] for i in POLICY.pair())
CLIENT, SERVER = "10.1.0.2", "10.2.0.2"
ROUTER, PEER = "02:00:00:00:00:01", "02:00:00:00:00:02"
LIBC = ctypes.CDLL(None, use_errno=True)


def enter(net):
    if LIBC.setns(net, 0):
        raise OSError(ctypes.get_errno(), "setns")


@contextlib.contextmanager
def inside(net):
    """This thread is in that network namespace."""
    home = os.open("/proc/thread-self/ns/net", os.O_RDONLY)
    enter(net)
    try:
        yield
    finally:
        enter(home)
        os.close(home)


class Router:
    """A namespace with a trunk, its VLAN subinterfaces and a generator."""

    def __init__(self, copy):
        self.ns, self.policy, self.rigs = f"path-{self.name}-{copy}", None, []
        trunk = IN.partition(".")[0]
        run("ip", "netns", "add", self.ns)
        self.trunk, self.net = trunk, os.open(f"/run/netns/{self.ns}", os.O_RDONLY)
        # What IPv6 says of itself would be counted with the packets.
        self.write("/proc/sys/net/ipv4/ip_forward", "1")
        self.write("/proc/sys/net/ipv6/conf/default/disable_ipv6", "1")
        run("ip", "-n", self.ns, "-batch", "-", text="\n".join(
            ["link set lo up", f"link add {trunk} address {ROUTER} type dummy",
             f"link set {trunk} up"] +
            [f"link add link {trunk} name {i} type vlan id {i.partition('.')[2]}\n"
             f"link set {i} up" for i in POLICY.interfaces()] +
            [f"address add {host[:-1]}1/24 dev {dev}\n"
             f"neighbour add {host} lladdr {PEER} dev {dev} nud permanent"
             for host, dev in ((CLIENT, IN), (SERVER, OUT))]) + "\n")
        self.pktgen("kpktgend_0", "rem_device_all", f"add_device {trunk}")

    def write(self, file, *lines):
        """Each line at once, to a file the namespace has of its own."""
        with inside(self.net):
            for line in lines:
                with open(file, "w", encoding="ascii") as f:
                    f.write(line + "\n")

    def pktgen(self, file, *commands):
        self.write(f"/proc/thread-self/net/pktgen/{file}", *commands)

    def aim(self, dev, src, dst, sports, dports):
        """What the generator sends from now on, each flow in turn."""
        self.pktgen(self.trunk, "xmit_mode netif_receive", "delay 0", "pkt_size 60",
                    f"dst_mac {ROUTER}", f"src_mac {PEER}", f"vlan_id {dev.partition('.')[2]}",
                    f"src_min {src}", f"src_max {src}", f"dst {dst}",
                    f"udp_src_min {sports[0]}", f"udp_src_max {sports[1]}",
                    f"udp_dst_min {dports[0]}", f"udp_dst_max {dports[1]}")

    def send(self, packets, dev):
        """Nanoseconds a packet, without those in which another generator had its turn;
        every packet must leave by dev."""
        before = self.left(dev)
        self.pktgen(self.trunk, f"count {packets}")
        self.pktgen("pgctrl", "start")
        with inside(self.net), open(f"/proc/thread-self/net/pktgen/{self.trunk}",
                                    encoding="ascii") as f:
            got = re.search(r"^Result: OK: \d+\(c(\d+)\+", f.read(), re.M)
        passed = self.left(dev) - before
        if not got or passed != packets:
            raise Wrong(f"path: {self.name}: {passed} of {packets} packets left by {dev}")
        return int(got[1]) * 1000 / packets

    def left(self, dev):
        with inside(self.net), open("/proc/thread-self/net/dev", encoding="ascii") as f:
            return int(re.search(rf"^ *{dev}:(.*)", f.read(), re.M)[1].split()[9])

    def establish(self):
        """Both directions of every flow are seen."""
        flows, port = (SOURCE0, SOURCE0 + FLOWS), (PORT0 + 1, PORT0 + 1)
        self.aim(IN, CLIENT, SERVER, flows, port)
        self.send(FLOWS, OUT)
        self.aim(OUT, SERVER, CLIENT, port, flows)
        self.send(FLOWS, IN)
        self.aim(IN, CLIENT, SERVER, flows, port)
        self.send(PACKETS, OUT)


class Nothing(Contestant):
    name, judges, about = "nothing", False, "no hook"


class Conntrack(Nft):
    name, judges, about = "conntrack", False, "connections are tracked, nothing filters"
    # Asked about where nothing passes, conntrack is there for all that does.
    text = staticmethod(lambda policy: "table ip track { chain output { "
                        "type filter hook output priority 0; ct state new accept; }; }\n")


class L(Vyos):
    about = "nftables as VyOS generates it"


class T(Tuned):
    about = "nftables tuned by hand"


class Flowtable(Nft):
    name, about = "flowtable", "T, and established flows past every hook"
    # What the counter sees was not past.
    text = staticmethod(lambda policy: policy.tuned().replace(
        "  chain OTHER", "  flowtable fast {\n    hook ingress priority 0; "
        f"devices = {{ {IN.partition('.')[0]} }};\n  }}\n  chain OTHER", 1).replace(
            "    ct state vmap",
            "    ct state established counter flow add @fast\n    ct state vmap", 1))

    def seen(self):
        return int(re.search(r"counter packets (\d+)", self.in_ns("nft", "list", "ruleset"))[1])


class OfZpf(Zpf):
    about = "zone policy, counters"


KINDS = (Nothing, Conntrack, OfZpf, L, T, Flowtable)


def ready(kind, copy):
    router = type(kind.__name__, (Router, kind), {})(copy)
    router.take(POLICY)
    return router


def counted(routers):
    """Packets of the rule that accepts established, of every zpf; packets that are not
    past the hooks of every flow table."""
    src, dst = POLICY.pair()
    row = (POLICY.zone(src), POLICY.zone(dst), POLICY.family, "BENCH", str(POLICY.number(0)))
    return (sum(r.counters()[row][0] for r in routers if isinstance(r, OfZpf)),
            sum(r.seen() for r in routers if isinstance(r, Flowtable)))


def paired(times, name):
    """How many times as many packets as each of the others: the median over pairs of
    batches that were sent at once, on a machine as quick for both."""
    return {other: report.stats([b / a for a, b in zip(times[name], batches)])
            for other, batches in times.items() if other != name}


def path(batches, copies=COPIES):
    """batches: of each contestant, which its copies share."""
    groups = [[ready(kind, copy) for kind in KINDS] for copy in range(copies)]
    routers = [router for group in groups for router in group]
    times = {}
    with concurrent.futures.ThreadPoolExecutor(len(KINDS)) as pool:
        for group in groups:
            list(pool.map(Router.establish, group))
        before = counted(routers)
        for i in range(batches):
            group = groups[i % copies]
            for router, ns in zip(group, pool.map(lambda r: r.send(PACKETS, OUT), group)):
                times.setdefault(router.name, []).append(ns)
    got = [now - then for now, then in zip(counted(routers), before)]
    if got != [batches * PACKETS, 0]:
        raise Wrong(f"path: zpf counted {got[0]} of {batches * PACKETS} packets, "
                    f"{got[1]} were not past the hooks of a flow table")
    return {r.name: {"mpps": report.stats([1000 / ns for ns in times[r.name]]),
                     "ns": report.stats(times[r.name]), "about": r.about,
                     "over": paired(times, r.name)}
            for r in groups[0]}
