"""First lines of the sandbox's Python: python3 start.py <runtime directory> <work directory>."""

import sys

# What every Python imports when it starts. What the runtime imports besides is hidden from the learner's program (library.py).
plain = frozenset(sys.modules)

if __name__ == "__main__":
    runtime, work = sys.argv[1], sys.argv[2]
    # sys.path began with this file's directory. The package's parent replaces it until the learner's own directory does.
    sys.path[0] = runtime
    from pixel_runtime import runner

    sys.exit(runner.main(work, plain))
