import { Button, Group, Stack } from '@mantine/core'
import { useLocalStorage } from '@mantine/hooks'
import { IconDownload, IconFileImport, IconUsers } from '@tabler/icons-react'
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { getRouteApi, useNavigate } from '@tanstack/react-router'
import { Suspense, lazy, useCallback, useMemo } from 'react'
import type { LeadAnswer } from '@/api'
import { DataTable } from '@/components/data-table'
import { EmptyState } from '@/components/empty-state'
import { LinkButton } from '@/components/links'
import { Loaded } from '@/components/loaded'
import { PageHeader } from '@/components/page-header'
import { Pager, usePaging } from '@/components/pager'
import { useListSelection } from '@/lib/list-selection'
import { useSame } from '@/lib/same'
import { compact } from '@/lib/search'
import { filterParams } from '@/lib/selection'
import { useMay, useSession } from '@/lib/session'
import { useUsers } from '@/lib/users'
import { type LeadsSearch, PAGE, leadsQuery } from './api'
import { DEFAULT_COLUMNS, columnChoices, leadName, shownColumns, tagsOf } from './lead-columns'
import { LeadsToolbar } from './leads-toolbar'
import type { LeadView } from './views-api'

// The list comes first; what one does with it may come a moment later.
const ColumnsMenu = lazy(async () => ({ default: (await import('./columns-menu')).ColumnsMenu }))
const SelectionBar = lazy(async () => ({ default: (await import('./selection-bar')).SelectionBar }))
const ViewsMenu = lazy(async () => ({ default: (await import('./views-menu')).ViewsMenu }))

const route = getRouteApi('/leads')
const NONE: LeadAnswer[] = []

export function LeadsPage() {
  const search = route.useSearch()
  const navigate = useNavigate()
  const resetKey = JSON.stringify(search)
  const paging = usePaging(resetKey)
  const selection = useListSelection(resetKey)
  const query = useQuery(leadsQuery(search, paging.cursor))
  const me = useSession()?.user_id
  const [columns, setColumns] = useLocalStorage({ key: 'lead-columns', defaultValue: DEFAULT_COLUMNS })
  const met = query.data?.items ?? NONE
  const users = useUsers()
  const mayWork = useMay('work')
  const shown = useMemo(() => shownColumns(users, columns), [users, columns])
  const client = useQueryClient()
  // What stands above the list stays the same while only its rows change, and is then not drawn again.
  const tags = useSame(tagsOf(met))
  const customs = useSame(customNames(met))
  const choices = useSame(columnChoices(customs, columns))
  const current = useSame({ search, columns })
  const change = useCallback(
    (next: Partial<LeadsSearch>) => {
      const wanted = compact({ ...search, ...next })
      // On its way while the address changes: the page that then asks for it finds it asked for.
      client.query(leadsQuery(wanted, undefined)).catch(() => undefined)
      void navigate({ to: '/leads', search: wanted, replace: true })
    },
    [client, navigate, search],
  )
  const sortBy = useCallback((sort: string) => change({ sort }), [change])
  const open = useCallback(
    (view: LeadView) => {
      if (view.columns) setColumns(view.columns)
      void navigate({ to: '/leads', search: view.search })
    },
    [navigate, setColumns],
  )
  return (
    <Stack gap="md">
      <PageHeader
        title="Leads"
        actions={
          <>
            <Button
              component="a"
              href={`/api/leads.csv?${new URLSearchParams(filterParams(search)).toString()}`}
              variant="default"
              leftSection={<IconDownload size={16} aria-hidden />}
            >
              CSV
            </Button>
            {mayWork ? (
              <LinkButton to="/import" leftSection={<IconFileImport size={16} aria-hidden />}>
                Import
              </LinkButton>
            ) : null}
          </>
        }
      />
      <Group gap="sm" justify="space-between" align="flex-start">
        <LeadsToolbar search={search} users={users} tags={tags} customs={customs} onChange={change} />
        <Group gap="sm">
          <Suspense>
            <ViewsMenu current={current} me={me} onOpen={open} />
            <ColumnsMenu choices={choices} shown={columns} onChange={setColumns} />
          </Suspense>
        </Group>
      </Group>
      <Loaded query={query} rows={10}>
        {(page) =>
          page.items.length === 0 && paging.page === 1 ? (
            <NoLeads filtered={Object.keys(search).some((name) => name !== 'sort')} mayWork={mayWork} />
          ) : (
            <>
              {mayWork ? (
                <Suspense>
                  <SelectionBar selection={selection} search={search} page={page} users={users} />
                </Suspense>
              ) : null}
              <DataTable
                label="Leads"
                rows={page.items}
                columns={shown}
                rowId={({ id }) => id}
                rowName={leadName}
                selection={mayWork ? selection : undefined}
                sort={search.sort}
                onSort={sortBy}
                stale={query.isPlaceholderData}
              />
              <Pager paging={paging} page={page} limit={PAGE} />
            </>
          )
        }
      </Loaded>
    </Stack>
  )
}

function customNames(leads: LeadAnswer[]): string[] {
  return [...new Set(leads.flatMap(({ custom }) => Object.keys(custom)))].sort()
}

function NoLeads({ filtered, mayWork }: { filtered: boolean; mayWork: boolean }) {
  if (filtered) {
    return (
      <EmptyState
        icon={<IconUsers size={40} stroke={1.4} />}
        title="No lead matches"
        action={
          <LinkButton to="/leads" search={{}} variant="default">
            Show all leads
          </LinkButton>
        }
      >
        Try another word, or take a filter away.
      </EmptyState>
    )
  }
  return (
    <EmptyState
      icon={<IconUsers size={40} stroke={1.4} />}
      title="No leads yet"
      action={
        mayWork ? (
          <Group>
            <LinkButton to="/import">Import a spreadsheet</LinkButton>
          </Group>
        ) : null
      }
    >
      Everything begins with a list: drop a CSV, and see what is in it before anything is stored.
    </EmptyState>
  )
}
