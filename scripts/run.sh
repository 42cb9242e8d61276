# shellcheck shell=bash
# ./pixel run
source "$ROOT/scripts/machine.sh"
source "$ROOT/scripts/docker.sh"
source "$ROOT/scripts/build.sh"

usage_run() {
  cat <<'TEXT'
Starts everything on this machine: builds what has changed, then runs the AppHost (Aspire), which starts Postgres, Api and Executor and
prints the addresses of the page and of the dashboard. Ctrl-C stops all of it. What is missing is installed (apt, as root or through
sudo), and named before.

Usage: ./pixel run [options]
  --port N             port of the page (5000; 0 picks a free one)
  --executor-port N    port of the Executor, on loopback only (5001; 0 picks a free one)
  --executors N        how many Executors (1)
  --listen ADDRESS     where the page is served (127.0.0.1; 0.0.0.0 lets other machines in)
  --no-docker          games run in the development sandbox, without Docker
  --dashboard-port N   port of the dashboard (15888, or a free one if that is taken)
  --no-dashboard       start without the dashboard
  --data DIRECTORY     database and secrets (PIXELGAMEDEV_DATA, else your data directory)
  --environment NAME   Development (the default) or Production
  --verbose            also what Postgres, Api and Executor write

ConnectionStrings__pixel-gamedev names a database of your own; PIXELGAMEDEV_DATA a directory for the data.
TEXT
}

HOST_PID=''

command_run() {
  local docker=yes host=()
  while [ $# -gt 0 ]; do
    case "$1" in
      -h | --help) usage_run; return 0 ;;
      --no-docker) docker=no ;;
      --verbose | --no-dashboard) host+=("$1") ;;
      --port | --executor-port | --executors | --dashboard-port | --listen | --environment | --data)
        [ $# -ge 2 ] || fail "$1 needs a value; ./pixel run --help shows the options."
        host+=("$1" "$2")
        shift
        ;;
      --port=* | --executor-port=* | --executors=* | --dashboard-port=* | --listen=* | --environment=* | --data=*) host+=("$1") ;;
      *) fail "'$1' is no option of ./pixel run; ./pixel run --help shows them." ;;
    esac
    shift
  done

  need_dotnet
  web_is_current || need_node
  want_icu
  gamehost_is_current || want_compiler
  if [ "$docker" = yes ]; then
    want_docker_if_possible
  fi
  install_wanted

  lock_build
  local steps=()
  web_is_current || { begin web "Build the page" build_web; steps+=(web); }
  if ! services_are_current || ! gamehost_is_current; then
    begin services "Build the services" build_services_and_gamehost
    steps+=(services)
  fi
  if [ "$docker" = yes ] && ensure_docker; then
    if ! image_is_current; then
      begin base "Get the base of the game image" prepare_base_image
      finish base ${steps[@]+"${steps[@]}"}
      steps=()
      begin image "Build the game image" build_image
      steps+=(image)
    fi
  else
    docker=no
    without_docker
  fi
  finish ${steps[@]+"${steps[@]}"}
  unlock_build

  start_host ${host[@]+"${host[@]}"}
}

# A failed installation would end the start. So Docker is wanted only where it can be installed; otherwise games run without it.
want_docker_if_possible() {
  if is_root || { have sudo && { [ -t 0 ] || sudo -n true 2>/dev/null; }; }; then
    want_docker
  fi
}

without_docker() {
  notice "Games run WITHOUT Docker: ${DOCKER_WHY:-you asked for it with --no-docker}. Fine for your own games, not for strangers'."
  want_subprocess_sandbox
  install_wanted
  if have bwrap && bwrap --ro-bind / / --unshare-all true 2>/dev/null; then
    export SANDBOX_KIND=bubblewrap
  else
    export SANDBOX_KIND=subprocess
  fi
}

start_host() {
  local wrap=()
  have setpriv && wrap=(setpriv --pdeathsig TERM --)
  at_exit stop_host
  "${wrap[@]}" dotnet "$ROOT/PixelGameDev.AppHost/bin/$CONFIGURATION/net10.0/PixelGameDev.AppHost.dll" "$@" &
  HOST_PID=$!
  local code=0
  wait "$HOST_PID" || code=$?
  HOST_PID=''
  return "$code"
}

stop_host() {
  [ -n "$HOST_PID" ] || return 0
  kill -TERM "$HOST_PID" 2>/dev/null || true
  wait "$HOST_PID" 2>/dev/null || true
}
