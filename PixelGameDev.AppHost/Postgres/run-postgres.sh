#!/bin/sh
# Runs PostgreSQL ("$@") and stops it with SIGINT.
# Aspire stops a program with SIGTERM, on which PostgreSQL waits for its last client. On SIGINT it does not wait.
"$@" &
server=$!
trap 'kill -INT $server' TERM INT
wait $server
code=$?
while kill -0 $server 2>/dev/null; do
  wait $server
  code=$?
done
exit $code
