# shellcheck shell=bash
# ./pixel coverage
source "$ROOT/scripts/test.sh"

command_coverage() {
  case "${1:-}" in
    -h | --help)
      cat <<'TEXT'
Runs the tests as ./pixel test does and prints, for each project, how much of its code they execute.

Usage: ./pixel coverage [filter]
  filter   only tests whose full name contains this

It is a command of its own because the runtime's profiler slows the services that the tests play games through. The code inside a
sandbox is not counted: GameHost is native there, and its Python part has tests of its own.
TEXT
      return 0
      ;;
    -*) fail "'$1' is no option of ./pixel coverage; ./pixel coverage --help shows its use." ;;
  esac
  # The collector comes with Microsoft.NET.Test.Sdk.
  COLLECT=(--collect "Code Coverage;Format=Cobertura")
  local code=0
  command_test "$@" || code=$?
  say ''
  find "$ARTIFACTS/test" -name '*.cobertura.xml' -exec node "$ROOT/scripts/coverage.mjs" {} \; -quit
  return "$code"
}
