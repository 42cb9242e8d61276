# idea: files of its own named like Python's, for whoever starts Python next in this directory
# stopped-by: a sandbox serves one session; GameHost starts nothing else there
# expect: survived
# ends: finished
import subprocess
import sys

from hostile import survived

for name in ("sitecustomize.py", "usercustomize.py", "pygame.py", "json.py", "os.py"):
    with open(name, "w") as file:
        file.write("raise SystemExit('shadowed')")
subprocess.run([sys.executable, "-c", "import json"], check=False)
survived("shadowed the standard library")
