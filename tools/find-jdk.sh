# Sourced by the scripts at the root: sets JAVA_HOME to a JDK 25.0.3 or newer, or ends with one clear sentence.

# jdk_fits DIR: true where DIR holds a JDK that is new enough
jdk_fits() {
  [ -x "$1/bin/javac" ] && [ -f "$1/release" ] || return 1
  version=$(sed -n 's/^JAVA_VERSION="\([0-9.]*\).*/\1/p' "$1/release")
  major=${version%%.*}
  [ "${major:-0}" -ge 25 ] || return 1
  case "$version" in 25 | 25.0 | 25.0.[012]) return 1 ;; esac
}

find_jdk() {
  for home in "${JAVA_HOME:-}" "${JDK_HOME:-}" \
    /usr/lib/jvm/*25* /usr/lib/jvm/* \
    /Library/Java/JavaVirtualMachines/*/Contents/Home \
    ${HOME:+"$HOME"/.sdkman/candidates/java/25* "$HOME"/.jdks/*25* "$HOME"/.local/share/mise/installs/java/*25*} \
    /opt/*jdk*25* /opt/java/*; do
    if [ -n "$home" ] && jdk_fits "$home"; then
      JAVA_HOME=$home
      export JAVA_HOME
      return 0
    fi
  done
  on_path=$(command -v javac 2>/dev/null) || on_path=
  if [ -n "$on_path" ]; then
    home=$(dirname "$(dirname "$(readlink -f "$on_path")")")
    if jdk_fits "$home"; then
      JAVA_HOME=$home
      export JAVA_HOME
      return 0
    fi
  fi
  echo "halftone: needs a JDK 25.0.3 or newer and found none; install one (for example Temurin 25, https://adoptium.net) or set JAVA_HOME to it." >&2
  exit 3
}
