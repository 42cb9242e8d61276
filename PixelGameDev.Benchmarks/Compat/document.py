"""Writes the results of suites.py into docs/COMPATIBILITY.md: python3 document.py <results> <document>."""

import collections
import json
import sys

BEGIN, END = "<!-- The run of ./pixel compat writes from here -->", "<!-- to here -->"

# Test → why it differs. A difference without a reason here is a fault.
_CLIPBOARD = "`SCRAP_TEXT` works here as on Windows; plain pygame 2.6 on Linux refuses that name"
REASONS = {
    "mixer_music_test.MixerMusicModuleTest.test_play__start_time": "the test skips itself for SDL's disk driver, which sessions use",
    "mixer_test.MixerModuleTest.test_array_keyword": "the test skips itself for SDL's disk driver, which sessions use",
    "scrap_test.ScrapModuleTest.test_get__owned_empty_type": _CLIPBOARD,
    "scrap_test.ScrapModuleTest.test_init__reinit": _CLIPBOARD,
    "scrap_test.ScrapModuleTest.test_put__text": _CLIPBOARD,
    "video_test.VideoModuleTest.test_renderer_set_viewport": "it opens a Window of pygame._sdl2, which says here what to use instead",
}


def main(results, document):
    with open(results, encoding="utf-8") as file:
        found = json.load(file)
    with open(document, encoding="utf-8") as file:
        text = file.read()
    head, rest = text.split(BEGIN)
    tail = rest.split(END)[1]
    with open(document, "w", encoding="utf-8") as file:
        file.write(head + BEGIN + "\n\n" + table(found) + "\n" + END + tail)


def table(found):
    plain, session = found["plain"], found["session"]
    lines = [
        f"pygame {found['pygame']}, Python {found['python']}. {len(plain)} tests plain (SDL's dummy drivers) and {len(session)} in a "
        "session; tests that ask a person are left out. Many measure time: a difference counts if each of three rounds has it.",
        "",
        "| module | tests | the same result | different |",
        "| --- | --- | --- | --- |",
    ]
    modules = collections.defaultdict(list)
    for test in sorted(plain.keys() | session.keys()):
        modules[test.partition(".")[0].partition(" ")[0]].append(test)
    different = []
    for module, tests in modules.items():
        other = [test for test in tests if result(plain, test) != result(session, test)]
        different += other
        lines.append(f"| {module} | {len(tests)} | {len(tests) - len(other)} | {len(other)} |")
    lines += ["", "| different test | plain | session | reason |", "| --- | --- | --- | --- |"]
    for test in different:
        lines.append(f"| `{test}` | {result(plain, test)} | {result(session, test)} | {REASONS.get(test, '**not explained**')} |")
    return "\n".join(lines) + "\n"


def result(results, test):
    return results.get(test, ["did not run", ""])[0]


main(*sys.argv[1:])
