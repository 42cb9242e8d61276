# idea: look a name up
# stopped-by: no network
# expect: blocked
# ends: finished
# subprocess: not held, bubblewrap has no network, a plain subprocess has the host's
import socket

from hostile import attempt

attempt("example.com", socket.getaddrinfo, "example.com", 80)
