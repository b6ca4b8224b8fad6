#!/bin/sh
# Checks the mutual TLS of manifests in CI, and says what a change does to it.
#
#   MTLS_PATH=deploy MTLS_BASE=$(git merge-base origin/main HEAD) sh ci/mtls.sh
#
# It is told by the environment:
#   MTLS_PATH          the folder or file of manifests, from the working directory (default: the working directory)
#   MTLS_BASE          the git revision to compare with (default: nothing is compared)
#   MTLS_CONTEXT       a folder or file of manifests that count as present and are not judged
#   MTLS_FAIL_ON       the least finding that fails: error, warning, info, never (default: error)
#   MTLS_DIFF_FAIL_ON  the changes that fail: broken, weakened, unclear and others with commas, or never (default: broken,weakened)
#   MTLS_FORMAT        how findings are printed: text, or github for annotations (default: text)
#   MTLS_OUT           the folder for mtls.sarif, summary.md and, where something is compared, comment.md (default: mtls-results)
#   MTLS_COMMAND       the command line of cdk8s-istio-mtls (default: npx --yes cdk8s-istio-mtls)
#
# Exit code: 0, 1 for findings and changes that fail, 2 for what could not be read.
set -euf

path=${MTLS_PATH:-.}
path=${path%/}
base=${MTLS_BASE:-}
out=${MTLS_OUT:-mtls-results}
command=${MTLS_COMMAND:-npx --yes cdk8s-istio-mtls}
set -- # The arguments that both commands share.
if [ -n "${MTLS_CONTEXT:-}" ]; then set -- --context "$MTLS_CONTEXT"; fi

status=0
# Keeps the worst exit code. More than 2 says that the command itself did not run.
keep() {
  if [ "$1" -gt 2 ]; then
    echo "error: \"$command\" ended with $1; is Node.js there, and the package?" >&2
    exit 2
  fi
  if [ "$1" -gt "$status" ]; then status=$1; fi
}

mkdir -p "$out"
rm -f "$out/mtls.sarif" "$out/summary.md" "$out/comment.md"
fail_on=${MTLS_FAIL_ON:-error}
$command check "$@" --fail-on "$fail_on" --format "${MTLS_FORMAT:-text}" -- "$path" || keep $?
# The same in other formats. What could not be read has been said.
$command check "$@" --fail-on "$fail_on" --format sarif -- "$path" > "$out/mtls.sarif" 2> /dev/null || keep $?
$command check "$@" --fail-on "$fail_on" --format markdown -- "$path" > "$out/summary.md" 2> /dev/null || keep $?
# Empty where there was nothing to check: no tool that reads them has a use for that.
for file in mtls.sarif summary.md; do
  if ! [ -s "$out/$file" ]; then rm "$out/$file"; fi
done

if [ -n "$base" ]; then
  if ! git rev-parse --verify --quiet --end-of-options "$base^{commit}" > /dev/null; then
    echo "error: this clone has no revision \"$base\"; fetch it (GitHub: fetch-depth: 2 of actions/checkout, GitLab: GIT_DEPTH: 0)" >&2
    exit 2
  fi
  case $path in
    /* | '')
      echo "error: MTLS_PATH \"${MTLS_PATH:-}\" cannot be looked up in git; give a path from the working directory" >&2
      exit 2
      ;;
  esac
  before=$base:./$path
  # Manifests that are new are compared with nothing.
  if ! git cat-file -e "$before" 2> /dev/null; then
    before=$(mktemp -d)
    trap 'rmdir "$before"' EXIT
  fi
  changes=${MTLS_DIFF_FAIL_ON:-broken,weakened}
  $command diff "$@" --fail-on "$changes" -- "$before" "$path" || keep $?
  text=$($command diff "$@" --fail-on "$changes" --format markdown -- "$before" "$path" 2> /dev/null) || keep $?
  # By its first line the comment is found again.
  if [ -n "$text" ]; then printf '%s\n' "<!-- cdk8s-istio-mtls diff of $path -->" "$text" > "$out/comment.md"; fi
fi
exit "$status"
