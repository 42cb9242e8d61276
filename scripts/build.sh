# shellcheck shell=bash
# Builds the parts, each only when its sources have changed.

WEB="$ROOT/PixelGameDev.Api/Web"
GAMEHOST="$ARTIFACTS/gamehost/gamehost"

sources_dotnet() {
  STAMP_WITHOUT=PixelGameDev.Api/Web stamp_of global.json Directory.Build.props Directory.Packages.props content \
    PixelGameDev.ServiceDefaults PixelGameDev.Streaming PixelGameDev.Api PixelGameDev.Executor PixelGameDev.AppHost PixelGameDev.GameHost
}

# Allows one build of this tree at a time.
lock_build() {
  mkdir -p "$ARTIFACTS"
  exec 9>"$ARTIFACTS/build.lock"
  flock 9
}
unlock_build() {
  stop_compiler
  exec 9>&-
}

# --- the page ---
web_stamp() { stamp_of PixelGameDev.Api/Web; }
web_modules_stamp() { stamp_of PixelGameDev.Api/Web/package.json PixelGameDev.Api/Web/package-lock.json PixelGameDev.Api/Web/.npmrc; }
web_is_current() { [ -f "$ROOT/PixelGameDev.Api/wwwroot/index.html" ] && stamped web "$(web_stamp)"; }
build_web() {
  install_web_modules
  (cd "$WEB" && npm run build)
  stamp web "$(web_stamp)"
}
# Checks lint, format and types of the page and of its tests, in a few seconds.
check_web() {
  cd "$WEB" || return
  npm run --silent lint || fail "Biome finds faults in the page. 'npm run lint:fix' in PixelGameDev.Api/Web mends most of them."
  npm run --silent types || fail "The types of the page or of its tests do not fit."
}
# Lists every shell script of the project: the commands of ./pixel, and files whose first line names a shell.
shell_scripts() {
  (cd "$ROOT" && find . \( -name .git -o -name node_modules -o -name bin -o -name obj -o -path ./artifacts \) -prune \
    -o -type f \( -name '*.sh' -o -path ./pixel -o -path ./.ci/run \) -print)
}
# Checks shell scripts and the white space of the C# files, in some seconds. The compiler checks the C# style (.editorconfig).
check_habits() {
  cd "$ROOT" || return
  # -x: follow the files that a script sources.
  shell_scripts | xargs shellcheck -x || fail "shellcheck finds faults in the scripts."
  sdk format whitespace "$ROOT" --folder --verify-no-changes --exclude artifacts ||
    fail "The C# files are not formatted. 'dotnet format whitespace . --folder' in the root mends them."
}
install_web_modules() {
  if [ ! -d "$WEB/node_modules" ] || ! stamped web-modules "$(web_modules_stamp)"; then
    (cd "$WEB" && npm ci --no-audit --no-fund)
    stamp web-modules "$(web_modules_stamp)"
  fi
}

# --- the services, and the program inside the sandbox (native, ahead of time) ---
# They share a library, so they are built one after the other.
services_stamp() { printf '%s-%s' "$CONFIGURATION" "$(sources_dotnet)"; }
services_are_current() {
  [ -f "$ROOT/PixelGameDev.AppHost/bin/$CONFIGURATION/net10.0/PixelGameDev.AppHost.dll" ] && stamped services "$(services_stamp)"
}
gamehost_stamp() { stamp_of global.json Directory.Build.props Directory.Packages.props PixelGameDev.Streaming PixelGameDev.GameHost; }
gamehost_is_current() { [ -x "$GAMEHOST" ] && stamped gamehost "$(gamehost_stamp)"; }

build_services() {
  services_are_current && return 0
  local now
  now="$(services_stamp)"
  sdk build "$ROOT/PixelGameDev.AppHost" -c "$CONFIGURATION" --nologo -v minimal
  stamp services "$now"
}
build_gamehost() {
  gamehost_is_current && return 0
  local now
  now="$(gamehost_stamp)"
  sdk publish "$ROOT/PixelGameDev.GameHost" -c "$CONFIGURATION" -r "$(runtime_identifier)" -o "$ARTIFACTS/gamehost" --nologo -v minimal
  # If no relevant source has changed, publish leaves the old file. The AppHost compares times, so the file gets a new one.
  touch "$GAMEHOST"
  stamp gamehost "$now"
}
build_services_and_gamehost() {
  build_services
  build_gamehost
}
build_everything_dotnet() {
  sdk build "$ROOT/PixelGameDev.sln" -c "$CONFIGURATION" --nologo -v minimal
  stamp services "$(services_stamp)"
  build_gamehost
}
runtime_identifier() {
  local system=linux machine
  [ "$(uname)" = Darwin ] && system=osx
  case "$(uname -m)" in
    x86_64 | amd64) machine=x64 ;;
    aarch64 | arm64) machine=arm64 ;;
    *) fail "This processor ($(uname -m)) is none that PixelGameDev is built for: x86_64 and arm64 are." ;;
  esac
  printf '%s-%s' "$system" "$machine"
}

# --- the image that games run in ---
# The image's contents decide its name; the stamp only saves the question.
image_stamp() { printf '%s %s' "$(gamehost_stamp)" "${DOCKER_HOST:-}"; }
image_is_current() {
  stamped image "$(image_stamp)" && [ -f "$STAMPS/image-name" ] &&
    docker image inspect "$(cat "$STAMPS/image-name")" >/dev/null 2>&1
}
build_image() {
  image_is_current && return 0
  local output="$LOGS/image-name.log"
  dotnet "$ROOT/PixelGameDev.Executor/bin/$CONFIGURATION/net10.0/PixelGameDev.Executor.dll" image | tee "$output"
  grep -oE 'pixelgamedev/game:[0-9a-zA-Z._-]+' "$output" | tail -n 1 >"$STAMPS/image-name"
  stamp image "$(image_stamp)"
}
