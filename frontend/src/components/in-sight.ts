/** About as many rows as a tall screen shows at once. */
export const IN_SIGHT = 20

/**
 * New rows where people look, at once; those further down a moment later, when that has been painted and `before` is the same.
 * Until then the old ones stand there, so that nobody's place in a long list jumps; no row stands there twice.
 */
export function inSightFirst<T>(rows: T[], before: T[], rowId: (row: T) => string): T[] {
  if (before === rows || rows.length <= IN_SIGHT) return rows
  const first = rows.slice(0, IN_SIGHT)
  const ids = new Set(first.map(rowId))
  return [...first, ...before.slice(IN_SIGHT).filter((row) => !ids.has(rowId(row)))]
}
