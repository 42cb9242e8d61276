"""First lines of the sandbox's Python: python3 start.py <runtime directory> <work directory>."""

import sys

if __name__ == "__main__":
    runtime, work = sys.argv[1], sys.argv[2]
    # The directory of this file stood first; the package's parent takes its place until the learner's own directory does.
    sys.path[0] = runtime
    from pixel_runtime import runner

    sys.exit(runner.main(work))
