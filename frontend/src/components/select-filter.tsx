import { Select } from '@mantine/core'

type Props = {
  label: string
  value: string | undefined
  onChange: (value: string | undefined) => void
  options: { value: string; label: string }[]
  all: string
  width?: number
}

/** One filter of a list: `all` says in words that nothing is filtered. */
export function SelectFilter({ label, value, onChange, options, all, width = 170 }: Props) {
  return (
    <Select
      aria-label={label}
      placeholder={all}
      data={options}
      value={value ?? null}
      onChange={(next) => onChange(next ?? undefined)}
      clearable
      clearButtonProps={{ 'aria-label': `Clear ${label}` }}
      checkIconPosition="right"
      w={{ base: '100%', xs: width }}
    />
  )
}
