import { Alert, Button, Group, Radio, Select, Stack, Text, TextInput } from '@mantine/core'
import { queryOptions, useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { type SubmitEvent, useState } from 'react'
import { type ParagraphEncoding, chooseParagraphs, getParagraphs, listCampaigns, testParagraphs } from '@/api'
import { Panel } from '@/components/panel'
import { Problem } from '@/components/problem'
import { isStatus } from '@/lib/problem'
import { useMay } from '@/lib/session'

const paragraphsQuery = queryOptions({
  queryKey: ['settings', 'paragraphs'],
  queryFn: ({ signal }) => getParagraphs({ signal }),
  retry: (count, error) => !isStatus(error, 404) && count < 2,
})
const draftsQuery = queryOptions({
  queryKey: ['campaigns', 'drafts'],
  queryFn: async ({ signal }) =>
    (await listCampaigns({ signal })).items.filter(({ status }) => status === 'DRAFT'),
})
const ways: { value: ParagraphEncoding; label: string; hint: string }[] = [
  {
    value: 'untested',
    label: 'Not tested yet',
    hint: 'An export begins with five people, then waits for you',
  },
  {
    value: 'plain',
    label: 'Plain line breaks',
    hint: '{{SNIPPET_1}} of the test arrived with both paragraphs',
  },
  { value: 'break_tag', label: 'HTML line breaks', hint: '{{SNIPPET_2}} did, and {{SNIPPET_1}} did not' },
]

/** How paragraphs of a text survive inside a snippet is unproven: tried on one’s own address, then chosen. */
export function ParagraphsSection() {
  const { data } = useQuery(paragraphsQuery)
  const mayAdminister = useMay('administer')
  const client = useQueryClient()
  const choose = useMutation({
    mutationFn: (encoding: ParagraphEncoding) => chooseParagraphs({ body: { encoding } }),
    onSuccess: () => client.invalidateQueries({ queryKey: paragraphsQuery.queryKey }),
  })
  if (!data) return null
  return (
    <Panel title="How paragraphs arrive">
      <Stack gap="md">
        {data.encoding === 'untested' ? (
          <Alert color="yellow" title="Nobody has tested this account yet">
            <Text fz="sm">
              Whether line breaks survive inside a Woodpecker snippet differs. Put yourself into a draft
              campaign with the test below, look at the preview there, and choose what arrived.
            </Text>
          </Alert>
        ) : null}
        {choose.isError ? <Problem error={choose.error} title="Nothing was changed" /> : null}
        {mayAdminister ? <Test /> : null}
        <Radio.Group
          label="What arrived as it should"
          value={data.encoding}
          onChange={(value) => choose.mutate(value)}
        >
          <Stack gap={8} mt={6}>
            {ways.map(({ value, label, hint }) => (
              <Radio
                key={value}
                value={value}
                label={label}
                description={hint}
                disabled={!mayAdminister || choose.isPending}
              />
            ))}
          </Stack>
        </Radio.Group>
      </Stack>
    </Panel>
  )
}

function Test() {
  const drafts = useQuery(draftsQuery).data ?? []
  const [campaign, setCampaign] = useState<string | null>(null)
  const [email, setEmail] = useState('')
  const test = useMutation({
    mutationFn: (campaignId: string) => testParagraphs({ body: { campaign_id: campaignId, email } }),
  })
  const submit = (event: SubmitEvent) => {
    event.preventDefault()
    if (campaign !== null) test.mutate(campaign)
  }
  return (
    <form onSubmit={submit}>
      <Stack gap="sm">
        {test.isError ? <Problem error={test.error} title="The test was not started" /> : null}
        {test.isSuccess ? (
          <Alert color="spruce" title="You are on your way into the draft" role="status">
            <Text fz="sm">
              In Woodpecker, write {'{{SNIPPET_1}}'} and {'{{SNIPPET_2}}'} into the draft’s e-mail, look at
              its preview for your address, and choose below which of them shows two paragraphs.
            </Text>
          </Alert>
        ) : null}
        <Group align="flex-end" gap="sm">
          <Select
            label="A campaign in draft"
            description="It mails nobody"
            data={drafts.map(({ id, name }) => ({ value: id, label: name }))}
            value={campaign}
            onChange={setCampaign}
            placeholder={drafts.length === 0 ? 'There is no draft' : 'Choose'}
          />
          <TextInput
            label="Your own address"
            description="Of somebody in the team"
            type="email"
            value={email}
            onChange={(event) => setEmail(event.currentTarget.value)}
          />
          <Button
            type="submit"
            variant="default"
            disabled={campaign === null || email === ''}
            loading={test.isPending}
          >
            Test on your account
          </Button>
        </Group>
      </Stack>
    </form>
  )
}
