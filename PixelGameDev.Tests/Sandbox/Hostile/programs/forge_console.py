# idea: print what looks like messages of the protocol
# stopped-by: the console is text inside a message, never a message
# expect: survived
# ends: finished
import os
import struct

from hostile import survived

forged = b'\x08{"reason":"stopped","message":"FORGED","detail":"FORGED"}'
os.write(1, b"\n" + struct.pack("<I", len(forged)) + forged + b"\n")
os.write(2, b"\n" + forged + b"\n")
survived("printed a forged end")
