import { Text } from '@mantine/core'
import { queryOptions, useQuery } from '@tanstack/react-query'
import { getMirror } from '@/api'
import { Time } from '@/components/time'

const mirrorQuery = queryOptions({
  queryKey: ['campaigns', 'mirror'],
  queryFn: ({ signal }) => getMirror({ signal }),
})

/** Added is our word, mailed and held are Woodpecker's: how old the latter are. */
export function WoodpeckerAsOf() {
  const { data } = useQuery(mirrorQuery)
  if (!data) return null
  return (
    <Text fz="xs" c="dimmed">
      {data.as_of ? (
        <>
          “First mailed” and “held”: Woodpecker as of <Time at={data.as_of} />.
        </>
      ) : (
        'Woodpecker’s people were not read yet, so nothing is known of who was mailed.'
      )}
    </Text>
  )
}
