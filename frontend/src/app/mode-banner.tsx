import { Alert } from '@mantine/core'
import { IconTools } from '@tabler/icons-react'
import { queryOptions, useQuery } from '@tanstack/react-query'
import { getMode } from '@/api'

const modeQuery = queryOptions({
  queryKey: ['mode'],
  queryFn: ({ signal }) => getMode({ signal }),
  refetchInterval: 15_000,
  retry: false,
})

/** While the operator works on it: what one can still do. A page that is loaded anew gets the server's own. */
export function ModeBanner() {
  const { data } = useQuery(modeQuery)
  if (!data || data.mode === 'live') return null
  const looking = data.mode === 'read_only'
  return (
    <Alert
      color="yellow"
      mb="md"
      icon={<IconTools />}
      styles={{ title: { color: 'inherit' } }}
      title={looking ? 'Only looking for now' : 'The program is being worked on'}
      role="status"
    >
      {data.message} {looking ? 'Nothing can be changed' : 'Nothing can be loaded or changed'} until then;
      edits of texts are kept in this browser.
    </Alert>
  )
}
