import { useQueryClient } from '@tanstack/react-query'
import { useEffect } from 'react'
import { Batcher } from '@/lib/batcher'
import { roomsTouchedBy } from './changes'

const EVERYTHING = '*'

/** Listens for changes on the server and makes what they touch load again, at most once a second. */
export function LiveUpdates() {
  const client = useQueryClient()
  useEffect(() => {
    const batcher = new Batcher((rooms) => {
      const everything = rooms.has(EVERYTHING)
      void client.invalidateQueries({
        predicate: ({ queryKey }) => everything || rooms.has(String(queryKey[0])),
      })
    }, 1000)
    const source = new EventSource('/api/events')
    const changed = (event: MessageEvent<string>) => {
      const kind = kindOf(event.data)
      const rooms = kind === null ? 'all' : roomsTouchedBy(kind)
      batcher.add(...(rooms === 'all' ? [EVERYTHING] : rooms))
    }
    source.addEventListener('message', changed)
    source.addEventListener('change', changed)
    source.addEventListener('reset', () => batcher.add(EVERYTHING))
    return () => {
      source.close()
      batcher.stop()
    }
  }, [client])
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
