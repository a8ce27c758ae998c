"""Plays recorded frames as the live system sent them: frames_replay.py FILE PUBLISH FRONT REAL.

Binds a publisher at PUBLISH, which begins when somebody has subscribed, and the answering end of the requests at REAL; the asking end connects to FRONT.
Lines of FILE are {pattern: pub|req|rep, frames_b64}. Says how many of each went, with the SHA-256 over their octets."""
import base64
import gzip
import hashlib
import json
import sys

import zmq

file, publish, front, real = sys.argv[1:5]
with (gzip.open if file.endswith(".gz") else open)(file, "rt") as lines:
    frames = [(line["pattern"], [base64.b64decode(part) for part in line["frames_b64"]]) for line in map(json.loads, lines)]
context = zmq.Context()
publisher, server, client = context.socket(zmq.XPUB), context.socket(zmq.REP), context.socket(zmq.REQ)
for sock in (publisher, server, client):
    sock.linger = 2000
    sock.rcvtimeo = 20000
    sock.sndhwm = sock.rcvhwm = 0
publisher.bind(publish)
server.bind(real)
client.connect(front)
publisher.recv()
requests = [parts for pattern, parts in frames if pattern == "req"]
answers = [parts for pattern, parts in frames if pattern == "rep"]
counts, hashes = {"pub": 0, "req": 0, "rep": 0}, {name: hashlib.sha256() for name in ("pub", "req", "rep")}


def count(pattern, parts):
    counts[pattern] += 1
    for part in parts:
        hashes[pattern].update(part)


for pattern, parts in frames:
    if pattern == "pub":
        publisher.send_multipart(parts)
        count("pub", parts)
    elif pattern == "req" and counts["req"] < min(len(requests), len(answers)):
        answer = answers[counts["req"]]
        client.send_multipart(parts)
        assert server.recv_multipart() == parts
        server.send_multipart(answer)
        assert client.recv_multipart() == answer
        count("req", parts)
        count("rep", answer)
print(json.dumps({**counts, **{f"{name}Sha": value.hexdigest() for name, value in hashes.items()}}), flush=True)
context.destroy(linger=2000)
