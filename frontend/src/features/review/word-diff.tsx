import { diffWordsWithSpace } from 'diff'
import { useMemo } from 'react'
import classes from './review.module.css'

/** Words that went are struck through, words that came are underlaid. */
export function WordDiff({ before, after, label }: { before: string; after: string; label: string }) {
  const parts = useMemo(() => diffWordsWithSpace(before, after), [before, after])
  return (
    <div className={classes.diff} role="group" aria-label={label}>
      {parts.map((part, index) => {
        if (part.added) return <ins key={index}>{part.value}</ins>
        if (part.removed) return <del key={index}>{part.value}</del>
        return <span key={index}>{part.value}</span>
      })}
    </div>
  )
}
