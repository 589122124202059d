import { Tooltip } from '@mantine/core'
import { exactTime, timeFromNow } from '@/lib/format'

/** "5 minutes ago", the exact time on hover; a dash when there is none. */
export function Time({ at }: { at: string | null | undefined }) {
  if (!at) return <span>–</span>
  return (
    <Tooltip label={exactTime(at)}>
      <time dateTime={at}>{timeFromNow(at)}</time>
    </Tooltip>
  )
}
