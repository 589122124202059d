import { Group } from '@mantine/core'
import { StatusBadge } from '@/components/status-badge'
import { useSession } from '@/lib/session'
import { vendorModeWord, vendorModesWord } from '@/lib/words'

/** Always in sight: whether what one does here reaches the real world. A phone has room for one badge only. */
export function VendorModes() {
  const modes = useSession()?.vendors
  if (!modes) return null
  const { anthropic, woodpecker } = modes
  return (
    <>
      <Group gap={6} wrap="nowrap" role="group" aria-label="Connections" visibleFrom="xs">
        <StatusBadge word={vendorModeWord('Claude', anthropic)} />
        <StatusBadge word={vendorModeWord('Woodpecker', woodpecker)} />
      </Group>
      <Group hiddenFrom="xs" role="group" aria-label="Connections">
        <StatusBadge word={vendorModesWord(anthropic, woodpecker)} />
      </Group>
    </>
  )
}
