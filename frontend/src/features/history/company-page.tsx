import { Stack, Text } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { getRouteApi } from '@tanstack/react-router'
import type { DomainPerson } from '@/api'
import { type Column, DataTable } from '@/components/data-table'
import { EmptyState } from '@/components/empty-state'
import { LinkText } from '@/components/links'
import { Loaded } from '@/components/loaded'
import { PageHeader } from '@/components/page-header'
import { Time } from '@/components/time'
import { companyQuery } from './contact-api'

const route = getRouteApi('/companies/$domain')
const answers: Record<string, string> = {
  mailed: 'Mailed',
  added: 'Added, no mail known',
  maybe: 'Being checked',
  no: 'Never',
}

/** Everybody at a company whom we or Woodpecker know. */
export function CompanyPage() {
  const { domain } = route.useParams()
  const query = useQuery(companyQuery(domain))
  return (
    <Stack gap="md">
      <PageHeader title={domain} description="Everybody here whom we tried or whom Woodpecker knows" />
      <Loaded query={query} rows={6}>
        {(company) =>
          company.people.length === 0 ? (
            <EmptyState title="Nobody here was ever contacted">As far as we and Woodpecker know.</EmptyState>
          ) : (
            <DataTable
              label={`People at ${domain}`}
              rows={company.people}
              columns={columns}
              rowId={({ email }) => email}
            />
          )
        }
      </Loaded>
    </Stack>
  )
}

const columns: Column<DomainPerson>[] = [
  {
    key: 'email',
    header: 'Person',
    cell: ({ email, person_name }) => (
      <>
        <LinkText to="/contacts/$email" params={{ email }} fz="sm" className="cut" title={email}>
          {email}
        </LinkText>
        {person_name ? (
          <Text fz="xs" c="dimmed">
            {person_name}
          </Text>
        ) : null}
      </>
    ),
  },
  { key: 'contacted', header: 'Contacted', cell: ({ contacted }) => answers[contacted] ?? contacted },
  {
    key: 'status',
    header: 'Woodpecker says',
    from: 'sm',
    cell: ({ account }) => ((account?.status ?? '') === '' ? '–' : account?.status),
  },
  {
    key: 'at',
    header: 'Last attempt',
    from: 'sm',
    width: 140,
    cell: ({ last_attempt_at }) => (last_attempt_at ? <Time at={last_attempt_at} /> : '–'),
  },
]
