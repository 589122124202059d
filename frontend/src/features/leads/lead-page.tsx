import { Button, Group, Menu, SimpleGrid, Stack, Text, Timeline } from '@mantine/core'
import {
  IconArrowBackUp,
  IconArrowLeft,
  IconDots,
  IconPencil,
  IconSparkles,
  IconTrash,
} from '@tabler/icons-react'
import { useQuery } from '@tanstack/react-query'
import { getRouteApi, useNavigate } from '@tanstack/react-router'
import { useState } from 'react'
import type { LeadAnswer } from '@/api'
import { EmptyState } from '@/components/empty-state'
import { LinkButton, LinkText } from '@/components/links'
import { Loaded } from '@/components/loaded'
import { PageHeader } from '@/components/page-header'
import { Panel } from '@/components/panel'
import { SequenceText } from '@/components/sequence-text'
import { StatusBadge } from '@/components/status-badge'
import { Time } from '@/components/time'
import { sayWithUndo } from '@/components/undo-message'
import { ApiError } from '@/lib/problem'
import { useMay } from '@/lib/session'
import { leadStatusWords, sequenceStatusWords, wordFor } from '@/lib/words'
import { leadQuery, leadSequenceQuery, timelineQuery, useDeleteLead, useRestoreLead } from './api'
import { LeadAtWoodpecker } from './lead-at-woodpecker'
import { leadName } from './lead-columns'
import { LeadFacts } from './lead-facts'
import { LeadForm } from './lead-form'

const route = getRouteApi('/leads/$leadId')

export function LeadPage() {
  const { leadId } = route.useParams()
  const lead = useQuery(leadQuery(leadId))
  const [editing, setEditing] = useState(false)
  // Deleted before, or just now by somebody else while this page was open.
  if (lead.error instanceof ApiError && lead.error.code === 'lead_deleted') return <Deleted leadId={leadId} />
  return (
    <Stack gap="md">
      <Loaded query={lead} rows={8}>
        {(record) => (
          <>
            <LeadHeader lead={record} onEdit={() => setEditing(true)} />
            <LeadForm lead={record} opened={editing} onClose={() => setEditing(false)} />
            <SimpleGrid cols={{ base: 1, lg: 2 }} spacing="md" style={{ alignItems: 'start' }}>
              <Stack gap="md">
                <LeadFacts lead={record} />
                <LeadAtWoodpecker email={record.email} />
                <LeadStory leadId={leadId} />
              </Stack>
              <LeadSequence leadId={leadId} />
            </SimpleGrid>
          </>
        )}
      </Loaded>
    </Stack>
  )
}

function Deleted({ leadId }: { leadId: string }) {
  const restore = useRestoreLead()
  const mayWork = useMay('work')
  return (
    <>
      <PageHeader title="Lead" above={<BackToLeads />} />
      <EmptyState
        icon={<IconTrash size={40} stroke={1.4} />}
        title="This lead was deleted"
        action={
          mayWork ? (
            <Button
              loading={restore.isPending}
              leftSection={<IconArrowBackUp size={16} aria-hidden />}
              onClick={() => restore.mutate(leadId)}
            >
              Bring back
            </Button>
          ) : null
        }
      >
        Nothing of it is lost: the facts, the texts and the story come back as they were.
      </EmptyState>
    </>
  )
}

function BackToLeads() {
  return (
    <LinkText to="/leads" fz="sm" mb={4} display="inline-flex" style={{ alignItems: 'center', gap: 4 }}>
      <IconArrowLeft size={14} aria-hidden /> Leads
    </LinkText>
  )
}

function LeadHeader({ lead, onEdit }: { lead: LeadAnswer; onEdit: () => void }) {
  const navigate = useNavigate()
  const remove = useDeleteLead(lead.id)
  const restore = useRestoreLead()
  const mayWork = useMay('work')
  const deleteNow = () =>
    remove.mutate(undefined, {
      onSuccess: () => {
        sayWithUndo(`${leadName(lead)} was deleted`, () => restore.mutate(lead.id))
        void navigate({ to: '/leads' })
      },
    })
  return (
    <PageHeader
      title={leadName(lead)}
      above={<BackToLeads />}
      description={
        <Group gap="xs">
          <StatusBadge word={wordFor(leadStatusWords, lead.status)} />
          {lead.sandbox ? <StatusBadge word={{ label: 'Sample', tone: 'neutral' }} /> : null}
          <Text fz="sm">{[lead.title, lead.company].filter(Boolean).join(', ')}</Text>
        </Group>
      }
      actions={
        mayWork ? (
          <>
            <LinkButton
              to="/generations/new"
              search={{ ids: lead.id }}
              variant="default"
              leftSection={<IconSparkles size={16} aria-hidden />}
            >
              Write
            </LinkButton>
            <Button variant="default" leftSection={<IconPencil size={16} aria-hidden />} onClick={onEdit}>
              Edit
            </Button>
            <Menu position="bottom-end">
              <Menu.Target>
                <Button variant="default" px="xs" aria-label="More for this lead">
                  <IconDots size={16} aria-hidden />
                </Button>
              </Menu.Target>
              <Menu.Dropdown>
                <Menu.Item
                  onClick={() => void navigate({ to: '/contacts/$email', params: { email: lead.email } })}
                >
                  Contact card
                </Menu.Item>
                <Menu.Item color="red" onClick={deleteNow}>
                  Delete
                </Menu.Item>
              </Menu.Dropdown>
            </Menu>
          </>
        ) : null
      }
    />
  )
}

function LeadStory({ leadId }: { leadId: string }) {
  const story = useQuery(timelineQuery(leadId))
  return (
    <Panel title="Story">
      <Loaded query={story}>
        {({ items }) => (
          <Timeline bulletSize={12} lineWidth={2}>
            {items.map((entry) => (
              <Timeline.Item key={`${entry.at}-${entry.kind}-${entry.text}`}>
                <Text fz="sm">{entry.text}</Text>
                <Text fz="xs" c="dimmed">
                  <Time at={entry.at} />
                  {entry.user ? ` · ${entry.user}` : ''}
                </Text>
              </Timeline.Item>
            ))}
          </Timeline>
        )}
      </Loaded>
    </Panel>
  )
}

function LeadSequence({ leadId }: { leadId: string }) {
  const query = useQuery(leadSequenceQuery(leadId))
  return (
    <Panel
      title="Sequence"
      actions={
        query.data ? (
          <Group gap="xs">
            <StatusBadge word={wordFor(sequenceStatusWords, query.data.status)} />
            <LinkButton
              to="/review"
              search={{ id: query.data.id, status: query.data.status }}
              size="xs"
              variant="default"
            >
              Open in review
            </LinkButton>
          </Group>
        ) : null
      }
    >
      <Loaded query={query} rows={6}>
        {(sequence) =>
          sequence ? (
            <SequenceText snippets={sequence.snippets} />
          ) : (
            <EmptyState
              title="Nothing written yet"
              action={
                <LinkButton to="/generations/new" search={{ ids: leadId }}>
                  Write a sequence
                </LinkButton>
              }
            />
          )
        }
      </Loaded>
    </Panel>
  )
}
