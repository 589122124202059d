import { Text } from '@mantine/core'
import { type MouseEvent, memo, useEffect, useRef } from 'react'
import type { QueueRow } from '@/api'
import { StatusBadge } from '@/components/status-badge'
import { count } from '@/lib/format'
import classes from './review.module.css'

type Props = { rows: QueueRow[]; current: string; total: number; onShow: (id: string) => void }

/** The sequences in the order in which they are reviewed; flagged ones first unless another order was asked for. */
export function QueueList({ rows, current, total, onShow }: Props) {
  const list = useRef<HTMLElement>(null)
  useEffect(() => {
    list.current?.querySelector('[aria-current=true]')?.scrollIntoView({ block: 'nearest' })
  }, [current])
  // One listener for all rows: with one each, every row would be drawn anew with every key.
  const choose = (event: MouseEvent) => {
    const id = (event.target as Element).closest<HTMLElement>('[data-id]')?.dataset.id
    if (id) onShow(id)
  }
  return (
    <nav
      ref={list}
      className={`surface ${classes.queue ?? ''}`}
      aria-label="Queue"
      tabIndex={-1}
      onClick={choose}
    >
      {rows.map((row) => (
        <Row key={row.id} row={row} isCurrent={row.id === current} />
      ))}
      {total > rows.length ? (
        <Text fz="xs" c="dimmed" p="xs">
          and {count(total - rows.length)} more after these
        </Text>
      ) : null}
    </nav>
  )
}

const Row = memo(function Row({ row, isCurrent }: { row: QueueRow; isCurrent: boolean }) {
  const { lead } = row
  return (
    <button type="button" className={classes.queueRow} aria-current={isCurrent} data-id={row.id}>
      <span className={classes.queueHead}>
        <span className={classes.queueName}>
          {`${lead.first_name} ${lead.last_name}`.trim() || lead.email}
        </span>
        <FlagCount row={row} />
      </span>
      <span className={classes.queueCompany}>{lead.company || lead.email}</span>
    </button>
  )
})

function FlagCount({ row }: { row: QueueRow }) {
  const { blocking_flags: blocking, warning_flags: warnings } = row
  if (blocking > 0)
    return <StatusBadge word={{ label: String(blocking), tone: 'bad', hint: 'Must be repaired' }} />
  if (warnings > 0)
    return <StatusBadge word={{ label: String(warnings), tone: 'attention', hint: 'Worth a look' }} />
  return null
}
