import { useLocalStorage } from '@mantine/hooks'

/** Whether single letters do things on pages. Who dictates, or hits keys by accident, switches them off (WCAG 2.1.4). */
export function useSingleKeys(): [on: boolean, set: (on: boolean) => void] {
  const [on, set] = useLocalStorage({
    key: 'woodpecker.single-keys',
    defaultValue: true,
    getInitialValueInEffect: false,
  })
  return [on, set]
}
