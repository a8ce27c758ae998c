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

#include "forest.h"
static double *rows;

static double now_ns(void) { struct timespec t; clock_gettime(CLOCK_MONOTONIC, &t); return t.tv_sec * 1e9 + t.tv_nsec; }
static int ascending(const void *a, const void *b) { double x = *(const double *)a, y = *(const double *)b; return x < y ? -1 : x > y; }

int main(int count, char **arguments) {
  FILE *file = count == 2 ? fopen(arguments[1], "rb") : NULL;
  if (file == NULL) { fprintf(stderr, "usage: trees TABLES\n"); return 2; }
  read_forest(file);
  rows = take(file, 8, (size_t)row_count * feature_count);
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
