import { Group, Loader } from '@mantine/core'
import { IconChecklist } from '@tabler/icons-react'
import { useQuery } from '@tanstack/react-query'
import { EmptyState } from '@/components/empty-state'
import { LinkButton } from '@/components/links'
import { plural } from '@/lib/format'
import { type QueueSearch, beingWrittenQuery } from './api'

/** Why the queue is empty, and what to do next. */
export function NothingToReview({ filter }: { filter: QueueSearch }) {
  const writing = useQuery(beingWrittenQuery).data ?? 0
  const { sort: _order, ...narrowing } = filter
  if (Object.keys(narrowing).length > 0) {
    return (
      <EmptyState
        icon={<IconChecklist size={40} stroke={1.4} />}
        title="Nothing waits for you here"
        action={
          <Group justify="center">
            <LinkButton to="/exports/new" search={{ status: 'approved' }}>
              Add the approved ones to a campaign
            </LinkButton>
            <LinkButton to="/review" search={{}} variant="default">
              Show all drafts
            </LinkButton>
          </Group>
        }
      >
        {writing > 0
          ? `Claude is still writing for ${plural(writing, 'lead')}: the first finished draft opens here by itself.`
          : 'Every draft of this list has been decided on.'}
      </EmptyState>
    )
  }
  if (writing > 0) {
    return (
      <EmptyState icon={<Loader type="dots" />} title={`Claude is writing for ${plural(writing, 'lead')}`}>
        The first finished draft opens here by itself.
      </EmptyState>
    )
  }
  return (
    <EmptyState
      icon={<IconChecklist size={40} stroke={1.4} />}
      title="Nothing waits for you here"
      action={
        <Group justify="center">
          <LinkButton to="/exports/new" search={{ status: 'approved' }}>
            Add the approved ones to a campaign
          </LinkButton>
          <LinkButton to="/leads" search={{ status: 'imported' }} variant="default">
            Choose leads to write for
          </LinkButton>
        </Group>
      }
    >
      Every draft has been decided on.
    </EmptyState>
  )
}
