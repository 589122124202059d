import { Anchor, Code, Text } from '@mantine/core'
import { useState } from 'react'
import type { AuditAnswer } from '@/api'

/** What a line of the record is about, with the values before and after on demand. */
export function AuditDetail({ line }: { line: AuditAnswer }) {
  const [shown, setShown] = useState(false)
  const about = `${line.subject_kind}${line.subject_id ? ` ${line.subject_id}` : ''}`
  const content = line.before !== null || line.after !== null
  return (
    <>
      <Text fz="xs" c="dimmed" className="cut" title={about}>
        {about}
      </Text>
      {line.erased ? (
        <Text fz="xs">The content was erased; the line still proves that it was done.</Text>
      ) : null}
      {content ? (
        <Anchor
          component="button"
          type="button"
          fz="xs"
          aria-expanded={shown}
          onClick={() => setShown(!shown)}
        >
          {shown ? 'Hide values' : 'Show values'}
          <span className="visually-hidden"> of line {line.id}</span>
        </Anchor>
      ) : null}
      {shown ? (
        <Code block mt={4} style={{ whiteSpace: 'pre-wrap', overflowWrap: 'anywhere' }}>
          {JSON.stringify({ before: line.before, after: line.after }, null, 2)}
        </Code>
      ) : null}
    </>
  )
}
