import { Button, Group, Text } from '@mantine/core'
import { IconRefresh } from '@tabler/icons-react'
import { queryOptions, useMutation, useQuery } from '@tanstack/react-query'
import { getMirror, refresh } from '@/api'
import { Problem } from '@/components/problem'
import { Time } from '@/components/time'

const blacklistQuery = queryOptions({
  queryKey: ['do-not-contact', 'read-back'],
  queryFn: ({ signal }) => getMirror({ signal }),
})

/** How old our knowledge of Woodpecker's own blacklist is; whoever said no there comes onto this list. */
export function WoodpeckerBlacklist({ mayAsk }: { mayAsk: boolean }) {
  const { data } = useQuery(blacklistQuery)
  const ask = useMutation({
    mutationFn: () => refresh({ body: { kind: 'blacklist' } }),
    meta: { shown: 'inline' },
  })
  if (!data) return null
  return (
    <div>
      <Group gap="sm">
        <Text fz="sm" c="dimmed">
          {data.blacklist_as_of ? (
            <>
              Woodpecker’s blacklist and opt-outs are on this list, as of <Time at={data.blacklist_as_of} />;
              read every hour.
            </>
          ) : (
            'Woodpecker’s blacklist and opt-outs were not read yet.'
          )}
        </Text>
        {mayAsk ? (
          <Button
            size="xs"
            variant="default"
            leftSection={<IconRefresh size={14} aria-hidden />}
            loading={ask.isPending}
            onClick={() => ask.mutate()}
          >
            Read now
          </Button>
        ) : null}
      </Group>
      {ask.isError ? <Problem error={ask.error} title="Woodpecker was not asked" /> : null}
    </div>
  )
}
