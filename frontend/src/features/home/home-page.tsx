import { SimpleGrid, Stack } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { Loaded } from '@/components/loaded'
import { PageHeader } from '@/components/page-header'
import { homeQuery } from './api'
import { FirstSteps } from './first-steps'
import { HeldPeople } from './held-people'
import { Needs } from './needs'
import { OpenExports } from './open-exports'
import { Pipeline } from './pipeline'
import { RetentionQuestion } from './retention-question'
import { Trouble } from './trouble'

/** What needs me now: trouble first, then what waits for my hands, then what is under way. Each part stands when another fails. */
export function HomePage() {
  const now = useQuery(homeQuery)
  return (
    <Stack gap="lg">
      <PageHeader title="Home" description="What needs you now, in the order of the work" />
      <Trouble />
      <Loaded query={now} rows={4}>
        {(home) => (
          <>
            <FirstSteps now={home} />
            <Needs now={home} />
          </>
        )}
      </Loaded>
      <SimpleGrid cols={{ base: 1, lg: 2 }} spacing="lg">
        <OpenExports />
        <HeldPeople />
      </SimpleGrid>
      {now.data ? <Pipeline now={now.data} /> : null}
      <RetentionQuestion />
    </Stack>
  )
}
