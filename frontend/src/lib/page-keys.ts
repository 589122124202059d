import { type HotkeyItem, useHotkeys } from '@mantine/hooks'

/** Single keys for a page: silent while somebody types, and while a dialog is open. */
export function usePageKeys(keys: [key: string, action: () => void][]): void {
  useHotkeys(
    keys.map(([key, action]): HotkeyItem => [
      key,
      () => {
        if (!document.querySelector('[role="dialog"]')) action()
      },
    ]),
  )
}
