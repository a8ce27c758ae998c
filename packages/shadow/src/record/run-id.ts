/**
 * A run's id and folder name: UTC time to the second, the migration's name, and a few random letters against two runs in one
 * second. Sorts by time. For example `2026-11-20T18-04-05-order-path-k3x9`.
 */
export function runIdOf(startedAt: Date, name: string, random: string): string {
  const time = startedAt.toISOString().slice(0, 19).replaceAll(':', '-');
  const safeName = name.normalize('NFKD').toLowerCase().replace(/[^a-z0-9]+/g, '-').replace(/^-+|-+$/g, '').slice(0, 40);
  const safeRandom = random.toLowerCase().replace(/[^a-z0-9]/g, '').slice(0, 8);
  return [time, safeName, safeRandom].filter((part) => part !== '').join('-');
}
