# idea: raw and packet sockets
# stopped-by: no capability, no network
# expect: blocked
# ends: finished
# proof: root cap=NET_RAW
import socket

from hostile import attempt

attempt("a raw socket", socket.socket, socket.AF_INET, socket.SOCK_RAW, socket.IPPROTO_ICMP)
attempt("a packet socket", socket.socket, socket.AF_PACKET, socket.SOCK_RAW, 0)
