import { Button, CopyButton, Group, Stack, Text } from '@mantine/core'
import { IconCheck, IconCopy, IconDownload, IconPrinter } from '@tabler/icons-react'
import { useQuery } from '@tanstack/react-query'
import { getRouteApi } from '@tanstack/react-router'
import { useState } from 'react'
import type { ContactAnswer } from '@/api'
import { FactList } from '@/components/fact-list'
import { LinkText } from '@/components/links'
import { Loaded } from '@/components/loaded'
import { PageHeader } from '@/components/page-header'
import { Panel } from '@/components/panel'
import { Problem } from '@/components/problem'
import { Time } from '@/components/time'
import { useMay } from '@/lib/session'
import { contactQuery } from './api'
import { useHeld } from './contact-api'
import { ContactVerdict } from './contact-answer'
import { ToldAttempts } from './told-attempts'
import { EraseDialog } from './erase-dialog'
import classes from './contact.module.css'

const route = getRouteApi('/contacts/$email')

/** One person, everything: what was sent, who approved it, what Woodpecker says now. Prints as one page. */
export function ContactPage() {
  const { email } = route.useParams()
  const query = useQuery(contactQuery(email))
  const domain = email.split('@').at(-1) ?? ''
  return (
    <Stack gap="md" className={classes.card ?? ''}>
      <PageHeader
        title={email}
        description={
          <Text fz="sm" component="span">
            Contact card · everybody at{' '}
            <LinkText to="/companies/$domain" params={{ domain }} fz="sm">
              {domain}
            </LinkText>
          </Text>
        }
        actions={<Actions email={email} paragraph={query.data?.paragraph ?? ''} />}
      />
      <Loaded query={query} rows={8}>
        {(contact) => (
          <>
            <ContactVerdict email={email} linked={false} />
            <Panel title="In one paragraph">
              <Text fz="sm">{contact.paragraph}</Text>
            </Panel>
            <Now contact={contact} />
            <ToldAttempts contact={contact} />
          </>
        )}
      </Loaded>
    </Stack>
  )
}

function Actions({ email, paragraph }: { email: string; paragraph: string }) {
  const mayAdminister = useMay('administer')
  const held = useHeld()
  const [erasing, setErasing] = useState(false)
  return (
    <Group gap="xs" className={classes.actions ?? ''}>
      <CopyButton value={paragraph}>
        {({ copied, copy }) => (
          <Button
            variant="default"
            disabled={paragraph === ''}
            onClick={copy}
            leftSection={copied ? <IconCheck size={16} aria-hidden /> : <IconCopy size={16} aria-hidden />}
          >
            {copied ? 'Copied' : 'Copy'}
          </Button>
        )}
      </CopyButton>
      <Button
        variant="default"
        onClick={() => window.print()}
        leftSection={<IconPrinter size={16} aria-hidden />}
      >
        Print
      </Button>
      {mayAdminister ? (
        <>
          <Button
            variant="default"
            loading={held.isPending}
            onClick={() => held.mutate(email)}
            leftSection={<IconDownload size={16} aria-hidden />}
          >
            All we hold
          </Button>
          <Button color="red.8" variant="outline" onClick={() => setErasing(true)}>
            Erase…
          </Button>
          <EraseDialog email={email} opened={erasing} onClose={() => setErasing(false)} />
        </>
      ) : null}
      {held.isError ? <Problem error={held.error} title="Nothing was downloaded" /> : null}
    </Group>
  )
}

function Now({ contact }: { contact: ContactAnswer }) {
  const { account, memberships, do_not_contact: listed } = contact
  if (!account && memberships.length === 0 && listed.length === 0) return null
  return (
    <Panel title="What Woodpecker says now">
      <FactList
        facts={[
          { name: 'Status', value: account?.status },
          { name: 'Interest', value: account?.interest },
          {
            name: 'Last contacted',
            value: account?.last_contacted_at ? <Time at={account.last_contacted_at} /> : null,
          },
          { name: 'Replied', value: account?.last_replied_at ? <Time at={account.last_replied_at} /> : null },
          {
            name: 'Campaigns',
            value: memberships
              .map(
                ({ campaign_name, vendor_id, status }) =>
                  `${campaign_name ?? `campaign ${vendor_id}`}${status ? ` (${status})` : ''}`,
              )
              .join(', '),
          },
          {
            name: 'Do not contact',
            value: listed.map(({ value, reason }) => (reason ? `${value}: ${reason}` : value)).join(', '),
          },
          { name: 'As of', value: account ? <Time at={account.as_of} /> : null },
        ]}
      />
    </Panel>
  )
}
