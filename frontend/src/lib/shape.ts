/** The shape of a sequence: which texts, on which day, how long. */

import type { SnippetShapeBody } from '@/api'

export type SnippetShape = SnippetShapeBody

/** Woodpecker takes no more for a person. */
export const MOST_TEXTS = 15

/** A bump a week after the last text: what is most often wanted. */
export function oneMore(shape: SnippetShape[]): SnippetShape {
  const last = shape.at(-1)
  return {
    number: Math.max(0, ...shape.map(({ number }) => number)) + 1,
    kind: 'bump',
    day: (last?.day ?? 0) + 7,
    instruction: 'Short reply to the last e-mail. Adds one new thought.',
    unit: 'words',
    target_min: 20,
    target_max: 60,
    limit: 90,
    formatting: 'plain',
  }
}
