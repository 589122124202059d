import { Group, Text } from '@mantine/core'
import { count } from '@/lib/format'
import type { Tone } from '@/lib/words'
import classes from './count-chips.module.css'

export type CountChip = { label: string; value: number; tone?: Tone; onClick?: () => void; active?: boolean }

/** Figures side by side; a chip with `onClick` filters what stands below. Zeros stay quiet. */
export function CountChips({ chips, label }: { chips: CountChip[]; label: string }) {
  return (
    <Group gap="xs" role="group" aria-label={label}>
      {chips.map((chip) => (
        <Chip key={chip.label} {...chip} />
      ))}
    </Group>
  )
}

function Chip({ label, value, tone = 'neutral', onClick, active = false }: CountChip) {
  const inner = (
    <>
      <Text span fw={700} fz="lg" lh={1.2} className="numbers">
        {count(value)}
      </Text>
      <Text span fz="xs">
        {label}
      </Text>
    </>
  )
  const shared = { className: classes.chip, 'data-tone': value === 0 ? 'neutral' : tone }
  if (!onClick) return <div {...shared}>{inner}</div>
  return (
    <button type="button" {...shared} data-active={active} aria-pressed={active} onClick={onClick}>
      {inner}
    </button>
  )
}
