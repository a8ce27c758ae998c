"""One end of several links of one pattern: link_ends.py (bind|connect) PATTERN ENDPOINT...

Each line on stdin is a JSON order, each answer a line on stdout. Orders: send, take, ask, answer, and send, take and ask over all links in turn, message by
message (see the functions). Stamps are CLOCK_MONOTONIC.
What is sent and what comes is hashed after it was timed: equal hashes are equal octets in equal order."""
import hashlib
import itertools
import json
import random
import sys
import threading
import time

import zmq

PATTERNS = {  # (bound, connected)
    "push-pull": (zmq.PULL, zmq.PUSH), "pub-sub": (zmq.PUB, zmq.SUB), "req-rep": (zmq.REP, zmq.REQ),
    "dealer-router": (zmq.ROUTER, zmq.DEALER), "pair": (zmq.PAIR, zmq.PAIR), "xpub-xsub": (zmq.XPUB, zmq.XSUB),
}
now = time.monotonic_ns
role, pattern, endpoints = sys.argv[1], sys.argv[2], sys.argv[3:]
context = zmq.Context()
sockets = []
for endpoint in endpoints:
    sock = context.socket(PATTERNS[pattern][role == "connect"])
    sock.linger = 0
    sock.rcvhwm = sock.sndhwm = 0
    if sock.type == zmq.SUB:
        sock.subscribe(b"")
    if role == "bind":
        sock.bind(endpoint)
    else:
        sock.connect(endpoint)
        if sock.type == zmq.XSUB:
            sock.send(b"\x01")
    sockets.append(sock)


numbers = itertools.count()


def body(size):
    """Never the same again: what is lost, doubled or exchanged changes the hash."""
    return next(numbers).to_bytes(8, "little").ljust(size, b"x")


def digest(bodies):
    sha = hashlib.sha256()
    for one in bodies:
        sha.update(one)
    return sha.hexdigest()


def send(sock, count, rate, burst, size):
    """Sends `count` messages, `burst` at a time on planned times; each carries when it was sent. rate 0: as fast as it goes."""
    rest, sent = body(size - 8), []
    begin = now()
    for n in range(0, count, burst):
        if rate:
            wait = begin + n * 1_000_000_000 // rate - now()
            if wait > 0:
                time.sleep(wait / 1e9)
        for _ in range(min(burst, count - n)):
            sent.append(now().to_bytes(8, "little") + rest)
            sock.send(sent[-1])
    return {"sent": count, "beginNs": begin, "endNs": now(), "sha": digest(sent)}


def take(sock, count):
    """Takes `count` messages, or what comes until a second of silence."""
    delays, came = [], []
    sock.rcvtimeo = 4000
    first = last = 0
    try:
        while len(delays) < count:
            came.append(sock.recv())
            last = now()
            stamp = int.from_bytes(came[-1][:8], "little")
            if not delays:
                first = stamp
                sock.rcvtimeo = 1000
            delays.append(last - stamp)
    except zmq.Again:
        pass
    return {"count": len(delays), "delaysNs": delays, "firstNs": first, "lastNs": last, "sha": digest(came)}


def ask(sock, count, rate, size):
    """Sends and waits for the echo, on planned times; the round trip is from the actual send."""
    asked, came, trips = [body(size) for _ in range(count)], [], []
    sock.rcvtimeo = 2000
    begin = now()
    try:
        for n, one in enumerate(asked):
            if rate:
                wait = begin + n * 1_000_000_000 // rate - now()
                if wait > 0:
                    time.sleep(wait / 1e9)
            start = now()
            sock.send(one)
            came.append(sock.recv_multipart()[-1])
            trips.append(now() - start)
    except zmq.Again:
        pass
    return {"count": len(trips), "delaysNs": trips, "firstNs": begin, "lastNs": now(), "sha": digest(came), "sentSha": digest(asked)}


def turns(links, count, rate, seed):
    """`count` times each link once, in another order each time, at moments that follow no clock; waits for each, then names the link."""
    chance = random.Random(seed)
    period = 1e9 / rate
    planned = now()
    for _ in range(count):
        chance.shuffle(links)
        for link in links:
            # whoever is late sends at once, and the next one waits from there: nothing is caught up with
            planned = max(planned + period * chance.uniform(0.5, 1.5), now())
            wait = planned - now()
            if wait > 0:
                time.sleep(wait / 1e9)
            yield link


def send_mixed(links, count, rate, seed, size):
    """Sends one message at a time, over each link in turn; each carries when it was sent."""
    rest, sent = body(size - 8), {link: [] for link in links}
    for link in turns(links, count, rate, seed):
        sent[link].append(now().to_bytes(8, "little") + rest)
        sockets[link].send(sent[link][-1])
    return {str(link): {"sha": digest(bodies)} for link, bodies in sent.items()}


def take_mixed(links, count):
    """Takes `count` messages from each link, each by a thread that does nothing else: none waits for another."""
    came = {}
    threads = [threading.Thread(target=lambda link=link: came.update({str(link): take(sockets[link], count)})) for link in links]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return came


def ask_mixed(links, count, rate, seed, size):
    """Sends one message and waits for its echo, then the next, over each link in turn."""
    asked, came, trips = ({link: [] for link in links} for _ in range(3))
    for link in links:
        sockets[link].rcvtimeo = 2000
    try:
        for link in turns(links, count, rate, seed):
            sock = sockets[link]
            asked[link].append(body(size))
            start = now()
            sock.send(asked[link][-1])
            came[link].append(sock.recv_multipart()[-1])
            trips[link].append(now() - start)
    except zmq.Again:
        pass
    return {str(link): {"count": len(trips[link]), "delaysNs": trips[link], "sha": digest(came[link]), "sentSha": digest(asked[link])} for link in trips}


def answer(sock):
    while True:
        sock.send_multipart(sock.recv_multipart(copy=True))


def obey(order):
    kind = order["do"]
    if kind == "ask-mixed":
        return ask_mixed(order["links"], order["count"], order["rate"], order["seed"], order["size"])
    if kind == "send-mixed":
        return send_mixed(order["links"], order["count"], order["rate"], order["seed"], order["size"])
    if kind == "take-mixed":
        return take_mixed(order["links"], order["count"])
    sock = sockets[order["link"]]
    if kind == "answer":
        threading.Thread(target=answer, args=(sock,), daemon=True).start()
        return {}
    if kind == "ask":
        return ask(sock, order["count"], order["rate"], order["size"])
    if kind == "send":
        return send(sock, order["count"], order["rate"], order["burst"], order["size"])
    return take(sock, order["count"])


print("ready", flush=True)
for line in sys.stdin:
    print(json.dumps(obey(json.loads(line))), flush=True)
