import { Text } from '@mantine/core'
import { queryOptions, useQuery } from '@tanstack/react-query'
import { type MembershipAnswer, lookUpContact } from '@/api'
import { FactList } from '@/components/fact-list'
import { LinkText } from '@/components/links'
import { Panel } from '@/components/panel'
import { Time } from '@/components/time'
import { plural } from '@/lib/format'

const contactQuery = (email: string) =>
  queryOptions({
    // Begins as the leads' queries do: an export or a change of this lead makes it old.
    queryKey: ['leads', 'at-woodpecker', email],
    queryFn: ({ signal }) => lookUpContact({ path: { email }, signal }),
    retry: false,
  })

/** What Woodpecker says of this person now, and whether they were ever contacted; the rest stands on the contact card. */
export function LeadAtWoodpecker({ email }: { email: string }) {
  const { data } = useQuery(contactQuery(email))
  if (!data) return null
  const { account, memberships, as_of: asOf } = data
  return (
    <Panel
      title="At Woodpecker"
      actions={
        <LinkText to="/contacts/$email" params={{ email }} fz="sm">
          Contact card
        </LinkText>
      }
    >
      {account || memberships.length > 0 ? (
        <FactList
          facts={[
            { name: 'Status', value: account ? capital(account.status) : null },
            { name: 'Interest', value: account?.interest },
            {
              name: 'Last contacted',
              value: account?.last_contacted_at ? <Time at={account.last_contacted_at} /> : null,
            },
            {
              name: 'Replied',
              value: account?.last_replied_at ? <Time at={account.last_replied_at} /> : null,
            },
            { name: 'Campaigns', value: memberships.map(inWords).join(', ') },
            {
              name: 'Our attempts',
              value: data.attempts_total > 0 ? plural(data.attempts_total, 'attempt') : null,
            },
          ]}
        />
      ) : (
        <Text fz="sm" c="dimmed">
          {asOf ? 'Woodpecker does not know this person.' : 'Nothing is known yet.'}
        </Text>
      )}
      <Text fz="xs" c="dimmed" mt={8}>
        {asOf ? (
          <>
            Woodpecker as of <Time at={asOf} />.
          </>
        ) : (
          'Woodpecker’s people were not read yet.'
        )}
      </Text>
    </Panel>
  )
}

/** The vendor's words shout. */
function capital(word: string): string {
  return word.charAt(0).toUpperCase() + word.slice(1).toLowerCase()
}

function inWords({ campaign_name: name, vendor_id: number, status }: MembershipAnswer): string {
  return `${name ?? `campaign ${number}`}${status ? ` (${status.toLowerCase()})` : ''}`
}
