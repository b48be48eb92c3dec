#!/usr/bin/env bash
# Installs what a purpose needs from Debian's packages, or says in one line what to install. Usage: build/install.sh build|test
set -euo pipefail

case "${1:-}" in
  # The tracer, which runs inside other programs, is C.
  build) packages=(gcc libc6-dev) ;;
  # chromium drives the pages, wine runs the Windows agent, mingw compiles the Windows programs that it looks at,
  # gcc the Linux ones, g++ and clang those whose symbols binutils and llvm read beside us, procps and iproute2 are what figures and hosts are checked with; postgresql gives the tests a server of their own,
  # the three allocators are what programs are run with beside glibc's, libunwind takes the stacks that ours are compared with,
  # musl compiles programs of another C library, and redis and sqlite3 are programs that must do under recording what they do alone.
  test) packages=(chromium wine64 wine binutils clang gcc g++ llvm gcc-mingw-w64-x86-64 libc6-dev procps iproute2 python3 python3-brotli util-linux postgresql libjemalloc2 libmimalloc2.0 libtcmalloc-minimal4 libunwind-dev musl-tools redis-server sqlite3) ;;
  *) echo "usage: build/install.sh build|test" >&2; exit 2 ;;
esac

command -v dotnet > /dev/null && dotnet --list-sdks | grep -q '^10\.' || {
  echo "The .NET SDK 10 is missing: install it as https://dotnet.microsoft.com/download describes, then run this again." >&2
  exit 1
}
node=$(command -v node > /dev/null && command -v npm > /dev/null && node --version || echo v0)
if [ "$(printf '%s\n' v20.19.0 "$node" | sort -V | head -n 1)" != v20.19.0 ]; then
  # Debian 13 and later have one that is new enough.
  candidate=$(apt-cache policy nodejs 2>/dev/null | sed -nE 's/^ *Candidate: *(.*)/\1/p')
  if command -v dpkg > /dev/null && dpkg --compare-versions "${candidate:-0}" ge 20.19; then
    packages+=(nodejs npm)
  else
    echo "Node.js 20.19 or newer with npm is missing: install it as https://nodejs.org/en/download describes, then run this again." >&2
    exit 1
  fi
fi

missing=()
for package in "${packages[@]}"; do
  dpkg-query -W -f '${db:Status-Status}' "$package" 2>/dev/null | grep -qx installed || missing+=("$package")
done
[ ${#missing[@]} -gt 0 ] || exit 0

if command -v apt-get > /dev/null && [ "$(id -u)" = 0 ]; then
  echo "Installing ${missing[*]}..." >&2
  log=$(mktemp)
  if ! { apt-get update && DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends "${missing[@]}"; } > "$log" 2>&1; then
    tail -n 20 "$log" >&2
    echo "Could not install ${missing[*]}." >&2
    exit 1
  fi
  rm -f "$log"
else
  echo "Install these first: sudo apt-get install ${missing[*]}" >&2
  exit 1
fi
