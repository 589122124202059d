import type { Word } from '@/lib/words'
import { Hint } from './hint'
import classes from './status-badge.module.css'

/** A state in the words of `lib/words`; the hint explains it on hover and to screen readers. */
export function StatusBadge({ word }: { word: Word }) {
  const badge = (
    <span className={classes.badge} data-tone={word.tone}>
      {word.label}
    </span>
  )
  return word.hint ? <Hint label={word.hint}>{badge}</Hint> : badge
}
