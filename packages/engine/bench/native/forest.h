/* Perfect trees side by side in C: the layout of the TypeScript kernel, ten chains at once, leaves added in order. */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#define LANES 10
struct node { double threshold; int32_t feature; int32_t pad; };
static uint32_t tree_count, depth, feature_count, row_count;
static double base;
static struct node *nodes;
static double *leaves;

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

/* u32 trees, depth, features, rows; f64 base; then thresholds and leaves (f64), features of nodes (u32) */
static void read_forest(FILE *file) {
  uint32_t *head = take(file, 4, 4);
  tree_count = head[0]; depth = head[1]; feature_count = head[2]; row_count = head[3];
  base = *(double *)take(file, 8, 1);
  size_t places = (size_t)tree_count << depth;
  double *thresholds = take(file, 8, places);
  leaves = take(file, 8, places);
  uint32_t *features = take(file, 4, places);
  nodes = malloc(places * sizeof *nodes);
  for (size_t i = 0; i < places; i++) nodes[i] = (struct node){thresholds[i], (int32_t)features[i], 0};
}
