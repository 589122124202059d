import { Button, Group, Select, Text, Title } from '@mantine/core'
import { notifications } from '@mantine/notifications'
import { IconChecks, IconKeyboard } from '@tabler/icons-react'
import { useNavigate } from '@tanstack/react-router'
import type { ListingQueueRow } from '@/api'
import { SelectFilter } from '@/components/select-filter'
import { cappedTotal, plural } from '@/lib/format'
import { useMay } from '@/lib/session'
import { ownerOptions, useUsers } from '@/lib/users'
import { sequenceStatusWords } from '@/lib/words'
import { type QueueSearch, useApproveUnflagged } from './api'

type Props = { queue: ListingQueueRow; filter: QueueSearch; onHelp: () => void }

const orders = [
  { value: 'flags', label: 'Flagged first' },
  { value: 'company', label: 'By company' },
  { value: 'oldest', label: 'As they were written' },
]

export function ReviewBar({ queue, filter, onHelp }: Props) {
  const navigate = useNavigate()
  const users = useUsers()
  const mayWork = useMay('work')
  const approve = useApproveUnflagged()
  const change = (next: { [Name in keyof QueueSearch]?: string | undefined }) =>
    void navigate({ to: '/review', search: { ...filter, ...(next as QueueSearch) }, replace: true })
  const drafts = (filter.status ?? 'draft') === 'draft'
  const approveAll = () =>
    approve.mutate(filter, {
      onSuccess: ({ changed }) =>
        notifications.show({ color: 'spruce', message: `${plural(changed, 'sequence')} approved` }),
    })
  return (
    <Group justify="space-between" gap="sm" align="flex-end">
      <div>
        <Title order={1}>Review</Title>
        <Text c="dimmed" fz="sm" role="status">
          {cappedTotal(queue.total, queue.total_capped ?? false)} {drafts ? 'to decide on' : 'in this list'}
        </Text>
      </div>
      <Group gap="xs">
        <SelectFilter
          label="Status"
          all="To review"
          width={140}
          value={filter.status}
          onChange={(status) => change({ status })}
          options={Object.entries(sequenceStatusWords).map(([value, { label }]) => ({ value, label }))}
        />
        <SelectFilter
          label="Remarks"
          all="Any remarks"
          width={180}
          value={filter.flagged}
          onChange={(flagged) => change({ flagged })}
          options={[
            { value: 'yes', label: 'Only with remarks' },
            { value: 'no', label: 'Only without remarks' },
          ]}
        />
        <SelectFilter
          label="Owner"
          all="Anybody’s"
          width={140}
          value={filter.owner}
          onChange={(owner) => change({ owner })}
          options={ownerOptions(users)}
        />
        <Select
          aria-label="Order"
          data={orders}
          value={filter.sort ?? 'flags'}
          onChange={(sort) => change({ sort: sort === 'flags' ? undefined : (sort ?? undefined) })}
          allowDeselect={false}
          w={{ base: 'calc(50% - 8px)', xs: 180 }}
        />
        {mayWork && drafts ? (
          <Button
            variant="default"
            leftSection={<IconChecks size={16} aria-hidden />}
            onClick={approveAll}
            loading={approve.isPending}
            disabled={queue.total === 0}
          >
            Approve all without remarks
          </Button>
        ) : null}
        <Button variant="subtle" leftSection={<IconKeyboard size={16} aria-hidden />} onClick={onHelp}>
          Keys
        </Button>
      </Group>
    </Group>
  )
}
