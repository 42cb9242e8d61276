"""The game: runs one of pygame's own test modules and prints its results as JSON, one line each. No module asks a person.

pygame's source is in the folder "lib" as pygame does not bring its tests: lib/tests and lib/examples. The module's name is in "module.txt".
"""

import json
import os
import signal
import sys
import unittest

HERE = os.path.dirname(os.path.abspath(__file__))
# Longest time of one test, seconds.
LIMIT = 15
SKIPPED_TAGS = {"interactive", "ignore", "subprocess_ignore"}

import pygame  # noqa: E402

pygame.__path__.append(os.path.join(HERE, "lib"))


class Late(Exception):
    """A test took longer than LIMIT."""


def stop(number, frame):
    raise Late(f"longer than {LIMIT} s")


def tests_of(suite):
    for one in suite:
        if isinstance(one, unittest.TestSuite):
            yield from tests_of(one)
        else:
            yield one


def wanted(test):
    method = getattr(test, getattr(test, "_testMethodName", ""), None)
    tags = set(getattr(test, "__tags__", ())) | set(getattr(method, "__tags__", ()))
    return not tags & SKIPPED_TAGS


class Result(unittest.TestResult):
    """Prints each result at once: a module that ends the process loses only what follows."""

    def tell(self, test, result, why=""):
        print("RESULT " + json.dumps([test.id().partition("tests.")[2], result, str(why)[:300]]), flush=True)

    def addSuccess(self, test):
        self.tell(test, "ok")

    def addError(self, test, error):
        self.tell(test, "error", f"{error[0].__name__}: {error[1]}")

    def addFailure(self, test, error):
        self.tell(test, "failed", f"{error[0].__name__}: {error[1]}")

    def addSkip(self, test, reason):
        self.tell(test, "skipped", reason)

    def addExpectedFailure(self, test, error):
        self.tell(test, "ok")

    def addUnexpectedSuccess(self, test):
        self.tell(test, "failed", "unexpected success")

    def addSubTest(self, test, subtest, error):
        if error is not None:
            self.tell(test, "failed", f"{error[0].__name__}: {error[1]}")

    def startTest(self, test):
        signal.alarm(LIMIT)

    def stopTest(self, test):
        signal.alarm(0)


def main():
    signal.signal(signal.SIGALRM, stop)
    with open(os.path.join(HERE, "module.txt"), encoding="utf-8") as file:
        name = file.read().strip()
    suite = unittest.defaultTestLoader.loadTestsFromName("pygame.tests." + name)
    # A suite, because setUpClass() belongs to it.
    unittest.TestSuite(test for test in tests_of(suite) if wanted(test)).run(Result())
    print("DONE", flush=True)


main()
