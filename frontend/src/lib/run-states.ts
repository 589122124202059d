const open = new Set(['queued', 'running', 'paused', 'parsing', 'committing'])

/** Is a run (of writing, exporting, importing) still going to change by itself or by a click? */
export function isOpen(status: string): boolean {
  return open.has(status)
}

/** How often to ask again although live updates should tell: a safety net, only while something moves. */
export function refetchWhile(status: string | undefined): number | false {
  return status !== undefined && isOpen(status) && status !== 'paused' ? 3000 : false
}
