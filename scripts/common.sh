# shellcheck shell=bash
# shellcheck disable=SC2034 # the commands that read this file use the names
# Shared by all commands of ./pixel: words on the terminal, steps with progress, stamps, cleanup.

ARTIFACTS="$ROOT/artifacts"
STAMPS="$ARTIFACTS/stamps"
LOGS="$ARTIFACTS/logs"
# The same place as in PixelGameDev.AppHost/UserData.cs: database, secrets, images of a private Docker.
if [ -n "${PIXELGAMEDEV_DATA:-}" ]; then
  DATA="$PIXELGAMEDEV_DATA"
elif [ -n "${XDG_DATA_HOME:-}" ]; then
  DATA="$XDG_DATA_HOME/pixelgamedev"
elif [ "$(id -u)" -eq 0 ]; then
  DATA=/var/lib/pixelgamedev
else
  DATA="$HOME/.local/share/pixelgamedev"
fi
CONFIGURATION=Release
export DOTNET_NOLOGO=1 DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_CLI_UI_LANGUAGE=en
# No build server may remain when the command is done.
export MSBUILDDISABLENODEREUSE=1 UseSharedCompilation=false

if [ -t 1 ] && [ -z "${NO_COLOR:-}" ]; then
  BOLD=$'\e[1m' GREEN=$'\e[32m' YELLOW=$'\e[33m' RED=$'\e[31m' PLAIN=$'\e[0m'
else
  BOLD='' GREEN='' YELLOW='' RED='' PLAIN=''
fi

say() { printf '%s\n' "$*"; }
notice() { printf '%s%s%s\n' "$YELLOW" "$*" "$PLAIN"; }

# Prints one clear sentence and exits.
fail() {
  printf '%s%s%s\n' "$RED" "$*" "$PLAIN" >&2
  exit 1
}

have() { command -v "$1" >/dev/null 2>&1; }
is_root() { [ "$(id -u)" -eq 0 ]; }

# --- Cleanup: functions to call at any kind of exit, the last one added first ---
CLEANUPS=()
at_exit() { CLEANUPS=("$1" ${CLEANUPS[@]+"${CLEANUPS[@]}"}); }
run_cleanups() {
  local code=$? cleanup
  trap - EXIT
  trap '' INT TERM HUP
  for cleanup in ${CLEANUPS[@]+"${CLEANUPS[@]}"}; do
    "$cleanup" || true
  done
  exit "$code"
}
trap run_cleanups EXIT
trap 'exit 130' INT
trap 'exit 143' TERM
trap 'exit 129' HUP

# The SDK leaves empty folders in the temporary directory at each call, so it gets its own, which is deleted with the command.
SDK_TMP="${TMPDIR:-/tmp}/pixel-sdk.$$"
# One compiler for all projects takes two thirds of the time of one each. It is this command's own, listens at /tmp/NAME, and must not hold
# the lock of the build (9).
COMPILER="pixel-compiler-$$"
sdk() {
  mkdir -p "$SDK_TMP"
  TMPDIR="$SDK_TMP" UseSharedCompilation=true SharedCompilationId="$COMPILER" dotnet "$@" 9>&-
}
stop_compiler() {
  local process
  grep -lsazF -- "-pipename:$COMPILER" /proc/[0-9]*/cmdline | while IFS=/ read -r _ _ process _; do
    kill "$process" 2>/dev/null || true
  done || true
  rm -f "/tmp/$COMPILER"
}
remove_sdk_tmp() { rm -rf "$SDK_TMP"; }
at_exit remove_sdk_tmp
at_exit stop_compiler

# --- Steps that run at the same time, each with its own log ---
# begin NAME "what it does" command...    starts one
# finish NAME...                           waits for some; the first failure prints its last lines and ends everything
declare -A STEP_PID=() STEP_TEXT=() STEP_START=()
at_exit stop_steps

begin() {
  local name="$1" text="$2"
  shift 2
  mkdir -p "$LOGS"
  STEP_TEXT[$name]="$text"
  STEP_START[$name]=$SECONDS
  # Its own process group, so that a stop reaches all processes of the step.
  set -m
  (
    trap - EXIT INT TERM HUP
    "$@"
  ) </dev/null >"$LOGS/$name.log" 2>&1 &
  STEP_PID[$name]=$!
  set +m
}

finish() {
  local name
  for name in "$@"; do
    [ -n "${STEP_PID[$name]:-}" ] || continue
    if wait "${STEP_PID[$name]}"; then
      unset "STEP_PID[$name]"
      say "  ${GREEN}ok${PLAIN}  ${STEP_TEXT[$name]} ($((SECONDS - STEP_START[$name])) s)"
    else
      unset "STEP_PID[$name]"
      tail -n 30 "$LOGS/$name.log" >&2
      fail "${STEP_TEXT[$name]}: failed; the whole output is in $LOGS/$name.log."
    fi
  done
}

stop_steps() {
  local name
  for name in "${!STEP_PID[@]}"; do
    kill -TERM -- "-${STEP_PID[$name]}" 2>/dev/null || true
    wait "${STEP_PID[$name]}" 2>/dev/null || true
  done
}

# --- Stamps: hashes of a result's sources, so that nothing is built twice ---
# stamp_of PATH...   a hash of names, sizes and times of all files below, without build outputs and STAMP_WITHOUT
stamp_of() {
  (
    cd "$ROOT" || exit
    find "$@" \( -path "${STAMP_WITHOUT:-}" -o -name bin -o -name obj -o -name node_modules -o -name wwwroot -o -name __pycache__ \) -prune \
      -o -type f -printf '%p %s %T@\n' 2>/dev/null
  ) | LC_ALL=C sort | sha256sum | cut -d' ' -f1
}
stamped() { [ -f "$STAMPS/$1" ] && [ "$(cat "$STAMPS/$1")" = "$2" ]; }
stamp() {
  mkdir -p "$STAMPS"
  printf '%s\n' "$2" >"$STAMPS/$1"
}
