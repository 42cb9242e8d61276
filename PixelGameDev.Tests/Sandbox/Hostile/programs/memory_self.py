# idea: take all memory
# stopped-by: the sandbox's memory limit, no swap
# expect: ended
# ends: memory_limit
hoard = []
while True:
    hoard.append(bytearray(b"\xff") * (8 << 20))
