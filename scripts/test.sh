# shellcheck shell=bash
# ./pixel test
source "$ROOT/scripts/machine.sh"
source "$ROOT/scripts/docker.sh"
source "$ROOT/scripts/build.sh"

# Additional arguments of dotnet test; ./pixel coverage sets them.
COLLECT=()
PASSED=0
FAILED=0

command_test() {
  local quick=no
  case "${1:-}" in
    -h | --help)
      cat <<'TEXT'
Builds everything and runs every test with real parts: PostgreSQL, Docker (a private daemon when none answers), Chromium.
What is missing is installed (apt, as root or through sudo), and named before. Nothing stays running.

Usage: ./pixel test [filter]
       ./pixel test --quick
  filter    only tests whose full name contains this, e.g. EmbeddedPostgres or Codec
  --quick   what needs neither Docker nor a browser, in a few minutes: for one's own loop, not instead of the whole

The last line is "N passed, N failed"; the exit code is 0 only when none failed.
TEXT
      return 0
      ;;
    --quick) quick=yes; shift ;;
    -*) fail "'$1' is no option of ./pixel test; ./pixel test --help shows its use." ;;
  esac
  local filter="${1:-}"

  need_dotnet
  need_node
  want_icu
  want_shellcheck
  if [ "$quick" = yes ]; then
    install_wanted
    test_quickly
    return
  fi
  want_compiler
  want_docker
  want_compose
  want_subprocess_sandbox
  want_browser
  want_screen
  install_wanted
  ensure_docker || fail "The tests run games in Docker, and $DOCKER_WHY."
  CHROMIUM_PATH="$(chromium_path)"
  export CHROMIUM_PATH
  rm -rf "$ARTIFACTS/test"
  mkdir -p "$ARTIFACTS/test"

  lock_build
  begin dotnet "Build the solution and GameHost" build_everything_dotnet
  begin web "Build the page" build_web
  begin habits "Check the scripts and the C# format" check_habits
  begin base "Get the base of the game image" prepare_base_image
  finish web
  begin lint "Check the page's style and types" check_web
  finish lint habits
  begin vitest "Test the page" run_vitest "$filter"
  finish base dotnet
  begin image "Build the game image" build_image
  finish image
  # The report of vitest says what failed, so a failure does not end the script here.
  wait_for_vitest
  unlock_build

  run_dotnet_tests "$filter"
  say_what_failed
  say_what_was_not_possible
  say "$PASSED passed, $FAILED failed"
  [ "$FAILED" -eq 0 ] || return 1
  [ "$PASSED" -gt 0 ] || fail "No test has '$filter' in its name."
}

# Unit tests of both languages, and the published files.
QUICK='FullyQualifiedName~.Tests.Unit.|FullyQualifiedName~.Publishing.Published|FullyQualifiedName~.Host.HostOptions|FullyQualifiedName~.Host.UserData'
test_quickly() {
  rm -rf "$ARTIFACTS/test"
  mkdir -p "$ARTIFACTS/test"
  lock_build
  begin dotnet "Build the solution" sdk build "$ROOT/PixelGameDev.sln" -c "$CONFIGURATION" --nologo -v minimal
  begin habits "Check the scripts and the C# format" check_habits
  begin web "Get the page's packages" install_web_modules
  finish web
  begin lint "Check the page's style and types" check_web
  finish lint habits
  begin vitest "Test the page" run_vitest ''
  finish dotnet
  wait_for_vitest
  unlock_build
  run_dotnet_tests '' "$QUICK"
  say_what_failed
  say_what_was_not_possible
  say "$PASSED passed, $FAILED failed (the quick selection)"
  [ "$FAILED" -eq 0 ]
}

run_vitest() {
  local filter="$1"
  cd "$WEB"
  npx --no-install vitest run --passWithNoTests --reporter=default --reporter=json --outputFile.json="$ARTIFACTS/test/vitest.json" \
    ${filter:+-t "$filter"}
}

wait_for_vitest() {
  local code=0 passed failed
  wait "${STEP_PID[vitest]}" || code=$?
  unset "STEP_PID[vitest]"
  cat "$LOGS/vitest.log"
  if [ -f "$ARTIFACTS/test/vitest.json" ]; then
    read -r passed failed < <(node -e '
      const r = JSON.parse(require("fs").readFileSync(process.argv[1], "utf8"));
      console.log(r.numPassedTests, r.numFailedTests);' "$ARTIFACTS/test/vitest.json")
    PASSED=$((PASSED + passed))
    FAILED=$((FAILED + failed))
    [ "$code" -eq 0 ] || [ "$failed" -gt 0 ] || FAILED=$((FAILED + 1))
  else
    FAILED=$((FAILED + 1))
  fi
}

run_dotnet_tests() {
  local filter="$1" selection="${2:-}" code=0 report="$ARTIFACTS/test/dotnet.trx" passed failed skipped temporary="${TMPDIR:-/tmp}"
  local arguments=(--no-build -c "$CONFIGURATION" --nologo --results-directory "$ARTIFACTS/test"
    --logger "trx;LogFileName=dotnet.trx" --logger "console;verbosity=normal" --blame-hang-timeout 20m --blame-hang-dump-type none)
  [ -z "$filter" ] || arguments+=(--filter "FullyQualifiedName~$filter")
  [ -z "$selection" ] || arguments+=(--filter "$selection")
  arguments+=("${COLLECT[@]}")
  mkdir -p "$SDK_TMP"
  # Only the SDK gets its own temporary directory, so that what the tests leave in the real one is noticed.
  # Code that tests run a few times is not worth profiling: without it a run takes a tenth less of the processors. A start of the AppHost
  # takes another tenth less when compiled code is not mapped twice (once to write it, once to run it).
  TMPDIR="$SDK_TMP" DOTNET_TieredPGO=0 DOTNET_EnableWriteXorExecute=0 dotnet test "$ROOT/PixelGameDev.Tests" "${arguments[@]}" \
    -- RunConfiguration.EnvironmentVariables.TMPDIR="$temporary" </dev/null > >(tee "$ARTIFACTS/test/dotnet.log") &
  local pid=$!
  wait "$pid" || code=$?
  if [ ! -f "$report" ]; then
    # Without a report, either no test matched the filter, or the run broke.
    [ "$code" -eq 0 ] && [ -n "$filter" ] || FAILED=$((FAILED + 1))
    return 0
  fi
  # <Counters total="7" executed="7" passed="7" failed="0" error="0" … />
  passed="$(counter passed "$report")"
  failed="$(counter failed "$report")"
  skipped="$(($(counter total "$report") - $(counter executed "$report")))"
  PASSED=$((PASSED + passed))
  # A test that could not run counts as failed.
  FAILED=$((FAILED + failed + skipped))
  [ "$code" -eq 0 ] || [ "$FAILED" -gt 0 ] || FAILED=1
}

counter() { grep -oE "<Counters [^>]*" "$2" | grep -oE " $1=\"[0-9]+\"" | grep -oE '[0-9]+'; }

# Prints what failed, and why, at the end of the output, for people who read only the end.
say_what_failed() {
  [ "$FAILED" -gt 0 ] && [ -f "$ARTIFACTS/test/dotnet.log" ] || return 0
  awk '
    /^  Failed / { lines = 30 }
    /^  (Passed|Skipped) / || /^\[xUnit/ || /^(Results File|Test Run)/ { lines = 0 }
    lines-- > 0' "$ARTIFACTS/test/dotnet.log"
}

# Prints what this machine lacks: the tests passed, but could not show these things. One line each, "what: why".
say_what_was_not_possible() {
  local list="$ARTIFACTS/test/not-possible.txt" count
  [ -s "$list" ] || return 0
  count="$(wc -l <"$list")"
  say ''
  notice "Not possible on this machine ($count):"
  sort "$list" | sed 's/^/  /'
  say ''
}
