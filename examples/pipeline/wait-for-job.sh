#!/bin/sh
# Waits in a pipeline until a job is over; ends with 0 where it succeeded and with 1 where it did not.
#   BK_TOKEN=... wait-for-job.sh BUSINESS JOB
# The service holds each request until the job is over or 20 seconds have passed, so this loop hardly turns.
set -eu

url="${BKJOB_GQL_URL:-http://127.0.0.1:4000/graphql}"
query='query Wait($biz: ID!, $job: ID!) { waitForJobInstance(scope: {bkBizId: $biz}, jobInstanceId: $job, until: FINISHED_OR_BLOCKED) { phase finished } }'
body="{\"query\": \"$query\", \"variables\": {\"biz\": \"$1\", \"job\": \"$2\"}}"

while :; do
  answer="$(curl --silent --show-error --retry 5 --max-time 60 "$url" \
    --header 'content-type: application/json' \
    --header "X-Bkapi-Authorization: {\"bk_token\": \"${BK_TOKEN:-alice}\"}" \
    --data "$body")"
  case "$answer" in
    *'"phase":"SUCCEEDED"'*) echo "Job $2 succeeded."; exit 0 ;;
    *'"phase":"BLOCKED"'*) echo "Job $2 waits for a person."; exit 1 ;;
    *'"finished":true'*) echo "Job $2 did not succeed: $answer"; exit 1 ;;
    *'"finished":false'*) ;;
    *'"retryable":true'*) sleep 5 ;;
    *) echo "Job $2 cannot be read: $answer"; exit 1 ;;
  esac
done
