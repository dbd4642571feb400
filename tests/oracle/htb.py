#!/usr/bin/env python3
# Packets through a device whose qdisc is the oracle: sent as a pattern says, seen on the device's other end.
#
#   htb.py PATTERN va vb	writes ts,id,class,size,left: when a packet was given to the kernel, and when it left
#
# size is what the qdisc counts (Ethernet's header too); times are seconds from the first packet.
import os, select, socket, struct, sys, time

CLASSES = ["critical", "system", "job_execution", "data_transfer", "logs_metrics"]
SIZES = [[200, 1000], [600], [1400, 300, 300], [1400], [100, 500, 1000]]
ETHERNET_IP_UDP = 14 + 20 + 8
SECONDS = 4.5
OFFERED = {  # Mbit/s by class, while it sends
    "backlogged": [3.0, 2.5, 2.5, 1.5, 0.6],
    "two-idle": [5.0, 0, 4.0, 0, 1.5],
    "on-off": [6.0, 2.5, 2.5, 2.0, 1.0],  # the first: half a second each
}


def packets(pattern):
    """(time, class, size) in order"""
    out = []
    for c, mbit in enumerate(OFFERED[pattern]):
        t, i = 0.0001 * c, 0
        while mbit and t < SECONDS:
            size = SIZES[c][i % len(SIZES[c])]
            if not (pattern == "on-off" and c == 0 and int(t * 2) % 2):
                out.append((t, c, size))
                i += 1
            t += size * 8 / (mbit * 1e6)
    return sorted(out)


def receive(device, n, pipe):
    s = socket.socket(socket.AF_PACKET, socket.SOCK_RAW, socket.htons(0x0800))
    s.setsockopt(socket.SOL_SOCKET, 33, 64 << 20)  # SO_RCVBUFFORCE
    s.setsockopt(socket.SOL_SOCKET, 35, 1)  # SO_TIMESTAMPNS
    s.bind((device, 0))
    os.write(pipe, b"r")
    seen = []
    while len(seen) < n and select.select([s], [], [], 3)[0]:
        data, ancillary, _, address = s.recvmsg(2048, 64)
        if address[2] == socket.PACKET_OUTGOING or len(data) < 46 or data[23] != 17:
            continue
        sec, nsec = struct.unpack("qq", ancillary[0][2][:16])
        seen.append((struct.unpack_from("!I", data, 42)[0], sec * 10**9 + nsec))
    with os.fdopen(pipe, "wb") as f:
        for x in seen:
            f.write(struct.pack("!Iq", *x))


def send(plan):
    sockets = []
    for _ in CLASSES:
        s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        s.setsockopt(socket.SOL_SOCKET, 32, 64 << 20)  # SO_SNDBUFFORCE
        sockets.append(s)
    given, data, start = [], bytes(1500), time.time_ns() + 10**7
    for i, (t, c, size) in enumerate(plan):
        wait = start + int(t * 1e9) - time.time_ns()
        if wait > 0:
            time.sleep(wait / 1e9)
        payload = struct.pack("!I", i) + data[: size - ETHERNET_IP_UDP - 4]
        given.append(time.time_ns())
        sockets[c].sendto(payload, ("10.9.0.2", 9001 + c))
    return given


plan = packets(sys.argv[1])
r, w = os.pipe()
if os.fork() == 0:
    os.close(r)
    receive(sys.argv[3], len(plan), w)
    os._exit(0)
os.close(w)
os.read(r, 1)
given = send(plan)
left = {}
with os.fdopen(r, "rb") as f:
    while x := f.read(12):
        i, ns = struct.unpack("!Iq", x)
        left[i] = ns
print("ts,id,class,size,left")
for i, (_, c, size) in enumerate(plan):
    at = given[i] - given[0]
    gone = "%.9f" % ((left[i] - given[0]) / 1e9) if i in left else ""
    print("%.9f,%d,%s,%d,%s" % (at / 1e9, i, CLASSES[c], size, gone))
