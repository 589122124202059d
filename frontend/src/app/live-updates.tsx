import { useQueryClient } from '@tanstack/react-query'
import { useEffect } from 'react'
import { Batcher } from '@/lib/batcher'
import { serverAnswered, serverSilent } from '@/lib/connection'
import { useSessionEnded } from '@/lib/session'
import { roomsTouchedBy } from './changes'

const EVERYTHING = '*'
const RETRY_MS = 5000

/** Listens for changes on the server and makes what they touch load again, at most once a second. */
export function LiveUpdates() {
  const client = useQueryClient()
  const ended = useSessionEnded()
  useEffect(() => {
    if (ended) return
    const batcher = new Batcher((rooms) => {
      const everything = rooms.has(EVERYTHING)
      void client.invalidateQueries({
        predicate: ({ queryKey }) => everything || rooms.has(String(queryKey[0])),
      })
    }, 1000)
    let source: EventSource
    let again: ReturnType<typeof setTimeout> | undefined
    const changed = (event: MessageEvent<string>) => {
      const kind = kindOf(event.data)
      const rooms = kind === null ? 'all' : roomsTouchedBy(kind)
      batcher.add(...(rooms === 'all' ? [EVERYTHING] : rooms))
    }
    const listen = () => {
      source = new EventSource('/api/events')
      source.addEventListener('message', changed)
      source.addEventListener('ready', () => {
        // From now on every change is told. What was loaded before may have changed in between: once more, quietly.
        const since = Date.now()
        void client.invalidateQueries({ predicate: ({ state }) => state.dataUpdatedAt < since })
      })
      source.addEventListener('reset', () => batcher.add(EVERYTHING))
      source.addEventListener('open', () => {
        serverAnswered()
        // What was asked while it was away failed; what changed meanwhile is told by the events that follow.
        void client.refetchQueries({ type: 'active', predicate: ({ state }) => state.status === 'error' })
      })
      source.addEventListener('error', () => {
        serverSilent()
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
      batcher.stop()
    }
  }, [client, ended])
  return null
}

function kindOf(data: string): string | null {
  try {
    const change = JSON.parse(data) as { kind?: unknown }
    return typeof change.kind === 'string' ? change.kind : null
  } catch {
    return null
  }
}
