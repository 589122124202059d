/** An address that we change comes back to us later, several changes late when the machine is slow: which of them were ours?
 *  `sent`: what we set and have not seen yet, in its order; what is left of it comes back. */
export function arrival<T>(sent: T[], value: T): { ours: boolean; sent: T[] } {
  const found = sent.indexOf(value)
  return found === -1 ? { ours: false, sent: [] } : { ours: true, sent: sent.slice(found + 1) }
}
