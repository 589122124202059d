import { Button, Group, Skeleton, Stack, Text, TextInput } from '@mantine/core'
import { IconDownload, IconHistory } from '@tabler/icons-react'
import { useQuery } from '@tanstack/react-query'
import { getRouteApi, useNavigate } from '@tanstack/react-router'
import { Suspense, lazy } from 'react'
import { DataTable } from '@/components/data-table'
import { EmptyState } from '@/components/empty-state'
import { LinkButton } from '@/components/links'
import { Loaded } from '@/components/loaded'
import { PageHeader } from '@/components/page-header'
import { Pager, usePaging } from '@/components/pager'
import { Panel } from '@/components/panel'
import { SearchBox } from '@/components/search-box'
import { SelectFilter } from '@/components/select-filter'
import { queryString } from '@/lib/search'
import { ownerOptions, useUsers } from '@/lib/users'
import { exportItemWords } from '@/lib/words'
import { type HistorySearch, PAGE, historyQuery, summaryQuery, wholeAddress } from './api'
import { ContactVerdict } from './contact-answer'
import { historyColumns } from './history-columns'
import { byDay } from './pivot'
import { WoodpeckerAsOf } from './woodpecker-as-of'

const route = getRouteApi('/history')
// The charts weigh more than the rest of the page: they come when the figures are there.
const OutcomeChart = lazy(async () => ({ default: (await import('./outcome-chart')).OutcomeChart }))

export function HistoryPage() {
  const search = route.useSearch()
  const navigate = useNavigate()
  const paging = usePaging(JSON.stringify(search))
  const query = useQuery(historyQuery(search, paging.cursor))
  const address = wholeAddress(search)
  const change = (next: Partial<HistorySearch>) =>
    void navigate({ to: '/history', search: { ...search, ...next }, replace: true })
  return (
    <Stack gap="md">
      <PageHeader
        title="History"
        description="Every attempt to add somebody to a campaign, with its outcome"
        actions={
          <Button
            component="a"
            href={`/api/history.csv?${queryString(search)}`}
            variant="default"
            leftSection={<IconDownload size={16} aria-hidden />}
          >
            CSV
          </Button>
        }
      />
      <Filters search={search} onChange={change} />
      {address ? <ContactVerdict email={address} /> : <Chart search={search} />}
      <Loaded query={query} rows={8}>
        {(page) =>
          page.items.length === 0 && paging.page === 1 ? (
            <EmptyState
              icon={<IconHistory size={40} stroke={1.4} />}
              title={Object.keys(search).length > 0 ? 'Nothing matches' : 'Nothing was sent yet'}
              action={
                Object.keys(search).length > 0 ? (
                  <LinkButton to="/history" search={{}} variant="default">
                    Show everything
                  </LinkButton>
                ) : (
                  <LinkButton to="/exports/new" search={{ status: 'approved' }}>
                    Add people to a campaign
                  </LinkButton>
                )
              }
            >
              Everything that goes to Woodpecker leaves a line here, whatever became of it.
            </EmptyState>
          ) : (
            <div>
              <DataTable
                label="History"
                rows={page.items}
                columns={historyColumns}
                rowId={({ id }) => id}
                stale={query.isPlaceholderData}
              />
              <Pager paging={paging} page={page} limit={PAGE} />
              <WoodpeckerAsOf />
            </div>
          )
        }
      </Loaded>
    </Stack>
  )
}

type FilterProps = { search: HistorySearch; onChange: (next: Partial<HistorySearch>) => void }

function Filters({ search, onChange }: FilterProps) {
  const users = useUsers()
  return (
    <Group gap="sm">
      <SearchBox
        label="Search history"
        placeholder="Address, name or company"
        value={search.q ?? ''}
        onChange={(q) => onChange({ q })}
      />
      <SelectFilter
        label="Outcome"
        all="Any outcome"
        value={search.status}
        onChange={(status) => onChange({ status: status ?? '' })}
        options={Object.entries(exportItemWords).map(([value, { label }]) => ({ value, label }))}
        width={210}
      />
      <SelectFilter
        label="User"
        all="Anybody"
        value={search.user}
        onChange={(user) => onChange({ user: user ?? '' })}
        options={ownerOptions(users, false)}
      />
      <Day label="From" value={search.from} onChange={(from) => onChange({ from })} />
      <Day label="To" value={search.to} onChange={(to) => onChange({ to })} />
    </Group>
  )
}

type DayProps = { label: string; value: string | undefined; onChange: (value: string) => void }

function Day({ label, value, onChange }: DayProps) {
  return (
    <TextInput
      type="date"
      aria-label={label}
      title={label}
      leftSection={
        <Text fz="xs" c="dimmed" aria-hidden>
          {label}
        </Text>
      }
      leftSectionWidth={40}
      value={value ?? ''}
      onChange={(event) => onChange(event.currentTarget.value)}
      w={166}
    />
  )
}

function Chart({ search }: { search: HistorySearch }) {
  const { data } = useQuery(summaryQuery(search))
  if (!data || data.days.length === 0) return null
  return (
    <Panel title="Outcomes by day">
      <Suspense fallback={<Skeleton height={180} />}>
        <OutcomeChart days={byDay(data.days)} />
      </Suspense>
    </Panel>
  )
}
