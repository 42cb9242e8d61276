// Draws random pictures and copies them with native/pixelframe.c. Built with the address and undefined-behaviour sanitizers, which end the
// program when anything outside of the picture or of the shared memory is touched. Usage: pixelframe_fuzz <seed> <pictures>.
#include <stdio.h>
#include <stdlib.h>

#include "pixelframe.c"

static uint64_t state;

static uint32_t next(uint32_t below) {
    state ^= state << 13;
    state ^= state >> 7;
    state ^= state << 17;
    return (uint32_t)((state >> 16) % below);
}

#define HOLDS(condition)                                                      \
    if (!(condition)) {                                                       \
        printf("picture %d, %ux%u: not (%s)\n", picture, width, height, #condition); \
        return 1;                                                             \
    }

int main(int count, char **arguments) {
    if (count != 3)
        return 2;
    state = strtoull(arguments[1], NULL, 10) * 2 + 1;
    int pictures = atoi(arguments[2]);
    if (!pixelframe_prepare(state)) {
        printf("this processor has no AVX2\n");
        return 3;
    }

    // Exactly as much as there is, so that the sanitizer sees what is beyond.
    size_t size = HEADER_BYTES + (size_t)SLOTS * (SLOT_BYTES + MOST_TILES * 8);
    uint8_t *memory = calloc(1, size);
    uint8_t *pixels = NULL, *shown[SLOTS] = {NULL, NULL, NULL};
    uint64_t known[SLOTS][MOST_TILES];
    uint32_t width = 0, height = 0, padding = 0, pitch = 0;
    size_t length = 0;
    for (int picture = 0; picture < pictures; picture++) {
        if (picture == 0 || next(40) == 0) {
            // Another size, now and then one of the largest.
            uint32_t most = next(12) == 0 ? 1920 : 200;
            width = 1 + next(most);
            height = 1 + next(most);
            if ((uint64_t)width * height > 1920 * 1080)
                height = 1920 * 1080 / width;
            padding = next(2) ? 0 : 4 * next(9);
            pitch = width * 4 + padding;
            length = (size_t)pitch * (height - 1) + (size_t)width * 4;
            free(pixels);
            pixels = malloc(length);
            // Now and then plain: its tiles are the same as those of another size.
            int noise = next(2);
            for (size_t i = 0; i < length; i++)
                pixels[i] = (uint8_t)(noise ? next(256) : 7);
            for (int slot = 0; slot < SLOTS; slot++) {
                free(shown[slot]);
                shown[slot] = NULL;
            }
        }

        // The smallest changes are the hardest to find: one bit, two pixels that change places, two rows that do.
        for (uint32_t change = next(4); change > 0; change--) {
            uint32_t x = next(width), y = next(height), other_x = next(width), other_y = next(height);
            uint32_t *a = (uint32_t *)(pixels + (size_t)pitch * y + 4 * x), *b = (uint32_t *)(pixels + (size_t)pitch * other_y + 4 * other_x);
            uint32_t kept = *a;
            switch (next(4)) {
            case 0:
                *a ^= 1u << next(32);
                break;
            case 1:
                *a = *b;
                *b = kept;
                break;
            case 2:
                for (uint32_t i = 0; i < width * 4; i++) {
                    uint8_t *p = pixels + (size_t)pitch * y + i, *q = pixels + (size_t)pitch * other_y + i, byte = *p;
                    *p = *q;
                    *q = byte;
                }
                break;
            default:
                *a = 0;
                break;
            }
        }

        uint32_t slot = next(SLOTS), across = (width + TILE - 1) / TILE, down = (height + TILE - 1) / TILE;
        uint8_t *stored = memory + HEADER_BYTES + (size_t)SLOT_BYTES * slot;
        uint64_t *hashes = (uint64_t *)(memory + HEADER_BYTES + (size_t)SLOT_BYTES * SLOTS) + (size_t)MOST_TILES * slot;
        struct slot_header *header = (struct slot_header *)(memory + 128 + 64 * slot);
        uint32_t last = next(SLOTS);
        int before = shown[slot] != NULL, changed = 0;
        int counted = pixelframe_copy(memory, slot, last, pixels, pitch, width, height);
        HOLDS(header->hashed_tiles == across * down && header->width == width && header->height == height);
        for (uint32_t y = 0; y < height; y++)
            HOLDS(memcmp(stored + (size_t)width * 4 * y, pixels + (size_t)pitch * y, (size_t)width * 4) == 0);
        for (uint32_t tile = 0; tile < across * down; tile++) {
            uint32_t left = tile % across * TILE, top = tile / across * TILE;
            size_t bytes = (width - left < TILE ? width - left : TILE) * 4;
            int differs = !before, differs_from_last = shown[last] == NULL;
            for (uint32_t y = top; y < height && y < top + TILE; y++) {
                size_t at = (size_t)width * 4 * y + 4 * left;
                const uint8_t *now = pixels + (size_t)pitch * y + 4 * left;
                differs |= before && memcmp(shown[slot] + at, now, bytes) != 0;
                differs_from_last |= shown[last] != NULL && memcmp(shown[last] + at, now, bytes) != 0;
            }
            changed += differs_from_last;
            HOLDS(!before || (hashes[tile] != known[slot][tile]) == differs);
        }
        HOLDS(counted == changed);
        if (!before)
            shown[slot] = malloc((size_t)width * height * 4);
        memcpy(shown[slot], stored, (size_t)width * height * 4);
        memcpy(known[slot], hashes, (size_t)across * down * 8);
    }
    // What is impossible writes nothing.
    int picture = pictures;
    HOLDS(pixelframe_copy(memory, 3, 0, pixels, pitch, width, height) == -1);
    HOLDS(pixelframe_copy(memory, 0, 3, pixels, pitch, width, height) == -1);
    HOLDS(pixelframe_copy(memory, 0, 1, pixels, 8000, 1921, 1920) == -1);
    HOLDS(pixelframe_copy(memory, 0, 1, pixels, 0, 0, 5) == -1);
    HOLDS(pixelframe_copy(memory, 0, 1, pixels, 0xFFFFFFFC, 0xFFFFFFFF, 0xFFFFFFFF) == -1);
    for (int slot = 0; slot < SLOTS; slot++)
        free(shown[slot]);
    free(pixels);
    free(memory);
    printf("%d pictures\n", pictures);
    return 0;
}
