import { Text } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { FactList } from '@/components/fact-list'
import { LinkText } from '@/components/links'
import { Loaded } from '@/components/loaded'
import { Panel } from '@/components/panel'
import { humanise, leadFieldWords } from '@/lib/words'
import { reviewLeadQuery, sequenceQuery } from './api'

const shown = ['company', 'title', 'industry', 'website', 'linkedin_url', 'city', 'country'] as const

type Props = { sequenceId: string; leadId: string | undefined }

/** Who the texts are for: what the reviewer must know to judge them. */
export function LeadPane({ sequenceId, leadId: known }: Props) {
  // A link may show a sequence that the list does not: then the sequence says whose it is.
  const sequence = useQuery({ ...sequenceQuery(sequenceId), enabled: known === undefined })
  const leadId = known ?? sequence.data?.lead_id
  const query = useQuery({ ...reviewLeadQuery(leadId ?? ''), enabled: leadId !== undefined })
  return (
    <Panel padding="md" label="Lead">
      <Loaded query={query} rows={5}>
        {(lead) => (
          <>
            <LinkText to="/leads/$leadId" params={{ leadId: lead.id }} fw={650}>
              {`${lead.first_name} ${lead.last_name}`.trim() || lead.email}
            </LinkText>
            <Text fz="sm" c="dimmed" mb="xs" style={{ overflowWrap: 'anywhere' }}>
              {lead.email}
            </Text>
            <FactList
              facts={[
                ...shown.map((name) => ({ name: leadFieldWords[name] ?? name, value: lead[name] })),
                ...Object.entries(lead.custom).map(([name, value]) => ({
                  name: humanise(name),
                  value: typeof value === 'string' ? value : JSON.stringify(value),
                })),
              ]}
            />
          </>
        )}
      </Loaded>
    </Panel>
  )
}
