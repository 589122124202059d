import { Stack, Text } from '@mantine/core'
import { queryOptions, useQuery } from '@tanstack/react-query'
import { listHeld } from '@/api'
import { LinkText } from '@/components/links'
import { Panel } from '@/components/panel'
import { Time } from '@/components/time'
import { count } from '@/lib/format'

const heldQuery = queryOptions({
  queryKey: ['history', 'held'],
  queryFn: ({ signal }) => listHeld({ signal }),
})
const SHOWN = 8

/** Added is not mailed: who was added three days ago and still waits, with the cause Woodpecker gives. */
export function HeldPeople() {
  const { data } = useQuery(heldQuery)
  if (!data || data.people.length === 0) return null
  return (
    <Panel title="Added, and still not mailed">
      <Stack gap={6}>
        {data.people.slice(0, SHOWN).map((person) => (
          <Text key={`${person.lead_id}-${person.added_at}`} fz="sm" component="div">
            <LinkText to="/contacts/$email" params={{ email: person.email }} fz="sm" fw={600}>
              {person.email}
            </LinkText>{' '}
            added to {person.campaign_name} <Time at={person.added_at} />
            {person.held ? `: held as ${person.held}` : ', no cause is known'}
          </Text>
        ))}
        {data.total > SHOWN ? (
          <Text fz="sm" c="dimmed">
            and {data.total > 1000 ? 'more than 1,000' : count(data.total - SHOWN)} more
          </Text>
        ) : null}
        <Text fz="xs" c="dimmed">
          {data.as_of ? (
            <>
              Woodpecker as of <Time at={data.as_of} />.
            </>
          ) : (
            'Woodpecker’s people were not read yet.'
          )}
        </Text>
      </Stack>
    </Panel>
  )
}
