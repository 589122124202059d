import { Button, Group, Stack } from '@mantine/core'
import { IconDownload, IconFileImport, IconUsers } from '@tabler/icons-react'
import { useQuery } from '@tanstack/react-query'
import { getRouteApi, useNavigate } from '@tanstack/react-router'
import { DataTable } from '@/components/data-table'
import { EmptyState } from '@/components/empty-state'
import { LinkButton } from '@/components/links'
import { Loaded } from '@/components/loaded'
import { PageHeader } from '@/components/page-header'
import { Pager, usePaging } from '@/components/pager'
import { useListSelection } from '@/lib/list-selection'
import { queryString } from '@/lib/search'
import { useMay } from '@/lib/session'
import { useUsers } from '@/lib/users'
import { type LeadsSearch, PAGE, leadsQuery } from './api'
import { leadColumns, leadName } from './lead-columns'
import { LeadsToolbar } from './leads-toolbar'
import { SelectionBar } from './selection-bar'

const route = getRouteApi('/leads')

export function LeadsPage() {
  const search = route.useSearch()
  const navigate = useNavigate()
  const resetKey = JSON.stringify(search)
  const paging = usePaging(resetKey)
  const selection = useListSelection(resetKey)
  const query = useQuery(leadsQuery(search, paging.cursor))
  const users = useUsers()
  const mayWork = useMay('work')
  const change = (next: Partial<LeadsSearch>) =>
    void navigate({ to: '/leads', search: { ...search, ...next }, replace: true })
  return (
    <Stack gap="md">
      <PageHeader
        title="Leads"
        actions={
          <>
            <Button
              component="a"
              href={`/api/leads.csv?${queryString(search)}`}
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
      <LeadsToolbar search={search} users={users} onChange={change} />
      <Loaded query={query} rows={10}>
        {(page) =>
          page.items.length === 0 && paging.page === 1 ? (
            <NoLeads filtered={Object.keys(search).some((name) => name !== 'sort')} mayWork={mayWork} />
          ) : (
            <>
              {mayWork ? (
                <SelectionBar selection={selection} search={search} page={page} users={users} />
              ) : null}
              <DataTable
                label="Leads"
                rows={page.items}
                columns={leadColumns(users)}
                rowId={({ id }) => id}
                rowName={leadName}
                selection={mayWork ? selection : undefined}
                sort={search.sort}
                onSort={(sort) => change({ sort })}
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
