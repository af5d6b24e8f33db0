# Sourced by the scripts at the root, after find-jdk.sh: what differs between machines and users: where Maven keeps its files, the locale,
# one build at a time.

# The folder for what Maven fetches, where it cannot be the user's: no home, or one that cannot be written to.
# HALFTONE_MAVEN names another one for everything that Maven keeps.
find_maven_home() { # ROOT
  maven_repository=
  if [ -n "${HALFTONE_MAVEN:-}" ]; then
    maven_folder=$HALFTONE_MAVEN
  elif can_keep "${MAVEN_USER_HOME:-${HOME:+$HOME/.m2}}"; then
    maven_folder=${MAVEN_USER_HOME:-$HOME/.m2}
    # Java asks the list of users, not HOME; where both are one, Maven's own settings hold
    [ "${HOME:-}" = "$(home_of_user)" ] || maven_repository=$maven_folder/repository
  else
    maven_folder=$1/target/maven
  fi
  case "$maven_folder" in "${HOME:-/nowhere}/.m2") ;; *) maven_repository=${maven_repository:-$maven_folder/repository} ;; esac
  MAVEN_USER_HOME=$maven_folder
  export MAVEN_USER_HOME
}

home_of_user() {
  eval "echo ~$(id -un 2>/dev/null || echo nobody)"
}

# true where this folder can be written to, or be made; in a shell of its own, for scripts that source this have a folder too
can_keep() (
  [ -n "$1" ] || exit 1
  folder=$1
  while [ ! -e "$folder" ]; do
    folder=$(dirname "$folder")
  done
  [ -d "$folder" ] && [ -w "$folder" ] && [ -x "$folder" ]
)

# Maven by its wrapper, in the current folder.
maven() {
  ./mvnw ${maven_repository:+"-Dmaven.repo.local=$maven_repository"} "$@"
}

# Java takes the names of files for ASCII in a locale that has no other letters, and cannot open what is named otherwise.
use_utf8() {
  case "$(locale charmap 2>/dev/null || echo none)" in
    ANSI_X3.4-1968 | US-ASCII | 646 | ASCII | none | "")
      for each in C.UTF-8 C.utf8 en_US.UTF-8; do
        if ! command -v locale >/dev/null || [ "$(LC_ALL=$each locale charmap 2>/dev/null)" = UTF-8 ]; then
          LC_ALL=$each
          export LC_ALL
          return 0
        fi
      done
      ;;
  esac
}

# Waits until no other process builds in this checkout. The lock ends with this process, or with unlock_build. What is started meanwhile
# holds no lock of its own.
lock_build() { # ROOT
  [ -z "${HALFTONE_BUILDS:-}" ] || return 0
  mkdir -p "$1/target"
  if command -v flock >/dev/null; then
    exec 9>>"$1/target/build.lock"
    flock -n 9 || { echo "halftone: waiting for another build in $1 ..." >&2 && flock 9; }
  else
    lock_folder=$1/target/build.lock.d
    said=
    until mkdir "$lock_folder" 2>/dev/null; do
      holder=$(cat "$lock_folder/pid" 2>/dev/null) || holder=
      if [ -n "$holder" ] && ! kill -0 "$holder" 2>/dev/null && ! ps -p "$holder" >/dev/null 2>&1; then
        # only one of those who wait takes the dead one's lock away
        mv "$lock_folder" "$lock_folder.$$" 2>/dev/null && rm -rf "$lock_folder.$$"
        continue
      fi
      [ -n "$said" ] || echo "halftone: waiting for another build in $1 ..." >&2
      said=yes
      sleep 1
    done
    echo $$ >"$lock_folder/pid"
    trap 'rm -rf "$lock_folder"' EXIT
  fi
  HALFTONE_BUILDS=$$
  export HALFTONE_BUILDS
}

unlock_build() {
  [ "${HALFTONE_BUILDS:-}" = $$ ] || return 0
  if command -v flock >/dev/null; then
    exec 9>&-
  else
    rm -rf "$lock_folder"
    trap - EXIT
  fi
  unset HALFTONE_BUILDS
}

# The size of the largest model that a command line names, its weights in files beside it included, in megabytes.
model_megabytes() { # ARGUMENTS
  largest=0
  for each in "$@"; do
    case "$each" in *.onnx) ;; *) continue ;; esac
    [ -f "$each" ] || continue
    size=0
    for part in "$each" "$each".data "$each"_data "${each%.onnx}".data; do
      [ ! -f "$part" ] || size=$((size + $(wc -c <"$part") / 1000000))
    done
    [ "$size" -le "$largest" ] || largest=$size
  done
  echo "$largest"
}

# Says every few seconds what a build that writes this log is at, as long as the process that asked for it lives.
watch_build() { # LOG
  seconds=0
  told=
  before=$(kept_megabytes)
  while sleep 1 && kill -0 $$ 2>/dev/null; do
    seconds=$((seconds + 1))
    [ $((seconds % 4)) = 0 ] || continue
    now=$(sed -n -E 's/^\[INFO\] --- ([^:]*):[^:]*:([^ ]*) .*@ ([^ ]*) ---.*/\2 of \3/p' "$1" 2>/dev/null | tail -n 1)
    fetched=$(($(kept_megabytes) - before))
    [ "$fetched" -lt 1 ] || now="${now:-starting Maven}, $fetched MB fetched"
    if [ "$now" != "$told" ] || [ $((seconds % 12)) = 0 ]; then
      echo "halftone: ${seconds} s: ${now:-starting Maven}" >&2
      told=$now
    fi
  done
}

kept_megabytes() {
  du -sk "$MAVEN_USER_HOME" 2>/dev/null | awk '{ megabytes = int($1 / 1024) } END { print megabytes + 0 }'
}
