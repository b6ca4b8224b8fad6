#!/bin/sh
# Puts the comment that mtls.sh wrote on a pull request, or brings the one up to date that is there from an earlier run.
#
#   GH_TOKEN=... GITHUB_REPOSITORY=owner/name PULL_REQUEST=12 sh ci/github-comment.sh mtls-results/comment.md
#
# The token may write to pull requests, and is the one that GitHub Actions gives a job: by its user, github-actions[bot], and the
# first line of the comment an earlier one is found.
set -eu

file=$1
marker=$(head -n 1 "$file")
comments=repos/$GITHUB_REPOSITORY/issues/$PULL_REQUEST/comments
earlier=$(gh api --paginate "$comments" --jq '.[] | select(.user.login == "github-actions[bot]") | "\(.id) \(.body | split("\n")[0] | rtrimstr("\r"))"')
id=$(printf '%s\n' "$earlier" | while read -r id line; do
  if [ "$line" = "$marker" ]; then echo "$id"; break; fi
done)

if [ -n "$id" ]; then
  gh api --method PATCH "repos/$GITHUB_REPOSITORY/issues/comments/$id" --field "body=@$file" --silent
  echo "the comment $id is up to date"
elif [ "$(sed -n 2p "$file")" = '## Istio mTLS: nothing changed' ]; then
  echo 'nothing changed, so that nothing is commented'
else
  gh api --method POST "$comments" --field "body=@$file" --silent
  echo 'commented'
fi
