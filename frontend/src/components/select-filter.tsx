import { NativeSelect } from '@mantine/core'

type Props = {
  label: string
  value: string | undefined
  onChange: (value: string | undefined) => void
  options: { value: string; label: string }[]
  /** What stands there while nothing is filtered. */
  all: string
  width?: number
}

/** One filter of a list. The browser's own control: light, and at home on a phone. */
export function SelectFilter({ label, value, onChange, options, all, width = 170 }: Props) {
  return (
    <NativeSelect
      aria-label={label}
      data={[{ value: '', label: all }, ...options]}
      value={value ?? ''}
      onChange={(event) => onChange(event.currentTarget.value || undefined)}
      w={{ base: 'calc(50% - 8px)', xs: width }}
    />
  )
}
