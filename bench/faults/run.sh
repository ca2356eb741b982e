# What the scripts of this folder share that disturb `train`: a small run that writes all that a run can write, what its
# folder holds, and what has to be true of it afterwards.
#   . calls.sh JDK_25; . run.sh
# Plain loops, interpreted: a process is over before a compiler has paid, and what is computed is no matter here.
lanewise=("$java" "${flags[@]}" -Xint -Dlanewise.kernels=scalar -XX:SharedArchiveFile="$work/classes.jsa" -jar "$jar")
place=$work/place

table() { # rows, seed: three classes of eight features
  awk -v rows="$1" -v seed="$2" 'BEGIN {
    srand(seed); printf "label"; for (j = 0; j < 8; j++) printf ",f%d", j; print ""
    for (i = 0; i < rows; i++) { printf "%d", i % 3
      for (j = 0; j < 8; j++) printf ",%.3f", rand() + (j % 3 == i % 3); print "" }
  }'
}
table 60 1 > "$work/train.csv"
table 30 2 > "$work/test.csv"
# Checkpoints, the best model, event files, a CSV log, results and a report.
options=(--quiet --data "$work/train.csv" "$work/test.csv" --units 4 --epochs 1 --batch-size 24 --backend cpu
  --threads 1 --checkpoint-every 1 --tensorboard "events" --save-best --csv-log log.csv)

# What files hold that the same run always makes the same; of the others (times are in them) that they are there.
state() {
  (cd "$place" && find . -type f ! -name run.lock ! -name '*tfevents*' | LC_ALL=C sort | while read -r file; do
    case $file in
      *.keras) echo "$file $(unzip -p "$file" model.weights.h5 2>&1 | md5sum)" ;;
      *history.json | *report.html) echo "$file $(tail -c 8 "$file" | tr -d '\n')" ;; # its end
      *) echo "$file $(md5sum < "$file")" ;;
    esac
  done)
}

start() { # a folder's content, or - for none
  rm -rf "$place"
  mkdir "$place"
  [ "$1" = - ] || cp -r "$1/." "$place"
}

# The run that is left alone ends in the state $whole; its classes make the others start sooner.
left_alone() {
  start -
  (cd "$place" && "$java" "${flags[@]}" -Dlanewise.kernels=scalar -XX:ArchiveClassesAtExit="$work/classes.jsa" \
    -jar "$jar" train "${options[@]}" --out run) > "$work/out" 2> "$work/err" || { complain "the first run"; exit 1; }
  whole=$(state)
}

# One line of the program's says what failed, no trace of its stack does; nothing half written is left.
said() { # what was done, state before
  grep -qE '^\s+at |Exception' "$work/err" && complain "$1: a stack trace"
  state | grep '[.]lanewise-' | grep -qvxF "$2" && complain "$1: something half written is left"
  [ "$(grep -c '^lanewise: ' "$work/err")" -eq 1 ] || complain "$1: not one line"
}

# Each result is there whole, or as it was before; and the run, taken up again, ends as the one that was left alone.
goes_on() { # what was done, state before
  local found
  # Checkpoints and settings are those of a run that goes on.
  found=$(state | grep -vE '[.]lanewise-|/checkpoint|/settings[.]properties')
  if [ -n "$(grep -vxF "$whole"$'\n'"$2" <<< "$found")" ]; then
    complain "$1: a result that is neither"
    diff <(echo "$whole") <(echo "$found") | sed 's/^/    /' >&2
  fi
  (cd "$place" && "${lanewise[@]}" train "${options[@]}" --resume run > "$work/out" 2> "$work/err") ||
    complain "$1: cannot be taken up again"
  found=$(state)
  if [ "$found" != "$whole" ]; then
    complain "$1: ends otherwise when it is taken up again"
    diff <(echo "$whole") <(echo "$found") | sed 's/^/    /' >&2
  fi
}
