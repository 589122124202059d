import { type MantineBreakpoint, Table, UnstyledButton } from '@mantine/core'
import { useDebouncedValue } from '@mantine/hooks'
import { IconArrowDown, IconArrowUp, IconArrowsSort } from '@tabler/icons-react'
import { type ReactNode, memo, useDeferredValue } from 'react'
import classes from './data-table.module.css'
import { inSightFirst } from './in-sight'

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
  const { label, columns, rowId, rowName, selection, stale = false } = props
  const rows = inSightFirst(props.rows, useDeferredValue(props.rows), rowId)
  // Only a wait that is felt is shown: fading at each word would be painted more often than the rows themselves.
  const [long] = useDebouncedValue(stale, FELT_MS)
  return (
    <Table.ScrollContainer
      type="native"
      minWidth={0}
      className={classes.container}
      tabIndex={0}
      role="region"
      aria-label={label}
    >
      <Table aria-label={label} className={classes.table} data-stale={stale && long}>
        <Table.Thead>
          <Table.Tr>
            {selection ? (
              <Table.Th w={40}>
                <SelectAll ids={props.rows.map(rowId)} selection={selection} />
              </Table.Th>
            ) : null}
            {columns.map((column) => (
              <HeaderCell key={column.key} column={column} sort={props.sort} onSort={props.onSort} />
            ))}
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {rows.map((row) => (
            <Row
              key={rowId(row)}
              id={rowId(row)}
              name={rowName?.(row) ?? rowId(row)}
              row={row}
              columns={columns}
              selected={selection?.has(rowId(row))}
              toggle={selection?.toggle}
            />
          ))}
        </Table.Tbody>
      </Table>
    </Table.ScrollContainer>
  )
}

const FELT_MS = 300
type RowProps<T> = {
  id: string
  name: string
  row: T
  columns: Column<T>[]
  selected: boolean | undefined
  toggle: ((id: string) => void) | undefined
}

/**
 * Plain cells instead of the library's: of fifty rows those were most of the time from an answer to its picture.
 * A row that is the same, of the same columns, is not drawn again; hand in columns that stay the same where it matters.
 */
const Row = memo(PlainRow) as typeof PlainRow

function PlainRow<T>({ id, name, row, columns, selected, toggle }: RowProps<T>) {
  return (
    <tr className={classes.row} data-selected={selected}>
      {toggle ? (
        <td>
          <Tick label={`Select ${name}`} checked={selected ?? false} onChange={() => toggle(id)} />
        </td>
      ) : null}
      {columns.map((column) => (
        <td key={column.key} className={cellClass(column)} data-align={column.align}>
          {column.cell(row)}
        </td>
      ))}
    </tr>
  )
}

function cellClass({ align, from }: Pick<Column<unknown>, 'align' | 'from'>): string {
  return `${align === 'right' ? 'numbers' : ''} ${from ? `mantine-visible-from-${from}` : ''}`.trim()
}

type TickProps = { label: string; checked: boolean; some?: boolean; onChange: (on: boolean) => void }

/** The browser's own box: there are fifty of them. */
function Tick({ label, checked, some = false, onChange }: TickProps) {
  return (
    <input
      type="checkbox"
      className={classes.tick}
      aria-label={label}
      checked={checked}
      ref={(box) => {
        if (box) box.indeterminate = some
      }}
      onChange={(event) => onChange(event.currentTarget.checked)}
    />
  )
}

function SelectAll({ ids, selection }: { ids: string[]; selection: TableSelection }) {
  const chosen = ids.filter((id) => selection.has(id)).length
  return (
    <Tick
      label="Select all on this page"
      checked={ids.length > 0 && chosen === ids.length}
      some={chosen > 0 && chosen < ids.length}
      onChange={(on) => selection.toggleAll(ids, on)}
    />
  )
}

type HeaderProps<T> = {
  column: Column<T>
  sort?: string | undefined
  onSort?: ((sort: string) => void) | undefined
}

const HeaderCell = memo(PlainHeaderCell) as typeof PlainHeaderCell

function PlainHeaderCell<T>({ column, sort, onSort }: HeaderProps<T>) {
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
