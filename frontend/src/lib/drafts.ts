/** Edits that the server does not have yet, kept in this browser so that a closed laptop loses nothing. */

export type KeptDraft = { version: number; texts: Record<string, string>; savedAt: string }

const PREFIX = 'woodpecker.draft.'

export function keepDraft(sequenceId: string, draft: KeptDraft): void {
  try {
    localStorage.setItem(PREFIX + sequenceId, JSON.stringify(draft))
  } catch {
    // Storage may be full or forbidden: autosave to the server still runs.
  }
}

export function keptDraft(sequenceId: string): KeptDraft | null {
  const stored = localStorage.getItem(PREFIX + sequenceId)
  if (stored === null) return null
  try {
    const draft = JSON.parse(stored) as Partial<KeptDraft>
    return typeof draft.version === 'number' && draft.texts ? (draft as KeptDraft) : null
  } catch {
    return null
  }
}

export function dropDraft(sequenceId: string): void {
  localStorage.removeItem(PREFIX + sequenceId)
}
