# shellcheck shell=bash
# ./pixel image
source "$ROOT/scripts/machine.sh"
source "$ROOT/scripts/docker.sh"
source "$ROOT/scripts/build.sh"

command_image() {
  case "${1:-}" in
    -h | --help)
      cat <<'TEXT'
Builds the image that games run in, pixelgamedev/game:<hash of its contents>, and prints its name. Nothing is done when it is there.

Usage: ./pixel image

GAME_BASE_IMAGE names another base than debian:trixie-slim. Where that cannot be pulled, debootstrap makes the base.
GAME_PYGAME=pygame-ce==2.5.5 installs that with pip in place of Debian's pygame (untested).
TEXT
      return 0
      ;;
    '') ;;
    *) fail "'$1' is no option of ./pixel image; it has none." ;;
  esac
  need_dotnet
  gamehost_is_current || want_compiler
  want_docker
  install_wanted
  ensure_docker || fail "The game image needs Docker, and $DOCKER_WHY."
  lock_build
  begin services "Build the Executor and GameHost" build_services_and_gamehost
  begin base "Get the base of the game image" prepare_base_image
  finish base services
  begin image "Build the game image" build_image
  finish image
  unlock_build
  cat "$STAMPS/image-name"
}
