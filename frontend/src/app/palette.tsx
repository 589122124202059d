import { Spotlight, type SpotlightActionData } from '@mantine/spotlight'
import '@mantine/spotlight/styles.css'
import { IconSearch } from '@tabler/icons-react'
import { useNavigate } from '@tanstack/react-router'
import { Kbd } from '@mantine/core'
import { useOfferedCommands } from '@/lib/commands'
import { useSession } from '@/lib/session'
import { navigation } from './navigation'

/** Everything one can do here, and every page, by typing a part of its name. */
export default function Palette() {
  const navigate = useNavigate()
  const permissions = useSession()?.permissions ?? []
  const here = useOfferedCommands().map(({ id, label, keys, run }): SpotlightActionData => ({
    id,
    label,
    onClick: run,
    ...(keys ? { rightSection: <Kbd>{keys}</Kbd> } : {}),
  }))
  const pages = navigation
    .flatMap(({ entries }) => entries)
    .filter(({ needs }) => !needs || permissions.includes(needs))
    .map(({ to, label, icon: Icon }): SpotlightActionData => ({
      id: to,
      label,
      leftSection: <Icon size={18} stroke={1.7} aria-hidden />,
      onClick: () => void navigate({ to }),
    }))
  return (
    <Spotlight
      actions={[
        ...(here.length > 0 ? [{ group: 'On this page', actions: here }] : []),
        { group: 'Pages', actions: pages },
      ]}
      nothingFound="Nothing is called so"
      shortcut={null}
      scrollable
      maxHeight={420}
      searchProps={{
        leftSection: <IconSearch size={18} aria-hidden />,
        placeholder: 'What do you want to do?',
        'aria-label': 'What do you want to do?',
      }}
    />
  )
}
