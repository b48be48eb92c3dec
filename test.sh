#!/usr/bin/env bash
# Installs what the tests need, builds everything and runs every test. The last line is "N passed, N failed[, N skipped]".
set -uo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")"

passed=0 failed=0 skipped=0
finish() {
  local line="$passed passed, $failed failed"
  [ "$skipped" = 0 ] || line="$line, $skipped skipped"
  echo "$line"
  [ "$failed" = 0 ]
  exit
}
# A step that is no test but must hold: it counts as one failure when it does not.
must() {
  echo "== $1"
  shift
  "$@" || { failed=$((failed + 1)); finish; }
}

must "install" ./build/install.sh test
must "build" dotnet build WebVmMap.sln -c Release --nologo -v quiet
must "format" dotnet format WebVmMap.sln --verify-no-changes --no-restore

# Counts the sum that a runner printed; a runner that failed without counting a failure counts as one.
count() {
  local exit_code=$1 p=$2 f=$3 s=$4
  passed=$((passed + p)) failed=$((failed + f)) skipped=$((skipped + s))
  if [ "$exit_code" != 0 ] && [ "$f" = 0 ]; then failed=$((failed + 1)); fi
}
number() { sed 's/\x1b\[[0-9;]*m//g' "$1" | sed -nE "s/$2/\1/p" | tail -n 1 | grep -E '^[0-9]+$' || echo 0; }

log=$(mktemp)
trap 'rm -f "$log"' EXIT

echo "== canvas modules"
(cd wwwroot-assets && npm test --silent) 2>&1 | tee "$log"
count "${PIPESTATUS[0]}" "$(number "$log" '^[#ℹ] pass ([0-9]+).*')" "$(number "$log" '^[#ℹ] fail ([0-9]+).*')" "$(number "$log" '^[#ℹ] skipped ([0-9]+).*')"

for project in tests/*/*.csproj; do
  name=$(basename "$project" .csproj)
  grep -q 'xunit.v3' "$project" || continue
  echo "== $name"
  dotnet run --project "$project" -c Release --no-build -- --no-progress > "$log" 2>&1
  code=$?
  # All of it when something failed, else the sum alone.
  if [ "$code" != 0 ]; then cat "$log"; else tail -n 8 "$log"; fi
  count "$code" "$(number "$log" '^ *succeeded: *([0-9]+).*')" "$(number "$log" '^ *failed: *([0-9]+).*')" "$(number "$log" '^ *skipped: *([0-9]+).*')"
done
finish
