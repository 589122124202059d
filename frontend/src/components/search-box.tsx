import { CloseButton, TextInput } from '@mantine/core'
import { useDebouncedCallback } from '@mantine/hooks'
import { IconSearch } from '@tabler/icons-react'
import { useState } from 'react'
import { arrival } from '@/lib/own-changes'

/** A word in one go is one request; whoever searches for letters has one each. The rest of 200 ms is for the answer and its rows. */
const REST_MS = 50

type Props = {
  value: string
  onChange: (value: string) => void
  label: string
  placeholder?: string
  width?: number
}

/** Search as you type: tells the page after a short rest, and follows when the address changes otherwise. */
export function SearchBox({ value, onChange, label, placeholder, width = 280 }: Props) {
  const [typed, setTyped] = useState(value)
  const [address, setAddress] = useState<{ value: string; sent: string[] }>({ value, sent: [] })
  if (value !== address.value) {
    const { ours, sent } = arrival(address.sent, value)
    setAddress({ value, sent })
    if (!ours) setTyped(value)
  }
  const tell = useDebouncedCallback((next: string) => {
    setAddress((now) =>
      next === (now.sent.at(-1) ?? now.value) ? now : { ...now, sent: [...now.sent, next] },
    )
    onChange(next)
  }, REST_MS)
  const change = (next: string) => {
    setTyped(next)
    tell(next)
  }
  return (
    <TextInput
      type="search"
      aria-label={label}
      placeholder={placeholder ?? label}
      value={typed}
      onChange={(event) => change(event.currentTarget.value)}
      leftSection={<IconSearch size={16} aria-hidden />}
      rightSection={
        typed ? <CloseButton size="sm" aria-label="Clear the search" onClick={() => change('')} /> : null
      }
      w={{ base: '100%', xs: width }}
      data-search-box
    />
  )
}
