# What the scripts of this folder share: the program under strace, its storage calls, and what is said of a failure.
#   . calls.sh JDK_25
cd "$(dirname "${BASH_SOURCE[0]}")/../.." || exit 1
java=${1:?usage: bench/faults/NAME JDK_25 ...}/bin/java
jar=$PWD/cli/target/cli.jar
command -v strace > /dev/null || { echo "faults: strace is not on PATH" >&2; exit 1; }
[ -x "$java" ] && [ -f "$jar" ] || { echo "faults: needs $java and $jar" >&2; exit 1; }
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
# Without the JVM's own file in /tmp: what is counted are the program's calls.
flags=(-XX:-UsePerfData -XX:+UseSerialGC --add-modules jdk.incubator.vector)
# Not unlink: a file that cannot be removed stays.
calls=write,pwrite64,ftruncate,fsync,fdatasync,rename,renameat,renameat2,mkdir
# A filter in the system lets the other calls run at their speed. A signal does not reach a process from there.
filter=--seccomp-bpf
runs=0
wrong=0

complain() {
  echo "faults: $*" >&2
  sed 's/^/    /' "$work/err" >&2
  wrong=$((wrong + 1))
}

# The calls that a command makes, and how often its busiest thread makes each: strace counts by thread.
counts() {
  sed -nE 's/^([0-9]+) +([a-z0-9]+)\(.*/\1 \2/p' "$work/trace" | sort | uniq -c |
    awk '$1 > most[$3] { most[$3] = $1 } END { for (call in most) print call, most[call] }' | sort
}

# Whether the fault came: of a kind that is called less often this time it did not, and then nothing was tried.
came() { # fault, exit code
  if [ "$1" = signal=KILL ]; then [ "$2" -eq 137 ]; else grep -q INJECTED "$work/trace"; fi
}
