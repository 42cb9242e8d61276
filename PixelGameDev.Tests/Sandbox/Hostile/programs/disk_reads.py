# idea: read the image from the disk again and again, past the page cache
# stopped-by: games play from memory; the disk itself is not limited (docs/threat-model.md)
# expect: ended
# ends: finished|stopped
import os
import time

from hostile import survived

files = [os.path.join(folder, name) for folder, _, names in os.walk("/usr/lib") for name in names]
files = [file for file in files if not os.path.islink(file) and os.path.getsize(file) > 1 << 20]
survived("began to read")
end = time.monotonic() + 3
while time.monotonic() < end:
    for path in files:
        file = os.open(path, os.O_RDONLY)
        os.posix_fadvise(file, 0, 0, os.POSIX_FADV_DONTNEED)
        while os.read(file, 1 << 20):
            pass
        os.posix_fadvise(file, 0, 0, os.POSIX_FADV_DONTNEED)
        os.close(file)
        if time.monotonic() > end:
            break
