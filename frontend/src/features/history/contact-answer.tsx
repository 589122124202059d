import { Alert, Text } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import type { Contacted } from '@/api'
import { LinkText } from '@/components/links'
import { Time } from '@/components/time'
import { plural } from '@/lib/format'
import { contactQuery } from './api'

const answers: Record<Contacted, { title: string; colour: string }> = {
  mailed: { title: 'Yes, Woodpecker mailed this person', colour: 'orange' },
  added: { title: 'Added to a campaign; no mail is known', colour: 'yellow' },
  maybe: { title: 'Perhaps: an outcome is still being checked', colour: 'yellow' },
  no: { title: 'No, never, as far as we and Woodpecker know', colour: 'spruce' },
}

/** "Have we ever contacted this person?", answered from our record and Woodpecker’s together. */
export function ContactVerdict({ email, linked = true }: { email: string; linked?: boolean }) {
  const { data } = useQuery(contactQuery(email))
  if (!data) return null
  const { title, colour } = answers[data.contacted]
  const campaigns = data.memberships.map(
    ({ campaign_name, vendor_id }) => campaign_name ?? `campaign ${vendor_id}`,
  )
  return (
    <Alert color={colour} title={title} role="status">
      <Text fz="sm" component="div">
        {plural(data.attempts_total, 'attempt')} of ours
        {campaigns.length > 0 ? `; in Woodpecker in ${campaigns.join(', ')}` : ''}
        {data.account?.last_replied_at ? (
          <>
            ; replied <Time at={data.account.last_replied_at} />
          </>
        ) : null}
        {data.do_not_contact.length > 0 ? '; on the do-not-contact list' : ''}.{' '}
        {data.as_of ? (
          <>
            Woodpecker as of <Time at={data.as_of} />.
          </>
        ) : (
          'Woodpecker’s people were not read yet.'
        )}{' '}
        {linked ? (
          <LinkText to="/contacts/$email" params={{ email }} underline="always" fz="sm">
            Contact card
          </LinkText>
        ) : null}{' '}
        {data.lead_id ? (
          <LinkText to="/leads/$leadId" params={{ leadId: data.lead_id }} underline="always" fz="sm">
            Their whole story
          </LinkText>
        ) : null}
      </Text>
    </Alert>
  )
}
