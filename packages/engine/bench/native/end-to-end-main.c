/* Tick in, features, trees, record out, in C: ticks (N x 7 doubles), a forest (see forest.h) and the name of a file for the last row as arguments.
 * Each line of stdin asks for one pass over all ticks; answered with p50 and p99 of single ticks in ns, and the last prediction. FEATURES is the emitted program. */
#include <string.h>
#include <time.h>
#include FEATURES
#include "forest.h"
struct record { double event, generated, symbol, seq, value, price; };
static double now_ns(clockid_t clock) { struct timespec t; clock_gettime(clock, &t); return t.tv_sec * 1e9 + t.tv_nsec; }
static int ascending(const void *a, const void *b) { double x = *(const double *)a, y = *(const double *)b; return x < y ? -1 : x > y; }
int main(int argc, char **argv) {
  if (argc != 4) return 2;
  FILE *file = fopen(argv[2], "rb"); read_forest(file); fclose(file);
  file = fopen(argv[1], "rb"); fseek(file, 0, SEEK_END); const long count = ftell(file) / 56; rewind(file);
  double *ticks = take(file, 56, count); fclose(file);
  const long octets = (SYMBOLS_AT + (long)SYMBOL_DOUBLES) * 8;
  double *M = aligned_alloc(4096, (octets + 4095) / 4096 * 4096), *spent = malloc(count * 8);
  struct record *log = malloc(256 * sizeof *log);
  char line[16];
  while (fgets(line, sizeof line, stdin) != NULL) {
    memset(M, 0, octets);
    for (int k = 1; k < 9; k++) ((int *)M)[2 * (SYMBOLS_AT + INTS_AT) + k] = -(1 << 30);
    double value = 0;
    for (long i = 0; i < count; i++) {
      const double start = now_ns(CLOCK_MONOTONIC);
      memcpy(M, ticks + i * 7, 56);
      tick(M, (int *)M, 0);
      value = predict(M + ROW_AT);
      log[i & 255] = (struct record){i, now_ns(CLOCK_REALTIME), 0, i, value, ticks[i * 7]};
      spent[i] = now_ns(CLOCK_MONOTONIC) - start;
    }
    file = fopen(argv[3], "wb"); fwrite(M + ROW_AT, 8, ROW_LENGTH, file); fclose(file);
    const long warm = count / 4, rest = count - warm;
    qsort(spent + warm, rest, 8, ascending);
    printf("{\"p50Ns\": %.0f, \"p99Ns\": %.0f, \"value\": %.17g}\n", spent[warm + rest / 2], spent[warm + (long)(0.99 * rest)], value); fflush(stdout);
  }
  return 0;
}
