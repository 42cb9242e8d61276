# idea: reach the Executor, the Api, the database, other machines
# stopped-by: no network but its own loopback
# expect: blocked
# ends: finished
# subprocess: not held, bubblewrap has no network, a plain subprocess has the host's
import socket

from hostile import attempt


def connect(address):
    with socket.socket() as client:
        client.settimeout(2)
        client.connect(address)


for host in ("127.0.0.1", "172.17.0.1", "192.0.2.1"):
    for port in (5000, 5001, 5432, 2375, 22, 80):
        attempt(f"{host}:{port}", connect, (host, port))
