// Copies a game's picture into the memory shared with GameHost: only the 32x32 tiles that changed, found by a hash of each tile.
//
// pixel_runtime/tiles.py calls this right after the game has drawn, while the picture is in the processor's cache. The hashes stay in the
// shared memory, so that GameHost knows which tiles to read without comparing the picture. Capture/SharedFrames.cs describes the layout.
//
// This code runs in the game's process. GameHost believes nothing of it: wrong hashes spoil only the game's own picture.

#include <stddef.h>
#include <stdint.h>
#include <string.h>

enum {
    TILE = 32,
    LANES = 16,
    TILE_ROW_BYTES = TILE * 4,
    HEADER_BYTES = 4096,
    SLOT_BYTES = 1920 * 1080 * 4,
    SLOTS = 3,
    MOST_TILES = 4096,
};

// Of each slot, at 128 + 64 * slot.
struct slot_header {
    uint32_t width, height, pitch, frame_number, capture_micros, input_seq;
    uint32_t hashed_tiles; // number of tiles, if the slot's hashes fit its pixels; otherwise 0
};

#if defined(__x86_64__)
#include <immintrin.h>

// A different number for each 8 bytes of a tile, so that pixels which change places change the hash.
static uint64_t key[TILE][LANES] __attribute__((aligned(32)));

static uint64_t fold(uint64_t a, uint64_t b) {
    unsigned __int128 product = (unsigned __int128)a * b;
    return (uint64_t)product ^ (uint64_t)(product >> 64);
}

// Returns the hash of a tile: the way of XXH3 (multiply both halves of each 8 bytes after a xor with the key, add the 8 bytes beside
// them, fold at the end). Two tiles that differ have the same hash with a chance of about 1 to 2^64.
__attribute__((target("avx2"))) static uint64_t hash_tile(const uint8_t *row, size_t pitch, uint32_t rows) {
    __m256i sum[4] = {_mm256_setzero_si256(), _mm256_setzero_si256(), _mm256_setzero_si256(), _mm256_setzero_si256()};
    for (uint32_t y = 0; y < rows; y++, row += pitch) {
        // The same row two tiles ahead: the rows of a tile lie too far apart for the processor to predict. Beyond the picture this does
        // nothing.
        __builtin_prefetch(row + 2 * TILE_ROW_BYTES);
        __builtin_prefetch(row + 2 * TILE_ROW_BYTES + 64);
#pragma GCC unroll 4
        for (int i = 0; i < 4; i++) {
            __m256i data = _mm256_loadu_si256((const __m256i *)(row + 32 * i));
            __m256i mixed = _mm256_xor_si256(data, _mm256_load_si256((const __m256i *)&key[y][4 * i]));
            sum[i] = _mm256_add_epi64(sum[i], _mm256_mul_epu32(mixed, _mm256_srli_epi64(mixed, 32)));
            sum[i] = _mm256_add_epi64(sum[i], _mm256_shuffle_epi32(data, 0x4E));
        }
    }
    uint64_t lanes[LANES];
    memcpy(lanes, sum, sizeof lanes);
    uint64_t hash = 0;
    for (int i = 0; i < LANES; i += 2)
        hash += fold(lanes[i] ^ key[0][i], lanes[i + 1] ^ key[0][i + 1]);
    return hash ^ (hash >> 32);
}

// A tile at the right edge has shorter rows. It is hashed as if black pixels followed.
static uint64_t hash_narrow_tile(const uint8_t *row, size_t pitch, uint32_t bytes, uint32_t rows) {
    uint8_t padded[TILE][TILE_ROW_BYTES] = {{0}};
    for (uint32_t y = 0; y < rows; y++)
        memcpy(padded[y], row + pitch * y, bytes);
    return hash_tile(padded[0], TILE_ROW_BYTES, rows);
}

// Prepares the hashes. Returns 0 if this processor cannot compute them fast; then pictures are copied whole.
int pixelframe_prepare(uint64_t seed) {
    if (!__builtin_cpu_supports("avx2"))
        return 0;
    // SplitMix64.
    for (int i = 0; i < TILE * LANES; i++) {
        uint64_t z = (seed += 0x9E3779B97F4A7C15u);
        z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9u;
        z = (z ^ (z >> 27)) * 0x94D049BB133111EBu;
        key[i / LANES][i % LANES] = z ^ (z >> 31);
    }
    return 1;
}

static struct slot_header *header_of(uint8_t *memory, uint32_t slot) { return (struct slot_header *)(memory + 128 + 64 * slot); }

static uint64_t *hashes_of(uint8_t *memory, uint32_t slot) {
    return (uint64_t *)(memory + HEADER_BYTES + (size_t)SLOT_BYTES * SLOTS) + (size_t)MOST_TILES * slot;
}

static int has_hashes(const struct slot_header *header, uint32_t width, uint32_t height, uint32_t tiles) {
    return header->hashed_tiles == tiles && header->width == width && header->height == height;
}

// Copies a picture into a slot, rows without a gap, and notes the hashes of its tiles. Returns how many tiles differ from the picture in
// another slot; all of them if that has another size or no hashes; -1 if the picture does not fit.
//   memory         the shared memory
//   slot           0 to 2; one that GameHost does not read
//   last           the other slot
//   from, pitch    the first row of BGRX pixels, and the bytes from a row to the next
//   width, height  pixels; at most as many as fit a slot
int pixelframe_copy(uint8_t *memory, uint32_t slot, uint32_t last, const uint8_t *from, uint32_t pitch, uint32_t width, uint32_t height) {
    uint32_t across = (width + TILE - 1) / TILE, down = (height + TILE - 1) / TILE;
    if (slot >= SLOTS || last >= SLOTS || across == 0 || down == 0 || (uint64_t)across * down > MOST_TILES || (uint64_t)width * height * 4 > SLOT_BYTES)
        return -1;
    struct slot_header *header = header_of(memory, slot);
    uint8_t *to = memory + HEADER_BYTES + (size_t)SLOT_BYTES * slot;
    uint64_t *hashes = hashes_of(memory, slot), *last_hashes = hashes_of(memory, last);
    size_t to_pitch = (size_t)width * 4;
    int known = has_hashes(header, width, height, across * down);
    int last_known = has_hashes(header_of(memory, last), width, height, across * down);
    int changed = 0;
    for (uint32_t tile = 0; tile < across * down; tile++) {
        uint32_t left = tile % across * TILE, top = tile / across * TILE;
        uint32_t bytes = (width - left < TILE ? width - left : TILE) * 4, rows = height - top < TILE ? height - top : TILE;
        const uint8_t *source = from + (size_t)pitch * top + (size_t)left * 4;
        uint64_t hash = bytes == TILE_ROW_BYTES ? hash_tile(source, pitch, rows) : hash_narrow_tile(source, pitch, bytes, rows);
        changed += !last_known || last_hashes[tile] != hash;
        if (known && hashes[tile] == hash)
            continue;
        hashes[tile] = hash;
        uint8_t *target = to + to_pitch * top + (size_t)left * 4;
        for (uint32_t y = 0; y < rows; y++, source += pitch, target += to_pitch)
            memcpy(target, source, bytes);
    }
    // With the size, also if the caller does not show this picture: the hashes fit no other.
    header->width = width;
    header->height = height;
    header->hashed_tiles = across * down;
    return changed;
}

#else

int pixelframe_prepare(uint64_t seed) {
    (void)seed;
    return 0;
}

#endif
