#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-only
"""Both ends of the demonstration's conversations, over ordinary sockets.

  peer.py serve    TCP 443 says hello, UDP ports echo; prints "ready" once
                   every port is open
  peer.py client   does what lines on standard input say, and ends what it
                   prints for each with a line "."; at the start too

    login ADDRESS   one TCP conversation on port 443
    udp NAME,SOURCE,SPORT,ADDRESS,DPORT,COUNT...
                    COUNT datagrams to each, one after the other; prints
                    "NAME SENT ANSWERED" a line
    knock ADDRESS PORT
                    a single SYN, nobody waits for the answer

In udp, the next datagram of a conversation is sent once the last one is
answered, so that how many packets open a connection and how many belong to
it is known exactly. Where the first stays unanswered the rest follow at once.
"""
import select
import socket
import sys
import time

FIRST_S = 1.5    # an answer takes milliseconds, also in an emulated machine
LATE_S = 0.3
UDP_PORTS = (500, 4501, 7, 3478)


def serve():
    tcp = socket.create_server(("198.51.100.7", 443))
    udp = []
    for port in UDP_PORTS:
        s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        s.bind(("172.31.0.1" if port == 7 else "198.51.100.7", port))
        udp.append(s)
    print("ready", flush=True)
    while True:
        for s in select.select([tcp, *udp], [], [])[0]:
            if s is not tcp:
                data, peer = s.recvfrom(2048)
                s.sendto(data, peer)
                continue
            conn, _ = tcp.accept()
            with conn:
                asked = b""
                while chunk := conn.recv(2048):
                    asked += chunk
                conn.sendall(b"welcome, " + asked)


def login(address):
    try:
        with socket.create_connection((address, 443), timeout=4) as s:
            s.sendall(b"client")
            s.shutdown(socket.SHUT_WR)
            answer = b""
            while chunk := s.recv(2048):
                answer += chunk
        print(answer.decode())
    except OSError as err:
        print("no connection:", err)


class Talk:
    def __init__(self, name, source, sport, address, dport, count):
        self.name, self.count = name, int(count)
        self.sent = self.answered = 0
        self.sock = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self.sock.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        self.sock.bind((source, int(sport)))
        self.to = (address, int(dport))

    def send(self):
        self.sock.sendto(b"%s %d" % (self.name.encode(), self.sent), self.to)
        self.sent += 1

    def receive(self):
        self.sock.recv(2048)
        self.answered += 1


def collect(talks, seconds):
    """Waits until everything sent is answered, or for so long."""
    end = time.monotonic() + seconds
    while wait := [t for t in talks if t.answered < t.sent]:
        left = end - time.monotonic()
        if left <= 0:
            return
        for s in select.select([t.sock for t in wait], [], [], left)[0]:
            next(t for t in wait if t.sock is s).receive()


def udp(talks):
    for t in talks:
        t.send()
    collect(talks, FIRST_S)
    dead = [t for t in talks if not t.answered]
    for t in dead:
        while t.sent < t.count:
            t.send()
    while left := [t for t in talks if t.sent < t.count]:
        for t in left:
            t.send()
        collect(left, FIRST_S)
    collect(dead, LATE_S)
    for t in talks:
        t.sock.close()
        print(t.name, t.sent, t.answered)


def knock(address, port):
    s = socket.socket()
    s.setblocking(False)
    s.connect_ex((address, int(port)))
    s.close()


def client():
    print(".", flush=True)
    for line in sys.stdin:
        word, *args = line.split()
        if word == "login":
            login(*args)
        elif word == "knock":
            knock(*args)
        else:
            udp([Talk(*arg.split(",")) for arg in args])
        print(".", flush=True)


if sys.argv[1:] == ["serve"]:
    serve()
else:
    client()
