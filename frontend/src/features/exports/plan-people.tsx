import { Anchor, List, Text } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import type { CampaignAnswer, PlanAnswer, PlanItemAnswer } from '@/api'
import { type CountChip, CountChips } from '@/components/count-chips'
import { type Column, DataTable } from '@/components/data-table'
import { Loaded } from '@/components/loaded'
import { Pager, usePaging } from '@/components/pager'
import { Panel } from '@/components/panel'
import { StatusBadge } from '@/components/status-badge'
import { Time } from '@/components/time'
import { useMay } from '@/lib/session'
import { exclusionWords, humanise } from '@/lib/words'
import { type Override, PAGE, planItemsQuery } from './api'
import { OverrideDialog } from './override-dialog'
import { SentFields } from './sent-fields'

type Props = {
  plan: PlanAnswer
  campaign: CampaignAnswer
  overrides: Override[]
  onOverride: (overrides: Override[]) => void
}

/** Person by person: added, kept out and why, and what else is to be said of them. A manager decides otherwise here. */
export function PlanPeople({ plan, campaign, overrides, onOverride }: Props) {
  const [shown, setShown] = useState<string>()
  const [deciding, setDeciding] = useState<PlanItemAnswer>()
  const mayDecide = useMay('manage')
  const paging = usePaging(`${plan.plan_id}${shown ?? ''}`)
  const query = useQuery(planItemsQuery(plan.plan_id, shown, paging.cursor))
  const chip = (code: string, value: number, label?: string): CountChip => ({
    label: label ?? exclusionWords[code] ?? humanise(code),
    value,
    tone: code === 'new' ? 'good' : 'attention',
    active: shown === code,
    onClick: () => setShown(shown === code ? undefined : code),
  })
  const warned = Object.values(plan.warnings).reduce((sum, each) => sum + each, 0)
  const keep = (lead: string) => onOverride(overrides.filter(({ lead_id }) => lead_id !== lead))
  return (
    <>
      <CountChips
        label="The plan"
        chips={[
          chip('new', plan.counts.new),
          ...(warned > 0 ? [chip('collides', warned, 'Remarks on those who are added')] : []),
          ...Object.entries(plan.excluded).map(([code, n]) => chip(code, n)),
        ]}
      />
      <Panel
        title={`The plan for ${campaign.name}`}
        actions={
          <Text fz="xs" c="dimmed" component="div">
            Woodpecker as of <Time at={plan.account_as_of} />, members as of{' '}
            <Time at={plan.membership_as_of} />
          </Text>
        }
      >
        <Loaded query={query} rows={4}>
          {(page) => (
            <>
              <DataTable
                label="People of the plan"
                rows={page.items}
                columns={columns(mayDecide ? setDeciding : undefined, mayDecide ? keep : undefined)}
                rowId={({ lead_id }) => lead_id}
                stale={query.isPlaceholderData}
              />
              <Pager paging={paging} page={page} limit={PAGE} />
            </>
          )}
        </Loaded>
      </Panel>
      {deciding ? (
        <OverrideDialog
          item={deciding}
          onClose={() => setDeciding(undefined)}
          onDecide={(decision) => {
            setDeciding(undefined)
            onOverride([...overrides.filter(({ lead_id }) => lead_id !== decision.lead_id), decision])
          }}
        />
      ) : null}
    </>
  )
}

type Decide = ((item: PlanItemAnswer) => void) | undefined
type Keep = ((leadId: string) => void) | undefined

const columns = (decide: Decide, keep: Keep): Column<PlanItemAnswer>[] => [
  {
    key: 'email',
    header: 'Person',
    from: 'sm',
    cell: ({ email }) => (
      <Text fz="sm" className="cut" title={email}>
        {email}
      </Text>
    ),
  },
  {
    key: 'decision',
    header: 'Decision',
    cell: (item) => <Decision item={item} decide={decide} keep={keep} />,
  },
  {
    key: 'fields',
    header: 'What is sent',
    from: 'sm',
    cell: ({ fields, email }) => <SentFields fields={fields} name={email} />,
  },
]

function Decision({ item, decide, keep }: { item: PlanItemAnswer; decide: Decide; keep: Keep }) {
  const { decision, detail, collisions, email } = item
  const others = collisions.filter(({ sentence }) => sentence !== detail)
  const overridden = collisions.some((each) => each.overridden)
  return (
    <>
      <Text fz="sm" fw={500} hiddenFrom="sm" mb={4} style={{ overflowWrap: 'anywhere' }}>
        {email}
      </Text>
      <StatusBadge
        word={{
          label: overridden ? 'Added by your decision' : (exclusionWords[decision] ?? humanise(decision)),
          tone: decision === 'new' && !overridden ? 'good' : 'attention',
        }}
      />
      {detail ? (
        <Text fz="xs" c="dimmed" style={{ overflowWrap: 'anywhere' }}>
          {detail}
        </Text>
      ) : null}
      {others.length > 0 ? (
        <List fz="xs" c="dimmed" withPadding={false} listStyleType="none">
          {others.map(({ code, sentence }) => (
            <List.Item key={code} style={{ overflowWrap: 'anywhere' }}>
              {sentence}
            </List.Item>
          ))}
        </List>
      ) : null}
      {decide && canDecide(item) ? (
        <Anchor
          component="button"
          type="button"
          fz="xs"
          onClick={() => decide(item)}
          aria-label={`Add ${email} anyway`}
        >
          Add anyway…
        </Anchor>
      ) : null}
      {keep && overridden ? (
        <Anchor
          component="button"
          type="button"
          fz="xs"
          onClick={() => keep(item.lead_id)}
          aria-label={`Keep ${email} out after all`}
        >
          Keep out after all
        </Anchor>
      ) : null}
    </>
  )
}

/** Kept out by a collision, and by nothing that Woodpecker would refuse. */
function canDecide({ decision, collisions }: PlanItemAnswer): boolean {
  const keepingOut = collisions.filter((each) => each.weight === 'keep_out' && !each.overridden)
  return (
    keepingOut.some(({ code }) => code === (decision as string)) &&
    keepingOut.every((each) => each.can_be_overridden)
  )
}
