import { Alert, Button, Group, NativeSelect, Skeleton, Stack, Text } from '@mantine/core'
import { useLocalStorage } from '@mantine/hooks'
import { queryOptions, useMutation, useQuery } from '@tanstack/react-query'
import type { ReactNode } from 'react'
import { type PartAnswer, type PreviewStep, getPreview, listCampaigns, refresh } from '@/api'
import { Problem } from '@/components/problem'
import { Time } from '@/components/time'
import type { Texts } from './draft-store'
import { liveParts } from './live-parts'
import { Mail } from './mail'
import classes from './campaign-preview.module.css'

const campaignsQuery = queryOptions({
  queryKey: ['campaigns', 'list'],
  queryFn: ({ signal }) => listCampaigns({ signal }),
})

const previewQuery = (campaignId: string, leadId: string) =>
  queryOptions({
    queryKey: ['campaigns', 'preview', campaignId, leadId],
    queryFn: ({ signal }) =>
      getPreview({ path: { campaign_id: campaignId }, query: { lead_id: leadId }, signal }),
    retry: false,
  })

/** The campaign that was looked at last, on this device; empty: the texts alone. */
export function usePreviewCampaign(): [id: string, choose: (id: string) => void] {
  const { data } = useQuery(campaignsQuery)
  const [kept, keep] = useLocalStorage({
    key: 'woodpecker.preview-campaign',
    defaultValue: '',
    getInitialValueInEffect: false,
  })
  // One that Woodpecker no longer lists, or of another account, is forgotten.
  const known = !data || data.items.some(({ id }) => id === kept)
  return [known ? kept : '', keep]
}

type ChoiceProps = { chosen: string; onChoose: (id: string) => void }

export function PreviewCampaign({ chosen, onChoose }: ChoiceProps) {
  const { data } = useQuery(campaignsQuery)
  const campaigns = data?.items ?? []
  if (campaigns.length === 0) return null
  return (
    <NativeSelect
      label="Inside the text of"
      data={[
        { value: '', label: 'no campaign: the texts alone' },
        ...campaigns.map(({ id, name }) => ({ value: id, label: name })),
      ]}
      value={chosen}
      onChange={(event) => onChoose(event.currentTarget.value)}
      maw={360}
    />
  )
}

type Props = { campaignId: string; leadId: string; texts: Texts; to: string; alone: ReactNode }

/** Each mail of the campaign as this lead would get it. `alone` stands in where Woodpecker cannot show the campaign's steps. */
export function CampaignPreview({ campaignId, leadId, texts, to, alone }: Props) {
  const { data, error, isPending } = useQuery(previewQuery(campaignId, leadId))
  if (isPending) return <Skeleton h={160} radius="lg" aria-label="Loading the campaign’s text" />
  if (error) return <Problem error={error} title="The campaign’s text cannot be shown" />
  if (data.reading !== 'read') {
    return (
      <Stack gap="sm">
        <NotReadable campaignId={campaignId} reading={data.reading} />
        {alone}
      </Stack>
    )
  }
  return (
    <Stack gap="sm">
      {withThreads(data.steps).map(({ step, thread }) => (
        <Step key={step.number} step={step} thread={thread} texts={texts} to={to} />
      ))}
      <Text fz="xs" c="dimmed">
        <mark className={classes.snippet}>Marked</mark>: written here. Version A of each step, without the
        sender’s signature. Woodpecker as of <Time at={data.as_of} />.
      </Text>
    </Stack>
  )
}

const sentences: Record<string, string> = {
  unreadable: 'Woodpecker cannot show this campaign’s steps. These are the texts alone; compare them there.',
  empty: 'This campaign has no step yet: nothing would be mailed. These are the texts alone.',
  not_read: 'This campaign’s steps were not read yet. These are the texts alone.',
}

function NotReadable({ campaignId, reading }: { campaignId: string; reading: string }) {
  const ask = useMutation({
    mutationFn: () => refresh({ body: { kind: 'steps', campaign_id: campaignId } }),
    meta: { failure: 'Woodpecker was not asked' },
  })
  return (
    <Alert color="yellow" role="status">
      <Group justify="space-between" gap="sm">
        <Text fz="sm">{sentences[reading] ?? sentences.not_read}</Text>
        <Button size="xs" variant="default" loading={ask.isPending} onClick={() => ask.mutate()}>
          Read its steps
        </Button>
      </Group>
    </Alert>
  )
}

/** Each step with the subject of the mail that it answers: a follow-up without a subject stays in the thread. */
function withThreads(steps: PreviewStep[]): { step: PreviewStep; thread: PartAnswer[] }[] {
  let thread: PartAnswer[] = []
  return steps.map((step) => {
    const before = thread
    if (step.subject.length > 0) thread = step.subject
    return { step, thread: step.subject.length > 0 ? [] : before }
  })
}

type StepProps = { step: PreviewStep; thread: PartAnswer[]; texts: Texts; to: string }

function Step({ step, thread, texts, to }: StepProps) {
  const kind = step.kind.toLowerCase()
  return (
    <Mail
      name={`Step ${step.number}${step.day === null ? '' : `, day ${step.day}`}`}
      way={kind === 'email' ? `to ${to}` : `on ${kind === 'linkedin' ? 'LinkedIn' : kind}`}
      {...(kind === 'email' ? { subject: <Subject step={step} thread={thread} texts={texts} /> } : {})}
    >
      <Parts parts={liveParts(step.text, texts)} />
    </Mail>
  )
}

function Subject({ step, thread, texts }: Omit<StepProps, 'to'>) {
  const subject = liveParts(step.subject, texts)
  if (subject.length > 0) return <Parts parts={subject} />
  if (thread.length === 0) return '(no subject)'
  return (
    <Text span fw={500} c="dimmed">
      Re:{' '}
      {liveParts(thread, texts)
        .map(({ text }) => text)
        .join('')}
    </Text>
  )
}

function Parts({ parts }: { parts: PartAnswer[] }) {
  return parts.map((part, place) => {
    // Pieces of one mail have no names; they change only with the whole.
    const key = `${place}-${part.source}`
    if (part.source === 'snippet') {
      return (
        <mark key={key} className={classes.snippet}>
          {part.text}
        </mark>
      )
    }
    if (part.source === 'missing') {
      return (
        <mark
          key={key}
          className={classes.missing}
          title="Nobody fills this: Woodpecker would hold the person"
        >
          {part.text}
        </mark>
      )
    }
    return <span key={key}>{part.text}</span>
  })
}
