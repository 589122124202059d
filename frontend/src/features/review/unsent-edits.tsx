import { Alert, Group } from '@mantine/core'
import { useQueryClient } from '@tanstack/react-query'
import { useEffect } from 'react'
import { LinkButton } from '@/components/links'
import { useKeptDrafts } from '@/lib/drafts'
import { plural } from '@/lib/format'
import { sequenceQuery } from './api'
import { hasStore, storeOf, useClashing } from './drafts-open'

/** Sends, from whatever page, the edits that an earlier visit left in this browser, and says which of them clash. */
export function UnsentEdits() {
  const client = useQueryClient()
  const kept = useKeptDrafts()
  const clashing = useClashing()
  useEffect(() => {
    for (const id of kept) {
      if (hasStore(id)) continue
      // Not reachable now: the next visit, or opening the sequence, tries again. The edits stay kept.
      client
        .query(sequenceQuery(id))
        .then((sequence) => storeOf(client, sequence))
        .catch(() => undefined)
    }
  }, [client, kept])
  if (clashing.length === 0) return null
  return (
    <Alert
      color="yellow"
      mb="md"
      role="status"
      title={`${plural(clashing.length, 'sequence')} with words of yours and of somebody else`}
    >
      <Group justify="space-between" gap="xs">
        <span>Nothing is lost: look at both and say what stands.</span>
        <LinkButton to="/review" search={{ id: clashing[0] }} size="xs" variant="default">
          Compare
        </LinkButton>
      </Group>
    </Alert>
  )
}
