#!/usr/bin/env bash
# Measures what lockcheck costs.
#
#	bash testdata/bench/bench.sh [-n RUNS] [DIR ...]
#
# For some packages of the standard library, for golang.org/x/tools (the version in
# go.mod) and for ./... in each DIR, a table shows the median of RUNS runs (default 3) of
#
#	floor   go vet with a tool that does nothing (see floor/main.go), nothing cached
#	cold    go vet with lockcheck, nothing cached
#	warm    the same once more: the go command replays its cache
#	whole   the lockcheck command
#
# CPU is user and system time of all processes, RSS the peak of the largest process,
# ratio that of CPU to the floor. "Nothing cached" means no result of the vet tool: each
# run has a tool with another build ID. What the compiler makes is in the cache, since
# one run that does not count comes first. The runs of a round take turns, so
# that the load of the machine is alike for all; compare ratios, not seconds.
set -euo pipefail

command -v /usr/bin/time >/dev/null || { echo "bench.sh: needs GNU time as /usr/bin/time" >&2; exit 1; }
runs=3
if [ "${1-}" = -n ]; then
	runs=$2
	shift 2
fi
dirs=()
for dir in "$@"; do
	dirs+=("$(cd "$dir" && pwd)")
done
cd "$(dirname "$0")/../.."
tmp=$(mktemp -d)
trap 'rm -rf "$tmp"' EXIT

# tool NAME PACKAGE builds a tool with a build ID of its own and prints its path.
salt=0
tool() {
	salt=$((salt + 1))
	go build -ldflags="-X=main.salt=$$.$salt" -o "$tmp/$1" "$2"
	echo "$tmp/$1"
}

# measure FILE COMMAND... adds a line "CPU wall RSS" to FILE.
measure() {
	local file=$1 status=0
	shift
	/usr/bin/time -o "$tmp/time" -f '%U %S %e %M' "$@" >"$tmp/out" 2>&1 || status=$?
	# Findings are no failure, anything else is.
	if [ "$status" -ne 0 ] && { grep -q '^goroutine ' "$tmp/out" ||
		! grep -q ' ([a-z]*)$' "$tmp/out"; }; then
		echo "bench.sh: $* failed:" >&2
		head -n 20 "$tmp/out" >&2
		exit 1
	fi
	tail -n 1 "$tmp/time" | awk '{ printf "%.2f %.2f %.0f\n", $1 + $2, $3, $4 / 1024 }' >>"$file"
}

# column FILE N prints the median of column N.
column() { awk -v n="$2" '{ print $n }' "$1" | sort -n | awk '{ a[NR] = $1 } END { print a[int((NR + 1) / 2)] }'; }

# bench NAME DIR PATTERN... prints the rows of one target.
bench() {
	local name=$1 dir=$2 i kind floor
	shift 2
	local data="$tmp/data"
	rm -rf "$data" && mkdir "$data"
	(cd "$dir" && go vet -vettool="$tmp/warmup" "$@" >/dev/null 2>&1) || true
	for ((i = 0; i < runs; i++)); do
		tool floor ./testdata/bench/floor >/dev/null
		tool lockcheck ./cmd/lockcheck >/dev/null
		(
			cd "$dir"
			measure "$data/floor" go vet -vettool="$tmp/floor" "$@"
			measure "$data/cold" go vet -vettool="$tmp/lockcheck" "$@"
			measure "$data/warm" go vet -vettool="$tmp/lockcheck" "$@"
			measure "$data/whole" "$tmp/lockcheck" "$@"
		)
	done
	floor=$(column "$data/floor" 1)
	for kind in floor cold warm whole; do
		awk -v name="$name" -v kind="$kind" -v cpu="$(column "$data/$kind" 1)" -v wall="$(column "$data/$kind" 2)" \
			-v rss="$(column "$data/$kind" 3)" -v floor="$floor" \
			'BEGIN { printf "%-20s %-6s %9.1f %9.1f %8d %7.2f\n", name, kind, cpu, wall, rss, cpu / floor }'
	done
}

tool warmup ./testdata/bench/floor >/dev/null
xtools=$(go list -m -f '{{.Dir}}' golang.org/x/tools)
cp -R "$xtools" "$tmp/xtools"
chmod -R u+w "$tmp/xtools"
mkdir "$tmp/std"
printf 'module example.com/std\n\ngo 1.26.0\n' >"$tmp/std/go.mod"

go version
printf '%-20s %-6s %9s %9s %8s %7s\n' target run 'CPU s' 'wall s' 'RSS MB' ratio
bench std "$tmp/std" net/http database/sql crypto/tls go/types encoding/json
bench x/tools "$tmp/xtools" ./...
for dir in ${dirs[@]+"${dirs[@]}"}; do
	bench "$(basename "$(dirname "$dir")")/$(basename "$dir")" "$dir" ./...
done
