import { Alert, SimpleGrid, Stack } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { Loaded } from '@/components/loaded'
import { PageHeader } from '@/components/page-header'
import { useMay } from '@/lib/session'
import { settingsQuery } from './api'
import { ParagraphsSection } from './paragraphs-section'
import { RetentionSection } from './retention-section'
import { SettingsForm } from './settings-form'
import { VendorCard } from './vendor-card'

export function SettingsPage() {
  const query = useQuery(settingsQuery)
  const mayAdminister = useMay('administer')
  return (
    <Stack gap="md" maw={1000}>
      <PageHeader title="Settings" description="Connections, budgets, and how long things are kept" />
      {mayAdminister ? null : <Alert color="gray">Only admins change settings.</Alert>}
      <Loaded query={query} rows={8}>
        {({ values, vendors }) => (
          <>
            <SimpleGrid cols={{ base: 1, md: 2 }} spacing="md">
              <VendorCard
                vendor="anthropic"
                name="Claude"
                state={vendors.anthropic}
                readOnly={!mayAdminister}
              />
              <VendorCard
                vendor="woodpecker"
                name="Woodpecker"
                state={vendors.woodpecker}
                readOnly={!mayAdminister}
              />
            </SimpleGrid>
            <SettingsForm key={JSON.stringify(values)} values={values} readOnly={!mayAdminister} />
            <ParagraphsSection />
            <RetentionSection />
          </>
        )}
      </Loaded>
    </Stack>
  )
}
