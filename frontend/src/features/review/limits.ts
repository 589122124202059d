export type Limit = {
  unit: 'characters' | 'words'
  target?: number | null | undefined
  limit?: number | null | undefined
}
export type Measure = { value: number; text: string; tone: 'ok' | 'over_target' | 'over_limit' }

/** How long a text is, in the unit its template counts, and whether that is too long. */
export function measure(text: string, { unit, target, limit }: Limit): Measure {
  const value = unit === 'words' ? words(text) : Array.from(text).length
  const bound = limit ?? target
  const tone = limit && value > limit ? 'over_limit' : target && value > target ? 'over_target' : 'ok'
  return { value, text: bound ? `${value} of ${bound} ${unit}` : `${value} ${unit}`, tone }
}

function words(text: string): number {
  return text.split(/\s+/).filter(Boolean).length
}
