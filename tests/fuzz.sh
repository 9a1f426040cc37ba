#!/bin/sh
# Fuzzes every parser for some seconds each:  tests/fuzz.sh [seconds] [target…]      (default: 60, all targets)
#
# Needs: the stable Rust toolchain, a C++ compiler (libFuzzer is built from the crate `libfuzzer-sys`). Not
# needed: nightly, clang, cargo-fuzz (it works too: the layout is its own). Only vigie and the targets are
# instrumented, by the flags below; libraries are not.
#
# PROFILE=dev builds faster and fuzzes slower. Inputs begin with the fixtures and grow in fuzz/corpus, which is
# not kept in git. SEED=1 makes runs alike (0: each its own). An input that fails is written to fuzz/artifacts/TARGET/; run it again with
#   fuzz/target/…/fuzz_TARGET fuzz/artifacts/TARGET/crash-…
set -eu
cd "$(dirname "$0")/.."
seconds=${1:-60}
[ $# -gt 0 ] && shift
targets=${*:-webhook message join playbook envelope escape}
profile=${PROFILE:-release}
folder=$profile
[ "$profile" = dev ] && folder=debug

# The versions of the program's own lock file; cargo adds what only the targets need.
cp Cargo.lock fuzz/Cargo.lock
export RUSTC_WRAPPER="$PWD/fuzz/instrument.sh"
export CARGO_TARGET_DIR="${CARGO_TARGET_DIR:-$PWD/fuzz/target}"
cargo build --quiet --manifest-path fuzz/Cargo.toml --profile "$profile"

seed() { # TARGET FILE…: each file under a name made of its path
    target=$1
    shift
    mkdir -p "fuzz/corpus/$target" "fuzz/artifacts/$target"
    for file in "$@"; do
        cp "$file" "fuzz/corpus/$target/$(echo "$file" | tr '/' '-')"
    done
}
fixtures=tests/fixtures/alerts
seed webhook $fixtures/*/webhook/*.json
seed message $fixtures/*/slack/*.json $fixtures/robusta/*.json $fixtures/datadog/*.json $fixtures/others/*.json
seed join
for file in $fixtures/alertmanager/slack/default*.json; do
    printf '{"known":[{"alertname":"KubePodCrashLooping","namespace":"production","pod":"a b","severity":"warning"},{"alertname":"A","namespace":"staging"}],"message":%s}' \
        "$(cat "$file")" >"fuzz/corpus/join/$(basename "$file")"
done
seed playbook playbooks/*.yaml
seed envelope
printf '%s' '{"type":"events_api","envelope_id":"e","payload":{"team_id":"T0FAKE","event_id":"Ev1","event":{"type":"app_mention","channel":"C0","user":"U1","ts":"1790000000.000100","thread_ts":"1790000000.000000","text":"<@U0FAKE> payment est lent"}}}' >fuzz/corpus/envelope/mention
printf '%s' '{"type":"interactive","envelope_id":"e","payload":{"type":"block_actions","user":{"id":"U1","team_id":"T0FAKE"},"container":{"channel_id":"C0","message_ts":"1.2","thread_ts":"1.1"},"actions":[{"action_id":"ack","value":"b1","action_ts":"1.3"}]}}' >fuzz/corpus/envelope/press
printf '%s' '{"type":"events_api","payload":{"event":{"type":"message","subtype":"message_changed","channel":"C0","message":{"text":"x","user":"U1","ts":"1.2","bot_id":"B1"},"previous_message":{"text":"y"}}}}' >fuzz/corpus/envelope/edit
seed escape
printf '%s' '<!channel> `code` *bold* ~no~ &amp; <https://evil.example|ok> password=FAKE-hunter2 Bearer FAKE0123456789abcdef' >fuzz/corpus/escape/live
printf '\033[31mred\033[0m \342\200\256txt\342\200\213 FAKE-secret-of-our-own postgres://u:FAKEpw@db/x' >fuzz/corpus/escape/marks

# As many at a time as there are cores; what each printed is shown when it has ended.
run='target=$1
log="fuzz/artifacts/$target/log"
code=0
"$0" "fuzz/corpus/$target" -max_total_time="$2" -seed="${SEED:-0}" -max_len=8192 -timeout=10 -rss_limit_mb=2048 \
    -print_final_stats=1 -verbosity=0 -artifact_prefix="fuzz/artifacts/$target/" >"$log" 2>&1 || code=$?
{ echo "== $target, $2 s"; cat "$log"; }
exit "$code"'
for target in $targets; do
    mkdir -p "fuzz/artifacts/$target"
    printf '%s\n%s\n%s\n' "$CARGO_TARGET_DIR/$folder/fuzz_$target" "$target" "$seconds"
done | xargs -n 3 -P "$(nproc)" sh -c "$run"
