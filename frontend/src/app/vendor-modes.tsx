import { Group } from '@mantine/core'
import { StatusBadge } from '@/components/status-badge'
import { useSession } from '@/lib/session'
import { vendorModeWord } from '@/lib/words'

const vendors = [
  { key: 'anthropic', name: 'Claude' },
  { key: 'woodpecker', name: 'Woodpecker' },
] as const

/** Always in sight: whether what one does here reaches the real world. */
export function VendorModes() {
  const modes = useSession()?.vendors
  if (!modes) return null
  return (
    <Group gap={6} wrap="nowrap" role="group" aria-label="Connections">
      {vendors.map(({ key, name }) => (
        <StatusBadge key={key} word={vendorModeWord(name, modes[key])} />
      ))}
    </Group>
  )
}
