# shellcheck shell=bash
# ./pixel compat
source "$ROOT/scripts/machine.sh"
source "$ROOT/scripts/docker.sh"
source "$ROOT/scripts/build.sh"

command_compat() {
  local source="${1:-}" results
  if [ -z "$source" ] || [ "$source" = -h ] || [ "$source" = --help ]; then
    cat <<'TEXT'
Runs pygame's own tests plain and inside a session of the game image, and writes the differences into docs/COMPATIBILITY.md. Takes about
six minutes.

Usage: ./pixel compat FOLDER

FOLDER is pygame's source, of the version in the image: "apt-get source pygame" gets it on a Debian with deb-src in its sources.
TEXT
    return 0
  fi
  if [ ! -d "$source/test" ] || [ ! -d "$source/examples" ]; then
    fail "$source is not the folder of pygame's source: it has no test and examples."
  fi
  ensure_docker || fail "The tests run in the game image, which needs Docker, and $DOCKER_WHY."
  [ -s "$STAMPS/image-name" ] || fail "There is no game image yet; ./pixel image builds it."
  results="$(mktemp -d)"
  chmod 777 "$results"
  docker run --rm --network none --entrypoint /usr/bin/python3 --tmpfs /tmp:exec \
    -v "$ROOT/PixelGameDev.Benchmarks/Compat:/compat:ro" -v "$(realpath "$source"):/source:ro" -v "$results:/results" \
    "$(cat "$STAMPS/image-name")" -W ignore /compat/suites.py /source /results/results.json
  python3 "$ROOT/PixelGameDev.Benchmarks/Compat/document.py" "$results/results.json" "$ROOT/docs/COMPATIBILITY.md"
  rm -rf "$results"
}
