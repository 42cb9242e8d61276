# idea: a small archive that unpacks to gigabytes
# stopped-by: the size of the working directory and the file size limit
# expect: blocked
# ends: finished|disk_limit|memory_limit|crashed
# subprocess: not held, the working directory is an ordinary directory
# proof: root
import io
import signal
import zipfile

from hostile import attempt

signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
bomb = io.BytesIO()
with zipfile.ZipFile(bomb, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as archive:
    for number in range(4):
        with archive.open(f"zero{number}", "w") as member:
            for _ in range(64):
                member.write(bytes(1 << 20))
packed = bomb.getvalue()


def unpack():
    for copy in range(4):
        zipfile.ZipFile(io.BytesIO(packed)).extractall(f"copy{copy}")


attempt(f"{len(packed) >> 10} KiB become 1 GiB", unpack)
