import { ActionIcon, Button, Group, Menu, Progress, Select, Text, Title } from '@mantine/core'
import { useDisclosure } from '@mantine/hooks'
import { IconChecks, IconChevronDown, IconDice3, IconFilter, IconKeyboard } from '@tabler/icons-react'
import { useNavigate } from '@tanstack/react-router'
import type { ListingQueueRow } from '@/api'
import { SearchBox } from '@/components/search-box'
import { SelectFilter } from '@/components/select-filter'
import { cappedTotal, count } from '@/lib/format'
import { useMay } from '@/lib/session'
import { ownerOptions, useUsers } from '@/lib/users'
import { sequenceStatusWords } from '@/lib/words'
import { type QueueSearch, SAMPLE } from './api'
import { useApproveUnflagged } from './deciding'
import classes from './review.module.css'
import { useSample } from './sample-bar'
import { useDecided } from './tally'

type Props = { queue: ListingQueueRow; filter: QueueSearch; onHelp: () => void }

const orders = [
  { value: 'flags', label: 'Flagged first' },
  { value: 'company', label: 'By company' },
  { value: 'imported', label: 'As imported' },
  { value: 'oldest', label: 'As written' },
]

export function ReviewBar({ queue, filter, onHelp }: Props) {
  const [opened, { toggle }] = useDisclosure(false)
  const mayWork = useMay('work')
  const drafts = (filter.status ?? 'draft') === 'draft'
  return (
    <div>
      <Group justify="space-between" gap="sm" wrap="nowrap" align="flex-end">
        <div style={{ flex: 1, minWidth: 0 }}>
          <Title order={1}>Review</Title>
          <Standing queue={queue} drafts={drafts} />
        </div>
        <Group gap="xs" wrap="nowrap">
          {mayWork && drafts && !filter.only ? (
            <ApproveMany filter={filter} disabled={queue.total === 0} />
          ) : null}
          <Button
            variant="subtle"
            leftSection={<IconKeyboard size={16} aria-hidden />}
            onClick={onHelp}
            visibleFrom="md"
          >
            Keys
          </Button>
          <ActionIcon
            variant="default"
            size={36}
            hiddenFrom="md"
            aria-label="Filters and order"
            aria-expanded={opened}
            onClick={toggle}
          >
            <IconFilter size={18} aria-hidden />
          </ActionIcon>
        </Group>
      </Group>
      <Filters filter={filter} opened={opened} />
    </div>
  )
}

/** How far one came today, and what is left. */
function Standing({ queue, drafts }: { queue: ListingQueueRow; drafts: boolean }) {
  const decided = useDecided()
  const left = cappedTotal(queue.total, queue.total_capped ?? false)
  return (
    <Group gap="sm" wrap="nowrap">
      <Text c="dimmed" fz="sm" role="status" className="numbers" style={{ whiteSpace: 'nowrap' }}>
        {left} {drafts ? 'to decide on' : 'in this list'}
        {decided > 0 ? ` · ${count(decided)} decided today` : ''}
      </Text>
      {drafts && decided > 0 ? (
        <Progress
          aria-label="Share decided today"
          value={(decided / (decided + queue.total)) * 100}
          w={160}
          visibleFrom="sm"
        />
      ) : null}
    </Group>
  )
}

function ApproveMany({ filter, disabled }: { filter: QueueSearch; disabled: boolean }) {
  const approve = useApproveUnflagged()
  const sample = useSample(filter)
  return (
    <Menu position="bottom-end" width={320} shadow="md">
      <Menu.Target>
        <Button
          variant="default"
          leftSection={<IconChecks size={16} aria-hidden />}
          rightSection={<IconChevronDown size={14} aria-hidden />}
          loading={approve.isPending || sample.isPending}
          disabled={disabled}
        >
          Approve many
        </Button>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Item leftSection={<IconDice3 size={18} aria-hidden />} onClick={() => sample.mutate()}>
          Read {SAMPLE} at random, then the rest
          <Text fz="xs" c="dimmed">
            Drawn from drafts without remarks; recorded as read
          </Text>
        </Menu.Item>
        <Menu.Item leftSection={<IconChecks size={18} aria-hidden />} onClick={() => approve.mutate(filter)}>
          Approve all without remarks
          <Text fz="xs" c="dimmed">
            Unread, and recorded so. Can be undone for ten seconds.
          </Text>
        </Menu.Item>
      </Menu.Dropdown>
    </Menu>
  )
}

function Filters({ filter, opened }: { filter: QueueSearch; opened: boolean }) {
  const navigate = useNavigate()
  const users = useUsers()
  const { only: _sample, ...kept } = filter
  const change = (next: { [Name in keyof QueueSearch]?: string | undefined }) =>
    void navigate({ to: '/review', search: { ...kept, ...(next as QueueSearch) }, replace: true })
  return (
    <Group gap="xs" mt="sm" className={classes.filters ?? ''} data-opened={opened}>
      <SearchBox
        label="Search the queue"
        placeholder="Name, company, e-mail"
        value={filter.q ?? ''}
        onChange={(q) => change({ q: q || undefined })}
        width={220}
      />
      <SelectFilter
        label="Status"
        all="To review"
        width={130}
        value={filter.status}
        onChange={(status) => change({ status })}
        options={Object.entries(sequenceStatusWords)
          .filter(([value]) => value !== 'draft')
          .map(([value, { label }]) => ({ value, label }))}
      />
      <SelectFilter
        label="Remarks"
        all="Any remarks"
        width={185}
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
        w={{ base: 'calc(50% - 8px)', xs: 160 }}
      />
    </Group>
  )
}
