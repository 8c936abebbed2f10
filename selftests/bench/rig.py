# SPDX-License-Identifier: GPL-2.0-only
"""The contestants of the benchmark, each a firewall in a network namespace of
its own, and the rigs of zpf_bench.ko that let packets pass through them."""
import itertools
import json
import os
import subprocess

from rules import DEFAULT, Policy

ESTABLISHED, NEW = "established", "new"
LOAD_SECONDS = 10           # who takes longer for a policy does without it
LIST_RULES = 1000           # nft lists counters of so many rules in good time
SHOW_RULES = 10000          # and zpfctl of so many
CHUNK = 60_000              # bytes of packets in one write


class Wrong(Exception):
    """A verdict or a counter is not what the policy says."""


class CouldNot(Exception):
    """A contestant cannot take that policy."""


def run(*cmd, text=None, timeout=None):
    try:
        done = subprocess.run(cmd, input=text, capture_output=True, text=True, check=False,
                              timeout=timeout)
    except subprocess.TimeoutExpired as err:
        raise CouldNot(f"took more than {timeout} s") from err
    if done.returncode:
        why = (done.stderr or done.stdout).strip()[-400:]
        raise (CouldNot if timeout else Wrong)(f"{' '.join(cmd)}: status {done.returncode}: {why}")
    return done.stdout


def netns_add(name, interfaces):
    run("ip", "netns", "add", name)
    run("ip", "-n", name, "-batch", "-",
        text="".join(f"link add {i} type dummy\n" for i in interfaces))


class Rig:
    """One open /proc/zpf_bench: packets for the hook of one namespace.

    at: packets sent since they were aimed; the next is at modulo their number.
    """

    def __init__(self, ns):
        self.fd = os.open("/proc/zpf_bench", os.O_RDWR)
        net = os.open(f"/run/netns/{ns}", os.O_RDONLY)
        self.command("net", net)
        os.close(net)
        self.flows, self.drops, self.at, self.ct = [], [0], 0, None

    def command(self, *words):
        os.write(self.fd, " ".join(str(w) for w in words).encode())

    def aim(self, policy, ct, flows):
        """flows: what Policy.flows() says. Those already there are kept."""
        src, dst = (policy.interfaces()[i] for i in policy.pair())
        same = self.ct == (ct, src, dst) and [f[2] for f in flows] == [f[2] for f in self.flows]
        self.at %= len(self.flows) or 1
        if not same:
            self.command("flush")
            self.command("in", src)
            self.command("out", dst)
            self.command("ct", ct)
            lines, size = [], 0
            for _, _, packet in flows:
                lines.append(f"packet {packet.hex()}\n")
                size += len(lines[-1])
                if size > CHUNK:
                    self.command("".join(lines))
                    lines, size = [], 0
            if lines:
                self.command("".join(lines))
            self.ct, self.at = (ct, src, dst), 0
        self.flows = flows
        drop = (0 if accept or ct != NEW else 1 for _, accept, _ in flows)
        self.drops = list(itertools.accumulate(drop, initial=0))

    def dropped_until(self, at):
        """How many of the first at packets sent are to be dropped."""
        turns, rest = divmod(at, len(self.flows))
        return turns * self.drops[-1] + self.drops[rest]

    def batch(self, packets, cold=False):
        """{packets, accepted, dropped, ns, hooks, want_dropped}"""
        self.command("cold" if cold else "run", packets)
        numbers = os.pread(self.fd, 100, 0).split()
        got = dict(zip(("packets", "accepted", "dropped", "ns", "hooks"), map(int, numbers)))
        got["want_dropped"] = \
            self.dropped_until(self.at + packets) - self.dropped_until(self.at)
        self.at += packets
        return got

    def times_sent(self, since):
        """[how often each flow was sent since at was that]"""
        n = len(self.flows)

        def until(at, i):
            return (at - i + n - 1) // n if at > i else 0

        return [until(self.at, i) - until(since, i) for i in range(n)]


class Contestant:
    """A firewall in its namespaces. judges: it decides by the policy."""
    name, judges = "", True

    def __init__(self, zones, family=""):
        self.ns = f"bench-{self.name}-{zones}{family}"
        netns_add(self.ns, Policy(zones=zones).interfaces())
        self.rigs = []
        self.policy = None      # what is loaded

    def rig_at(self, i):
        """One of its rigs, each with packets of its own."""
        while len(self.rigs) <= i:
            self.rigs.append(Rig(self.ns))
        return self.rigs[i]

    @property
    def rig(self):
        return self.rig_at(0)

    def take(self, policy):
        """Enforces the policy, or raises CouldNot."""
        if policy != self.policy:
            self.policy = None
            self.load(policy)
            self.policy = policy

    def load(self, policy):
        pass

    def counters(self):
        """{(what): (packets, bytes)} of every counter; None: not known."""
        return None

    def expect(self, policy, state, rule):
        """Where that packet must be counted."""
        raise NotImplementedError

    def in_ns(self, *cmd, text=None, timeout=None):
        return run("ip", "netns", "exec", self.ns, *cmd, text=text, timeout=timeout)


class Nothing(Contestant):
    name, judges = "none", False


class Empty(Contestant):
    name, judges = "empty", False

    def __init__(self, zones, family=""):
        super().__init__(zones, family)
        self.rig.command("accept")


class Zpf(Contestant):
    name = "zpf"

    def ctl(self, *args, text=None):
        return run(os.environ["ZPFCTL"], "-n", self.ns, *args, text=text)

    def load(self, policy):
        self.ctl("load", "-", text=policy.set_form())

    def status(self):
        return json.loads(self.ctl("show", "status", "--json"))

    def counters(self):
        if not self.policy or self.policy.n > SHOW_RULES:
            return None
        seen = json.loads(self.ctl("show", "counters", "--json"))
        out = {}
        for pair in seen["pairs"]:
            for row in pair["rules"]:
                key = (pair["from"], pair["to"], pair["family"], row["ruleset"],
                       str(row["rule"]))
                out[key] = (row["packets"], row["bytes"])
        for chain in seen.get("chains", ()):
            for row in chain["rules"]:
                out[(chain["chain"], chain["family"], str(row["rule"]))] = \
                    (row["packets"], row["bytes"])
        for row in seen["state_policy"]:
            out[(row["state"],)] = (row["packets"], row["bytes"])
        return out

    def expect(self, policy, state, rule):
        if policy.state_policy and state == ESTABLISHED:
            return {(ESTABLISHED,)}
        src, dst = policy.pair()
        keys = {(policy.zone(src), policy.zone(dst), policy.family, "BENCH", str(rule))}
        if policy.chain:
            keys.add(("forward", policy.family,
                      "10" if state == ESTABLISHED else DEFAULT))
        return keys

    def sites(self):
        """(logged, suppressed) of all log sites, undeliverable ones among
        the logged."""
        seen = json.loads(self.ctl("show", "log-sites", "--json"))
        rows = next(v for v in seen.values() if isinstance(v, list))
        return (sum(r["logged"] + r["undeliverable"] for r in rows),
                sum(r["suppressed"] for r in rows))


class Nft(Contestant):
    text = None

    def load(self, policy):
        # In two steps, or the old rules stay where the new ones fail.
        self.in_ns("nft", "flush", "ruleset")
        self.in_ns("nft", "-f", "-", text=self.text(policy), timeout=LOAD_SECONDS)


class Vyos(Nft):
    name, text = "L", staticmethod(lambda policy: policy.vyos())

    def counters(self):
        if not self.policy or self.policy.n > LIST_RULES:
            return None
        out = {}
        for item in json.loads(self.in_ns("nft", "-j", "list", "ruleset"))["nftables"]:
            rule = item.get("rule")
            if rule and "comment" in rule:
                for expr in rule["expr"]:
                    if "counter" in expr:
                        count = expr["counter"]
                        out[rule["comment"]] = (count["packets"], count["bytes"])
        return out

    def expect(self, policy, state, rule):
        if policy.state_policy and state == ESTABLISHED:
            # Accepted by one base chain, a packet is still seen by the next.
            return {"state-policy"}
        keys = {f"BENCH-{rule}"}
        if policy.chain:
            keys.add("FWD-filter-10" if state == ESTABLISHED
                     else "FWD-filter default-action accept")
        return keys


class Tuned(Nft):
    name, text = "T", staticmethod(lambda policy: policy.tuned())


class Iptables(Contestant):
    name = "I"

    def load(self, policy):
        tool = "iptables" if policy.family == "ipv4" else "ip6tables"
        self.in_ns(f"{tool}-legacy-restore", text=policy.iptables(), timeout=LOAD_SECONDS)


ALL = (Nothing, Empty, Zpf, Vyos, Tuned, Iptables)
