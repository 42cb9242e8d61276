# idea: read address 0
# stopped-by: the kernel ends the game alone; no core file is written
# expect: ended
# ends: crashed
import ctypes

ctypes.string_at(0)
