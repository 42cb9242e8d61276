# shellcheck shell=bash
# ./pixel publish
source "$ROOT/scripts/machine.sh"
source "$ROOT/scripts/build.sh"

command_publish() {
  case "${1:-}" in
    -h | --help)
      cat <<'TEXT'
Writes aspire-manifest.json, deploy/compose/ and deploy/kubernetes/ from the AppHost. Needs the Aspire packages.

Usage: ./pixel publish
TEXT
      return 0
      ;;
    '') ;;
    *) fail "'$1' is no option of ./pixel publish; it has none." ;;
  esac
  need_dotnet
  cd "$ROOT" || return
  local aspire
  sdk restore PixelGameDev.AppHost -v:q
  aspire="$(sdk msbuild PixelGameDev.AppHost -getProperty:UseAspire 2>/dev/null || true)"
  [ "$aspire" = true ] ||
    fail "Publishing needs the Aspire packages, which this machine cannot get: the files in deploy/ are the last published ones."
  sdk build PixelGameDev.AppHost --nologo -v:q
  local apphost=PixelGameDev.AppHost/bin/Debug/net10.0/PixelGameDev.AppHost.dll target
  dotnet "$apphost" --publisher manifest --output-path "$ROOT/aspire-manifest.json"
  for target in compose kubernetes; do
    dotnet "$apphost" --operation publish --step publish --target "$target" --output-path "$ROOT/deploy/$target"
  done
}
