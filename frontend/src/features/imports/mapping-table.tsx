import { Select, Text } from '@mantine/core'
import type { ColumnAnswer } from '@/api'
import { type Column, DataTable } from '@/components/data-table'
import { KEEP, fieldChoices } from './mapping'
import classes from './imports.module.css'

type Props = {
  columns: ColumnAnswer[]
  busy: boolean
  onChange: (column: string, field: string | null) => void
}

export function MappingTable({ columns, busy, onChange }: Props) {
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
        <Select
          aria-label={`What ${name} becomes`}
          data={fieldChoices(field)}
          value={field ?? KEEP}
          onChange={(value) => onChange(name, value === KEEP ? null : value)}
          allowDeselect={false}
          searchable
          size="sm"
        />
      ),
    },
  ]
  return <DataTable label="Columns" rows={columns} columns={shape} rowId={({ name }) => name} stale={busy} />
}
