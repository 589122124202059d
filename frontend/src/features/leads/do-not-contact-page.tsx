import { ActionIcon, Button, Group, Stack, Text, TextInput } from '@mantine/core'
import { useDebouncedValue } from '@mantine/hooks'
import { notifications } from '@mantine/notifications'
import { IconBan, IconTrash } from '@tabler/icons-react'
import { useQuery } from '@tanstack/react-query'
import { getRouteApi, useNavigate } from '@tanstack/react-router'
import { type SubmitEvent, useState } from 'react'
import type { DoNotContactAnswer } from '@/api'
import { type Column, DataTable } from '@/components/data-table'
import { EmptyState } from '@/components/empty-state'
import { Loaded } from '@/components/loaded'
import { PageHeader } from '@/components/page-header'
import { Pager, usePaging } from '@/components/pager'
import { Panel } from '@/components/panel'
import { Problem } from '@/components/problem'
import { SearchBox } from '@/components/search-box'
import { Time } from '@/components/time'
import { useMay } from '@/lib/session'
import { userName, useUsers } from '@/lib/users'
import { PAGE, doNotContactQuery, useAdd, useRemove } from './do-not-contact-api'
import { DoNotContactList } from './do-not-contact-list'
import { DoNotContactReach } from './do-not-contact-reach'
import { WoodpeckerBlacklist } from './woodpecker-blacklist'

const route = getRouteApi('/do-not-contact')

export function DoNotContactPage() {
  const { q } = route.useSearch()
  const navigate = useNavigate()
  const paging = usePaging(q ?? '')
  const query = useQuery(doNotContactQuery(q, paging.cursor))
  const remove = useRemove()
  const mayWork = useMay('work')
  const mayManage = useMay('manage')
  const users = useUsers()
  const takeOff = (id: string) => remove.mutate(id, { onSuccess: sayWhatStays })
  const search = (next: string) =>
    void navigate({ to: '/do-not-contact', search: { q: next }, replace: true })
  return (
    <Stack gap="md">
      <PageHeader
        title="Do not contact"
        description="Addresses and whole domains that nothing gets past: not an import, not an export"
      />
      <WoodpeckerBlacklist mayAsk={mayWork} />
      {mayWork ? <AddOne /> : null}
      {mayManage ? <DoNotContactList /> : null}
      {remove.isError ? <Problem error={remove.error} title="It stays on the list" /> : null}
      <SearchBox label="Search the list" value={q ?? ''} onChange={search} />
      <Loaded query={query} rows={6}>
        {(page) =>
          page.items.length === 0 ? (
            <EmptyState
              icon={<IconBan size={40} stroke={1.4} />}
              title={q ? 'Nothing matches' : 'The list is empty'}
            >
              {q ? 'Nobody of that name is kept out.' : 'Add an address, or a domain such as example.com.'}
            </EmptyState>
          ) : (
            <div>
              <DataTable
                label="Do not contact"
                rows={page.items}
                rowId={({ id }) => id}
                columns={columns((id) => userName(users, id), mayManage ? takeOff : null)}
                stale={query.isPlaceholderData}
              />
              <Pager paging={paging} page={page} limit={PAGE} />
            </div>
          )
        }
      </Loaded>
    </Stack>
  )
}

/** Woodpecker's own list is not ours to change: who stands there comes back with its next reading. */
function sayWhatStays() {
  notifications.show({
    color: 'spruce',
    message:
      'Taken off this list. If Woodpecker has them on its own blacklist, take them off there too, or they come back within the hour.',
    autoClose: 12_000,
  })
}

function AddOne() {
  const add = useAdd()
  const [added, setAdded] = useState('')
  const [value, setValue] = useState('')
  const [reason, setReason] = useState('')
  const [until, setUntil] = useState('')
  const [settled] = useDebouncedValue(value.trim(), 400)
  const asked = settled || added
  const submit = (event: SubmitEvent) => {
    event.preventDefault()
    add.mutate(
      {
        value: value.trim(),
        reason: reason.trim(),
        ...(until ? { until: new Date(until).toISOString() } : {}),
      },
      {
        onSuccess: (entry) => {
          setAdded(entry.value)
          setValue('')
          setReason('')
          setUntil('')
        },
      },
    )
  }
  return (
    <Panel padding="md">
      <form onSubmit={submit}>
        <Group align="flex-end" gap="sm">
          <TextInput
            label="Address or domain"
            placeholder="ann@example.com or example.com"
            value={value}
            onChange={(event) => setValue(event.currentTarget.value)}
            required
            w={{ base: '100%', xs: 280 }}
          />
          <TextInput
            label="Why"
            placeholder="Asked us to stop"
            value={reason}
            onChange={(event) => setReason(event.currentTarget.value)}
            maxLength={500}
            style={{ flex: '1 1 200px' }}
          />
          <TextInput
            label="Until (empty: for ever)"
            type="date"
            value={until}
            onChange={(event) => setUntil(event.currentTarget.value)}
          />
          <Button type="submit" loading={add.isPending}>
            Add
          </Button>
        </Group>
        {add.isError ? (
          <div style={{ marginTop: 12 }}>
            <Problem error={add.error} title="Not added" />
          </div>
        ) : null}
        {asked ? (
          <div style={{ marginTop: 12 }}>
            <DoNotContactReach key={asked} value={asked} added={asked === added} />
          </div>
        ) : null}
      </form>
    </Panel>
  )
}

type NameOf = (id: string | null) => string | null

function columns(nameOf: NameOf, onRemove: ((id: string) => void) | null): Column<DoNotContactAnswer>[] {
  const shown: Column<DoNotContactAnswer>[] = [
    {
      key: 'value',
      header: 'Who',
      cell: ({ value, kind }) => (
        <Text fz="sm" fw={600} className="cut" title={value}>
          {kind === 'domain' ? `everybody at ${value}` : value}
        </Text>
      ),
    },
    { key: 'reason', header: 'Why', from: 'sm', cell: ({ reason }) => <Text fz="sm">{reason || '–'}</Text> },
    {
      key: 'list',
      header: 'List',
      from: 'md',
      cell: ({ list_name }) => <Text fz="sm">{list_name ?? '–'}</Text>,
    },
    {
      key: 'until',
      header: 'Until',
      width: 150,
      from: 'sm',
      cell: ({ until }) => (until ? <Time at={until} /> : 'For ever'),
    },
    {
      key: 'by',
      header: 'By',
      from: 'md',
      cell: ({ created_by }) => <Text fz="sm">{nameOf(created_by) ?? '–'}</Text>,
    },
    {
      key: 'at',
      header: 'Since',
      width: 140,
      from: 'lg',
      cell: ({ created_at }) => <Time at={created_at} />,
    },
  ]
  if (!onRemove) return shown
  return [
    ...shown,
    {
      key: 'remove',
      header: 'Remove',
      width: 80,
      cell: ({ id, value }) => (
        <ActionIcon variant="subtle" color="red" aria-label={`Remove ${value}`} onClick={() => onRemove(id)}>
          <IconTrash size={16} aria-hidden />
        </ActionIcon>
      ),
    },
  ]
}
