import type { PartAnswer } from '@/api'
import type { Texts } from './draft-store'

/** Pieces of a campaign's mail with the texts as they stand in the editor now: the server knows only what was saved. */
export function liveParts(parts: PartAnswer[], texts: Texts): PartAnswer[] {
  return parts.map((part) => {
    if (part.snippet === null) return part
    const typed = texts[part.snippet]
    if (typed === undefined) return part
    if (typed.trim() === '') {
      return { ...part, text: `{{SNIPPET_${part.snippet}}}`, source: 'missing' }
    }
    return { ...part, text: typed, source: 'snippet' }
  })
}
