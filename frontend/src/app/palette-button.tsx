import { ActionIcon } from '@mantine/core'
import { useHotkeys } from '@mantine/hooks'
import { IconCommand } from '@tabler/icons-react'
import { Suspense, lazy, useState } from 'react'

const load = () => import('./palette')
const Palette = lazy(load)

/** Opens the command palette (Ctrl or ⌘ with K). Its code comes with the first wish for it. */
export function PaletteButton() {
  const [wanted, setWanted] = useState(false)
  const open = async () => {
    setWanted(true)
    const [{ spotlight }] = await Promise.all([import('@mantine/spotlight'), load()])
    // After the palette is in the page: its store knows no opening from before.
    setTimeout(() => spotlight.open())
  }
  useHotkeys([['mod+K', () => void open()]], [])
  return (
    <>
      <ActionIcon
        variant="subtle"
        color="gray"
        size="lg"
        aria-label="Commands (Ctrl K)"
        title="Commands (Ctrl K)"
        onClick={() => void open()}
      >
        <IconCommand size={19} stroke={1.7} aria-hidden />
      </ActionIcon>
      {wanted ? (
        <Suspense>
          <Palette />
        </Suspense>
      ) : null}
    </>
  )
}
