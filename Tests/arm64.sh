#!/usr/bin/env bash
# Runs WireProtocols on AArch64, on a machine of another kind: compiled as Embedded Swift, which every toolchain has for this
# processor, and run by QEMU. What the fuzz targets promise is tried with their seeds and with changed ones, the same each time:
#
#   Tests/arm64.sh [COUNT]      # inputs made of each seed, 300 by default
#
# Needs Debian's qemu-user-static and gcc-aarch64-linux-gnu. Sockets, epoll and the session need Swift's Linux library for
# AArch64; they are not tried here. (CI runs all tests on an AArch64 machine.)
set -euo pipefail
cd "$(dirname "$0")/.."
folder=.build/arm64
mkdir -p "$folder"
library=$(dirname "$(command -v swiftc)")/../lib/swift/embedded/aarch64-none-none-elf

cat > "$folder/main.c" <<'C'
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, intptr_t count);

static uint64_t state = 88172645463325252u;  // xorshift: the same numbers each time
static uint64_t next(void) {
    state ^= state << 13;
    state ^= state >> 7;
    return state ^= state << 17;
}

int main(int argc, char **argv) {
    static uint8_t seed[1 << 16], data[1 << 16];
    long rounds = atol(argv[1]), runs = 0;
    for (int i = 2; i < argc; i++) {
        FILE *file = fopen(argv[i], "rb");
        if (!file) return perror(argv[i]), 1;
        size_t size = fread(seed, 1, sizeof seed, file);
        fclose(file);
        for (long round = 0; round < rounds; round++, runs++) {
            size_t count = size;
            memcpy(data, seed, size);
            for (int left = next() % 4; round && size && left > 0; left--) data[next() % size] = next();
            if (round && size && next() % 3 == 0) count -= next() % size;
            LLVMFuzzerTestOneInput(data, count);
        }
    }
    printf("%ld inputs\n", runs);
}
C

for target in Requests HTTPStates Messages WebSocketStates; do
  mapfile -t sources < <(find Sources/WireProtocols -name '*.swift')
  swiftc -target aarch64-none-none-elf -enable-experimental-feature Embedded -parse-as-library -wmo -O -swift-version 6 \
    -enable-upcoming-feature NonisolatedNonsendingByDefault -module-name Common -c -o "$folder/$target.o" \
    "${sources[@]}" Tests/Fuzz/Delivery.swift "Tests/Fuzz/$target.swift"
  aarch64-linux-gnu-gcc -O1 -fPIE -static-pie -o "$folder/$target" "$folder/main.c" "$folder/$target.o" \
    "$library/libswiftUnicodeDataTables.a"
  rm -rf "$folder/$target.seeds"
  Tests/Fuzz/seeds.py "$target" "$folder/$target.seeds"
  printf '%s on %s: ' "$target" "$(file -b "$folder/$target" | cut -d, -f2 | xargs)"
  qemu-aarch64-static "$folder/$target" "${1:-300}" "$folder/$target.seeds"/*
done
