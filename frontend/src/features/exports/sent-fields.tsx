import { Anchor } from '@mantine/core'
import { useState } from 'react'
import { humanise } from '@/lib/words'
import classes from './exports.module.css'

/** Exactly what is sent for one person, on demand. */
export function SentFields({ fields, name }: { fields: Record<string, string>; name: string }) {
  const [shown, setShown] = useState(false)
  const entries = Object.entries(fields)
  if (entries.length === 0) return null
  return (
    <>
      <Anchor
        component="button"
        type="button"
        fz="xs"
        aria-expanded={shown}
        aria-label={`${shown ? 'Hide' : 'Show'} what is sent for ${name}`}
        onClick={() => setShown(!shown)}
      >
        {shown ? 'Hide the fields' : `Show ${entries.length} fields`}
      </Anchor>
      {shown ? (
        <dl className={classes.fields}>
          {entries.map(([field, value]) => (
            <div key={field} style={{ display: 'contents' }}>
              <dt>{humanise(field)}</dt>
              <dd>{value === '' ? '(cleared)' : value}</dd>
            </div>
          ))}
        </dl>
      ) : null}
    </>
  )
}
