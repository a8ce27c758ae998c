/* The layout of the TypeScript kernel in C: perfect trees, ten chains at once, leaves added in order. Driven by lines on stdin:
 *   pass     one pass over all rows; prints ns a row
 *   rows     one timed pass; prints p50 and p99 of single rows
 *   check    prints the bits of the sum over all predictions
 * usage: trees TABLES, where TABLES holds u32 treeCount, depth, features, rows; f64 base; then thresholds, leaves (f64), features of nodes (u32), rows (f64).
 * Compile with -O3 -ffp-contract=off, so that sums are those of the other side. */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#define LANES 10
struct node { double threshold; int32_t feature; int32_t pad; };
static uint32_t tree_count, depth, feature_count, row_count;
static double base;
static struct node *nodes;
static double *leaves, *rows;

static double now_ns(void) { struct timespec t; clock_gettime(CLOCK_MONOTONIC, &t); return t.tv_sec * 1e9 + t.tv_nsec; }
static void *take(FILE *file, size_t size, size_t count) {
  void *memory = malloc(size * count);
  if (memory == NULL || fread(memory, size, count, file) != count) { fprintf(stderr, "the tables end\n"); exit(1); }
  return memory;
}

static inline __attribute__((always_inline)) double predict_at(const double *row, uint32_t levels) {
  const uint32_t size = 1u << levels;
  double sum = base;
  for (uint32_t first = 0; first < tree_count; first += LANES) {
    uint32_t k[LANES] = {0};
    for (uint32_t level = 0; level < levels; level++) {
#pragma GCC unroll 10
      for (uint32_t u = 0; u < LANES; u++) {
        const struct node *n = &nodes[(size_t)(first + u) * size + k[u]];
        k[u] = 2 * k[u] + 1 + (row[n->feature] > n->threshold);
      }
    }
    for (uint32_t u = 0; u < LANES; u++) sum += leaves[(size_t)(first + u) * size + k[u] - (size - 1)];
  }
  return sum;
}

/* the depth of the bench as a constant, as a compiler of models for C would have it */
static __attribute__((noinline)) double predict(const double *row) { return depth == 6 ? predict_at(row, 6) : predict_at(row, depth); }

static int ascending(const void *a, const void *b) { double x = *(const double *)a, y = *(const double *)b; return x < y ? -1 : x > y; }

int main(int count, char **arguments) {
  FILE *file = count == 2 ? fopen(arguments[1], "rb") : NULL;
  if (file == NULL) { fprintf(stderr, "usage: trees TABLES\n"); return 2; }
  uint32_t *head = take(file, 4, 4);
  tree_count = head[0]; depth = head[1]; feature_count = head[2]; row_count = head[3];
  base = *(double *)take(file, 8, 1);
  size_t places = (size_t)tree_count << depth;
  double *thresholds = take(file, 8, places);
  leaves = take(file, 8, places);
  uint32_t *features = take(file, 4, places);
  rows = take(file, 8, (size_t)row_count * feature_count);
  nodes = malloc(places * sizeof *nodes);
  for (size_t i = 0; i < places; i++) nodes[i] = (struct node){thresholds[i], (int32_t)features[i], 0};
  double *samples = malloc(row_count * sizeof *samples);
  char line[16];
  volatile double sink = 0;
  while (fgets(line, sizeof line, stdin) != NULL) {
    double total = 0, start = now_ns();
    if (strncmp(line, "rows", 4) == 0) {
      for (uint32_t i = 0; i < row_count; i++) { double at = now_ns(); total += predict(rows + (size_t)i * feature_count); samples[i] = now_ns() - at; }
      qsort(samples, row_count, sizeof *samples, ascending);
      printf("%.1f %.1f\n", samples[row_count / 2], samples[(size_t)(row_count * 0.99)]);
    } else {
      for (uint32_t i = 0; i < row_count; i++) total += predict(rows + (size_t)i * feature_count);
      double spent = (now_ns() - start) / row_count;
      uint64_t bits;
      memcpy(&bits, &total, 8);
      if (strncmp(line, "check", 5) == 0) printf("%016llx\n", (unsigned long long)bits);
      else printf("%.1f\n", spent);
    }
    sink += total;
    fflush(stdout);
  }
  return 0;
}
