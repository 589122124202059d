import { Button, Group, Select, Text } from '@mantine/core'
import { IconGripVertical } from '@tabler/icons-react'
import { type DragEvent, type ReactNode, useState } from 'react'
import type { ColumnAnswer } from '@/api'
import { type Column, DataTable } from '@/components/data-table'
import { KEEP, fieldChoices, fieldLabel, openFields } from './mapping'
import classes from './imports.module.css'

type Props = {
  columns: ColumnAnswer[]
  busy: boolean
  onChange: (column: string, field: string | null) => void
}

const KIND = 'application/x-lead-field'

/** What each column becomes: chosen from the list, or by dragging a field onto it. By keyboard a field is taken up with
 *  Enter and put down on a column with Enter; Escape lets go. */
export function MappingTable({ columns, busy, onChange }: Props) {
  const [held, setHeld] = useState<string | null>(null)
  const put = (column: string, field: string) => {
    setHeld(null)
    onChange(column, field)
  }
  const shape: Column<ColumnAnswer>[] = [
    {
      key: 'name',
      header: 'Column of the file',
      cell: ({ name }) => (
        <Text fz="sm" fw={600} className="cut" title={name}>
          {name}
        </Text>
      ),
    },
    {
      key: 'sample',
      header: 'First values',
      from: 'sm',
      cell: ({ sample }) => {
        const shown = sample.filter(Boolean).slice(0, 3).join(' · ')
        return (
          <div className={`${classes.samples ?? ''} cut`} title={shown}>
            {shown || 'empty'}
          </div>
        )
      },
    },
    {
      key: 'field',
      header: 'Becomes',
      width: 240,
      cell: ({ name, field }) => (
        <Target name={name} held={held} onPut={put}>
          <Select
            aria-label={`What ${name} becomes`}
            data={fieldChoices(field)}
            value={field ?? KEEP}
            onChange={(value) => onChange(name, value === KEEP ? null : value)}
            allowDeselect={false}
            searchable
            size="sm"
          />
        </Target>
      ),
    },
  ]
  return (
    <div
      onKeyDown={(event) => {
        if (event.key === 'Escape') setHeld(null)
      }}
    >
      <OpenFields fields={openFields(columns)} held={held} onHold={setHeld} />
      <DataTable label="Columns" rows={columns} columns={shape} rowId={({ name }) => name} stale={busy} />
    </div>
  )
}

function OpenFields({
  fields,
  held,
  onHold,
}: {
  fields: string[]
  held: string | null
  onHold: (field: string | null) => void
}) {
  if (fields.length === 0) return null
  return (
    <Group gap={6} mb="sm" role="group" aria-label="Fields without a column">
      <Text fz="sm" c="dimmed" role="status">
        {held ? `Choose the column that becomes ${fieldLabel(held)}` : 'Drag a field onto its column:'}
      </Text>
      {fields.map((field) => (
        <Button
          key={field}
          size="compact-sm"
          variant={held === field ? 'filled' : 'default'}
          aria-pressed={held === field}
          leftSection={<IconGripVertical size={12} aria-hidden />}
          draggable
          className={classes.field ?? ''}
          onDragStart={(event) => {
            event.dataTransfer.setData(KIND, field)
            event.dataTransfer.effectAllowed = 'move'
          }}
          onClick={() => onHold(held === field ? null : field)}
        >
          {fieldLabel(field)}
        </Button>
      ))}
    </Group>
  )
}

type TargetProps = {
  name: string
  held: string | null
  onPut: (column: string, field: string) => void
  children: ReactNode
}

/** Where a field is dropped; while one is held, a button stands in for the list. */
function Target({ name, held, onPut, children }: TargetProps) {
  const [over, setOver] = useState(false)
  const accept = (event: DragEvent) => {
    if (!event.dataTransfer.types.includes(KIND)) return
    event.preventDefault()
    setOver(true)
  }
  const drop = (event: DragEvent) => {
    const field = event.dataTransfer.getData(KIND)
    setOver(false)
    if (!field) return
    event.preventDefault()
    onPut(name, field)
  }
  return (
    <div
      className={classes.target ?? ''}
      data-over={over}
      data-column={name}
      onDragOver={accept}
      onDragLeave={() => setOver(false)}
      onDrop={drop}
    >
      {held ? (
        <Button fullWidth size="sm" variant="light" onClick={() => onPut(name, held)}>
          {name} becomes {fieldLabel(held)}
        </Button>
      ) : (
        children
      )}
    </div>
  )
}
