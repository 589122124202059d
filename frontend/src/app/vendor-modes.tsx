import { Group } from '@mantine/core'
import { StatusBadge } from '@/components/status-badge'
import { useSession } from '@/lib/session'
import type { Word } from '@/lib/words'

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
        <StatusBadge key={key} word={modeWord(name, modes[key] ?? 'off')} />
      ))}
    </Group>
  )
}

function modeWord(name: string, mode: string): Word {
  if (mode === 'real') return { label: `${name}: real`, tone: 'done', hint: `${name} is the real service.` }
  if (mode === 'sandbox') {
    return {
      label: `${name}: sandbox`,
      tone: 'attention',
      hint: `${name} is our own simulator: nothing leaves this machine.`,
    }
  }
  return { label: `${name}: off`, tone: 'bad', hint: `No key for ${name}. An admin enters one in Settings.` }
}
