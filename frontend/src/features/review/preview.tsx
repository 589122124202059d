import { Stack, Text } from '@mantine/core'
import type { LeadAnswer, SequenceShown } from '@/api'
import { snippetKindWords } from '@/lib/words'
import { CampaignPreview, PreviewCampaign, usePreviewCampaign } from './campaign-preview'
import type { Texts } from './draft-store'
import { Mail } from './mail'
import { type Message, messagesOf } from './messages-of'

type Props = { sequence: SequenceShown; texts: Texts; lead: LeadAnswer | undefined }

/** The sequence as its receiver gets it: one message after the other, inside a campaign's own text where one is chosen. */
export function Preview({ sequence, texts, lead }: Props) {
  const messages = messagesOf(sequence.snippets, texts)
  const to = lead ? `${`${lead.first_name} ${lead.last_name}`.trim()} <${lead.email}>`.trim() : ''
  const [campaignId, choose] = usePreviewCampaign()
  const alone = messages.map((message) => <Alone key={message.number} message={message} to={to} />)
  return (
    <Stack gap="sm" aria-label="As the receiver sees it" role="region">
      <PreviewCampaign chosen={campaignId} onChoose={choose} />
      {campaignId ? (
        <CampaignPreview
          campaignId={campaignId}
          leadId={sequence.lead_id}
          texts={{ ...savedTexts(sequence), ...texts }}
          to={to}
          alone={alone}
        />
      ) : (
        <>
          <Text fz="xs" c="dimmed">
            Only the texts written here; what the campaign in Woodpecker adds around them, such as a
            signature, is not shown.
          </Text>
          {alone}
        </>
      )}
    </Stack>
  )
}

/** By number, as they were saved last: what somebody else saved meanwhile is newer than the campaign's preview. */
function savedTexts({ snippets }: SequenceShown): Texts {
  return Object.fromEntries(snippets.map(({ number, text }) => [number, text]))
}

function Alone({ message, to }: { message: Message; to: string }) {
  const { kind, day, subject, text } = message
  return (
    <Mail
      name={`${snippetKindWords[kind] ?? kind}, day ${day}`}
      way={kind === 'linkedin_note' ? 'on LinkedIn' : `to ${to}`}
      {...(subject === undefined ? {} : { subject: subject || '(no subject)' })}
    >
      {text}
    </Mail>
  )
}
