/** One's own work as it stands. `before` is how it stood when last looked at. */
export type Work = {
  what: 'Export' | 'Writing' | 'Import'
  name: string
  status: string
  reason: string | null
  by: string | null
  path: string
}

const ended: Record<string, string> = {
  completed: 'finished',
  committed: 'finished',
  failed: 'failed',
}

/** What to say of it; null when nothing happened that a person waits for. */
export function newsOf({ what, status, reason }: Work, before: string | undefined): string | null {
  if (status === before) return null
  const end = ended[status]
  if (end) return `${what} ${end}`
  // What a person paused, they know.
  if (status === 'paused' && reason && reason !== 'by_user') return `${what} needs you`
  return null
}
