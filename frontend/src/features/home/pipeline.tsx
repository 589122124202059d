import { useNavigate } from '@tanstack/react-router'
import type { HomeAnswer } from '@/api'
import { CountChips } from '@/components/count-chips'
import { Panel } from '@/components/panel'
import { leadStatusWords, wordFor } from '@/lib/words'
import { inTotal } from './totals'

const order = ['imported', 'generating', 'drafted', 'rejected', 'approved', 'exporting', 'exported', 'failed']

/** Where everybody stands, each figure a way to the people behind it. */
export function Pipeline({ now }: { now: HomeAnswer }) {
  const navigate = useNavigate()
  if (inTotal(now) === 0) return null
  const chips = order
    .filter((status) => (now.leads[status] ?? 0) > 0)
    .map((status) => ({
      ...wordFor(leadStatusWords, status),
      value: now.leads[status] ?? 0,
      onClick: () => void navigate({ to: '/leads', search: { status } }),
    }))
  return (
    <Panel title="Where everybody stands">
      <CountChips label="Leads by where they stand" chips={chips} />
    </Panel>
  )
}
