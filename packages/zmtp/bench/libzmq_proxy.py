"""libzmq's own proxy in C, without capture: libzmq_proxy.py PATTERN LISTEN UPSTREAM. Ends with stdin."""
import os
import sys
import threading

import zmq

SIDES = {  # (where peers connect, towards the real endpoint)
    "push-pull": (zmq.PULL, zmq.PUSH), "pub-sub": (zmq.XPUB, zmq.XSUB), "xpub-xsub": (zmq.XPUB, zmq.XSUB), "req-rep": (zmq.ROUTER, zmq.DEALER),
    "dealer-router": (zmq.ROUTER, zmq.DEALER), "pair": (zmq.PAIR, zmq.PAIR),
}
pattern, listen, upstream = sys.argv[1:4]
context = zmq.Context()
front, back = (context.socket(kind) for kind in SIDES[pattern])
for sock in (front, back):
    sock.linger = 0
    sock.rcvhwm = sock.sndhwm = 0
front.bind(listen)
back.connect(upstream)
threading.Thread(target=lambda: (sys.stdin.read(), os._exit(0)), daemon=True).start()
print("ready", flush=True)
zmq.proxy(front, back)
