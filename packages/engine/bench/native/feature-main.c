// ticks.bin (N x 7 doubles) in; ns a tick, or the last row, out. FEATURES is the emitted program.
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include FEATURES
#ifndef CLOCK
#define CLOCK CLOCK_MONOTONIC
#endif
static double now(void) { struct timespec a; clock_gettime(CLOCK, &a); return a.tv_sec * 1e9 + a.tv_nsec; }
int main(int argc, char **argv) {
  const char *ticks = argv[1], *out = argv[2];
  const int symbols = atoi(argv[3]);
  FILE *f = fopen(ticks, "rb"); fseek(f, 0, SEEK_END); const long count = ftell(f) / 56; rewind(f);
  double *K = malloc(count * 56); if (fread(K, 56, count, f) != (size_t)count) return 1; fclose(f);
  const long doubles = SYMBOLS_AT + (long)symbols * SYMBOL_DOUBLES;
  double *M = aligned_alloc(4096, (doubles * 8 + 4095) / 4096 * 4096); memset(M, 0, doubles * 8);
  int *I = (int *)M;
  for (int s = 0; s < symbols; s++) { long q = 2 * (SYMBOLS_AT + (long)s * SYMBOL_DOUBLES + INTS_AT); for (int k = 1; k < 9; k++) I[q + k] = -(1 << 30); }
  // more than one symbol begin warm, as copies of one
  if (symbols > 1) {
    for (long i = 0; i < 3000; i++) { memcpy(M, K + i % count * 7, 56); tick(M, I, 0); }
    for (long s = 1; s < symbols; s++) memcpy(M + SYMBOLS_AT + s * SYMBOL_DOUBLES, M + SYMBOLS_AT, SYMBOL_DOUBLES * 8L);
  }
  char line[64];
  // each line of stdin asks for one run: how many ticks; answered with ns a tick
  long at = 0; unsigned x = 2463534242u;
  while (fgets(line, sizeof line, stdin)) {
    const long n = atol(line);
    const double a = now();
    for (long i = 0; i < n; i++) {
      int s = 0;
      if (symbols > 1) { x ^= x << 13; x ^= x >> 17; x ^= x << 5; s = (int)(((unsigned long long)x * symbols) >> 32); }
      memcpy(M, K + at * 7, 56); if (++at == count) at = 0;
      tick(M, I, s);
    }
    const double each = (now() - a) / n;
    f = fopen(out, "wb"); fwrite(M + ROW_AT, 8, ROW_LENGTH, f); fclose(f);
    printf("%.3f\n", each); fflush(stdout);
  }
  return 0;
}
