# SPDX-License-Identifier: GPL-2.0-only
"""Rule sets of the shapes of selftests/host/shapes.c, read from shape_text:
rules, and packets with the rule that decides them by the naive walk."""
import os
import subprocess
from functools import lru_cache
from typing import NamedTuple, Optional

PLACES = ("first", "middle", "last", "default", "random")


class Rule(NamedTuple):
    """None: any. Addresses and ports are ranges of numbers."""
    action: str
    proto: Optional[int] = None
    src: Optional[tuple] = None
    dst: Optional[tuple] = None
    sport: Optional[tuple] = None
    dport: Optional[tuple] = None


class Flow(NamedTuple):
    """rule: index of the rule that decides; the number of rules: the default"""
    rule: int
    proto: int
    src: int
    dst: int
    sport: int
    dport: int


def pair(word, base):
    return None if word == "-" else tuple(int(x, base) for x in word.split("-"))


@lru_cache(maxsize=8)
def shape(name, n, v6, flows):
    """(rules, {place: [Flow]}), flows packets at each place."""
    cmd = [os.environ["ZPF_SHAPE_TEXT"]] + ["-6"] * v6 + [name, str(n)]
    for place in PLACES:
        cmd += [place, str(flows)]
    rules, packets = [], {place: [] for place in PLACES}
    text = subprocess.run(cmd, capture_output=True, text=True, check=True).stdout
    for line in text.splitlines():
        word = line.split()
        if word[0] == "rule":
            rules.append(Rule(word[1], None if word[2] == "-" else int(word[2]),
                              pair(word[3], 16), pair(word[4], 16),
                              pair(word[5], 10), pair(word[6], 10)))
        else:
            packets[word[1]].append(Flow(int(word[2]), int(word[3]), int(word[4], 16),
                                         int(word[5], 16), int(word[6]), int(word[7])))
    return rules, packets
