# idea: find secrets in the environment
# stopped-by: the sandbox's environment is made from nothing
# expect: blocked
# ends: finished
# proof: root env=EXECUTOR_SECRET_KEY
import os

from hostile import blocked, escaped

words = ("SECRET", "TOKEN", "PASSWORD", "POSTGRES", "JWT", "CONNECTION", "DOCKER", "_KEY", "CREDENTIAL")
found = [name for name in os.environ if any(word in name.upper() for word in words)]
if found:
    escaped(found)
else:
    blocked("secrets in the environment", "none")
