import { Checkbox, type MantineBreakpoint, Table, UnstyledButton } from '@mantine/core'
import { IconArrowDown, IconArrowUp, IconArrowsSort } from '@tabler/icons-react'
import type { ReactNode } from 'react'
import classes from './data-table.module.css'

export type Column<T> = {
  key: string
  header: string
  cell: (row: T) => ReactNode
  /** Name of the server's sort order; `-name` is the other way round. */
  sort?: string
  align?: 'left' | 'right'
  width?: number | string
  /** Not shown below this width: what matters less must not push what matters off a phone. */
  from?: MantineBreakpoint
}

export type TableSelection = {
  has: (id: string) => boolean
  toggle: (id: string) => void
  toggleAll: (ids: string[], on: boolean) => void
}

type Props<T> = {
  label: string
  rows: T[]
  columns: Column<T>[]
  rowId: (row: T) => string
  rowName?: (row: T) => string
  selection?: TableSelection | undefined
  sort?: string | undefined
  onSort?: (sort: string) => void
  /** Rows are older than what was asked for: shown, but quietly. */
  stale?: boolean
}

export function DataTable<T>(props: Props<T>) {
  const { label, rows, columns, rowId, rowName, selection, stale = false } = props
  return (
    <Table.ScrollContainer
      type="native"
      minWidth={0}
      className={classes.container}
      tabIndex={0}
      role="region"
      aria-label={label}
    >
      <Table aria-label={label} className={classes.table} data-stale={stale}>
        <Table.Thead>
          <Table.Tr>
            {selection ? (
              <Table.Th w={40}>
                <SelectAll ids={rows.map(rowId)} selection={selection} />
              </Table.Th>
            ) : null}
            {columns.map((column) => (
              <HeaderCell key={column.key} column={column} sort={props.sort} onSort={props.onSort} />
            ))}
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {rows.map((row) => (
            <Table.Tr key={rowId(row)} data-selected={selection?.has(rowId(row))}>
              {selection ? (
                <Table.Td>
                  <Checkbox
                    aria-label={`Select ${rowName?.(row) ?? rowId(row)}`}
                    checked={selection.has(rowId(row))}
                    onChange={() => selection.toggle(rowId(row))}
                  />
                </Table.Td>
              ) : null}
              {columns.map((column) => (
                <Table.Td
                  key={column.key}
                  ta={column.align ?? 'left'}
                  {...(column.align === 'right' ? { className: 'numbers' } : {})}
                  {...(column.from ? { visibleFrom: column.from } : {})}
                >
                  {column.cell(row)}
                </Table.Td>
              ))}
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </Table.ScrollContainer>
  )
}

function SelectAll({ ids, selection }: { ids: string[]; selection: TableSelection }) {
  const chosen = ids.filter((id) => selection.has(id)).length
  return (
    <Checkbox
      aria-label="Select all on this page"
      checked={ids.length > 0 && chosen === ids.length}
      indeterminate={chosen > 0 && chosen < ids.length}
      onChange={(event) => selection.toggleAll(ids, event.currentTarget.checked)}
    />
  )
}

type HeaderProps<T> = {
  column: Column<T>
  sort?: string | undefined
  onSort?: ((sort: string) => void) | undefined
}

function HeaderCell<T>({ column, sort, onSort }: HeaderProps<T>) {
  const shared = {
    ta: column.align ?? ('left' as const),
    ...(column.width === undefined ? {} : { w: column.width }),
    ...(column.from ? { visibleFrom: column.from } : {}),
  }
  if (!column.sort || !onSort) return <Table.Th {...shared}>{column.header}</Table.Th>
  const ascending = sort === column.sort
  const descending = sort === `-${column.sort}`
  const next = ascending ? `-${column.sort}` : column.sort
  return (
    <Table.Th {...shared} aria-sort={ascending ? 'ascending' : descending ? 'descending' : 'none'}>
      <UnstyledButton className={classes.sort} onClick={() => onSort(next)}>
        {column.header}
        {ascending ? <IconArrowUp size={14} aria-hidden /> : null}
        {descending ? <IconArrowDown size={14} aria-hidden /> : null}
        {!ascending && !descending ? <IconArrowsSort size={13} aria-hidden className={classes.idle} /> : null}
      </UnstyledButton>
    </Table.Th>
  )
}
