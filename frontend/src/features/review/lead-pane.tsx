import { Button, Group, Text } from '@mantine/core'
import { useDisclosure, useMediaQuery } from '@mantine/hooks'
import { IconChevronDown, IconChevronUp } from '@tabler/icons-react'
import { useQuery } from '@tanstack/react-query'
import type { LeadAnswer } from '@/api'
import { FactList } from '@/components/fact-list'
import { LinkText } from '@/components/links'
import { Loaded } from '@/components/loaded'
import { Panel } from '@/components/panel'
import { humanise, leadFieldWords } from '@/lib/words'
import { reviewLeadQuery, sequenceQuery } from './api'

const shown = ['company', 'title', 'industry', 'website', 'linkedin_url', 'city', 'country'] as const
const NARROW = '(max-width: 62em)'

type Props = { sequenceId: string; leadId: string | undefined }

/** Who the texts are for: what the reviewer must know to judge them. On a narrow screen two lines, until asked for more. */
export function LeadPane({ sequenceId, leadId: known }: Props) {
  // A link may show a sequence that the list does not: then the sequence says whose it is.
  const sequence = useQuery({ ...sequenceQuery(sequenceId), enabled: known === undefined })
  const leadId = known ?? sequence.data?.lead_id
  const query = useQuery({ ...reviewLeadQuery(leadId ?? ''), enabled: leadId !== undefined })
  const narrow = useMediaQuery(NARROW, window.matchMedia(NARROW).matches, { getInitialValueInEffect: false })
  const [opened, { toggle }] = useDisclosure(false)
  const all = opened || !narrow
  return (
    <Panel padding={narrow ? 'sm' : 'md'} label="Lead">
      <Loaded query={query} rows={narrow ? 1 : 5}>
        {(lead) => (
          <>
            <Group justify="space-between" wrap="nowrap" gap="xs">
              <div style={{ minWidth: 0 }}>
                <LinkText to="/leads/$leadId" params={{ leadId: lead.id }} fw={650}>
                  {`${lead.first_name} ${lead.last_name}`.trim() || lead.email}
                </LinkText>
                <Text
                  fz="sm"
                  c="dimmed"
                  {...(all ? { style: { overflowWrap: 'anywhere' } } : { className: 'cut' })}
                >
                  {all ? lead.email : [lead.title, lead.company].filter(Boolean).join(', ')}
                </Text>
              </div>
              {narrow ? (
                <Button
                  size="compact-sm"
                  variant="subtle"
                  flex="none"
                  onClick={toggle}
                  aria-expanded={opened}
                  rightSection={
                    opened ? (
                      <IconChevronUp size={14} aria-hidden />
                    ) : (
                      <IconChevronDown size={14} aria-hidden />
                    )
                  }
                >
                  Facts
                </Button>
              ) : null}
            </Group>
            {all ? <Facts lead={lead} /> : null}
          </>
        )}
      </Loaded>
    </Panel>
  )
}

function Facts({ lead }: { lead: LeadAnswer }) {
  return (
    <div style={{ marginTop: 8 }}>
      <FactList
        facts={[
          ...shown.map((name) => ({ name: leadFieldWords[name] ?? name, value: lead[name] })),
          ...Object.entries(lead.custom).map(([name, value]) => ({
            name: humanise(name),
            value: typeof value === 'string' ? value : JSON.stringify(value),
          })),
        ]}
      />
    </div>
  )
}
