import { Group, NumberInput, Select, Stack, Text, Textarea } from '@mantine/core'
import type { SnippetShapeBody } from '@/api'
import { snippetKindWords } from '@/lib/words'

type Props = { shape: SnippetShapeBody[]; readOnly: boolean; onChange: (shape: SnippetShapeBody[]) => void }

const kinds = Object.entries(snippetKindWords).map(([value, label]) => ({ value, label }))

/** Which texts there are, on which day, how long, and what each should do. */
export function ShapeTable({ shape, readOnly, onChange }: Props) {
  const change = (number: number, part: Partial<SnippetShapeBody>) =>
    onChange(shape.map((snippet) => (snippet.number === number ? { ...snippet, ...part } : snippet)))
  return (
    <Stack gap="md">
      {shape.map((snippet) => (
        <div key={snippet.number} role="group" aria-label={`Text ${snippet.number}`}>
          <Group gap="sm" align="flex-end" wrap="wrap">
            <Text fw={650} fz="sm" w={56} pb={8}>
              Text {snippet.number}
            </Text>
            <Select
              label="Kind"
              size="xs"
              w={140}
              data={kinds}
              value={snippet.kind}
              allowDeselect={false}
              disabled={readOnly}
              onChange={(kind) => kind && change(snippet.number, { kind: kind as SnippetShapeBody['kind'] })}
            />
            <Figure label="Day" value={snippet.day} onChange={(day) => change(snippet.number, { day })} />
            <Select
              label="Counts"
              size="xs"
              w={120}
              data={['characters', 'words']}
              value={snippet.unit}
              allowDeselect={false}
              disabled={readOnly}
              onChange={(unit) => unit && change(snippet.number, { unit: unit })}
            />
            <Figure
              label="Aim from"
              value={snippet.target_min}
              onChange={(target_min) => change(snippet.number, { target_min })}
            />
            <Figure
              label="to"
              value={snippet.target_max}
              onChange={(target_max) => change(snippet.number, { target_max })}
            />
            <Figure
              label="Limit"
              value={snippet.limit}
              onChange={(limit) => change(snippet.number, { limit })}
            />
          </Group>
          <Textarea
            aria-label={`Instruction for text ${snippet.number}`}
            mt={6}
            size="sm"
            value={snippet.instruction}
            readOnly={readOnly}
            onChange={(event) => change(snippet.number, { instruction: event.currentTarget.value })}
            autosize
            minRows={1}
          />
        </div>
      ))}
    </Stack>
  )
}

function Figure({
  label,
  value,
  onChange,
}: {
  label: string
  value: number
  onChange: (value: number) => void
}) {
  return (
    <NumberInput
      label={label}
      size="xs"
      w={84}
      min={0}
      allowDecimal={false}
      value={value}
      onChange={(next) => {
        if (typeof next === 'number') onChange(next)
      }}
    />
  )
}
