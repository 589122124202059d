import { Stack } from '@mantine/core'
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { getRouteApi, useRouter } from '@tanstack/react-router'
import { useEffect, useState } from 'react'
import { Loaded } from '@/components/loaded'
import { undoLast } from '@/components/undo-message'
import { usePageKeys } from '@/lib/page-keys'
import { queueQuery, reviewLeadQuery, sequenceQuery } from './api'
import { KeysHelp } from './keys-help'
import { LeadPane } from './lead-pane'
import { NothingToReview } from './nothing-to-review'
import { neighbour, nextOnes } from './queue'
import { QueueList } from './queue-list'
import { ReviewBar } from './review-bar'
import classes from './review.module.css'
import { ReviewSequence } from './review-sequence'
import { SampleBar } from './sample-bar'
import { usePlace } from './use-place'

const route = getRouteApi('/review')
// As many as quick fingers pass while one answer is on its way.
const AHEAD = 3

export function ReviewPage() {
  const { id, ...filter } = route.useSearch()
  const router = useRouter()
  const query = useQuery(queueQuery(filter))
  const [help, setHelp] = useState(false)
  const rows = query.data?.items ?? []
  const ids = rows.map((row) => row.id)
  const [current, show] = usePlace(id, ids, (next) => {
    // Whoever is on the way to another page is not called back, though this page stands until that one has come.
    if (router.latestLocation.pathname !== '/review') return
    void router.navigate({ to: '/review', search: { ...filter, id: next }, replace: true })
  })
  const leadId = rows.find((row) => row.id === current)?.lead_id
  usePrefetch(nextOnes(ids, current, AHEAD), (one) => rows.find((row) => row.id === one)?.lead_id)
  useEffect(() => {
    document.title = 'Review · Woodpecker'
  }, [])
  usePageKeys('review', [
    { key: 'j', does: 'Next sequence', action: () => show(neighbour(ids, current, 1)) },
    { key: 'k', does: 'Previous sequence', action: () => show(neighbour(ids, current, -1)) },
    { key: 'z', does: 'Undo the last decision', action: undoLast },
    { key: '/', does: 'Search in the queue', action: focusSearch },
    { key: 'shift+?', action: () => setHelp(true) },
    { key: '?', does: 'Show all keys', action: () => setHelp(true) },
  ])
  return (
    <Stack gap="md">
      <Loaded query={query} rows={8}>
        {(queue) => (
          <>
            <ReviewBar queue={queue} filter={filter} onHelp={() => setHelp(true)} />
            {filter.only ? <SampleBar left={queue.total} filter={filter} /> : null}
            {current === undefined ? (
              filter.only ? null : (
                <NothingToReview filter={filter} />
              )
            ) : (
              <div className={classes.split}>
                <div className={classes.side}>
                  <QueueList rows={rows} current={current} total={queue.total} onShow={show} />
                  <LeadPane sequenceId={current} leadId={leadId} />
                </div>
                <ReviewSequence sequenceId={current} ids={ids} onShow={show} />
              </div>
            )}
          </>
        )}
      </Loaded>
      <KeysHelp opened={help} onClose={() => setHelp(false)} />
    </Stack>
  )
}

/** The next ones are there before their key is pressed; what fails here, the page itself shows. */
function usePrefetch(next: string[], leadOf: (id: string) => string | undefined) {
  const client = useQueryClient()
  const key = next.join()
  useEffect(() => {
    for (const id of next) {
      client.query(sequenceQuery(id)).catch(() => undefined)
      const lead = leadOf(id)
      if (lead) client.query(reviewLeadQuery(lead)).catch(() => undefined)
    }
    // The ids say it all: rows that were loaded again are the same people.
    // eslint-disable-next-line react-hooks/exhaustive-deps
  }, [client, key])
}

function focusSearch() {
  const box = document.querySelector<HTMLInputElement>('[data-search-box]')
  // On a phone it is among the filters, which are closed.
  if (box?.checkVisibility()) box.focus()
}
