import { exactTime, timeFromNow } from '@/lib/format'
import { useMinute } from '@/lib/minute'
import { Hint } from './hint'

/** "5 minutes ago", the exact time on hover; a dash when there is none. */
export function Time({ at }: { at: string | null | undefined }) {
  useMinute()
  if (!at) return <span>–</span>
  return (
    <Hint label={exactTime(at)}>
      <time dateTime={at}>{timeFromNow(at)}</time>
    </Hint>
  )
}
