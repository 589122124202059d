import { Alert, Stack, Text } from '@mantine/core'
import { queryOptions, useQuery } from '@tanstack/react-query'
import { type ReachAnswer, reach } from '@/api'
import { StatusBadge } from '@/components/status-badge'
import { Time } from '@/components/time'
import { count, plural } from '@/lib/format'
import { campaignStatusWords, wordFor } from '@/lib/words'

/** Close enough to an address or a domain to be asked about; the server decides what it is. */
const WHOLE = /^(\S+@)?[^\s@]+\.[^\s@.]{2,}$/
const STILL_LEAVING_MS = 5_000

const reachQuery = (value: string) =>
  queryOptions({
    queryKey: ['do-not-contact', 'reach', value],
    queryFn: ({ signal }) => reach({ query: { value }, signal }),
    retry: false,
    refetchInterval: ({ state }) => ((state.data?.leaving ?? 0) > 0 ? STILL_LEAVING_MS : false),
  })

type Props = { value: string; added: boolean }

/** Which campaigns an entry concerns: before it is added whom it would take out, afterwards how far they have left. */
export function DoNotContactReach({ value, added }: Props) {
  const { data } = useQuery({ ...reachQuery(value), enabled: WHOLE.test(value) })
  if (!data || !WHOLE.test(value)) return null
  const who = data.kind === 'domain' ? `Everybody at ${data.value}` : data.value
  if (added) return <Afterwards who={who} reached={data} />
  if (data.campaigns.length === 0) {
    return (
      <Text fz="sm" c="dimmed">
        {data.kind === 'domain' ? `Nobody at ${data.value}` : data.value} is in{' '}
        {data.kind === 'domain' ? 'a' : 'no'} campaign. <AsOf reached={data} />
      </Text>
    )
  }
  const are = data.kind === 'domain' ? `People at ${data.value} are` : `${data.value} is`
  return (
    <Alert color="yellow" title={`${are} in ${plural(data.campaigns.length, 'campaign')}`} role="status">
      <Stack gap={4}>
        <Places reached={data} />
        <Text fz="sm">
          They will be taken out of all of them, and blacklisted in Woodpecker unless you set an end.
        </Text>
        <AsOf reached={data} />
      </Stack>
    </Alert>
  )
}

function Afterwards({ who, reached }: { who: string; reached: ReachAnswer }) {
  const { leaving, left, blacklisted_at: at, error } = reached
  const done = leaving === 0
  return (
    <Alert color={done ? 'spruce' : 'yellow'} title={`${who} is on the list`} role="status">
      <Stack gap={4}>
        {leaving > 0 ? (
          <Text fz="sm">
            {plural(leaving, 'person is', 'people are')} still to leave their campaigns; asked for again until
            Woodpecker confirms.
          </Text>
        ) : null}
        {left > 0 ? (
          <Text fz="sm">{plural(left, 'person has', 'people have')} left every campaign.</Text>
        ) : null}
        {done && left === 0 ? <Text fz="sm">Nobody had to leave a campaign.</Text> : null}
        {leaving > 0 ? <Places reached={reached} /> : null}
        {at ? (
          <Text fz="sm">
            Blacklisted in Woodpecker <Time at={at} />.
          </Text>
        ) : null}
        {error && leaving > 0 ? <Text fz="sm">Woodpecker last said: {error}</Text> : null}
        <AsOf reached={reached} />
      </Stack>
    </Alert>
  )
}

function Places({ reached }: { reached: ReachAnswer }) {
  const several = reached.kind === 'domain'
  return (
    <ul style={{ margin: 0, paddingInlineStart: 18 }}>
      {reached.campaigns.map((place) => (
        <li key={place.woodpecker_id}>
          <Text fz="sm" component="span">
            {place.name || `Campaign ${place.woodpecker_id}`}{' '}
            {place.status ? <StatusBadge word={wordFor(campaignStatusWords, place.status)} /> : null}
            {several ? ` ${plural(place.people, 'person', 'people')}` : ''}
          </Text>
        </li>
      ))}
    </ul>
  )
}

function AsOf({ reached }: { reached: ReachAnswer }) {
  return (
    <Text fz="xs" c="dimmed" component="span">
      {reached.as_of ? (
        <>
          {reached.kind === 'domain' ? `Woodpecker knows ${count(reached.people_total)} of them. ` : ''}
          Woodpecker as of <Time at={reached.as_of} />.
        </>
      ) : (
        'Woodpecker’s people were not read yet.'
      )}
    </Text>
  )
}
