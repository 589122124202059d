import { NumberInput, Select, SimpleGrid, Text } from '@mantine/core'
import type { ImportAnswer } from '@/api'
import { Panel } from '@/components/panel'
import type { ReadingChoice } from './api'

const encodings = [
  { value: 'utf-8', label: 'UTF-8' },
  { value: 'utf-16', label: 'UTF-16' },
  { value: 'cp1252', label: 'Windows (Western Europe)' },
  { value: 'cp1250', label: 'Windows (Central Europe)' },
  { value: 'iso-8859-1', label: 'Latin 1' },
  { value: 'mac_roman', label: 'Mac' },
]
const delimiters = [
  { value: ',', label: 'Comma' },
  { value: ';', label: 'Semicolon' },
  { value: '\t', label: 'Tab' },
  { value: '|', label: 'Bar' },
]

type Props = { record: ImportAnswer; busy: boolean; onChange: (choice: ReadingChoice) => void }

/** How the file was read; a wrong guess shows as strange letters or one wide column, and is corrected here. */
export function ReadingPanel({ record, busy, onChange }: Props) {
  return (
    <Panel title="How the file is read">
      <SimpleGrid cols={{ base: 1, xs: 3 }} spacing="sm">
        <Select
          label="Encoding"
          data={including(encodings, record.encoding)}
          value={record.encoding}
          onChange={(value) => value && onChange({ encoding: value })}
          allowDeselect={false}
          disabled={busy}
        />
        <Select
          label="Separator"
          data={including(delimiters, record.delimiter)}
          value={record.delimiter}
          onChange={(value) => value && onChange({ delimiter: value })}
          allowDeselect={false}
          disabled={busy}
        />
        <NumberInput
          key={record.header_row}
          label="Row with names"
          defaultValue={record.header_row ?? 1}
          min={0}
          max={1000}
          allowDecimal={false}
          disabled={busy}
          onBlur={(event) => {
            const row = Number(event.currentTarget.value)
            if (event.currentTarget.value !== '' && row !== record.header_row) onChange({ header_row: row })
          }}
        />
      </SimpleGrid>
      <Text c="dimmed" fz="xs" mt="sm">
        Names look garbled? Choose another encoding. Everything in one column? Choose another separator.
      </Text>
    </Panel>
  )
}

function including(choices: { value: string; label: string }[], current: string | null) {
  if (!current || choices.some(({ value }) => value === current)) return choices
  return [{ value: current, label: current }, ...choices]
}
