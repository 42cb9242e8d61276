# shellcheck shell=bash
# ./pixel bench
source "$ROOT/scripts/machine.sh"
source "$ROOT/scripts/docker.sh"
source "$ROOT/scripts/build.sh"

command_bench() {
  case "${1:-}" in
    -h | --help)
      cat <<'TEXT'
Measures the figures of docs/SPECIFICATION.md on this machine, with everything real (Docker, Chromium, PostgreSQL).

Usage: ./pixel bench [name] [arguments]
  name   one benchmark; without it, bytes, codec, start, play and capacity; "./pixel bench list" names all

"./pixel bench peers" and "./pixel bench network" play the same games through noVNC, Xpra and the prototype's way, and over emulated
networks. What they need for that is installed (apt, as root or through sudo), and named before; no other command does.
TEXT
      return 0
      ;;
  esac
  need_dotnet
  need_node
  want_icu
  want_compiler
  want_docker
  want_browser
  want_examples
  case "${1:-}" in
    peers) want_peers ;;
    network) want_peers; want_network ;;
  esac
  install_wanted
  ensure_docker || fail "The benchmarks run games in Docker, and $DOCKER_WHY."
  CHROMIUM_PATH="$(chromium_path)"
  export CHROMIUM_PATH
  lock_build
  begin dotnet "Build the solution and GameHost" build_everything_dotnet
  web_is_current || begin web "Build the page" build_web
  begin base "Get the base of the game image" prepare_base_image
  finish web base dotnet
  begin image "Build the game image" build_image
  finish image
  unlock_build
  cd "$ROOT"
  dotnet "PixelGameDev.Benchmarks/bin/$CONFIGURATION/net10.0/PixelGameDev.Benchmarks.dll" "$@" &
  BENCH_PID=$!
  at_exit stop_bench
  local code=0
  wait "$BENCH_PID" || code=$?
  return "$code"
}

# Ends the bench with SIGTERM, so that it can stop the programs that it has started.
stop_bench() {
  kill -TERM "$BENCH_PID" 2>/dev/null || return 0
  wait "$BENCH_PID" 2>/dev/null || true
}
