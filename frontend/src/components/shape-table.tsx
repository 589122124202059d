import { ActionIcon, Button, Group, NumberInput, Select, Stack, Text, Textarea } from '@mantine/core'
import { IconPlus, IconTrash } from '@tabler/icons-react'
import { MOST_TEXTS, type SnippetShape, oneMore } from '@/lib/shape'
import { snippetKindWords } from '@/lib/words'

type Props = { shape: SnippetShape[]; readOnly: boolean; onChange: (shape: SnippetShape[]) => void }

const kinds = Object.entries(snippetKindWords).map(([value, label]) => ({ value, label }))

const formats = [
  { value: 'plain', label: 'plain' },
  { value: 'simple', label: 'simple' },
]

/** Which texts there are, on which day, how long, and what each should do. */
export function ShapeTable({ shape, readOnly, onChange }: Props) {
  const change = (number: number, part: Partial<SnippetShape>) =>
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
              onChange={(kind) => kind && change(snippet.number, { kind: kind as SnippetShape['kind'] })}
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
            <Select
              label="Formatting"
              size="xs"
              w={100}
              data={formats}
              value={snippet.formatting ?? 'plain'}
              allowDeselect={false}
              disabled={readOnly}
              onChange={(formatting) => formatting && change(snippet.number, { formatting })}
            />
            {readOnly || shape.length === 1 ? null : (
              <ActionIcon
                variant="subtle"
                color="gray"
                mb={3}
                aria-label={`Remove text ${snippet.number}`}
                onClick={() => onChange(shape.filter(({ number }) => number !== snippet.number))}
              >
                <IconTrash size={16} aria-hidden />
              </ActionIcon>
            )}
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
      {readOnly || shape.length >= MOST_TEXTS ? null : (
        <Button
          variant="subtle"
          size="compact-sm"
          style={{ alignSelf: 'flex-start' }}
          leftSection={<IconPlus size={14} aria-hidden />}
          onClick={() => onChange([...shape, oneMore(shape)])}
        >
          One more text
        </Button>
      )}
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
