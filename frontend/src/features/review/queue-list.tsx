import { Group, Text } from '@mantine/core'
import { useEffect, useRef } from 'react'
import type { QueueRow } from '@/api'
import { StatusBadge } from '@/components/status-badge'
import { count } from '@/lib/format'
import classes from './review.module.css'

type Props = { rows: QueueRow[]; current: string; total: number; onShow: (id: string) => void }

/** The sequences in the order in which they are reviewed; flagged ones first unless another order was asked for. */
export function QueueList({ rows, current, total, onShow }: Props) {
  const here = useRef<HTMLButtonElement>(null)
  useEffect(() => {
    here.current?.scrollIntoView({ block: 'nearest' })
  }, [current])
  return (
    <nav className={`surface ${classes.queue ?? ''}`} aria-label="Queue" tabIndex={-1}>
      {rows.map((row) => (
        <button
          key={row.id}
          ref={row.id === current ? here : null}
          type="button"
          className={classes.queueRow}
          aria-current={row.id === current}
          onClick={() => onShow(row.id)}
        >
          <Group justify="space-between" wrap="nowrap" gap={6}>
            <Text fz="sm" fw={600} className="cut">
              {`${row.lead.first_name} ${row.lead.last_name}`.trim() || row.lead.email}
            </Text>
            <FlagCount row={row} />
          </Group>
          <Text fz="xs" c="dimmed" className="cut">
            {row.lead.company || row.lead.email}
          </Text>
        </button>
      ))}
      {total > rows.length ? (
        <Text fz="xs" c="dimmed" p="xs">
          and {count(total - rows.length)} more after these
        </Text>
      ) : null}
    </nav>
  )
}

function FlagCount({ row }: { row: QueueRow }) {
  const { blocking_flags: blocking, warning_flags: warnings } = row
  if (blocking > 0)
    return <StatusBadge word={{ label: String(blocking), tone: 'bad', hint: 'Must be repaired' }} />
  if (warnings > 0)
    return <StatusBadge word={{ label: String(warnings), tone: 'attention', hint: 'Worth a look' }} />
  return null
}
