import { useDebouncedCallback } from '@mantine/hooks'
import { useState } from 'react'
import { arrival } from '@/lib/own-changes'

// The address follows when the keys rest: changing it with every key would cost each of them.
const ADDRESS_FOLLOWS_MS = 250

type Place = { at: string | undefined; address: string | undefined; sent: (string | undefined)[] }

/** Which sequence is open: what the address says, until a key says otherwise; the address then follows.
 *  What is open stays open when new drafts arrive before it in the queue. */
export function usePlace(
  address: string | undefined,
  ids: string[],
  setAddress: (id: string | undefined) => void,
): [current: string | undefined, show: (id: string | undefined) => void] {
  const [place, setPlace] = useState<Place>({ at: address, address, sent: [] })
  if (address !== place.address) {
    // Our own change arrives late and must not take the page back; any other is somebody's link.
    const { ours, sent } = arrival(place.sent, address)
    setPlace({ at: ours ? place.at : address, address, sent })
  }
  const follow = useDebouncedCallback((id: string | undefined) => {
    if (id === (place.sent.length > 0 ? place.sent.at(-1) : address)) return
    setPlace((before) => ({ ...before, sent: [...before.sent, id] }))
    setAddress(id)
  }, ADDRESS_FOLLOWS_MS)
  const isThere = place.at !== undefined && (ids.length > 0 || place.at === address)
  const current = isThere ? place.at : ids[0]
  if (address === undefined && current !== place.at) setPlace((before) => ({ ...before, at: current }))
  const show = (id: string | undefined) => {
    setPlace((before) => ({ ...before, at: id }))
    follow(id)
  }
  return [current, show]
}
