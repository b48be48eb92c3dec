// How long to wait before a try at a connection that was lost or refused.

/** Milliseconds before try number `attempt` (0 is the first): at once, then 1 s doubling to 15 s, spread by a quarter so that many pages do not come at once. */
export function backoff(attempt: number, random: () => number = Math.random): number {
  if (attempt === 0) return 0
  return Math.min(15_000, 1000 * 2 ** Math.min(attempt - 1, 10)) * (0.75 + random() * 0.5)
}
