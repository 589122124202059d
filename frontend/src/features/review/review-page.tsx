import { Group, Stack } from '@mantine/core'
import { usePageKeys } from '@/lib/page-keys'
import { IconChecklist } from '@tabler/icons-react'
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { getRouteApi, useNavigate } from '@tanstack/react-router'
import { useEffect, useState } from 'react'
import { EmptyState } from '@/components/empty-state'
import { LinkButton } from '@/components/links'
import { Loaded } from '@/components/loaded'
import { queueQuery, reviewLeadQuery, sequenceQuery } from './api'
import { KeysHelp } from './keys-help'
import { LeadPane } from './lead-pane'
import { neighbour } from './queue'
import { QueueList } from './queue-list'
import { ReviewBar } from './review-bar'
import classes from './review.module.css'
import { ReviewSequence } from './review-sequence'

const route = getRouteApi('/review')

export function ReviewPage() {
  const { id, ...filter } = route.useSearch()
  const navigate = useNavigate()
  const client = useQueryClient()
  const query = useQuery(queueQuery(filter))
  const [help, setHelp] = useState(false)
  const rows = query.data?.items ?? []
  const ids = rows.map((row) => row.id)
  const current = id ?? ids[0]
  const show = (next: string | undefined) =>
    void navigate({ to: '/review', search: { ...filter, id: next }, replace: true })
  const nextId = neighbour(ids, current, 1)
  const nextLead = rows.find((row) => row.id === nextId)?.lead_id
  useEffect(() => {
    // The next one is there before its key is pressed; what fails here, the page itself shows.
    if (nextId) client.query(sequenceQuery(nextId)).catch(() => undefined)
    if (nextLead) client.query(reviewLeadQuery(nextLead)).catch(() => undefined)
  }, [client, nextId, nextLead])
  useEffect(() => {
    document.title = 'Review · Woodpecker'
  }, [])
  usePageKeys([
    ['j', () => show(neighbour(ids, current, 1))],
    ['k', () => show(neighbour(ids, current, -1))],
    ['shift+?', () => setHelp(true)],
    ['?', () => setHelp(true)],
  ])
  return (
    <Stack gap="md">
      <Loaded query={query} rows={8}>
        {(queue) => (
          <>
            <ReviewBar queue={queue} filter={filter} onHelp={() => setHelp(true)} />
            {current === undefined ? (
              <NothingToReview />
            ) : (
              <div className={classes.split}>
                <div className={classes.side}>
                  <QueueList rows={rows} current={current} total={queue.total} onShow={show} />
                  <LeadPane sequenceId={current} leadId={rows.find((row) => row.id === current)?.lead_id} />
                </div>
                <ReviewSequence key={current} sequenceId={current} ids={ids} onShow={show} />
              </div>
            )}
          </>
        )}
      </Loaded>
      <KeysHelp opened={help} onClose={() => setHelp(false)} />
    </Stack>
  )
}

function NothingToReview() {
  return (
    <EmptyState
      icon={<IconChecklist size={40} stroke={1.4} />}
      title="Nothing waits for you here"
      action={
        <Group>
          <LinkButton to="/exports/new" search={{ status: 'approved' }}>
            Add the approved ones to a campaign
          </LinkButton>
          <LinkButton to="/leads" search={{ status: 'imported' }} variant="default">
            Choose leads to write for
          </LinkButton>
        </Group>
      }
    >
      Every draft has been decided on, or a filter hides the rest.
    </EmptyState>
  )
}
