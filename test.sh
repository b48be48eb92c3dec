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
# The number in the last line of the log that fits an expression with one group.
number() { sed -E 's/\x1b\[[0-9;]*m//g' "$log" | sed -nE "s/$1/\1/p" | tail -n 1 | grep -E '^[0-9]+$' || echo 0; }

log=$(mktemp)
trap 'rm -f "$log"' EXIT

echo "== canvas modules"
(cd wwwroot-assets && npm test --silent) 2>&1 | tee "$log"
code=${PIPESTATUS[0]}
count "$code" "$(number '^[#ℹ] pass ([0-9]+).*')" "$(number '^[#ℹ] fail ([0-9]+).*')" "$(number '^[#ℹ] skipped ([0-9]+).*')"

for project in tests/*/*.csproj; do
  name=$(basename "$project" .csproj)
  grep -q 'xunit.v3' "$project" || continue
  echo "== $name"
  timeout 900 dotnet run --project "$project" -c Release --no-build -- -noLogo -noColor > "$log" 2>&1 < /dev/null
  code=$?
  # All of it when something failed, else the sum alone.
  if [ "$code" != 0 ]; then cat "$log"; else tail -n 1 "$log"; fi
  total=$(number '.*Total: ([0-9]+), Errors: .*')
  errors=$(number '.*Total: [0-9]+, Errors: ([0-9]+),.*')
  fails=$(number '.*Total: .* Failed: ([0-9]+),.*')
  skips=$(number '.*Total: .* Skipped: ([0-9]+),.*')
  # What runs on demand only, as the taking of pictures, is in the total.
  unrun=$(number '.*Total: .* Not Run: ([0-9]+),.*')
  count "$code" $((total - fails - skips - unrun)) $((fails + errors)) "$skips"
done
finish
