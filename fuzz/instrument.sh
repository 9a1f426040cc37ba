#!/bin/sh
# Cargo's RUSTC_WRAPPER: coverage counters for vigie and the fuzz targets, nothing for the libraries.
case " $* " in
*" --crate-name vigie "* | *" --crate-name fuzz_"*)
    exec "$@" --cfg fuzzing -Cpasses=sancov-module -Cllvm-args=-sanitizer-coverage-level=4 \
        -Cllvm-args=-sanitizer-coverage-inline-8bit-counters -Cllvm-args=-sanitizer-coverage-pc-table \
        -Cllvm-args=-sanitizer-coverage-trace-compares -Ccodegen-units=1
    ;;
esac
exec "$@"
