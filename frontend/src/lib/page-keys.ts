import { type HotkeyItem, useHotkeys } from '@mantine/hooks'
import { useCommands } from './commands'
import { useSingleKeys } from './preferences'

/** `does` names it in the command palette; without it the key is not listed there. */
export type PageKey = { key: string; does?: string; action: () => void }

/** Single keys for a page: silent while somebody types, while a dialog is open, and for who switched them off. */
export function usePageKeys(owner: string, keys: PageKey[]): void {
  const [on] = useSingleKeys()
  useCommands(
    owner,
    keys.flatMap(({ key, does, action }) =>
      does ? [{ id: `${owner}-${key}`, label: does, run: action, ...(on ? { keys: key } : {}) }] : [],
    ),
  )
  useHotkeys(
    on
      ? keys.map(({ key, action }): HotkeyItem => [
          key,
          () => {
            if (!document.querySelector('[role="dialog"]')) action()
          },
        ])
      : [],
  )
}
