import { List, Text } from '@mantine/core'
import { IconAlertTriangle, IconInfoCircle, IconX } from '@tabler/icons-react'
import type { ProblemShown } from '@/api'
import { fieldWords } from './field-words'

const icons: Record<string, typeof IconX> = { error: IconX, warning: IconAlertTriangle, note: IconInfoCircle }
const colours: Record<string, string> = {
  error: 'var(--tone-bad-fg, var(--mantine-color-error))',
  warning: 'var(--tone-attention-fg, inherit)',
  note: 'var(--mantine-color-dimmed)',
}
const names: Record<string, string> = { error: 'Keeps it from being saved', warning: 'Warning', note: 'Note' }

/** What is wrong with the form as it stands: errors keep it from being saved, the rest does not. */
export function ContentProblems({ problems }: { problems: ProblemShown[] }) {
  if (problems.length === 0) return null
  return (
    <List size="sm" spacing={4} aria-label="Remarks on this template" role="list">
      {problems.map(({ severity, field, code, message }) => {
        const Icon = icons[severity] ?? IconInfoCircle
        return (
          <List.Item
            key={`${field}-${code}-${message}`}
            icon={<Icon size={16} color={colours[severity]} aria-label={names[severity]} role="img" />}
          >
            <Text span fz="sm" fw={600}>
              {fieldWords(field)}
            </Text>
            : {message}
          </List.Item>
        )
      })}
    </List>
  )
}
