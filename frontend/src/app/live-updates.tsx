import { useQueryClient } from '@tanstack/react-query'
import { Suspense, lazy, useEffect } from 'react'
import { Batcher } from '@/lib/batcher'
import { useBrowserNotices } from '@/lib/browser-notices'
import { serverAnswered, serverSilent } from '@/lib/connection'
import { noteKnown } from '@/lib/known'
import { useSessionEnded } from '@/lib/session'
import { type Change, isTouched } from './changes'
import { tellOf } from './told'

const BrowserNotices = lazy(async () => ({ default: (await import('./browser-notices')).BrowserNotices }))

// Nobody knows a change of this name: everything is asked for again.
const EVERYTHING: Change = { kind: '', record: null }
const RETRY_MS = 5000
// The server tells at most once a second; this is for the page that hears of the same thing twice in between.
const GAP_MS = 700

/** Listens for changes on the server and makes what they touch load again, at most once a second. */
export function LiveUpdates() {
  const client = useQueryClient()
  const ended = useSessionEnded()
  const { state: wanted } = useBrowserNotices()
  useEffect(() => {
    if (ended) return
    const batcher = new Batcher<Change>((changes) => {
      tellOf(changes)
      void client.invalidateQueries({
        predicate: ({ queryKey }) => changes.some((change) => isTouched(queryKey, change)),
      })
    }, GAP_MS)
    let source: EventSource
    let again: ReturnType<typeof setTimeout> | undefined
    const changed = (event: MessageEvent<string>) => {
      noteKnown(event.lastEventId)
      batcher.add(changeIn(event.data))
    }
    const listen = () => {
      source = new EventSource('/api/events')
      source.addEventListener('message', changed)
      source.addEventListener('ready', (event: MessageEvent<string>) => {
        noteKnown(event.lastEventId)
        // From now on every change is told. What was loaded before may have changed in between: once more, quietly.
        const since = Date.now()
        void client.invalidateQueries({ predicate: ({ state }) => state.dataUpdatedAt < since })
      })
      source.addEventListener('reset', (event: MessageEvent<string>) => {
        noteKnown(event.lastEventId)
        batcher.add(EVERYTHING)
      })
      source.addEventListener('open', () => {
        serverAnswered()
        // What was asked while it was away failed; what changed meanwhile is told by the events that follow.
        void client.refetchQueries({ type: 'active', predicate: ({ state }) => state.status === 'error' })
      })
      source.addEventListener('error', () => {
        serverSilent()
        noteKnown(null)
        // The browser connects again by itself unless the server said no: then we ask again, and who we are.
        if (source.readyState !== EventSource.CLOSED) return
        again = setTimeout(() => {
          batcher.add(EVERYTHING)
          listen()
        }, RETRY_MS)
      })
    }
    listen()
    return () => {
      clearTimeout(again)
      source.close()
      noteKnown(null)
      batcher.stop()
    }
  }, [client, ended])
  return wanted === 'on' ? (
    <Suspense>
      <BrowserNotices />
    </Suspense>
  ) : null
}

function changeIn(data: string): Change {
  try {
    const { kind, record_id: record } = JSON.parse(data) as { kind?: unknown; record_id?: unknown }
    return typeof kind === 'string'
      ? { kind, record: typeof record === 'string' ? record : null }
      : EVERYTHING
  } catch {
    return EVERYTHING
  }
}
